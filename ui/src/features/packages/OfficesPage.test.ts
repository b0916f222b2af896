import { ElMessageBox } from 'element-plus'
import { enableAutoUnmount, flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import type { Contents, Peers, SentCampaign } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { answer, asked, type Answers } from '@/testing/shell'

import { setSchema } from '../records/schema'
import ExportPage from './ExportPage.vue'
import OfficesPage from './OfficesPage.vue'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const CHECK_IN = { zh: '月亮 咖啡', en: 'moon coffee' }
const INVITATION = { zh: '白云 高山', en: 'cloud hill' }
const UPPER = { code: '640000', name: '区厅', relation: 'upper', devices: [], last_in: null, last_out: null }
const PEERS: Peers = {
  check_in: CHECK_IN,
  invitation_words: INVITATION,
  devices: [{ id: 'd', here: true, asking: false }],
  offices: [UPPER],
  invitations: [],
}
const CONTENTS: Contents = {
  to: '640000',
  to_name: '区厅',
  kinds: [],
  revisions: 3,
  last_sealed: null,
  confirmed: null,
  check_in: CHECK_IN,
}
const LAMPS: SentCampaign = { key: 'k', id: 'lamps', title: '校园灯具检查', document: '', status: 'used', problem: null }

async function open(page: typeof OfficesPage | typeof ExportPage, answers: Answers): Promise<VueWrapper> {
  const schema = { kinds: [], vocabularies: [], campaigns: [] }
  setSchema(schema)
  answer(
    {
      status: () => ({ book: null, today: '2021-05-27', sample: false }),
      peers: () => PEERS,
      campaigns_sent: () => [],
      outcomes: () => [],
      export_contents: () => CONTENTS,
      schema: () => schema,
      ...answers,
    },
    [{ token: 'chosen-1', name: 'a.sweep' }],
  )
  const opened = mount(page, {
    global: { plugins: [{ install: useElement }], stubs: { RouterLink: { template: '<a><slot /></a>' } } },
  })
  await flushPromises()
  return opened
}

function words(page: VueWrapper): string[] {
  return page.findAll('.fingerprint').map((each) => `${each.attributes('data-words')} ${each.get('.words').text()}`)
}

enableAutoUnmount(afterEach)
beforeEach(() => setLanguage('zh'))

it('shows one list of words, under one name, on both pages until the office above has answered', async () => {
  const offices = await open(OfficesPage, {})
  expect(words(offices)).toEqual(['check_in 月亮 咖啡'])
  expect(offices.text()).toContain('报到词语')
  expect(offices.text()).not.toContain('白云')
  expect(words(await open(ExportPage, {}))).toEqual(['check_in 月亮 咖啡'])

  const answered = await open(OfficesPage, { peers: () => ({ ...PEERS, check_in: null }) })
  expect(words(answered)).toEqual([])
  expect(words(await open(ExportPage, { export_contents: () => ({ ...CONTENTS, check_in: null }) }))).toEqual([])
})

it('shows the words of its invitations while somebody may ring about one', async () => {
  const given = { id: 'i', office: '640121-01', name: '所', own: false, expires: '', state: 'open' as const, device: null }
  const page = await open(OfficesPage, { peers: () => ({ ...PEERS, check_in: null, invitations: [given] }) })
  expect(words(page)).toEqual(['invitation 白云 高山'])
  const used = { ...given, state: 'used' as const }
  expect(words(await open(OfficesPage, { peers: () => ({ ...PEERS, check_in: null, invitations: [used] }) }))).toEqual([])
})

it('lets go of the office above only once a person agreed', async () => {
  let peers = PEERS
  const page = await open(OfficesPage, {
    peers: () => peers,
    office_remove: () => (peers = { ...PEERS, offices: [] }),
  })
  const confirm = vi.spyOn(ElMessageBox, 'confirm')
  confirm.mockRejectedValueOnce('cancel')
  await page.get('.remove-office').trigger('click')
  await flushPromises()
  expect(asked.some((each) => each.action === 'office_remove')).toBe(false)
  confirm.mockResolvedValueOnce('confirm' as never)
  await page.get('.remove-office').trigger('click')
  await flushPromises()
  expect(asked.find((each) => each.action === 'office_remove')?.input).toEqual({ office: '640000' })
  expect(page.find('[data-office="640000"]').exists()).toBe(false)
})

it('removes a campaign from above and uses it again', async () => {
  let sent = [LAMPS]
  const page = await open(OfficesPage, {
    campaigns_sent: () => sent,
    campaign_use: ({ used }) => (sent = [{ ...LAMPS, status: used ? 'used' : 'removed' }]),
  })
  vi.spyOn(ElMessageBox, 'confirm').mockResolvedValueOnce('confirm' as never)
  await page.get('[data-sent=lamps] .drop-campaign').trigger('click')
  await flushPromises()
  expect(page.get('[data-sent=lamps]').text()).toContain('已移除')
  await page.get('[data-sent=lamps] .use-campaign').trigger('click')
  await flushPromises()
  expect(asked.filter((each) => each.action === 'campaign_use').map((each) => each.input)).toEqual([
    { key: 'k', used: false },
    { key: 'k', used: true },
  ])
  expect(page.get('[data-sent=lamps]').text()).toContain('使用中')
})

it('says where the package lies and leads to the folder', async () => {
  const exported = {
    package: 'p',
    to: '640000',
    to_name: '区厅',
    file: '',
    revisions: 3,
    records: 2,
    bytes: 9,
    fingerprint: null,
  }
  const page = await open(ExportPage, {
    export: () => ({ name: 'a.sweep', folder: '/media/U盘', exported }),
    open_written: () => ({}),
  })
  await page.get('.export').trigger('click')
  await flushPromises()
  expect(page.get('.written-file').text()).toContain('/media/U盘')
  expect(page.find('.open-file').exists()).toBe(false)
  await page.get('.open-folder').trigger('click')
  await flushPromises()
  expect(asked.at(-1)).toEqual({ action: 'open_written', input: { file: 'chosen-1', shows: 'folder' } })
})

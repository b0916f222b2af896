import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { call, type BookStatus, type SchemaView } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { answer } from '@/testing/shell'

import { appStatus } from '../book/status'
import { setSchema } from '../records/schema'
import AppFrame from './AppFrame.vue'
import { campaign } from './campaign'
import { NOUNS } from './nouns'
import { router } from './router'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const SCHEMA: SchemaView = {
  kinds: [...NOUNS.flatMap((noun) => noun.kinds.map((page) => page.kind)), 'declared', 'attachment', 'review'].map((id) => ({
    id,
    zh: `kind ${id}`,
    en: id,
    title: 'name',
    fields: [],
  })),
  vocabularies: [],
  campaigns: [
    {
      id: 'c1',
      title: '很长的专项行动名称',
      title_en: '',
      document: '市监〔2021〕24号',
      first_day: '2021-03-01',
      last_day: null,
      categories: [],
      field_sets: [],
      checklist: [],
      forms: [],
      notes: [],
      ledgers: [],
      report_days: [],
    },
  ],
}

let page: VueWrapper | undefined

async function open(book: Partial<BookStatus> = {}): Promise<VueWrapper> {
  appStatus.value = {
    book: { office: '640121', unsent: 3, conflicts: 2, upper_office: '640000', ...book } as BookStatus,
    today: '2021-05-27',
    sample: false,
  }
  answer({ jobs: () => [] })
  page = mount(AppFrame, { global: { plugins: [{ install: useElement }, router] }, attachTo: document.body })
  await flushPromises()
  return page
}

beforeEach(async () => {
  document.body.innerHTML = ''
  setSchema(SCHEMA)
  setLanguage('zh')
  campaign.value = ''
  await router.push('/help')
})
afterEach(() => page?.unmount())

it('leads from what waits to where it is dealt with; where nothing is above, nothing waits to be sent', async () => {
  const links = (): (string | undefined)[] => page!.findAll('.top .status').map((each) => each.attributes('href'))
  await open()
  expect(links()).toEqual(['#/packages/conflicts', '#/packages/export'])
  page!.unmount()
  await open({ upper_office: null })
  expect(links()).toEqual(['#/packages/conflicts'])
})

it('says the number of the campaign beside a title that may be cut', async () => {
  await open()
  expect(page!.get('.campaign > span').text()).toBe('专项行动')
  campaign.value = 'c1'
  await flushPromises()
  expect(page!.get('.campaign > span').text()).toBe('市监〔2021〕24号')
})

it('has names for its parts, and a way past the menu', async () => {
  await open()
  expect(page!.get('.menu nav').attributes('aria-label')).toBe('主菜单')
  expect(page!.get('.crumbs').attributes('aria-label')).toBe('当前位置')
  setLanguage('en')
  await flushPromises()
  expect(page!.get('.crumbs').attributes('aria-label')).toBe('Where you are')
  const first = page!.find('button, a')
  expect(first.classes()).toContain('skip')
  await first.trigger('click')
  expect(document.activeElement).toBe(page!.get('main').element)
})

it('begins every page at its top', async () => {
  await open()
  const main = page!.get('main').element
  main.scrollTop = 45
  await router.push('/settings')
  await flushPromises()
  expect(main.scrollTop).toBe(0)
})

it('names the campaigns as they are once one has come or gone', async () => {
  const frame = await open()
  answer({
    schema: () => ({ ...SCHEMA, campaigns: [] }),
    status: () => ({ book: null, today: '2021-05-27', sample: false }),
    campaign_use: () => ({}) as never,
  })
  expect(frame.findAll('.campaign option')).toHaveLength(2)
  await call('campaign_use', { key: 'k', used: false })
  await flushPromises()
  expect(frame.findAll('.campaign option')).toHaveLength(1)
})

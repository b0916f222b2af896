import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'

import type { Problem, ReadFiguresView } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { answer, asked } from '@/testing/shell'

import { setSchema } from '../records/schema'
import ReadPage from './ReadPage.vue'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const FILE = [{ token: 'chosen-1', name: '交回来的表.xlsx' }]
const FIGURES: ReadFiguresView = {
  form: 'made-up/1',
  title: 'T',
  office: '640121',
  office_name: '永宁县局',
  as_of: '2021-05-27',
  stub: '行',
  columns: [{ id: 'filed', path: ['海关', '立案'] }],
  levels: 1,
  header: [
    { text: '行', level: 0, column: 0, rows: 1, columns: 1 },
    { text: '立案', level: 0, column: 1, rows: 1, columns: 1 },
  ],
  rows: [
    { id: 'one', label: '甲', total: false, cells: [{ printed: '2', typed: '5', state: 'changed' }] },
    { id: 'all', label: '合计', total: true, cells: [{ printed: '2', typed: '7', state: 'differs' }] },
  ],
  groups: [{ words: '海关', source: null, suggested: 'customs', asked: true }],
  asks_how: true,
  remarks: [{ code: 'read-total-differs', message: 'differs', remedy: 'ask', field: null, line: null }],
  doubts: [],
  changes: 1,
  ready: false,
  token: 't1',
}

async function open(): Promise<VueWrapper> {
  const stubs = { NounTabs: true, OwnerField: true, PasteDialog: true }
  const page = mount(ReadPage, { global: { plugins: [{ install: useElement }], stubs } })
  await flushPromises()
  await page.find('.read-file').trigger('click')
  await flushPromises()
  return page
}

beforeEach(() => {
  setLanguage('zh')
  setSchema({
    kinds: [],
    vocabularies: [{ id: 'department', entries: [{ code: 'customs', zh: '海关', en: 'Customs' }] }],
    campaigns: [],
  })
})

describe('a form that comes back', () => {
  it('is shown beside what is printed, asks what has to be said, and is stored as it was shown', async () => {
    const ready = (input: { sources: Record<string, string>; how: unknown }): boolean =>
      input.sources['海关'] === 'customs' && input.how === 'whole'
    answer(
      {
        read_preview: (input) => ({ figures: { ...FIGURES, ready: ready(input) } }),
        read_apply: () => ({ recorded: 1, updated: 0 }),
      },
      FILE,
    )
    const page = await open()
    expect(page.find('[data-row="one"] td').text()).toBe('2 → 5')
    expect(page.find('[data-row="all"] td').classes()).toContain('differs')
    expect(page.find('.read-remarks').text()).toContain('differs')
    expect(page.find('.read-store').attributes('disabled')).toBeDefined()
    await page.find('.read-questions .link').trigger('click')
    await page.find('[data-how="whole"] input').setValue(true)
    await flushPromises()
    expect(page.find('.read-store').attributes('disabled')).toBeUndefined()
    await page.find('.read-store').trigger('click')
    await flushPromises()
    const stored = asked.find((each) => each.action === 'read_apply')?.input
    expect(stored).toMatchObject({ file: 'chosen-1', sources: { 海关: 'customs' }, how: 'whole', token: 't1' })
    expect(page.find('.done').text()).toContain('1')
  })

  it('says in words why a file is none, and shows nothing of it', async () => {
    const refusal: Problem[] = [{ code: 'read-form-unknown', message: '认不出', remedy: '请核对', field: null, line: null }]
    answer({ read_preview: () => refusal }, FILE)
    const page = await open()
    expect(page.find('.problem').text()).toContain('认不出')
    expect(page.find('.read-store').exists()).toBe(false)
  })

  it('hands a list to what pastes lists, with what is known of it', async () => {
    const list = {
      form: 'made-up/2',
      title: 'L',
      campaign: 'made-up',
      kind: 'sample',
      office: '640121',
      office_name: '永宁县局',
      sheet: 'S',
      heading: 3,
      heading_last: 4,
      columns: [
        [0, null],
        [1, 'product_name'],
      ] as [number, string | null][],
      numbered: 'made-up/2/2021',
      composed: ['后处理措施'],
      remarks: [],
    }
    answer({ read_preview: () => ({ list }) }, FILE)
    const page = await open()
    expect(page.text()).toContain('后处理措施')
    const start = page.findComponent({ name: 'PasteDialog' }).props('start') as { said: Record<string, unknown> }
    expect(start.said).toMatchObject({ heading: 3, heading_last: 4, numbered: 'made-up/2/2021', campaigns: ['made-up'] })
    expect(start.said['columns']).toEqual(new Map(list.columns))
  })
})

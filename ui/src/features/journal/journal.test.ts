import { enableAutoUnmount, flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { call, journal, type EntryView, type SchemaView } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { answer, asked, tellJournal } from '@/testing/shell'

import { setSchema } from '../records/schema'
import { hush, step, enterPage } from './journal'
import JournalBar from './JournalBar.vue'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const SCHEMA: SchemaView = {
  kinds: [
    {
      id: 'case',
      zh: '案件',
      en: 'Case',
      title: 'number',
      fields: [{ name: 'penalty', type: 'money', zh: '罚没金额', en: 'Penalty' }],
    },
    { id: 'sample', zh: '抽样', en: 'Sample', title: 'number', fields: [] },
  ],
  vocabularies: [],
  campaigns: [],
}

function entry(id: number, more: Partial<EntryView> = {}): EntryView {
  const record = { id: `r${id}`, kind: 'case', title: `贺市监案〔2021〕${id}号` }
  return { id, operation: 'new', record, kinds: [{ kind: 'case', count: 1 }], fields: [], at: '2021-05-27 09:30', ...more }
}

const BLOCK = entry(2, { record: { id: 's1', kind: 'sample', title: 'K1' }, kinds: [{ kind: 'sample', count: 20 }] })

/** The question is read when it is first asked. */
async function questionShown(): Promise<void> {
  await vi.dynamicImportSettled()
  await flushPromises()
}

/** Something that the program notes as done. */
async function done(entry: EntryView): Promise<void> {
  tellJournal({ done: entry, undo: entry, redo: null })
  await call('status', {})
  await flushPromises()
}

function words(bar: VueWrapper): string {
  return bar.find('.journal-words').exists() ? bar.find('.journal-words').text().replace(/\s+/g, ' ') : ''
}

function steps(): unknown[] {
  return asked.filter((each) => each.action.startsWith('journal_')).map((each) => [each.action, each.input['entry']])
}

let bar: VueWrapper

enableAutoUnmount(afterEach)
beforeEach(() => {
  document.body.innerHTML = ''
  setLanguage('zh')
  setSchema(SCHEMA)
  hush()
  enterPage(null)
  journal.value = { done: null, undo: null, redo: null }
  const status = { book: null, today: '2021-05-27', sample: false }
  answer({ status: () => status, journal_undo: () => ({}), journal_redo: () => ({}) } as never)
  bar = mount(JournalBar, { global: { plugins: [{ install: useElement }] }, attachTo: document.body })
})

it('says what was done, one thing at a time, and nothing of what changed nothing', async () => {
  await done(entry(1))
  expect(words(bar)).toBe('已新增：案件 贺市监案〔2021〕1号')
  await done(BLOCK)
  expect(words(bar)).toBe('已新增：20 条抽样')
  expect(bar.findAll('.journal-bar')).toHaveLength(1)
  await done(entry(3, { operation: 'edit', fields: ['penalty', 'campaigns'] }))
  expect(words(bar)).toBe('已修改：案件 贺市监案〔2021〕3号（罚没金额、专项行动）')
  await call('status', {})
  expect(words(bar)).toContain('3号')
  hush()
  await call('status', {})
  await flushPromises()
  expect(words(bar)).toBe('')
})

it('takes back what was done on this page unasked, says it, and brings it back', async () => {
  await done(BLOCK)
  tellJournal({ done: null, undo: entry(1), redo: BLOCK })
  await step('undo')
  await flushPromises()
  expect(words(bar)).toBe('已撤销：20 条抽样')
  tellJournal({ done: null, undo: BLOCK, redo: null })
  await bar.find('[data-way=redo]').trigger('click')
  await flushPromises()
  expect(words(bar)).toBe('已恢复：20 条抽样')
  expect(steps()).toEqual([
    ['journal_undo', 2],
    ['journal_redo', 2],
  ])
})

it('asks first about what is older than the page, naming it', async () => {
  await done(entry(1))
  hush()
  enterPage('another')
  await step('undo')
  await questionShown()
  expect(steps()).toEqual([])
  expect(document.querySelector('.journal-asked')?.textContent).toBe('撤销新增：案件 贺市监案〔2021〕1号')
  document.querySelector<HTMLElement>('.journal-no')?.click()
  await flushPromises()
  expect([steps(), document.querySelector('.journal-asked')]).toEqual([[], null])
  await step('undo')
  await questionShown()
  document.querySelector<HTMLElement>('.journal-yes')?.click()
  await flushPromises()
  expect(steps()).toEqual([['journal_undo', 1]])
})

it('knows the record whose page is open', async () => {
  await done(entry(1))
  hush()
  enterPage('r1')
  await step('undo')
  expect(steps()).toEqual([['journal_undo', 1]])
})

it('says why something cannot be taken back, and that nothing is left', async () => {
  answer({
    journal_undo: () => [{ code: 'undo-package', message: '上一步是导入', remedy: '请到数据包', field: null, line: null }],
  })
  tellJournal({ done: null, undo: entry(4, { operation: 'package', record: null, kinds: [] }), redo: null })
  journal.value = { done: null, undo: entry(4, { operation: 'package', record: null, kinds: [] }), redo: null }
  await step('undo')
  await flushPromises()
  expect(words(bar)).toBe('上一步是导入 请到数据包')
  expect(bar.find('[role=alert]').exists()).toBe(true)
  journal.value = { done: null, undo: null, redo: null }
  await step('undo')
  await step('redo')
  await flushPromises()
  expect(words(bar)).toBe('没有可以恢复的操作')
})

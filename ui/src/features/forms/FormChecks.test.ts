import { enableAutoUnmount, flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import type { CheckedCellView, FailedCheckView, FilledView, FillForm, Hit } from '@/bridge'
import { setLanguage } from '@/shared/i18n'
import { answer, asked, hold } from '@/testing/shell'

import { router } from '../frame/router'
import FormChecks from './FormChecks.vue'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const FILLED: FilledView = {
  form: 'c1/1',
  title: 'Cases',
  stub: 'Line',
  columns: [],
  levels: 1,
  header: [],
  rows: [],
  rows_in_all: 0,
  unsettled: [],
  pages: [],
  boxes: [],
  unlisted: [],
  warnings: [],
}
const FILLING: FillForm = { form: 'c1/1', as_of: '2021-05-20', office: '640100', date: null }

function cell(form: string, row: string, text: string): CheckedCellView {
  return { form, form_title: `title ${form}`, row, row_label: row.toUpperCase(), column: 'filed', column_label: 'Filed', text }
}

function hit(id: string, kind = 'case'): Hit {
  return { id, kind, title: `record ${id}`, detail: '', void: false }
}

const ERROR: FailedCheckView = {
  id: 'closed',
  level: 'error',
  words: 'What is closed was filed',
  problem: { code: 'check-compared', message: 'Total Filed 3', remedy: 'Open these cells.', field: null, line: null },
  cells: [cell('c1/1', 'total', '3'), cell('c1/2', 'quality', '')],
  records: [hit('k1'), hit('x', 'answer')],
  records_in_all: 1200,
}
const WARN: FailedCheckView = {
  id: 'core/counted_twice/filed',
  level: 'warn',
  words: null,
  problem: { code: 'check-counted-twice', message: 'Two are counted twice', remedy: '', field: null, line: null },
  cells: [],
  records: [],
  records_in_all: 0,
}

async function open(failed: FailedCheckView[], filling = FILLING): Promise<VueWrapper> {
  answer({ fill_checks: () => failed })
  const rowLabel = (row: string): string => (row === 'total' ? 'In all' : row)
  const page = mount(FormChecks, { props: { filled: FILLED, filling, rowLabel }, global: { plugins: [router] } })
  await flushPromises()
  return page
}

enableAutoUnmount(afterEach)
beforeEach(() => setLanguage('en'))

it('says quietly that nothing is amiss', async () => {
  const page = await open([])
  expect(asked).toEqual([{ action: 'fill_checks', input: FILLING }])
  expect(page.text()).toBe('Checks: nothing amiss')
  setLanguage('zh')
  await flushPromises()
  expect(page.text()).toBe('勾稽：未发现问题')
})

it('says what should hold, or else what was found, as wrong or as doubtful', async () => {
  const page = await open([ERROR, WARN])
  expect(page.find('h3').text()).toBe('Checks: 2 things do not add up')
  const [error, warn] = page.findAll('li')
  expect(error?.find('.status.danger').text()).toBe('Wrong')
  expect(error?.find('.check-words').text()).toBe('What is closed was filed')
  expect(error?.find('.check-found').text()).toBe('Total Filed 3')
  expect(error?.find('small').text()).toBe('Open these cells.')
  expect(warn?.find('.status.wait').text()).toBe('Doubtful')
  expect(warn?.find('.check-words').text()).toBe('Two are counted twice')
  expect(warn?.find('.check-found').exists()).toBe(false)
  expect(warn?.find('.check-cells, .check-records').exists()).toBe(false)
})

it('opens a cell of this form in it, and one of another in the other, filled alike', async () => {
  const page = await open([ERROR])
  const here = page.find('.check-cells button')
  expect(here.text()).toBe('In all · Filed: 3')
  await here.trigger('click')
  expect(page.emitted('trace')).toEqual([['total', 'filed']])
  const there = page.find('.check-cells a')
  expect(there.text()).toBe('title c1/2 · QUALITY · Filed: (blank)')
  const { path, query } = router.resolve(there.attributes('href')?.slice(1) ?? '')
  expect([path, query]).toEqual([
    '/forms',
    { form: 'c1/2', as_of: '2021-05-20', office: '640100', row: 'quality', column: 'filed' },
  ])
})

it('leads to the first records, and says how many there are', async () => {
  const page = await open([ERROR])
  const records = page.find('.check-records')
  expect(records.find('.quiet').text()).toBe('1,200 records, the first 2')
  expect(records.findAll('a').map((link) => [link.text(), link.attributes('href')])).toEqual([['record k1', '#/cases/case/k1']])
  expect(records.text()).toContain('record x')
})

it('shows a few of many at first, and no row that only an id could name', async () => {
  const cells = Array.from({ length: 12 }, (_, at) => cell('c1/1', `r${at}`, `${at}`))
  const records = Array.from({ length: 11 }, (_, at) => hit(`k${at}`))
  const page = await open([{ ...ERROR, cells, records, records_in_all: 11 }])
  const shown = (): number[] => ['.check-cells button', '.check-records a'].map((each) => page.findAll(each).length)
  expect(shown()).toEqual([10, 10])
  expect(page.find('.check-cells button').text()).toBe('Filed: 0')
  await page.find('.more').trigger('click')
  expect(shown()).toEqual([12, 11])
  expect(page.find('.check-records .quiet').text()).toBe('11 records')
  expect(page.find('.more').exists()).toBe(false)
})

it('shows of what is only doubtful the line, and the rest when asked', async () => {
  const page = await open([{ ...ERROR, level: 'warn' }])
  expect(page.find('.check-words').text()).toBe('What is closed was filed')
  expect(page.find('.check-cells, .check-records').exists()).toBe(false)
  expect(page.find('.more').text()).toBe('Show its cells and records')
  await page.find('.more').trigger('click')
  expect(page.findAll('.check-cells .link')).toHaveLength(2)
  expect(page.find('.more').exists()).toBe(false)
})

it('says nothing of one form that was found in another', async () => {
  const page = await open([ERROR])
  const release = hold('fill_checks')
  await page.setProps({ filled: { ...FILLED }, filling: FILLING })
  expect(page.find('h3').exists()).toBe(true)
  await page.setProps({ filled: { ...FILLED }, filling: { ...FILLING, as_of: '2021-05-21' } })
  expect(page.text()).toBe('Checks: looking…')
  release()
  await flushPromises()
  expect(page.find('h3').exists()).toBe(true)
})

it('says in words why it could not look', async () => {
  answer({
    fill_checks: () => [{ code: 'busy', message: 'The book is away', remedy: 'Bring it back', field: null, line: null }] as never,
  })
  const page = mount(FormChecks, {
    props: { filled: FILLED, filling: FILLING, rowLabel: (row: string) => row },
    global: { plugins: [router] },
  })
  await flushPromises()
  expect(page.text()).toContain('The book is away')
  expect(page.text()).not.toContain('nothing amiss')
})

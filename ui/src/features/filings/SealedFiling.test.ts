import { enableAutoUnmount, flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import type { FilingView, FrozenView, RecordView, SinceView } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { FILING, TABLE, sealed, section } from '@/testing/filing'
import { answer, asked, type Answers } from '@/testing/shell'

import { appStatus } from '../book/status'
import { router } from '../frame/router'
import { setSchema } from '../records/schema'
import FilingPage from './FilingPage.vue'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const OTHER = '018f0000-0000-7000-8000-000000000002'

const CASE: RecordView = {
  id: 'k1',
  kind: 'case',
  office: '210101',
  campaigns: ['c1'],
  void: null,
  overrides: {},
  fields: { number: '8号', filed_on: '2020-06-09', enterprise: 'e1' },
}

const FROZEN: FrozenView = {
  printed: '3',
  records: [{ record: CASE, title: '永市监案8号', row: 'quality', column: 'filed', amount: 1, declared: true }],
  records_in_all: 1,
  differs: null,
  short: [],
}

const SINCE: SinceView = {
  cells: [
    {
      form: 'c1/1',
      form_title: 'Table',
      row: 'total',
      row_label: 'Total',
      column: 'filed',
      column_label: 'Filed',
      then: '3',
      now: '4',
      records: [
        {
          record: 'k2',
          kind: 'case',
          title: '永市监案9号',
          office: '210101',
          then: 0,
          now: 1,
          what: 'arrived',
          author: '李梅',
          at: '2020-06-12 09:30',
        },
      ],
      records_in_all: 1,
    },
  ],
  records: 2,
  definitions_changed: false,
  incomplete: false,
}

let page: VueWrapper

async function open(view: FilingView, tab = '', more: Answers = {}): Promise<VueWrapper> {
  answer(
    {
      filing: () => view,
      filing_form: () => TABLE,
      filing_cell: () => FROZEN,
      filing_since: () => SINCE,
      filing_correct: () => ({ id: OTHER }),
      filing_answer: () => ({}),
      filing_write: () => ({ name: 'report.docx', folder: '报送' }),
      ...more,
    },
    [{ token: 't1', name: 'report.docx' }],
  )
  await router.push({ path: `/filings/${FILING}`, query: tab ? { tab } : {} })
  page = mount(FilingPage, {
    props: { id: FILING },
    global: { plugins: [{ install: useElement }, router] },
    attachTo: document.body,
  })
  await flushPromises()
  return page
}

function inputs(action: string): Record<string, unknown>[] {
  return asked.filter((each) => each.action === action).map((each) => each.input)
}

function fact(name: string): string {
  return page.find(`[data-fact="${name}"]`).text()
}

enableAutoUnmount(afterEach)
beforeEach(() => {
  document.body.innerHTML = ''
  URL.createObjectURL ??= () => 'blob:page'
  setLanguage('zh')
  const text = { zh: '案号', en: 'Number', type: 'text', name: 'number' }
  const day = { zh: '立案日期', en: 'Filed on', type: 'date', name: 'filed_on' }
  const ref = { zh: '当事人', en: 'Party', type: 'ref', to: 'enterprise', name: 'enterprise' }
  const kind = {
    id: 'case',
    zh: '案件',
    en: 'Case',
    title: 'number',
    columns: ['number', 'enterprise', 'filed_on'],
    fields: [text, day, ref],
  }
  setSchema({ kinds: [kind] as never, vocabularies: [], campaigns: [] })
  appStatus.value = { today: '2020-06-12', sample: false, book: { office: '210100', upper_office: '210000' } } as NonNullable<
    typeof appStatus.value
  >
})

it('says who filed it, when and how late, and asks for nothing that could be changed', async () => {
  await open(sealed({ late: 70, late_reason: '停电', clock_reason: '', zero: true, received_at: null }))
  expect(fact('filing.filler')).toBe('Li Mei 024-1')
  expect([fact('filing.reviewer'), fact('filing.approver')]).toEqual(['Wang Qiang', 'Zhao'])
  expect(fact('filing.sealed_at')).toBe('2020-06-11 13:05')
  expect(fact('due')).toBe('2020-06-11 14:00 迟报 1 小时 10 分钟')
  expect(fact('filing.late_reason')).toBe('停电')
  expect(page.find('.filing-head').text()).toContain('零报告')
  expect(inputs('filing')).toEqual([{ id: FILING, sealing: null }])
  expect(page.findAll('input, textarea')).toHaveLength(0)
  expect(inputs('filing_form')).toEqual([{ id: FILING, form: 'c1/1', sealing: null }])
  page.unmount()
  await open(sealed({ clock_reason: '电池没电' }))
  expect(fact('due')).toContain('未能核实')
})

it('opens a number to the records as they stood', async () => {
  await open(sealed({}))
  await page.find('.box[data-row=quality][data-column=filed]').trigger('click')
  await flushPromises()
  expect(inputs('filing_cell')).toEqual([{ id: FILING, form: 'c1/1', row: 'quality', column: 'filed' }])
  const row = document.querySelector('.frozen-records tbody tr')
  const cells = [...(row?.children ?? [])].map((cell) => cell.textContent?.trim().replace(/\s+/g, ' '))
  expect(cells).toEqual(['案件 填报数', '永市监案8号', expect.stringContaining('立案日期 2020-06-09'), '看现在的'])
  expect(cells[2], 'what names another record may be called otherwise today').not.toContain('当事人')
  expect(row?.querySelector('a')?.getAttribute('href')).toBe('#/cases/case/k1')
  expect(document.querySelector('.frozen-differs, .frozen-short')).toBeNull()
})

it('says that number and records do not belong together, and what it cannot show records for', async () => {
  const short = [{ device: '0f3a', office: '210101', office_name: '和平区局', last: 9, held: 4 }]
  let frozen: FrozenView = { ...FROZEN, differs: '2' }
  await open(sealed({}), '', { filing_cell: () => frozen })
  const click = async (column: string): Promise<void> => {
    await page.find(`.box[data-row=quality][data-column=${column}]`).trigger('click')
    await flushPromises()
  }
  await click('filed')
  expect(document.querySelector('.frozen-differs')?.textContent).toContain('报的是 3，按当时的记录重新统计是 2')
  frozen = { ...FROZEN, records: null, records_in_all: 0, short }
  await click('closed')
  expect(document.querySelector('.frozen-short')?.textContent).toContain('和平区局：统计到第 9 条，这里只有到第 4 条')
  expect(document.querySelector('.frozen-records')).toBeNull()
})

it('sets what was filed beside now, with what happened to the records, by whom and when', async () => {
  await open(sealed({}), 'since')
  expect(inputs('filing_since')).toEqual([{ id: FILING }])
  const cell = page.find('[data-cell="c1/1/total/filed"]')
  expect(cell.findAll('tr:first-child td').map((each) => each.text())).toEqual(['Table · Total · Filed', '3', '4', '1 条'])
  await cell.find('button').trigger('click')
  const record = page.find('[data-record=k2]')
  expect(record.text().replace(/\s+/g, ' ')).toBe('迟到永市监案9号案件 · 新计入 · 李梅 · 2020-06-12 09:30')
  expect(record.find('a').attributes('href')).toBe('#/cases/case/k2')
  expect(page.find('[data-since]').exists()).toBe(false)
  page.unmount()
  await open(sealed({}), 'since', {
    filing_since: () => ({ cells: [], records: 2, definitions_changed: true, incomplete: true }),
  })
  expect(page.findAll('[data-since]')).toHaveLength(2)
  expect(page.find('.empty').text()).toContain('仍是报出的数')
})

it('shows its words and its reasons as they were sealed', async () => {
  const check = {
    key: 'c1/1/closed',
    form: 'c1/1',
    form_title: 'Table',
    error: true,
    check: null,
    found: '结案多于立案',
    reason: '跨期',
  }
  await open(sealed({ checks: [check], sections: [section({ text: '检查 3 家。' })] }), 'words')
  expect(page.find('[data-section=measures]').text()).toContain('检查 3 家。')
  await page.find('[data-tab=reasons]').trigger('click')
  await flushPromises()
  expect(page.findAll('[data-check] td').map((cell) => cell.text())).toEqual(['Table 结案多于立案', '跨期'])
})

it('saves one table, and the whole report with its words', async () => {
  await open(sealed({}))
  for (const button of ['.save-xlsx', '.save-docx', '.save-letter-pdf']) {
    await page.find(button).trigger('click')
    await flushPromises()
  }
  expect(inputs('filing_write')).toEqual([
    { id: FILING, form: 'c1/1', out: 't1' },
    { id: FILING, form: null, out: 't1' },
    { id: FILING, form: null, out: 't1' },
  ])
  expect(page.find('.written-file').text()).toContain('report.docx')
  page.unmount()
  await open(sealed({ sections: [] }))
  expect(page.find('.save-docx').exists(), 'tables alone are no letter').toBe(false)
})

it('corrects what was filed here, and nothing that came from an office with its own book', async () => {
  await open(sealed({ own: true, received_at: '2020-06-11 14:00' }))
  expect(page.find('.correct').exists()).toBe(false)
  page.unmount()
  await open(sealed({ superseded_by: OTHER }))
  expect(page.find('.correct').exists()).toBe(false)
  expect(page.find('.filing-links a').attributes('href')).toBe(`#/filings/${OTHER}`)
  page.unmount()
  await open(sealed({}))
  expect(page.find('.accept').exists()).toBe(false)
  await page.find('.correct').trigger('click')
  await flushPromises()
  expect(inputs('filing_correct')).toEqual([{ ids: [FILING], as_of: null }])
  await vi.waitFor(() => expect(router.currentRoute.value.path).toBe(`/filings/${OTHER}`), 10_000)
})

it('is accepted, or returned with a reason, by an office above, and says what was answered', async () => {
  const answers = [
    { decision: 'returned' as const, why: '立案少一件', on: '2020-06-12', office: '210000', office_name: '省局' },
    { decision: 'accepted' as const, why: '', on: '2020-06-13', office: '210000', office_name: '省局' },
  ]
  await open(sealed({ may_answer: true, received_at: '2020-06-11 14:00', answers }))
  expect(page.findAll('.filing-answers li').map((each) => each.text())).toEqual([
    '省局 2020-06-12 退回立案少一件',
    '省局 2020-06-13 接收',
  ])
  await page.find('.accept').trigger('click')
  await flushPromises()
  expect(inputs('filing_answer')).toEqual([{ id: FILING, accepted: true, why: '' }])
})

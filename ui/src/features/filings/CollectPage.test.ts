import { enableAutoUnmount, flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import type { CollectLine, CollectView } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { answer, asked, type Answers } from '@/testing/shell'

import { router } from '../frame/router'
import { setSchema } from '../records/schema'
import CollectPage from './CollectPage.vue'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const FILING = '018f0000-0000-7000-8000-000000000001'
const DRAFT = '018f0000-0000-7000-8000-000000000002'

function line(office: string, more: Partial<CollectLine>): CollectLine {
  return {
    office,
    office_name: `${office}局`,
    state: 'none',
    filing: null,
    late: null,
    late_reason: '',
    sealed_at: null,
    received_at: null,
    clock_reason: '',
    zero: false,
    corrections: 0,
    paper: false,
    filler: '',
    phone: '',
    last_package: null,
    answers: [],
    unreadable: false,
    ...more,
  }
}

const DESK: CollectView = {
  campaign: 'ln-2020',
  campaign_title: '百日行动',
  report: 'weekly',
  zh: '周报',
  en: 'Weekly',
  due: '2020-06-11',
  time: '14:00',
  cut_off: '2020-06-10',
  offices: [
    line('210101', {
      state: 'sealed',
      filing: FILING,
      late: 70,
      late_reason: '停电',
      sealed_at: '2020-06-11 15:10',
      received_at: '2020-06-11 15:40',
      filler: '李梅',
      phone: '024-1',
      zero: true,
      corrections: 1,
      last_package: '2020-06-11 15:40',
    }),
    line('210102', { late: 130, last_package: '2020-06-04 10:00' }),
    line('210103', { state: 'none', late: 130 }),
    line('210104', {
      state: 'returned',
      filing: FILING,
      filler: '王强',
      phone: '024-4',
      answers: [{ decision: 'returned', why: '立案少一件', on: '2020-06-11', office: '210100', office_name: '沈阳市局' }],
    }),
    line('210105', { state: 'accepted', filing: FILING, paper: true, clock_reason: '电池没电' }),
    line('210106', { state: 'sealed', filing: FILING, unreadable: true }),
  ],
  cells: [
    {
      form: 'ln-2020/1',
      form_title: '统计表',
      row: 'total',
      row_label: '合计',
      column: 'filed',
      column_label: '立案',
      filed: '7',
      counted: '9',
    },
  ],
  compared: 40,
  added_up: 3,
}

let page: VueWrapper

async function open(desk: CollectView | (() => CollectView) = DESK, more: Answers = {}): Promise<VueWrapper> {
  answer({
    collect: () => (typeof desk === 'function' ? desk() : desk),
    people: () => ({
      office: '210100',
      office_name: '',
      division: null,
      current: '',
      names: [],
      named: [{ office: '210103', name: '210103局' }],
      phones: {},
    }),
    filing_begin: () => ({ id: DRAFT }),
    filing_answer: () => ({}),
    ...more,
  })
  const address = { campaign: 'ln-2020', report: 'weekly', due: '2020-06-11' }
  await router.push(`/filings/collect/ln-2020/weekly/2020-06-11`)
  page = mount(CollectPage, { props: address, global: { plugins: [{ install: useElement }, router] }, attachTo: document.body })
  await flushPromises()
  return page
}

function row(office: string): string[] {
  return page.findAll(`tr[data-office="${office}"] td`).map((cell) => cell.text())
}

function inputs(action: string): Record<string, unknown>[] {
  return asked.filter((each) => each.action === action).map((each) => each.input)
}

enableAutoUnmount(afterEach)
afterEach(() => vi.unstubAllGlobals())
beforeEach(() => {
  document.body.innerHTML = ''
  setLanguage('zh')
  setSchema({ kinds: [], vocabularies: [], campaigns: [] })
})

it('says of each office how far it is, how late, who filled in and what was answered', async () => {
  await open()
  expect(inputs('collect')).toEqual([{ report: 'ln-2020/weekly', due: '2020-06-11' }])
  expect(page.find('.page-head').text()).toContain('2020-06-11 14:00 前报，数据截至 2020-06-10')
  expect(row('210101').slice(1, 8)).toEqual([
    '已报',
    '迟报 1 小时 10 分钟',
    '2020-06-11 15:10',
    '2020-06-11 15:40',
    '李梅 024-1',
    '零报告更正 1 次迟报：停电',
    '2020-06-11 15:40',
  ])
  expect([row('210102')[1], row('210102')[2]]).toEqual(['未报', '已迟 2 小时 10 分钟'])
  expect(row('210103')[7]).toBe('从未收到')
  expect(row('210104')[6]).toBe('沈阳市局 2020-06-11 退回 立案少一件')
  expect([row('210105')[2], row('210105')[6]]).toEqual(['是否按时未能核实', '纸质（代填）时钟：电池没电'])
  expect(row('210106')[1]).toContain('读不出来')
})

it('shows the offices in one state, and says how many are in each', async () => {
  let desk = DESK
  await open(() => desk)
  const states = (): string[] => page.findAll('[data-state]').map((each) => each.text())
  expect(states()).toEqual(['全部 6', '未报 2', '已报 2', '已接收 1', '退回 1'])
  await page.find('[data-state=none]').trigger('click')
  const offices = (): (string | undefined)[] => page.findAll('.collect tbody tr').map((each) => each.attributes('data-office'))
  expect(offices()).toEqual(['210102', '210103'])
  // The last of them has filed: nobody is in that state any more.
  desk = { ...DESK, offices: DESK.offices.filter((each) => each.state !== 'none') }
  await page.find('[data-state=""]').trigger('click')
  await page.find('[data-office="210101"] .accept').trigger('click')
  await flushPromises()
  expect(offices()).toHaveLength(4)
})

it('accepts in the row, and returns with a reason only', async () => {
  await open()
  expect(page.findAll('[data-answers]').length, 'what was answered or never filed has no buttons').toBe(2)
  await page.find('[data-office="210101"] .accept').trigger('click')
  await flushPromises()
  expect(inputs('filing_answer')).toEqual([{ id: FILING, accepted: true, why: '' }])
  await page.find('[data-office="210106"] .return').trigger('click')
  await flushPromises()
  const give = (): HTMLButtonElement | null => document.querySelector('.do-return')
  expect(give()?.disabled).toBe(true)
  const why = document.querySelector<HTMLTextAreaElement>('.return-why textarea')
  if (why) why.value = ' 与台账不符 '
  why?.dispatchEvent(new Event('input'))
  await flushPromises()
  give()?.click()
  await flushPromises()
  expect(inputs('filing_answer').at(-1)).toEqual({ id: FILING, accepted: false, why: '与台账不符' })
})

it('enters the report of an office that keeps no book, and of no other', async () => {
  await open()
  expect(page.findAll('.begin').map((each) => each.attributes('aria-label'))).toEqual(['代报：210103局'])
  await page.find('.begin').trigger('click')
  await flushPromises()
  expect(inputs('filing_begin')).toEqual([{ report: 'ln-2020/weekly', due: '2020-06-11', as_of: null, office: '210103' }])
  await vi.waitFor(() => expect(router.currentRoute.value.path).toBe(`/filings/${DRAFT}`), 10_000)
})

it('copies who has not filed, with whom to ring, and leaves it selected where the window lends no clipboard', async () => {
  const written: string[] = []
  vi.stubGlobal('navigator', { clipboard: { writeText: async (text: string) => void written.push(text) } })
  await open()
  await page.find('.remind').trigger('click')
  await flushPromises()
  const copy = document.querySelector<HTMLButtonElement>('.copy')
  copy?.click()
  await flushPromises()
  expect(written).toEqual([
    '周报 2020-06-11 14:00：3 个单位未报\n210102局 已迟 2 小时 10 分钟\n210103局 已迟 2 小时 10 分钟\n210104局 王强 024-4 退回',
  ])
  const said = (): string => document.querySelector('.el-dialog [role=status]')?.textContent ?? ''
  expect(said()).toContain('已复制')
  vi.stubGlobal('navigator', {})
  document.execCommand = () => false
  copy?.click()
  await flushPromises()
  expect(said()).toContain('Ctrl+C')
})

it('opens a cell that adds up otherwise office by office', async () => {
  await open(DESK, {
    collect_cell: () => ({
      offices: [
        { office: '210101', office_name: '甲局', filed: '3', counted: '5', filing: FILING },
        { office: '210102', office_name: '乙局', filed: null, counted: '1', filing: null },
      ],
      own: '4',
      counted: '9',
      doubled: '1',
    }),
  })
  expect(page.find('.collect-cells .quiet').text()).toBe('3 个单位报的数相加，40 格中有 1 格与本级统计不同。')
  const cell = page.find('[data-cell="ln-2020/1/total/filed"]')
  expect(cell.findAll('td').map((each) => each.text())).toEqual(['统计表 · 合计 · 立案', '7', '9', '明细'])
  await cell.find('button').trigger('click')
  await flushPromises()
  expect(inputs('collect_cell')).toEqual([
    { report: 'ln-2020/weekly', due: '2020-06-11', form: 'ln-2020/1', row: 'total', column: 'filed' },
  ])
  const rows = [...document.querySelectorAll('.collected-parts tbody tr')].map((each) =>
    [...each.children].slice(0, 3).map((part) => part.textContent?.trim()),
  )
  expect(rows).toEqual([
    ['甲局', '3', '5'],
    ['乙局', '未报', '1'],
    ['本级自己的记录', '', '4'],
    ['其中几个单位重复的', '', '1'],
    ['本级统计', '7', '9'],
  ])
})

it('says that nothing differs, and where nobody owes it how to have somebody', async () => {
  await open({ ...DESK, cells: [] })
  expect(page.find('.collect-cells .quiet').text()).toBe('3 个单位报的数相加，40 格都与本级统计一致。')
  page.unmount()
  await open({ ...DESK, offices: [], cells: [], added_up: 0 })
  expect(page.find('.empty').text()).toContain('邀请')
  expect(page.find('.collect-cells').exists()).toBe(false)
})

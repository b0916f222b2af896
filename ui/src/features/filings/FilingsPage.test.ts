import { enableAutoUnmount, flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { call, type BookStatus, type ReportLine } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { answer, asked, type Answers } from '@/testing/shell'

import { appStatus } from '../book/status'
import { campaign } from '../frame/campaign'
import { router } from '../frame/router'
import FilingsPage from './FilingsPage.vue'
import { spanWords } from './filingWords'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const DRAFT = '018f0000-0000-7000-8000-000000000001'
const SEALED = '018f0000-0000-7000-8000-000000000002'

function line(more: Partial<ReportLine>): ReportLine {
  return {
    campaign: 'ln-2020',
    campaign_title: '百日行动',
    campaign_title_en: 'Hundred days',
    report: 'weekly',
    zh: '周报',
    en: 'Weekly report',
    from: '各市',
    to: '省局',
    due: '2020-06-11',
    time: '14:00',
    cut_off: '2020-06-10',
    days: 2,
    outside: false,
    owed: true,
    state: 'none',
    filing: null,
    sealed_at: null,
    late: null,
    owing: 0,
    filed: 0,
    ...more,
  }
}

async function open(lines: ReportLine[], more: Answers = {}): Promise<VueWrapper> {
  answer({
    reports: () => lines,
    filing_begin: () => ({ id: DRAFT }),
    filing_correct: () => ({ id: DRAFT }),
    ...more,
  })
  await router.push('/filings')
  const page = mount(FilingsPage, { global: { plugins: [{ install: useElement }, router] } })
  await flushPromises()
  return page
}

/** The days of each group, in their order. */
function days(page: VueWrapper): Record<string, (string | undefined)[]> {
  const groups = page
    .findAll('tbody')
    .map((group) => [group.attributes('data-group'), group.findAll('tr[data-due]').map((row) => row.attributes('data-due'))])
  return Object.fromEntries(groups) as Record<string, (string | undefined)[]>
}

enableAutoUnmount(afterEach)
beforeEach(() => {
  setLanguage('zh')
  campaign.value = ''
  appStatus.value = { today: '2020-06-09', sample: false, book: { office: '210100', upper_office: '210000' } as BookStatus }
})

it('groups reports by what is to be done, what waits longest first, each with one action', async () => {
  const page = await open([
    line({ due: '2020-06-11' }),
    line({ due: '2020-06-04', days: -5, late: 7000, state: 'draft', filing: DRAFT }),
    line({ due: '2020-05-28', days: -12, state: 'returned', filing: SEALED, sealed_at: '2020-05-28 11:02' }),
    line({ due: '2020-05-21', days: -19, state: 'sealed', filing: SEALED, sealed_at: '2020-05-21 15:10', late: 70 }),
    line({ due: '2020-05-14', days: -26, state: 'accepted', filing: SEALED, sealed_at: '2020-05-14 10:00' }),
    line({ due: '2020-05-07', days: -33, outside: true, state: 'sealed', filing: SEALED }),
  ])
  expect(days(page)).toEqual({
    todo: ['2020-05-28', '2020-06-04', '2020-06-11'],
    above: ['2020-05-21'],
    done: ['2020-05-14', '2020-05-07'],
  })
  const row = (due: string): string[] => page.findAll(`tr[data-due="${due}"] td`).map((cell) => cell.text())
  expect(row('2020-06-11')).toEqual(['2020-06-11 14:00', '还剩 2 天', '百日行动', '周报各市 → 省局', '未报', '起草'])
  expect([row('2020-06-04')[1], row('2020-06-04')[4], row('2020-06-04')[5]]).toEqual(['已迟 4 天 20 小时', '草稿', '继续'])
  expect([row('2020-05-28')[4], row('2020-05-28')[5]]).toEqual(['退回2020-05-28 11:02', '更正'])
  expect([row('2020-05-21')[1], row('2020-05-21')[5]]).toEqual(['迟报 1 小时 10 分钟', '打开'])
  expect(row('2020-05-14')[1]).toBe('按时')
  expect(page.find('tr[data-due="2020-06-04"] .operations a').attributes('href')).toBe(`#/filings/${DRAFT}`)
})

it('begins a report and goes to it', async () => {
  const page = await open([line({})])
  await page.find('.begin').trigger('click')
  await flushPromises()
  expect(asked.find((each) => each.action === 'filing_begin')?.input).toEqual({
    report: 'ln-2020/weekly',
    due: '2020-06-11',
    as_of: null,
    office: null,
  })
  await vi.waitFor(() => expect(router.currentRoute.value.path).toBe(`/filings/${DRAFT}`), 10_000)
})

it('corrects what was returned', async () => {
  const page = await open([line({ state: 'returned', filing: SEALED })])
  await page.find('.correct').trigger('click')
  await flushPromises()
  expect(asked.find((each) => each.action === 'filing_correct')?.input).toEqual({ ids: [SEALED], as_of: null })
})

it('says in words why a report cannot be begun', async () => {
  const exists = { code: 'filing-exists', message: '这一期已经报出。', remedy: '请更正。', field: null, line: null }
  const page = await open([line({})], { filing_begin: () => [exists] as never })
  await page.find('.begin').trigger('click')
  await flushPromises()
  expect(page.find('.problem').text()).toContain('这一期已经报出。')
})

it('leads a collecting office to its desk, and says how many have filed', async () => {
  const page = await open([line({ owing: 14, filed: 3 }), line({ report: 'county', owed: false, owing: 6, filed: 6 })])
  expect(days(page)).toEqual({ todo: ['2020-06-11'], below: ['2020-06-11'] })
  expect(page.find('[data-report=weekly] .desk').text()).toBe('已报 3 / 应报 14')
  expect(page.find('[data-report=county] .operations a').attributes('href')).toBe('#/filings/collect/ln-2020/county/2020-06-11')
  expect(page.find('[data-report=county] .begin').exists(), 'it owes none itself').toBe(false)
})

it('is done where nobody stands above, shows one campaign alone, and is read anew after a change', async () => {
  let state: ReportLine['state'] = 'reviewed'
  appStatus.value = { today: '2020-06-09', sample: false, book: { office: '210000', upper_office: null } as BookStatus }
  const page = await open([line({})], {
    reports: () => [line({ state, filing: SEALED }), line({ campaign: 'other' })],
    filing_seal: () => ({ refusals: [], warnings: [] }),
  })
  campaign.value = 'ln-2020'
  await flushPromises()
  expect(page.findAll('tr[data-due]')).toHaveLength(1)
  state = 'sealed'
  await call('filing_seal', { id: SEALED, sealing: { filler: '', phone: '', approver: '' } as never })
  await flushPromises()
  expect(Object.keys(days(page))).toEqual(['done'])
})

it('says spans by their two largest units', () => {
  expect([0, 1, 59, 60, 61, 1440, 1500, 4321].map(spanWords)).toEqual([
    '0 分钟',
    '1 分钟',
    '59 分钟',
    '1 小时',
    '1 小时 1 分钟',
    '1 天',
    '1 天 1 小时',
    '3 天',
  ])
  setLanguage('en')
  expect([1, 61, 2880].map(spanWords)).toEqual(['1 minute', '1 hour 1 minute', '2 days'])
})

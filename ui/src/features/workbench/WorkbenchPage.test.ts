import { enableAutoUnmount, flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'

import type { BookStatus, DueGroupView, ReportLine, WorkbenchView } from '@/bridge'
import { setLanguage } from '@/shared/i18n'
import { answer, asked, hold, type Answers } from '@/testing/shell'
import { CHARTS, group, line } from '@/testing/workbench'

import { appStatus } from '../book/status'
import { campaign } from '../frame/campaign'
import { setSchema } from '../records/schema'
import WorkbenchPage from './WorkbenchPage.vue'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const STATUS: BookStatus = {
  path: 'p',
  office: '640121',
  office_name: '永宁县',
  inspector: '张三',
  device: 'd',
  records: [],
  unsent: 12,
  conflicts: 0,
  set_aside: 2,
  upper_office: '640000',
  gaps: [{ device: 'd', office: '640121', first: 1, last: 2 }],
}

const VIEW: WorkbenchView = {
  campaign: 'c',
  chosen: false,
  empty: false,
  period: { first_day: '2021-03-01', last_day: '2021-05-31', day: 88, left: 4, phases: [] },
  reports: [
    {
      report: 'weekly',
      zh: '周报告',
      en: 'Weekly',
      from: '各市',
      to: '省',
      forms: [{ id: 'c/1', title: '统计表', title_en: 'Table', attachment: '附件1' }],
      on: '2021-05-27',
      time: '14:00',
      cut_off: '2021-05-26',
      days: 0,
      working_days: 0,
      stage: 'now',
      rest_day: false,
      provisional: false,
    },
  ],
  watch: [],
}

const WEEKLY: ReportLine = {
  campaign: 'c',
  campaign_title: '专项',
  campaign_title_en: 'C',
  report: 'weekly',
  zh: '周报告',
  en: 'Weekly',
  from: '各市',
  to: '省',
  due: '2021-05-27',
  time: '14:00',
  cut_off: '2021-05-26',
  days: 0,
  outside: false,
  owed: true,
  state: 'none',
  filing: null,
  sealed_at: null,
  late: null,
  owing: 0,
  filed: 0,
}

const TASK = {
  id: 'survey',
  zh: '排查',
  en: 'Survey',
  done: { zh: '已检查', en: 'Inspected', value: 3, money: false },
  of: { zh: '登记', en: 'Registered', value: 4, money: false },
  rate: '75.00%',
  share: 7500,
  open: 60,
}

function answers(more: Answers = {}): Answers {
  return {
    status: () => ({ book: STATUS, today: '2021-05-27', sample: false }),
    workbench: () => VIEW,
    workbench_due: () => [group({})],
    workbench_tasks: () => [TASK],
    workbench_charts: () => CHARTS,
    finding_count: () => ({ count: 3 }),
    pair_count: () => ({ count: 2 }),
    reports: () => [WEEKLY, { ...WEEKLY, campaign: 'another', owed: false }],
    campaigns_near: () => ['nx', 'nation'],
    ...more,
  }
}

async function open(more: Answers = {}): Promise<VueWrapper> {
  answer(answers(more))
  const blank = { template: '<div />' }
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)', component: blank }] })
  const page = mount(WorkbenchPage, { global: { plugins: [router] } })
  await flushPromises()
  return page
}

enableAutoUnmount(afterEach)

beforeEach(() => {
  setLanguage('zh')
  campaign.value = ''
  appStatus.value = null
  const described = { id: 'c', title: '专项', title_en: 'C', document: '', first_day: '2021-03-01', last_day: null }
  setSchema({
    kinds: [],
    vocabularies: [],
    campaigns: [
      { ...described, categories: [], field_sets: [], checklist: [], forms: [], ledgers: [], notes: [], report_days: [] },
    ],
  })
})

it('shows the days, the tasks and what is due, and links each to where it is done', async () => {
  const page = await open()
  expect(page.find('.implied').text()).toContain('专项')
  expect(page.find('[data-report=weekly] a').attributes('href')).toBe('/forms?form=c/1&as_of=2021-05-26')
  expect(page.find('[data-task=survey]').text()).toContain('3 / 4')
  expect(page.find('[data-task=survey] [role=progressbar]').attributes('aria-valuenow')).toBe('75')
  expect(page.find('[data-due=problem] [data-record=r]').text()).toContain('逾期 1 天')
  expect(page.find('[data-card=unsent]').text()).toContain('12')
  expect(page.find('[data-card=findings]').text()).toContain('3')
  expect(page.find('[data-card=findings]').attributes('href')).toBe('/workbench/findings')
  expect(page.find('[data-card=conflicts]').attributes('href')).toBe('/packages/conflicts')
  expect(page.find('[data-card=conflicts]').text()).toContain('无')
  expect(page.find('[data-card=pairs]').text()).toContain('2')
  expect(page.find('[data-card=pairs]').attributes('href')).toBe('/enterprises/pairs')
  expect(page.find('[data-card=aside]').text()).toContain('另有 1 段')
})

it('opens a task to what is still to do, page by page', async () => {
  const line = (at: number) => ({
    id: `e${at}`,
    kind: 'enterprise',
    title: `第${at}厂`,
    enterprise: '',
    office: '640121',
    office_name: '永宁县局',
  })
  const asked: unknown[] = []
  const page = await open({
    workbench_to_do: (input) => {
      asked.push(input)
      const { skip } = input as { skip: number }
      return { lines: Array.from({ length: skip === 0 ? 50 : 10 }, (_, at) => line(skip + at)), total: 60 }
    },
  })
  const button = page.find('[data-task=survey] .task-open')
  expect(button.text()).toBe('未完成 60')
  expect(asked).toEqual([])
  await button.trigger('click')
  await flushPromises()
  const lines = () => page.findAll('[data-task=survey] [data-record]')
  expect(lines().length).toBe(50)
  expect(lines()[0]?.find('a').attributes('href')).toBe('/enterprises/enterprise/e0')
  expect(lines()[0]?.text()).toContain('永宁县局')
  await page.find('[data-task=survey] .more').trigger('click')
  await flushPromises()
  expect(lines().length).toBe(60)
  expect(page.find('[data-task=survey] .more').exists()).toBe(false)
  expect(asked).toEqual([
    { campaign: null, task: 'survey', skip: 0 },
    { campaign: null, task: 'survey', skip: 50 },
  ])
  await button.trigger('click')
  expect(lines().length).toBe(0)
})

it('begins the report of a day, goes on with it, and leads to the desk where those below are collected', async () => {
  const page = await open({ filing_begin: () => ({ id: 'f' }) })
  const day = '[data-report=weekly] .report-link'
  expect(page.find(day).text()).toBe('未报起草')
  await page.find(`${day} .begin`).trigger('click')
  await flushPromises()
  expect(asked.find((each) => each.action === 'filing_begin')?.input).toEqual({
    report: 'c/weekly',
    due: '2021-05-27',
    as_of: null,
    office: null,
  })
  page.unmount()
  const filed = await open({ reports: () => [{ ...WEEKLY, state: 'reviewed', filing: 'f', owing: 4, filed: 1 }] })
  expect(filed.findAll(`${day} a`).map((link) => [link.text(), link.attributes('href')])).toEqual([
    ['继续', '/filings/f'],
    ['已报 1 / 应报 4', '/filings/collect/c/weekly/2021-05-27'],
  ])
})

it('shows the rest while findings are still being counted', async () => {
  const release = hold('finding_count')
  const page = await open()
  expect(page.find('[data-card=unsent]').text()).toContain('12')
  expect(page.find('[data-card=findings] b').attributes('aria-label')).toBe('正在统计')
  release()
  await flushPromises()
  expect(page.find('[data-card=findings]').text()).toContain('3')
})

it('leaves the numbers to be read where nothing can be drawn', async () => {
  // A chart is drawn when it comes into sight; here everything is.
  class InSight {
    constructor(private readonly see: (entries: { isIntersecting: boolean }[]) => void) {}
    observe(): void {
      this.see([{ isIntersecting: true }])
    }
    disconnect(): void {}
  }
  vi.stubGlobal('IntersectionObserver', InSight)
  const page = await open()
  vi.unstubAllGlobals()
  // The library of the charts comes after the numbers; this window has no canvas.
  await vi.waitFor(() => expect(page.find('[data-chart=coverage] .chart-table').exists()).toBe(true), { timeout: 30_000 })
  expect(page.find('[data-chart=coverage] tbody').text()).toContain('Yongning')
  expect(page.find('[data-chart=categories]').text()).toContain('还没有可画的数据')
}, 40_000)

it('asks anew for the campaign a person chooses', async () => {
  const page = await open({ workbench: (input) => ({ ...VIEW, chosen: input.campaign !== null }) })
  expect(page.find('.implied').exists()).toBe(true)
  campaign.value = 'c'
  await flushPromises()
  expect(asked.filter((each) => each.action === 'workbench_due').map((each) => each.input['campaign'])).toEqual([null, 'c'])
  expect(page.find('.implied').exists()).toBe(false)
})

it('shows five lines of a group, then the page, then asks for more', async () => {
  const lines = Array.from({ length: 50 }, (_, at) => line({ id: `r${at}` }))
  const long: DueGroupView = group({ total: 60, overdue: 60, page: { lines, next: '50 2021-05-01' } })
  const rest = Array.from({ length: 10 }, (_, at) => line({ id: `s${at}` }))
  const page = await open({
    workbench_due: () => [long],
    workbench_due_more: () => ({ lines: rest, next: null }),
  })
  const shown = (): number => page.findAll('[data-due=problem] [data-record]').length
  expect(shown()).toBe(5)
  expect(page.find('.due-more .more').text()).toBe('显示其余 55 件')
  await page.find('.due-more .more').trigger('click')
  expect(shown()).toBe(50)
  await page.find('.due-more .more').trigger('click')
  await flushPromises()
  expect(asked.at(-1)).toEqual({
    action: 'workbench_due_more',
    input: { campaign: null, group: 'problem', after: '50 2021-05-01' },
  })
  expect(shown()).toBe(60)
  expect(page.find('.due-more .more').exists()).toBe(false)
})

it('an empty book says what to do next, and asks for nothing more', async () => {
  const page = await open({ workbench: () => ({ ...VIEW, empty: true }) })
  const steps = () => page.findAll('a.next-step').map((each) => each.attributes('href'))
  expect(steps(), 'most counties have no office below').toEqual(['/enterprises/enterprise/new', '/packages'])
  expect(page.find('.charts').exists()).toBe(false)
  expect(asked.map((each) => each.action)).toEqual(['workbench', 'campaigns_near'])
  // The first step is the campaign: those that concern this office, and no other province's.
  const offered = page.findAll('.first-steps .campaign-choice')
  expect(offered.map((each) => each.text())).toEqual(['nx', 'nation'])
  await offered[0]!.trigger('click')
  expect(campaign.value).toBe('nx')
  appStatus.value = { book: { ...STATUS, office: '640100' }, today: '2021-05-27', sample: false }
  await flushPromises()
  expect(steps()).toEqual(['/enterprises/enterprise/new', '/packages', '/packages/offices'])
})

it('says why there is nothing to show', async () => {
  const broken = { code: 'x', message: '台账读不出来。', remedy: '请检查。', field: null, line: null }
  const page = await open({ workbench_due: () => [broken] as never })
  expect(page.find('.problem').text()).toContain('台账读不出来。')
})

import { beforeEach, expect, it } from 'vitest'

import type { ReportDay } from '@/bridge'
import { setLanguage } from '@/shared/i18n'
import { group, line } from '@/testing/workbench'

import { daysLeft, groupCounts, groupTitle, showsOffices, sums } from './due'
import { daysTo, formAddress, shortName } from './reports'

function report(more: Partial<ReportDay>): ReportDay {
  return {
    report: 'weekly',
    zh: '周报告',
    en: 'Weekly report',
    from: '各市',
    to: '省',
    forms: [],
    on: '2020-06-18',
    time: '14:00',
    cut_off: '2020-06-17',
    days: 0,
    working_days: 0,
    stage: 'now',
    rest_day: false,
    provisional: false,
    ...more,
  }
}

beforeEach(() => setLanguage('zh'))

it('says over, today and left in words and colour', () => {
  expect(daysLeft(line({ days: -12 }))).toEqual({ words: '逾期 12 天', tone: 'danger' })
  expect(daysLeft(line({ days: 0 }))).toEqual({ words: '今天到期', tone: 'danger' })
  expect(daysLeft(line({ days: 3 }))).toEqual({ words: '还剩 3 天', tone: 'wait' })
  expect(daysLeft(line({ days: null, due: null }))).toEqual({ words: '未定期限', tone: 'plain' })
})

it('names a group with its term, and counts what is over apart from what is not', () => {
  const results = group({ group: 'result', total: 7, overdue: 2, term: 20 })
  expect(groupTitle(results)).toContain('20')
  expect(groupCounts(results).map((each) => each.words)).toEqual(['逾期 2 件', '即将到期 5 件'])
  expect(groupCounts(group({ total: 3, overdue: 3 })).map((each) => each.words)).toEqual(['逾期 3 件'])
  expect(groupCounts(group({ group: 'review', total: 4, overdue: 0 })).map((each) => each.words)).toEqual(['待答复 4 件'])
})

it('adds the groups up, remarks apart: they have no day', () => {
  const groups = [
    group({ total: 5, overdue: 2 }),
    group({ total: 1, overdue: 0 }),
    group({ group: 'review', total: 3, overdue: 0 }),
  ]
  expect(sums(groups)).toEqual({ overdue: 2, soon: 4, waiting: 3 })
})

it('names offices only where they differ from the own one', () => {
  expect(showsOffices([group({})], '640121')).toBe(false)
  expect(showsOffices([group({})], '640000')).toBe(true)
})

it('counts down to a report, to its hour, and says when it was missed', () => {
  expect(daysTo(report({}))).toEqual({ words: '今天 14:00 前', tone: 'danger' })
  expect(daysTo(report({ stage: 'past' }))).toEqual({ words: '今天 14:00 已截止', tone: 'wait' })
  expect(daysTo(report({ time: null }))).toEqual({ words: '今天', tone: 'danger' })
  expect(daysTo(report({ days: -1, working_days: null, stage: 'past' }))).toEqual({ words: '已过 1 天', tone: 'wait' })
  expect(daysTo(report({ days: -90, working_days: null, stage: 'past' })).tone).toBe('plain')
  expect(daysTo(report({ days: 6, working_days: 3, stage: 'later' }))).toEqual({
    words: '还剩 6 天（3 个工作日）',
    tone: 'plain',
  })
  expect(daysTo(report({ days: 2, working_days: 2, stage: 'later' })).tone).toBe('wait')
  expect(daysTo(report({ days: 200, working_days: null, stage: 'later' })).words).toBe('还剩 200 天')
})

it('names a form by its number, in the language', () => {
  const form = { id: 'f/1', title: '统计表', title_en: 'Table', attachment: '附件1' }
  expect(shortName(form)).toBe('附件1')
  expect(shortName({ ...form, attachment: '' })).toBe('统计表')
  setLanguage('en')
  expect(shortName(form)).toBe('Attachment 1')
  expect(shortName({ ...form, attachment: '' })).toBe('Table')
})

it('opens a form at the report’s own cut-off', () => {
  expect(formAddress('f/1', '2020-06-17')).toEqual({ path: '/forms', query: { form: 'f/1', as_of: '2020-06-17' } })
})

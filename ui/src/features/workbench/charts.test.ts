import { beforeEach, expect, it } from 'vitest'

import { setLanguage } from '@/shared/i18n'
import { CHARTS } from '@/testing/workbench'

import { chartsOf, heightOf, isBlank, tableOf } from './charts'

beforeEach(() => setLanguage('zh'))

it('says in a table what the chart draws, a rate over nothing as a dash', () => {
  const [coverage, lines, , weeks] = chartsOf(CHARTS)
  expect(tableOf(coverage!)).toEqual({
    head: ['填报单位', '登记企业', '已检查企业', '比例'],
    rows: [
      ['Yongning', '1,200', '3', '0.25%'],
      ['Lingwu', '0', '1', '—'],
    ],
  })
  expect(tableOf(lines!)).toEqual({ head: ['执法条线', '立案', '结案'], rows: [['ZL', '2', '1']] })
  expect(tableOf(weeks!).rows).toEqual([['2021-03-01 – 03-07', '4', '2', '0']])
  const [, , , unfinished] = chartsOf({ ...CHARTS, as_of: '2021-03-05' })
  expect(unfinished!.labels).toEqual(['2021-03-01 – 03-07（未完）'])
})

it('takes the words of the language', () => {
  expect(chartsOf(CHARTS).map((chart) => chart.labels[0])).toEqual(['Yongning', 'ZL', 'KZ', '2021-03-01 – 03-07'])
  setLanguage('en')
  expect(chartsOf(CHARTS).map((chart) => chart.labels[0])).toEqual(['Yongning', 'Quality', 'Masks', '2021-03-01 – 03-07'])
})

it('draws no chart of zeros', () => {
  expect(chartsOf(CHARTS).map(isBlank)).toEqual([false, false, true, false])
})

it('gives thirty offices the room they need', () => {
  const many = { ...CHARTS, coverage: Array.from({ length: 30 }, () => CHARTS.coverage[0]!) }
  expect(heightOf(chartsOf(many)[0]!)).toBeGreaterThan(30 * 30)
})

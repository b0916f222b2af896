// The charts as plain data: the numbers of the program laid out as columns of a table, and the same drawn as bars or lines.
// No number is worked out here.

import type { ChartsView } from '@/bridge'
import { labelOf, t } from '@/shared/i18n'
import { showWhole } from '@/shared/numbers'

export interface Series {
  name: string
  values: number[]
  /** The name of the colour in the style sheet. */
  colour: string
}

export interface Chart {
  id: string
  title: string
  /** `bars` lie, one above the other where the last is a part of the first; `weeks` are lines over time. */
  shape: 'part' | 'bars' | 'weeks'
  head: string
  labels: string[]
  series: Series[]
  /** What is written at the end of each bar. */
  rates: (string | null)[] | null
}

// Told apart by lightness as well as by hue.
const DEEP = '--blue'
const BLUE = '--chart-blue'
const PALE = '--chart-pale'
const AMBER = '--amber-mark'
const RED = '--red'
const GREY = '--chart-grey'

export function chartsOf(view: ChartsView): Chart[] {
  const { coverage, lines, categories, weeks } = view
  return [
    {
      id: 'coverage',
      title: t('charts.coverage'),
      shape: 'part',
      head: t('charts.coverage.office'),
      labels: coverage.map((row) => row.name),
      series: [
        { name: t('charts.coverage.registered'), values: coverage.map((row) => row.registered), colour: PALE },
        { name: t('charts.coverage.inspected'), values: coverage.map((row) => row.inspected), colour: BLUE },
      ],
      rates: coverage.map((row) => row.rate),
    },
    {
      id: 'lines',
      title: t('charts.lines'),
      shape: 'bars',
      head: t('charts.lines.line'),
      labels: lines.map(labelOf),
      series: [
        { name: t('charts.lines.filed'), values: lines.map((row) => row.filed), colour: BLUE },
        { name: t('charts.lines.closed'), values: lines.map((row) => row.closed), colour: PALE },
      ],
      rates: null,
    },
    {
      id: 'categories',
      title: t('charts.categories'),
      shape: 'part',
      head: t('charts.categories.category'),
      labels: categories.map(labelOf),
      series: [
        { name: t('charts.categories.batches'), values: categories.map((row) => row.batches), colour: GREY },
        { name: t('charts.categories.nonconforming'), values: categories.map((row) => row.nonconforming), colour: RED },
      ],
      rates: categories.map((row) => row.rate),
    },
    {
      id: 'weeks',
      title: t('charts.weeks'),
      shape: 'weeks',
      head: t('charts.weeks.week'),
      labels: weeks.map((row) => weekLabel(row.from, row.to, view.as_of)),
      series: [
        { name: t('charts.weeks.inspections'), values: weeks.map((row) => row.inspections), colour: BLUE },
        { name: t('charts.weeks.samples'), values: weeks.map((row) => row.samples), colour: AMBER },
        { name: t('charts.weeks.cases'), values: weeks.map((row) => row.cases), colour: DEEP },
      ],
      rates: null,
    },
  ]
}

/** A week that is not over counts less than the others, and says so. */
function weekLabel(from: string, to: string, asOf: string): string {
  const days = `${from} – ${to.slice(5)}`
  return to > asOf ? t('charts.weeks.partial', { days }) : days
}

/** A chart of nothing but zeros is not worth drawing. */
export function isBlank(chart: Chart): boolean {
  return chart.series.every((series) => series.values.every((value) => value === 0))
}

export interface Table {
  head: string[]
  rows: string[][]
}

/** The same numbers to be read, by eye or by a screen reader. */
export function tableOf(chart: Chart): Table {
  const head = [chart.head, ...chart.series.map((series) => series.name)]
  if (chart.rates) head.push(t('charts.rate'))
  const rows = chart.labels.map((label, at) => {
    const row = [label, ...chart.series.map((series) => showWhole(series.values[at] ?? 0))]
    return chart.rates ? [...row, chart.rates[at] ?? '—'] : row
  })
  return { head, rows }
}

/** The height a chart needs so that no bar is squeezed. */
export function heightOf(chart: Chart): number {
  if (chart.shape === 'weeks') return 250
  const bar = chart.shape === 'bars' ? 40 : 32
  return Math.max(250, 66 + bar * chart.labels.length)
}

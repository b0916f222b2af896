// Draws a chart on a canvas. Loaded only when there is something to draw: the library is larger than the rest of the page.
// Words in tooltips are drawn too (rich text), because the window's policy drops styles a script writes into the page.

import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import * as echarts from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

import type { Chart } from './charts'

echarts.use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer])

/** A colour of the style sheet: a canvas does not know them by name. */
function colourOf(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

const TEXT = colourOf('--text')
const QUIET = colourOf('--chart-quiet')
const LINE = colourOf('--chart-line')
const SYMBOLS = ['circle', 'triangle', 'rect']

export interface Drawn {
  show: (chart: Chart) => void
  fit: () => void
  end: () => void
}

/** Null where the web view draws nothing. */
export function draw(element: HTMLElement): Drawn | null {
  if (!document.createElement('canvas').getContext('2d')) return null
  const drawn = echarts.init(element, null, { renderer: 'canvas' })
  const fontFamily = getComputedStyle(document.body).fontFamily
  return {
    show: (chart) => drawn.setOption({ textStyle: { fontFamily }, ...optionOf(chart) }, { notMerge: true }),
    fit: () => drawn.resize(),
    end: () => drawn.dispose(),
  }
}

function common(chart: Chart): Record<string, unknown> {
  return {
    animation: false,
    aria: { enabled: false },
    legend: { top: 0, right: 0, itemWidth: 14, itemHeight: 10, textStyle: { color: TEXT }, selectedMode: false },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      confine: true,
      axisPointer: { type: chart.shape === 'weeks' ? 'line' : 'shadow' },
    },
  }
}

const counts = {
  type: 'value',
  minInterval: 1,
  axisLabel: { color: QUIET },
  splitLine: { lineStyle: { color: LINE } },
}

function optionOf(chart: Chart): Record<string, unknown> {
  return chart.shape === 'weeks' ? overTime(chart) : lying(chart)
}

function overTime(chart: Chart): Record<string, unknown> {
  return {
    ...common(chart),
    grid: { left: 8, right: 16, top: 36, bottom: 4, containLabel: true },
    xAxis: {
      type: 'category',
      data: chart.labels,
      boundaryGap: false,
      axisLine: { lineStyle: { color: LINE } },
      axisTick: { show: false },
      axisLabel: { color: QUIET, hideOverlap: true, formatter: (label: string) => label.slice(5, 10) },
    },
    yAxis: counts,
    series: chart.series.map((series, at) => ({
      type: 'line',
      name: series.name,
      data: series.values,
      symbol: SYMBOLS[at],
      symbolSize: 7,
      showSymbol: chart.labels.length <= 27,
      lineStyle: { width: 2 },
      itemStyle: { color: colourOf(series.colour) },
    })),
  }
}

function lying(chart: Chart): Record<string, unknown> {
  const part = chart.shape === 'part'
  const label = (at: number): Record<string, unknown> => {
    if (part && at > 0) return { show: false }
    const words = (row: { dataIndex: number; value: number }): string => {
      if (!part) return String(row.value)
      const counted = chart.series.map((series) => series.values[row.dataIndex] ?? 0)
      const rate = chart.rates?.[row.dataIndex]
      return `${counted.reverse().join(' / ')}${rate ? `  ${rate}` : ''}`
    }
    return { show: true, position: 'right', color: TEXT, formatter: words }
  }
  return {
    ...common(chart),
    grid: { left: 8, right: part ? 118 : 40, top: 34, bottom: 4, containLabel: true },
    xAxis: counts,
    yAxis: {
      type: 'category',
      data: chart.labels,
      inverse: true,
      axisLine: { lineStyle: { color: LINE } },
      axisTick: { show: false },
      axisLabel: { color: TEXT, width: 168, overflow: 'truncate' },
    },
    series: chart.series.map((series, at) => ({
      type: 'bar',
      name: series.name,
      data: series.values,
      z: 2 + at,
      // A part is drawn over its whole.
      barGap: part ? '-100%' : '12%',
      barMaxWidth: part ? 18 : 14,
      itemStyle: { color: colourOf(series.colour) },
      label: label(at),
    })),
  }
}

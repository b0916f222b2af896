import { flushPromises } from '@vue/test-utils'
import { expect, it } from 'vitest'

import type { RecordRow, RowPage } from '@/bridge'

import { useRows } from './rows'

function row(index: number): RecordRow {
  return {
    id: `r${index}`,
    kind: 'visit',
    office: '',
    campaigns: [],
    void: null,
    overrides: {},
    fields: {},
    titles: {},
    conflicted: [],
  }
}

function page(first: number, limit: number, total: number): RowPage {
  return { first, total, rows: Array.from({ length: Math.min(limit, total - first) }, (_, at) => row(first + at)) }
}

/** Answers are given when the test says so. */
function slow(total: number) {
  const asked: { first: number; answer: () => void; refuse: (error: Error) => void }[] = []
  const rows = useRows(
    (first, limit) =>
      new Promise((resolve, reject) => asked.push({ first, answer: () => resolve(page(first, limit, total)), refuse: reject })),
  )
  return { asked, rows }
}

it('asks for the block a row stands in, and for what is in view', async () => {
  const { asked, rows } = slow(1_000_000)
  void rows.restart()
  asked[0]?.answer()
  await flushPromises()
  expect(rows.total.value).toBe(1_000_000)
  expect(rows.rowAt(99)?.id).toBe('r99')
  expect(rows.rowAt(100)).toBeUndefined()
  rows.need(987_690, 987_710)
  expect(asked.at(-1)?.first).toBe(987_600)
  asked.at(-1)?.answer()
  await flushPromises()
  expect(asked.at(-1)?.first).toBe(987_700)
  asked.at(-1)?.answer()
  await flushPromises()
  expect(rows.rowAt(987_709)?.id).toBe('r987709')
  expect(asked).toHaveLength(3)
})

it('asks for where the scrollbar stops, not for what it passes', async () => {
  const { asked, rows } = slow(1_000_000)
  void rows.restart()
  asked[0]?.answer()
  await flushPromises()
  for (let first = 10_000; first <= 900_000; first += 10_000) rows.need(first, first + 20)
  expect(asked).toHaveLength(2)
  asked[1]?.answer()
  await flushPromises()
  expect(asked.map((each) => each.first)).toEqual([0, 10_000, 900_000])
})

it('drops the answer to a question that was asked anew', async () => {
  const { asked, rows } = slow(500)
  void rows.restart()
  void rows.restart(250)
  asked[0]?.answer()
  await flushPromises()
  expect(rows.loaded.value).toBe(false)
  asked[1]?.answer()
  await flushPromises()
  expect(rows.rowAt(250)?.id).toBe('r250')
  expect(rows.rowAt(0)).toBeUndefined()
  expect(rows.loading.value).toBe(false)
})

it('keeps what it has when the program refuses', async () => {
  const { asked, rows } = slow(500)
  void rows.restart()
  asked[0]?.answer()
  await flushPromises()
  const again = rows.restart()
  asked[1]?.refuse(new Error('no'))
  expect(await again).toBe(false)
  expect(rows.failure.value).toHaveLength(1)
  expect(rows.rowAt(0)?.id).toBe('r0')
})

// 案件 · 线索 · 召回 · 帮扶.

import type { Noun } from '../records/pages'

export const cases: Noun = {
  path: 'cases',
  label: 'menu.cases',
  kinds: [
    {
      kind: 'case',
      filters: ['line', 'category'],
      carry: ['line', 'category', 'filed_on'],
      today: ['filed_on'],
    },
    {
      kind: 'clue',
      filters: ['source', 'category'],
      carry: ['received_on', 'source', 'category'],
      today: ['received_on'],
    },
    {
      kind: 'recall',
      filters: ['category', 'effect'],
      carry: ['category'],
      today: ['started_on'],
    },
    {
      kind: 'assistance',
      filters: ['mode'],
      carry: ['date', 'mode'],
      today: ['date'],
    },
  ],
}

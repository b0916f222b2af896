// 案件 · 线索 · 召回 · 帮扶.

import type { Noun } from '../records/pages'

export const cases: Noun = {
  path: 'cases',
  label: 'menu.cases',
  kinds: [
    {
      kind: 'case',
      columns: ['number', 'cause', 'enterprise', 'line', 'category', 'filed_on', 'penalty_fen', 'closed_on'],
      filters: ['line', 'category'],
      carry: ['line', 'category', 'filed_on'],
      today: ['filed_on'],
    },
    {
      kind: 'clue',
      columns: ['received_on', 'source', 'content', 'enterprise', 'handler', 'handled_on'],
      filters: ['source', 'category'],
      carry: ['received_on', 'source', 'category'],
      today: ['received_on'],
    },
    {
      kind: 'recall',
      columns: ['started_on', 'enterprise', 'category', 'quantity', 'recalled_quantity', 'effect'],
      filters: ['category', 'effect'],
      carry: ['category'],
      today: ['started_on'],
    },
    {
      kind: 'assistance',
      columns: ['date', 'mode', 'enterprises', 'content', 'people'],
      filters: ['mode'],
      carry: ['date', 'mode'],
      today: ['date'],
    },
  ],
}

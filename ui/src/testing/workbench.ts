// Made-up answers of the program for the tests of the workbench.

import type { ChartsView, DueGroupView, DueLine } from '@/bridge'

export function line(more: Partial<DueLine>): DueLine {
  return {
    id: 'r',
    kind: 'problem',
    title: 'No purchase ledger',
    enterprise: 'Mask Works',
    office: '640121',
    office_name: 'Yongning',
    since: null,
    due: '2021-05-26',
    days: -1,
    provisional: false,
    ...more,
  }
}

export function group(more: Partial<DueGroupView>): DueGroupView {
  return { group: 'problem', total: 1, overdue: 1, term: null, page: { lines: [line({})], next: null }, ...more }
}

export const CHARTS: ChartsView = {
  as_of: '2021-05-27',
  coverage: [
    { office: '640121', name: 'Yongning', registered: 1200, inspected: 3, rate: '0.25%' },
    { office: '640181', name: 'Lingwu', registered: 0, inspected: 1, rate: null },
  ],
  lines: [{ code: 'a', zh: 'ZL', en: 'Quality', filed: 2, closed: 1 }],
  categories: [{ code: 'b', zh: 'KZ', en: 'Masks', batches: 0, nonconforming: 0, rate: null }],
  weeks: [{ from: '2021-03-01', to: '2021-03-07', inspections: 4, samples: 2, cases: 0 }],
}

// 现场排查: inspections and the problems they found.

import type { Noun } from '../records/pages'

export const inspections: Noun = {
  path: 'inspections',
  label: 'menu.inspections',
  kinds: [
    {
      kind: 'inspection',
      filters: ['line', 'department', 'outcome'],
      carry: ['date', 'place', 'mode', 'inspectors', 'certificates', 'line', 'also_lines', 'department', 'categories', 'stage'],
      today: ['date'],
      document: 'inspection',
    },
    {
      kind: 'problem',
      filters: ['state'],
      carry: ['inspection', 'enterprise', 'found_on'],
      today: ['found_on'],
    },
  ],
}

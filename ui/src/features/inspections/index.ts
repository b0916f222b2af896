// 现场排查: inspections and the problems they found.

import type { Noun } from '../records/pages'

export const inspections: Noun = {
  path: 'inspections',
  label: 'menu.inspections',
  kinds: [
    {
      kind: 'inspection',
      columns: ['date', 'enterprise', 'line', 'department', 'categories', 'inspectors', 'outcome'],
      filters: ['line', 'department', 'outcome'],
      carry: ['date', 'place', 'mode', 'inspectors', 'certificates', 'line', 'also_lines', 'department', 'categories', 'stage'],
      today: ['date'],
      document: 'inspection',
    },
    {
      kind: 'problem',
      columns: ['found_on', 'enterprise', 'description', 'due_on', 'state'],
      filters: ['state'],
      carry: ['inspection', 'enterprise', 'found_on'],
      today: ['found_on'],
    },
  ],
}

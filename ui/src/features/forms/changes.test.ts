import { expect, it } from 'vitest'

import { rowsOf } from './changes'

it('differences stand by the rows of the form, whole rows by themselves', () => {
  const rows = rowsOf(
    [
      { row: 'quality', column: 'filed', before: '1', after: '3', by: '＋2' },
      { row: 'quality', column: 'closed', before: '', after: '1', by: null },
      { row: 'r7', column: null, before: null, after: '永宁口罩厂 3', by: null },
      { row: 'r2', column: null, before: '望远口罩厂 1', after: null, by: null },
    ],
    (row) => `row ${row}`,
    (column) => `column ${column}`,
  )
  expect(
    rows.map(({ row, state, cells }) => [row, state, cells.map((cell) => [cell.label, cell.before, cell.after, cell.by])]),
  ).toEqual([
    [
      'quality',
      'kept',
      [
        ['column filed', '1', '3', '＋2'],
        ['column closed', '', '1', null],
      ],
    ],
    ['r7', 'new', [['', '', '永宁口罩厂 3', null]]],
    ['r2', 'gone', [['', '望远口罩厂 1', '', null]]],
  ])
})

// What is printed otherwise than it was, row by row: by what a command would do to a form, or by another day.

import type { CellChangeView, DifferenceView, RowChangeView } from '@/bridge'

export interface ChangedCell extends Omit<CellChangeView, 'unsettled'> {
  unsettled?: boolean
  /** By how much a number rose or fell. */
  by?: string | null
}

export interface ChangedRow extends Omit<RowChangeView, 'cells'> {
  cells: ChangedCell[]
}

/** Differences one after the other as rows of the form. */
export function rowsOf(
  differences: readonly DifferenceView[],
  rowLabel: (row: string) => string,
  columnLabel: (column: string) => string,
): ChangedRow[] {
  const rows = new Map<string, ChangedRow>()
  for (const { row, column, before, after, by } of differences) {
    const state = before === null ? 'new' : after === null ? 'gone' : 'kept'
    const known = rows.get(row) ?? { row, label: rowLabel(row), state, cells: [] }
    const label = column === null ? '' : columnLabel(column)
    known.cells.push({ column: column ?? '', label, before: before ?? '', after: after ?? '', by })
    rows.set(row, known)
  }
  return [...rows.values()]
}

// What a filled form says, by its places: the pages are pictures, so that their words come from here.

import { computed } from 'vue'

import type { FilledView } from '@/bridge'
import { t } from '@/shared/i18n'

export interface FilledWords {
  /** What is printed in a cell. */
  words: (row: string, column: string) => string
  /** The words of a row: its label, or in a list its place and the first of its cells that is no number. */
  rowLabel: (row: string) => string
  columnLabel: (column: string) => string
}

export function useFilledWords(filled: () => FilledView | null): FilledWords {
  /** Row labels stand first, be their heading ever so blank. */
  const stubbed = computed(() => ((filled()?.stub ?? null) === null ? 0 : 1))
  const rows = computed(() => new Map(filled()?.rows.map((row, at) => [row.id, { cells: row.cells, at }])))
  const columns = computed(() => new Map(filled()?.columns.map((column, at) => [column.id, { path: column.path, at }])))

  function words(rowId: string, columnId: string): string {
    const column = columns.value.get(columnId)
    return column === undefined ? '' : (rows.value.get(rowId)?.cells[column.at + stubbed.value] ?? '')
  }

  function rowLabel(rowId: string): string {
    const row = rows.value.get(rowId)
    if (row === undefined) return rowId
    if (stubbed.value) return row.cells[0] ?? rowId
    const named = row.cells.find((cell) => cell !== '' && !/^[\d.,%—√-]+$/.test(cell))
    return [t('forms.row', { row: row.at + 1 }), named].filter(Boolean).join(' ')
  }

  function columnLabel(columnId: string): string {
    return columns.value.get(columnId)?.path.join(' · ') ?? columnId
  }

  return { words, rowLabel, columnLabel }
}

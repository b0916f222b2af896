// A cell of a report that is opened, with what its row and its column are called.

import type { CheckedCellView } from '@/bridge'
import { labelled, t } from '@/shared/i18n'

export interface OpenCell {
  form: string
  row: string
  column: string
  rowLabel: string
  columnLabel: string
}

type Place = Pick<CheckedCellView, 'form' | 'row' | 'row_label' | 'column' | 'column_label'>

export function cellOf({ form, row, row_label, column, column_label }: Place): OpenCell {
  return { form, row, column, rowLabel: row_label, columnLabel: column_label }
}

/** A place in a form, without a row that only an id could name. */
export function placeWords({ form_title, row, row_label, column_label }: Place & { form_title: string }): string {
  return [form_title, row_label === row ? '' : row_label, column_label].filter(Boolean).join(' · ')
}

/** A cell with what it prints. */
export function cellWords(cell: CheckedCellView): string {
  return labelled(placeWords(cell), cell.text === '' ? t('forms.blank') : cell.text)
}

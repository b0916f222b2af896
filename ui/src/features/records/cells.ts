// Where a cell that counts a record is looked at: its form, opened at it.

import type { RouteLocationRaw } from 'vue-router'

import type { CellPlace } from '@/bridge'
import { labelled, t } from '@/shared/i18n'

import { today } from '../book/status'

export function cellAddress(cell: CellPlace): RouteLocationRaw {
  return { path: '/forms', query: { form: cell.form, as_of: today.value, row: cell.row, column: cell.column } }
}

export function cellWords(cell: CellPlace): string {
  return labelled(cell.form_title, cell.column === '' ? t('form.counted.row') : `${cell.row_label} · ${cell.column_label}`)
}

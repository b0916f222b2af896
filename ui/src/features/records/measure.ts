// What the number of a field is counted in, and how it is typed and shown then.

import type { Field, Fields, PrintedUnit } from '@/bridge'
import { t } from '@/shared/i18n'
import { readDecimal, readWhole, readYuan, showDecimal, showWhole, showYuan } from '@/shared/numbers'

import { declarable } from './declarable'
import { unitOf } from './schema'

export interface Measure {
  unit: string
  read: (typed: string) => number | null
  show: (value: number) => string
  wrong: (typed: string) => string
}

function wrongWhole(value: string): string {
  return t('form.number.wrong', { value })
}

/** A figure in the unit a column is printed in. */
function decimal(decimals: number, unit: () => string, wrong: (value: string) => string): Measure {
  return {
    get unit() {
      return unit()
    },
    read: (typed) => {
      const text = typed.trim()
      const bare = unit() !== '' && text.endsWith(unit()) ? text.slice(0, -unit().length) : text
      return readDecimal(bare, decimals)
    },
    show: (value) => showDecimal(value, decimals),
    wrong,
  }
}

const PRINTED: Record<PrintedUnit, Measure> = {
  one: decimal(0, () => '', wrongWhole),
  ten_thousand: decimal(
    4,
    () => t('form.unit.ten_thousand'),
    (value) => t('form.unit.ten_thousand.wrong', { value }),
  ),
  ten_thousand_yuan: decimal(
    6,
    () => t('form.unit.ten_thousand_yuan'),
    (value) => t('form.unit.ten_thousand_yuan.wrong', { value }),
  ),
}

export function measureOf(field: Field, values: Fields): Measure {
  if (field.measured_by) return printed(values, field.measured_by)
  if (field.type === 'money') {
    return { unit: t('form.money.unit'), read: readYuan, show: showYuan, wrong: (value) => t('form.money.wrong', { value }) }
  }
  return { unit: field.type === 'quantity' ? unitOf(values) : '', read: readWhole, show: showWhole, wrong: wrongWhole }
}

/** That of the column a record names; of one that is not known, the integer itself. */
function printed(values: Fields, namedBy: string): Measure {
  const form = declarable.value.find((each) => each.id === values['form'])
  return PRINTED[form?.columns.find((each) => each.id === values[namedBy])?.unit ?? 'one']
}

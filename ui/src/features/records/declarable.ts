// The forms that figures can be declared for, with the rows and columns that take them, in the forms' own words, and what
// a figure of each column is counted in.

import { ref, shallowRef } from 'vue'

import { call, type DeclarableForm, type Fields, type Json, type PrintedUnit } from '@/bridge'
import { t } from '@/shared/i18n'
import { readDecimal, showDecimal } from '@/shared/numbers'

import { forgetWithBook } from '../book/switchBook'

export const declarable = shallowRef<DeclarableForm[]>([])
/** The units are known, or are not going to be. */
export const asked = ref(false)
forgetWithBook(() => {
  declarable.value = []
  asked.value = false
})

export async function loadDeclarable(): Promise<void> {
  try {
    declarable.value = await call('declarable', {})
  } finally {
    asked.value = true
  }
}

/** How a figure is typed and shown. */
export interface Measure {
  unit: string
  read: (typed: string) => number | null
  show: (value: number) => string
  wrong: (typed: string) => string
}

function measure(decimals: number, unit: () => string, wrong: (value: string) => string): Measure {
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

const MEASURES: Record<PrintedUnit, Measure> = {
  one: measure(
    0,
    () => '',
    (value) => t('form.number.wrong', { value }),
  ),
  ten_thousand: measure(
    4,
    () => t('form.unit.ten_thousand'),
    (value) => t('form.unit.ten_thousand.wrong', { value }),
  ),
  ten_thousand_yuan: measure(
    6,
    () => t('form.unit.ten_thousand_yuan'),
    (value) => t('form.unit.ten_thousand_yuan.wrong', { value }),
  ),
}

/** That of the column a record names; of one that is not known, the integer itself. */
export function measureOf(values: Fields, column: Json | undefined): Measure {
  const form = declarable.value.find((each) => each.id === values['form'])
  return MEASURES[form?.columns.find((each) => each.id === column)?.unit ?? 'one']
}

// The forms that figures can be declared for, with the rows and columns that take them, in the forms' own words, and what
// a figure of each column is counted in.

import { ref, shallowRef } from 'vue'

import { call, type DeclarableForm } from '@/bridge'

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

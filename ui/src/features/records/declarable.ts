// The forms that figures can be declared for, with the rows and columns that take them, in the forms' own words, and what
// a figure of each column is counted in.

import { ref, shallowRef } from 'vue'

import { call, type DeclarableForm } from '@/bridge'
import { useChanges } from '@/shared/asking'

import { forgetWithBook } from '../book/switchBook'

export const declarable = shallowRef<DeclarableForm[]>([])
/** The units are known, or are not going to be. */
export const asked = ref(false)
forgetWithBook(() => {
  declarable.value = []
  asked.value = false
})

let reading: Promise<void> | null = null

async function read(): Promise<void> {
  // Where they cannot be read, lists stay empty and say so; figures are typed as they are stored, without a unit.
  declarable.value = await call('declarable', {}).catch(() => declarable.value)
  asked.value = true
  reading = null
}

/** Reads them, once for all who ask at a time, and keeps them as the campaigns are for as long as the component is there. */
export function useDeclarable(): void {
  const load = (): void => void (reading ??= read())
  load()
  useChanges(['campaigns'], load)
}

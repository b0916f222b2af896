// The form a page has open: one begun after it takes its place, and what was typed in the one before is kept.

import { effectScope, onScopeDispose, shallowRef, type EffectScope, type ShallowRef } from 'vue'

import { useRecordForm, type FormStart, type RecordForm } from './recordForm'

export interface OpenForm {
  /** Null until one was begun. */
  form: ShallowRef<RecordForm | null>
  open: (start: FormStart) => void
  close: () => void
}

export function useOpenForm(): OpenForm {
  const form = shallowRef<RecordForm | null>(null)
  let scope: EffectScope | undefined
  let gone = false

  function open(start: FormStart): void {
    scope?.stop()
    scope = undefined
    if (gone) return
    scope = effectScope(true)
    form.value = scope.run(() => useRecordForm(start)) ?? null
  }

  function close(): void {
    scope?.stop()
    scope = undefined
    form.value = null
  }

  onScopeDispose(() => {
    gone = true
    close()
  })
  return { form, open, close }
}

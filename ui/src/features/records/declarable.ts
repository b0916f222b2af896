// The forms that figures can be declared for, with the rows and columns that take them, in the forms' own words.

import { shallowRef } from 'vue'

import { call, type DeclarableForm } from '@/bridge'

export const declarable = shallowRef<DeclarableForm[]>([])

export async function loadDeclarable(): Promise<void> {
  declarable.value = await call('declarable', {})
}

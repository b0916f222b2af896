// The open book, as every page may need to know it.

import { computed, shallowRef } from 'vue'

import { call, type StatusView } from '@/bridge'
import { useChanges } from '@/shared/asking'

import { forgetWithBook } from './switchBook'

export const appStatus = shallowRef<StatusView | null>(null)
forgetWithBook(() => (appStatus.value = null))
export const status = computed(() => appStatus.value?.book ?? null)
/** Today in China, by the program's clock. */
export const today = computed(() => appStatus.value?.today ?? '')

/** What it says rests on; drafts are no part of it. */
const RESTS_ON = ['records', 'conflicts', 'packages', 'offices', 'people', 'book']

/** Keeps it as the book is, for as long as the component is there. What cannot be read stays as it was. */
export function useCurrentStatus(): void {
  useChanges(RESTS_ON, () => void refreshStatus().catch(() => undefined))
}

export async function refreshStatus(): Promise<void> {
  appStatus.value = await call('status', {})
}

// The open book, as every page may need to know it.

import { computed, shallowRef } from 'vue'

import { call, type StatusView } from '@/bridge'

export const appStatus = shallowRef<StatusView | null>(null)
export const status = computed(() => appStatus.value?.book ?? null)
/** Today in China, by the program's clock. */
export const today = computed(() => appStatus.value?.today ?? '')

export async function refreshStatus(): Promise<void> {
  appStatus.value = await call('status', {})
}

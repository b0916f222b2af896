// The open book, as every page may need to know it.

import { computed, shallowRef } from 'vue'

import { call, type StatusView } from '@/bridge'

export const desk = shallowRef<StatusView | null>(null)
export const status = computed(() => desk.value?.book ?? null)
/** Today in China, by the program's clock. */
export const today = computed(() => desk.value?.today ?? '')

export async function refreshStatus(): Promise<void> {
  desk.value = await call('status', {})
}

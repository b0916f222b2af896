// One thing a person asks for at a time: busy while it lasts, and refusals in words afterwards.

import { ref } from 'vue'

import type { Problem } from '@/bridge'
import { noticesOf } from '@/shared/problems'

export function useAttempt() {
  const busy = ref(false)
  const failure = ref<Problem[]>([])
  const said = ref('')

  /** Does it; what it returns is said when it has gone well. */
  async function attempt(act: () => Promise<string | void>): Promise<void> {
    busy.value = true
    failure.value = []
    said.value = ''
    try {
      said.value = (await act()) ?? ''
    } catch (error) {
      failure.value = noticesOf(error)
    } finally {
      busy.value = false
    }
  }

  return { busy, failure, said, attempt }
}

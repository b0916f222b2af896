// Refusals as the page shows them: always a message and what to do about it.

import { ref, type Ref } from 'vue'

import { Refused, type Problem } from '@/bridge'

import { t } from './i18n'

/** Whatever was thrown, as notices. What is no refusal is the program's own fault, and says so. */
export function noticesOf(error: unknown): Problem[] {
  if (error instanceof Refused) return error.notices
  const detail = error instanceof Error ? error.message : String(error)
  return [
    {
      code: 'unexpected',
      message: t('problem.unexpected', { detail }),
      remedy: t('problem.unexpected.remedy'),
      field: null,
      line: null,
    },
  ]
}

interface Attempts {
  busy: Ref<boolean>
  failure: Ref<Problem[]>
  attempt: (action: () => Promise<void>) => Promise<void>
}

/**
 * What a page is busy with, and what came of it when it failed: the words of the last attempt, none while one is under way.
 * `lasting` words stay until an attempt has gone well, so that a page that is read anew does not jump.
 */
export function useAttempts({ lasting = false } = {}): Attempts {
  const busy = ref(false)
  const failure = ref<Problem[]>([])
  async function attempt(action: () => Promise<void>): Promise<void> {
    busy.value = true
    if (!lasting) failure.value = []
    try {
      await action()
      if (lasting) failure.value = []
    } catch (error) {
      failure.value = noticesOf(error)
    } finally {
      busy.value = false
    }
  }
  return { busy, failure, attempt }
}

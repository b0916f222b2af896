// Refusals as the page shows them: always a message and what to do about it.

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

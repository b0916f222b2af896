// Beginning a report, or one that corrects another, and going to it.

import type { Ref } from 'vue'
import { useRouter } from 'vue-router'

import { call, type Problem } from '@/bridge'
import { useCommand } from '@/shared/asking'

export interface Beginning {
  busy: Ref<boolean>
  failure: Ref<Problem[]>
  /** Of this book's own office, or of one below that keeps no book. */
  begin: (of: { campaign: string; report: string; due: string }, office?: string) => Promise<void>
  correct: (id: string) => Promise<void>
}

export function useBeginning(): Beginning {
  const router = useRouter()
  const { busy, failure, run } = useCommand()

  return {
    busy,
    failure,
    begin: ({ campaign, report, due }, office) =>
      run(async () => {
        const { id } = await call('filing_begin', { report: `${campaign}/${report}`, due, as_of: null, office: office ?? null })
        await router.push(`/filings/${id}`)
      }),
    correct: (corrected) =>
      run(async () => {
        const { id } = await call('filing_correct', { ids: [corrected], as_of: null })
        await router.push(`/filings/${id}`)
      }),
  }
}

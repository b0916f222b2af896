// What stands around a saved record: what can be done next, what names it, and the printed cells that count it.

import { computed, type Ref } from 'vue'

import { call, type CellPlace, type OfferView, type Problem, type RecordRow, type RelatedView } from '@/bridge'
import { useQuery } from '@/shared/asking'

import { today } from '../book/status'

export interface RecordContext {
  offers: Ref<OfferView[]>
  related: Ref<RelatedView[]>
  counted: Ref<CellPlace[]>
  failure: Ref<Problem[]>
}

export function useRecordContext(record: () => RecordRow | null): RecordContext {
  const { answer, failure } = useQuery(
    async () => {
      const of = record()
      if (!of) return null
      const [beside, counted] = await Promise.all([
        call('record_beside', { id: of.id }),
        call('cells', { id: of.id, as_of: today.value }),
      ])
      return { ...beside, counted }
    },
    // Saved, it is another object and the same question.
    { about: () => `${record()?.id} ${today.value}`, on: ['records'] },
  )

  return {
    offers: computed(() => answer.value?.offers ?? []),
    related: computed(() => answer.value?.related ?? []),
    counted: computed(() => answer.value?.counted ?? []),
    failure,
  }
}

// How many pairs of enterprises may be one, for whatever says so.

import { computed, type Ref } from 'vue'

import { call } from '@/bridge'
import { useQuery } from '@/shared/asking'

/** Where it cannot be counted nothing is said; the list of pairs itself says why. */
export function usePairCount(): Ref<number> {
  const { answer } = useQuery(() => call('pair_count', {}), { on: ['records:enterprise', 'pairs'] })
  return computed(() => answer.value?.count ?? 0)
}

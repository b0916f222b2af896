// How many pairs of enterprises may be one, for every page that says so.

import { ref } from 'vue'

import { call } from '@/bridge'

import { forgetWithBook } from '../book/switchBook'

export const pairs = ref(0)
forgetWithBook(() => (pairs.value = 0))

/** Counts anew. Where it cannot be counted nothing is said; the list of pairs itself says why. */
export async function countPairs(): Promise<void> {
  const counted = await call('pair_count', {}).catch(() => null)
  pairs.value = counted?.count ?? 0
}

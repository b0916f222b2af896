// The menu's record entries, in their order.

import { cases } from '../cases'
import { enterprises } from '../enterprises'
import { inspections } from '../inspections'
import type { Noun } from '../records/pages'
import { samples } from '../samples'

export const NOUNS: Noun[] = [enterprises, inspections, samples, cases]

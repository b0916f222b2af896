// The menu's record entries, in their order, and the kinds that stand under other entries or are reached from records.

import { attachments } from '../attachments'
import { cases } from '../cases'
import { declared } from '../declared'
import { enterprises } from '../enterprises'
import { inspections } from '../inspections'
import type { Noun } from '../records/pages'
import { reviews } from '../reviews'
import { samples } from '../samples'

export const NOUNS: Noun[] = [enterprises, inspections, samples, cases]

export const ASIDE: Noun[] = [declared, reviews, attachments]

// What a new record starts with when another one led to it: handed from the page that offers it to the page that opens.

import type { Fields } from '@/bridge'

import { forgetWithBook } from '../book/switchBook'

export interface Prefill {
  fields: Fields
  campaigns: string[]
  /** What the records named in the fields are called. */
  titles: Record<string, string>
  /** It comes on top of what a new record starts with anyway. */
  onTop?: boolean
}

const waiting = new Map<string, Prefill>()
forgetWithBook(() => waiting.clear())

export function handOver(kind: string, start: Prefill): void {
  waiting.set(kind, start)
}

/** Taken once: what is opened after that starts as usual. */
export function takePrefill(kind: string): Prefill | undefined {
  const start = waiting.get(kind)
  waiting.delete(kind)
  return start
}

// What is said for sealing a report: people, reasons. It stands for as long as the window is open, so that whoever goes to a record
// and comes back finds it; with the report it is kept only when that is sealed.

import type { SealingInput } from '@/bridge'

import { forgetWithBook } from '../book/switchBook'

const said = new Map<string, SealingInput>()
forgetWithBook(() => said.clear())

const NOTHING: SealingInput = {
  filler: '',
  phone: '',
  approver: '',
  zero: false,
  late_reason: '',
  clock_reason: '',
  checks: {},
  doubts: {},
}

/** What was said of a report; null where nothing was yet. */
export function saidOf(id: string): SealingInput | null {
  return said.get(id) ?? null
}

export function saying(id: string, change: Partial<SealingInput>): SealingInput {
  const now = { ...(said.get(id) ?? NOTHING), ...change }
  said.set(id, now)
  return now
}

export function forgetSaid(id: string): void {
  said.delete(id)
}

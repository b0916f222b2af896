// What was typed and not yet saved, kept while the program runs: leaving a form loses nothing.

import { reactive } from 'vue'

import type { Fields } from '@/bridge'

export interface Draft {
  fields: Fields
  campaigns: string[]
  overrides: Record<string, string>
}

const drafts = reactive(new Map<string, Draft>())

function keyOf(kind: string, id: string | null): string {
  return `${kind}/${id ?? 'new'}`
}

export function draftOf(kind: string, id: string | null): Draft | undefined {
  return drafts.get(keyOf(kind, id))
}

export function keepDraft(kind: string, id: string | null, draft: Draft): void {
  drafts.set(keyOf(kind, id), draft)
}

export function dropDraft(kind: string, id: string | null): void {
  drafts.delete(keyOf(kind, id))
}

export function anyDraft(): boolean {
  return drafts.size > 0
}

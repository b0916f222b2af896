// What was typed between two moments of a form: saving takes its time, and typing goes on meanwhile.

import type { Fields } from '@/bridge'

export interface Snapshot {
  fields: Fields
  campaigns: string[]
  /** What is typed and cannot be read as a value yet. */
  texts: Record<string, string>
}

export function copyOf(fields: Fields): Fields {
  return JSON.parse(JSON.stringify(fields)) as Fields
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** Null where nothing was. Campaigns are null where they stayed as they were. */
export function changesSince(then: Snapshot, now: Snapshot): { fields: Fields; campaigns: string[] | null } | null {
  const late = Object.entries(now.fields).filter(([name, value]) => !same(value, then.fields[name] ?? null))
  const campaigns = same(now.campaigns, then.campaigns) ? null : [...now.campaigns]
  if (late.length === 0 && campaigns === null && same(now.texts, then.texts)) return null
  return { fields: Object.fromEntries(late), campaigns }
}

// What has changed, and who is woken by it. Every reply of the program goes through here; nothing on a page is refreshed by
// hand.

import type { Actions, Changed } from './generated/actions'

/**
 * What a reply says has changed: a kind of records (`records:sample`), one record (`record:` and its id) or something else
 * the program keeps (`conflicts`, `packages`, `drafts`, `people`, `book`, `backups`). What stands before a colon names all of it, `*`
 * names everything.
 */
export type Topic = string

interface Listener {
  topics: () => readonly Topic[]
  wake: () => void
}

const listeners = new Set<Listener>()

/** Wakes whoever listens when something of what it then rests on changes, until the returned function is called. */
export function onChange(topics: () => readonly Topic[], wake: () => void): () => void {
  const listener = { topics, wake }
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Wakes each listener once, however much of what it listens to has changed. */
export function announce(changed: readonly Topic[]): void {
  for (const { topics, wake } of [...listeners]) {
    if (topics().some((topic) => changed.some((each) => overlap(topic, each)))) wake()
  }
}

function overlap(one: Topic, other: Topic): boolean {
  if (one === '*' || other === '*' || one === other) return true
  return one.startsWith(`${other}:`) || other.startsWith(`${one}:`)
}

/** What lies outside the open book, which replies say nothing of. */
const OUTSIDE: Partial<Record<keyof Actions, readonly Topic[]>> = {
  keys: ['keys'],
  backups_set: ['backups'],
  book_forget: ['books'],
  sample_delete: ['books'],
}

export function outsideOf(action: keyof Actions): readonly Topic[] {
  return OUTSIDE[action] ?? []
}

/** What a reply says has changed. A book has more than records: where it names none, or a package came, anything else may have. */
export function topicsOf({ kinds, records, more, packages, drafts }: Changed): readonly Topic[] {
  if (packages || (kinds.length === 0 && !drafts)) return ['*']
  if (kinds.length === 0) return ['drafts']
  const named = more ? ['record'] : records.map((id) => `record:${id}`)
  return [...kinds.map((kind) => `records:${kind}`), ...named, 'conflicts', 'drafts', 'book']
}

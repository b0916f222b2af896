// What has changed, and who is woken by it. Every reply of the program goes through here; nothing on a page is refreshed by
// hand.

import type { Actions } from './generated/actions'

/**
 * What a reply says has changed: a kind of records (`records:sample`) or something else the program keeps (`conflicts`,
 * `packages`, `drafts`, `people`, `book`). What stands before a colon names all of it, `*` names everything.
 */
export type Topic = string

interface Listener {
  topics: readonly Topic[]
  wake: () => void
}

const listeners = new Set<Listener>()

/** Wakes whoever listens when something of this changes, until the returned function is called. */
export function onChange(topics: readonly Topic[], wake: () => void): () => void {
  const listener = { topics, wake }
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Wakes each listener once, however much of what it listens to has changed. */
export function announce(changed: readonly Topic[]): void {
  for (const { topics, wake } of [...listeners]) {
    if (topics.some((topic) => changed.some((each) => overlap(topic, each)))) wake()
  }
}

function overlap(one: Topic, other: Topic): boolean {
  if (one === '*' || other === '*' || one === other) return true
  return one.startsWith(`${other}:`) || other.startsWith(`${one}:`)
}

/** Actions after which the book is as it was: they look at it, write a file beside it, or open another. */
const UNCHANGING: ReadonlySet<keyof Actions> = new Set<keyof Actions>([
  'about',
  'backup_now',
  'backup_restore',
  'backups',
  'backups_set',
  'batch',
  'batches',
  'book_check',
  'book_close',
  'book_create',
  'book_forget',
  'book_join',
  'book_open',
  'book_reopen',
  'campaigns_near',
  'campaigns_sent',
  'cancel',
  'cells',
  'compare',
  'conflict_plan',
  'conflicts',
  'declarable',
  'divisions',
  'document_pages',
  'document_to_file',
  'dossier',
  'draft_get',
  'drafts',
  'export_contents',
  'fill',
  'fill_differences',
  'fill_to_file',
  'finding_count',
  'findings',
  'history',
  'import_plan',
  'inbox_discard',
  'inbox_file',
  'initials',
  'invitation_look',
  'job_stop',
  'jobs',
  'journal',
  'keys',
  'keys_look',
  'log_export',
  'open_written',
  'outcomes',
  'packages',
  'pair_count',
  'pairs',
  'paste_preview',
  'paste_rows',
  'peers',
  'people',
  'photo_get',
  'photo_write',
  'photos',
  'print_pages',
  'progress',
  'record_beside',
  'record_check',
  'record_get',
  'record_list',
  'record_rows',
  'record_similar',
  'rule_plan',
  'sample_delete',
  'sample_make',
  'sample_open',
  'schema',
  'search',
  'start',
  'status',
  'timeline',
  'trace',
  'undo_plan',
  'workbench',
  'workbench_charts',
  'workbench_due',
  'workbench_due_more',
  'workbench_tasks',
])

const DRAFTS: ReadonlySet<keyof Actions> = new Set<keyof Actions>(['draft_keep', 'draft_take', 'draft_drop'])

/** What is taken to have changed where a reply does not say: everything, unless the action is known to change less. */
export function assumed(action: keyof Actions): readonly Topic[] {
  if (UNCHANGING.has(action)) return []
  return DRAFTS.has(action) ? ['drafts'] : ['*']
}

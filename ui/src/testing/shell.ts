// A shell for tests: answers what the page asks, and remembers what it asked. The bridge is the only thing ever replaced.

import { flushPromises } from '@vue/test-utils'
import { vi } from 'vitest'

import type { Action, Actions, Changed, Dropped, JournalView, Problem, ShellEvents } from '@/bridge'

type Answer<A extends Action> = (input: Actions[A]['in']) => Actions[A]['out'] | Problem[]

export type Answers = { [A in Action]?: Answer<A> }

export interface Asked {
  action: Action
  input: Record<string, unknown>
}

export const asked: Asked[] = []
let answers: Answers = {}
let chosen: { token: string; name: string }[] = []
const held = new Map<Action, Promise<void>>()

/** Everything asked of the shell itself, what it says was opened from outside or let go in the window, and how it tells. */
export const shell = {
  commands: [] as { command: string; args: unknown }[],
  opened: [] as { token: string; name: string }[],
  dropped: [] as Dropped[],
  tell<E extends keyof ShellEvents>(event: E, detail: ShellEvents[E]): void {
    window.dispatchEvent(new CustomEvent(`sweepbook-${event}`, { detail }))
  },
}

/** Lets things go in the window, and waits until the page has seen to them. */
export async function letGo(dropped: Dropped): Promise<void> {
  shell.dropped.push(dropped)
  shell.tell('dropped', null)
  await flushPromises()
}

export function answer(next: Answers, files: { token: string; name: string }[] = []): void {
  answers = next
  chosen = files
  asked.length = 0
  told = null
  changed = null
  shell.commands.length = 0
  shell.opened = []
  shell.dropped = []
}

let told: JournalView | null = null

/** What the next reply says can be taken back. */
export function tellJournal(next: JournalView): void {
  told = next
}

let changed: Changed | null = null

/** What the next reply says has changed. */
export function tellChanged(next: Partial<Changed>): void {
  changed = { kinds: [], records: [], more: false, packages: false, drafts: false, ...next }
}

/** Actions that change nothing in the open book. */
const READS: ReadonlySet<Action> = new Set<Action>([
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
  'cells',
  'collect',
  'collect_cell',
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
  'fill_checks',
  'fill_differences',
  'by_office_to_file',
  'fill_to_file',
  'filing',
  'filing_cell',
  'filing_form',
  'filing_since',
  'filing_write',
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
  'record_beside',
  'record_check',
  'record_get',
  'record_rows',
  'record_similar',
  'report_draft_words',
  'report_words_edited',
  'reports',
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
  'workbench_to_do',
])

/** Of what a command changes, nothing is known here. */
const ANYTHING: Changed = { kinds: [], records: [], more: false, packages: false, drafts: false }

/** Of what changes a draft, that much is known. */
const DRAFTS: Changed = { ...ANYTHING, drafts: true }
const OF_DRAFTS: ReadonlySet<Action> = new Set<Action>([
  'draft_drop',
  'draft_keep',
  'draft_take',
  'filing_begin',
  'filing_change',
  'filing_correct',
  'filing_drop',
])

/** Keeps back the answers to an action until the returned function is called. */
export function hold(action: Action): () => void {
  let release = (): void => undefined
  held.set(action, new Promise((resolve) => (release = resolve)))
  return () => {
    held.delete(action)
    release()
  }
}

/** The way the shell tells things; tests tell them through `shell.tell`. */
export class Channel {}

export const invoke = vi.fn(async (command: string, args: Record<string, unknown>): Promise<unknown> => {
  if (command === 'choose') return chosen
  if (command === 'listen') return null
  if (command !== 'dispatch') {
    shell.commands.push({ command, args })
    if (command === 'dropped') return shell.dropped.splice(0)
    return command === 'opened' ? shell.opened.splice(0) : null
  }
  const { do: action, lang: _, ...input } = JSON.parse(args['request'] as string) as { do: Action; lang: string }
  asked.push({ action, input })
  const reply = answers[action] as ((input: unknown) => unknown) | undefined
  if (!reply) throw new Error(`nobody answers ${action}`)
  await held.get(action)
  const said = reply(input)
  const refused = Array.isArray(said) && said.length > 0 && typeof said[0] === 'object' && 'remedy' in said[0]
  const journal = told ? { journal: told } : {}
  told = null
  const known = changed ?? (refused || READS.has(action) ? null : OF_DRAFTS.has(action) ? DRAFTS : ANYTHING)
  const changes = known ? { changed: known } : {}
  changed = null
  return structuredClone({ ...(refused ? { error: said } : { ok: said }), ...changes, ...journal })
})

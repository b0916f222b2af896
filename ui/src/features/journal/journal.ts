// What was done here, as the program remembers it: said once it is done, taken back and brought back. Nothing is remembered
// here but what is on the screen.

import { computed, shallowRef, watch } from 'vue'

import { call, journal, type EntryView, type Problem } from '@/bridge'
import { inARow, labelOf, t, type Key } from '@/shared/i18n'
import { noticesOf } from '@/shared/problems'

import { forgetWithBook } from '../book/switchBook'
import { kindLabel, schema } from '../records/schema'

export type Way = 'undo' | 'redo'

/** What is said at the foot of the window: one thing at a time. */
export interface Said {
  words: string
  /** What can be done about it at once. */
  offer: { way: Way; entry: EntryView } | null
  problems: Problem[]
}

const said = shallowRef<Said | null>(null)
const question = shallowRef<{ way: Way; entry: EntryView } | null>(null)

export const saying = computed(() => said.value)
/** What is to be taken or brought back, once a person says so. */
export const asking = computed(() => question.value)

/** Entries of the page that is open: done, or taken back, while it was. */
const onThisPage = new Set<number>()
let record: string | null = null

forgetWithBook(() => {
  journal.value = { done: null, undo: null, redo: null }
  said.value = null
  question.value = null
  enterPage(null)
})

/** Another page is open now; the record it is about, where it is about one. */
export function enterPage(about: string | null): void {
  onThisPage.clear()
  record = about
}

const FIELDS_NAMED = 3

function fieldWords(entry: EntryView): string {
  const kind = schema.value.kinds.find((each) => each.id === entry.record?.kind)
  const labels = entry.fields.map((name) => {
    const field = kind?.fields.find((each) => each.name === name)
    return field ? labelOf(field) : name === 'campaigns' ? t('list.campaign') : name
  })
  if (labels.length === 0) return ''
  const named = inARow(labels.slice(0, FIELDS_NAMED))
  return t(labels.length > FIELDS_NAMED ? 'journal.fields.more' : 'journal.fields', { fields: named, count: labels.length })
}

/** Its record by name, or how many of which kinds. */
function whatOf(entry: EntryView): string {
  const count = entry.kinds.reduce((sum, each) => sum + each.count, 0)
  if (entry.record && count === 1) {
    return t('journal.record', { kind: kindLabel(entry.record.kind), title: entry.record.title }).trim()
  }
  const kinds = entry.kinds.map((each) => t('journal.count', { count: each.count, kind: kindLabel(each.kind) }))
  return inARow(kinds)
}

const WORDS: Record<'done' | 'undo' | 'undone' | 'redo' | 'redone', Record<EntryView['operation'], Key>> = {
  done: {
    new: 'journal.done.new',
    edit: 'journal.done.edit',
    void: 'journal.done.void',
    restore: 'journal.done.restore',
    package: 'journal.package',
  },
  undo: {
    new: 'journal.undo.new',
    edit: 'journal.undo.edit',
    void: 'journal.undo.void',
    restore: 'journal.undo.restore',
    package: 'journal.package',
  },
  undone: {
    new: 'journal.undone.new',
    edit: 'journal.undone.edit',
    void: 'journal.undone.void',
    restore: 'journal.undone.restore',
    package: 'journal.package',
  },
  redo: {
    new: 'journal.redo.new',
    edit: 'journal.redo.edit',
    void: 'journal.redo.void',
    restore: 'journal.redo.restore',
    package: 'journal.package',
  },
  redone: {
    new: 'journal.redone.new',
    edit: 'journal.redone.edit',
    void: 'journal.redone.void',
    restore: 'journal.redone.restore',
    package: 'journal.package',
  },
}

const NOTHING: Record<Way, Key> = { undo: 'journal.undo.nothing', redo: 'journal.redo.nothing' }

function words(tense: keyof typeof WORDS, entry: EntryView): string {
  return t(WORDS[tense][entry.operation], { what: whatOf(entry) + fieldWords(entry) })
}

/** What taking or bringing it back would be called. */
export function offerWords(way: Way, entry: EntryView): string {
  return words(way, entry)
}

export function offered(way: Way): EntryView | null {
  return journal.value[way]
}

export function hush(): void {
  said.value = null
}

function isHere(entry: EntryView): boolean {
  return onThisPage.has(entry.id) || said.value?.offer?.entry.id === entry.id || (record !== null && entry.record?.id === record)
}

watch(
  journal,
  ({ done }) => {
    // A package has a page of its own that says so.
    if (!done || done.operation === 'package') return
    onThisPage.add(done.id)
    said.value = { words: words('done', done), offer: { way: 'undo', entry: done }, problems: [] }
  },
  { flush: 'sync' },
)

/** Takes or brings back the last thing; asks first where it was not done, or is not said, on this page. */
export async function step(way: Way): Promise<void> {
  if (question.value) return
  const entry = offered(way)
  if (!entry) {
    said.value = { words: t(NOTHING[way]), offer: null, problems: [] }
  } else if (entry.operation === 'package' || isHere(entry)) {
    await carryOut(way, entry)
  } else {
    question.value = { way, entry }
  }
}

export async function answerQuestion(yes: boolean): Promise<void> {
  const asked = question.value
  question.value = null
  if (asked && yes) await carryOut(asked.way, asked.entry)
}

let busy = false

/** Whoever asks for it knows what it is. */
export async function carryOut(way: Way, entry: EntryView): Promise<void> {
  if (busy) return
  busy = true
  try {
    await call(way === 'undo' ? 'journal_undo' : 'journal_redo', { entry: entry.id })
    onThisPage.add(entry.id)
    const back: Way = way === 'undo' ? 'redo' : 'undo'
    const now = offered(back)
    said.value = {
      words: words(way === 'undo' ? 'undone' : 'redone', now?.id === entry.id ? now : entry),
      offer: { way: back, entry },
      problems: [],
    }
  } catch (error) {
    said.value = { words: '', offer: null, problems: noticesOf(error) }
  } finally {
    busy = false
  }
}

/** What can be taken back now, for a page that has just been read. */
export async function lookAtJournal(): Promise<void> {
  journal.value = await call('journal', {})
}

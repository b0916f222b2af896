// What is typed and not yet saved, kept by the program while it is typed: after a power cut the form is where it was.

import { ref, type Ref } from 'vue'

import { call, type DraftView, type FormState, type Problem } from '@/bridge'
import { noticesOf } from '@/shared/problems'

/** At most this much of typing can be lost. */
export const PAUSE_MS = 250

export interface DraftKeeper {
  id: Ref<string | null>
  /** When it was last kept; blank while nothing is. */
  at: Ref<string>
  /** Nothing is typed that is not kept. */
  whole: Ref<boolean>
  /** Why it could not be kept. */
  trouble: Ref<Problem[]>
  /** Goes on with a draft that was kept before. */
  adopt: (draft: DraftView) => void
  /** Something was typed: it is kept after a moment at the latest, however fast typing goes on. */
  touch: () => void
  /** Keeps at once what is not kept yet. */
  flush: () => Promise<void>
  /** The record was saved, and its draft went with that. */
  saved: () => void
  drop: () => Promise<void>
}

const unfinished = new Set<Promise<void>>()

/** Until every form that was just left has kept what was typed there: before that, no draft is the last one. */
export async function allKept(): Promise<void> {
  while (unfinished.size > 0) await Promise.all(unfinished)
}

/** The forms in which something is typed that is not kept. */
const typing = new Set<() => Promise<void>>()

/** Something is typed that is not kept by a form of records: it is kept with the rest before the window closes. */
export function beginTyping(flush: () => Promise<void>): void {
  typing.add(flush)
}

/** All of it is kept. False where it was typed into a book that is no longer open. */
export function endTyping(flush: () => Promise<void>): boolean {
  return typing.delete(flush)
}

/** Keeps at once what is typed in any form. */
export async function keepAll(): Promise<void> {
  const flushed = (): Promise<unknown> => Promise.all([...typing].map((flush) => flush()))
  await flushed()
  // The words of a report are only looked at by the first: that leaves them to be kept.
  await flushed()
  await allKept()
}

let book = 0

/** What could not be kept belongs to a book that is no longer open: it is never written into another. */
export function abandonAll(): void {
  book += 1
  typing.clear()
}

/** Keeps one form. Requests follow one another, so that a draft is never overtaken by an earlier state of itself. */
export function draftKeeper(kind: string, record: () => string | null, form: () => FormState): DraftKeeper {
  const id = ref<string | null>(null)
  const at = ref('')
  const whole = ref(true)
  const trouble = ref<Problem[]>([])
  let timer: ReturnType<typeof setTimeout> | undefined
  let dirty = false
  let running: Promise<void> | null = null
  const own = book

  async function keep(): Promise<void> {
    typing.delete(flush)
    if (!dirty || own !== book) return
    dirty = false
    try {
      const kept = await call('draft_keep', { id: id.value, kind, record: record(), form: form() })
      id.value = kept.id
      at.value = kept.at
      trouble.value = []
      whole.value = !dirty
    } catch (error) {
      dirty = true
      typing.add(flush)
      trouble.value = noticesOf(error)
    }
  }

  function stop(): void {
    clearTimeout(timer)
    timer = undefined
  }

  function flush(): Promise<void> {
    stop()
    const mine: Promise<void> = (running ? running.then(keep) : keep()).finally(() => {
      if (running === mine) running = null
      unfinished.delete(mine)
    })
    running = mine
    unfinished.add(mine)
    return mine
  }

  function forget(): void {
    stop()
    typing.delete(flush)
    dirty = false
    id.value = null
    at.value = ''
    whole.value = true
    trouble.value = []
  }

  return {
    id,
    at,
    whole,
    trouble,
    adopt: (draft) => {
      id.value = draft.id
      at.value = draft.at
    },
    touch: () => {
      dirty = true
      typing.add(flush)
      whole.value = false
      timer ??= setTimeout(() => void flush(), PAUSE_MS)
    },
    flush,
    saved: forget,
    drop: async () => {
      stop()
      typing.delete(flush)
      dirty = false
      await running
      const kept = id.value
      forget()
      if (kept !== null) await call('draft_drop', { id: kept })
    },
  }
}

// The only door between the page and the program: this folder alone imports the shell's library.

import { invoke } from '@tauri-apps/api/core'
import { ref, shallowRef } from 'vue'

import { reply, written } from './early'
import type { Actions, JournalView, Problem } from './generated/actions'

export type * from './generated/actions'
export type * from './schema'

export type Action = keyof Actions

/** What the program refused, with the notices it gave: each has a code, a message and a remedy. */
export class Refused extends Error {
  readonly notices: Problem[]

  constructor(notices: Problem[]) {
    super(notices.map((notice) => notice.message).join('\n'))
    this.notices = notices
  }
}

interface Reply {
  ok?: unknown
  error?: Problem[]
  /** What can be taken back from now on, where the request changed that. */
  journal?: JournalView
}

/** What the person who records now can take back and bring back. */
export const journal = shallowRef<JournalView>({ done: null, undo: null, redo: null })

let language = 'zh'

/** The language of the messages the program sends from now on. */
export function speak(next: string): void {
  language = next
}

/** Requests about work under way: the program answers them beside it. */
const ASIDE: Action[] = ['progress', 'cancel']

/** How many other requests wait for their answer. */
export const waiting = ref(0)

/** Asks the program to do one thing and waits for its answer. Throws `Refused`. */
export async function call<A extends Action>(action: A, input: Actions[A]['in']): Promise<Actions[A]['out']> {
  const request = written(action, language, input)
  const counts = ASIDE.includes(action) ? 0 : 1
  waiting.value += counts
  try {
    const { ok, error, journal: told } = JSON.parse(await reply(request)) as Reply
    if (told) journal.value = told
    if (error) throw new Refused(error)
    return ok as Actions[A]['out']
  } finally {
    waiting.value -= counts
  }
}

export interface Choice {
  title: string
  save: boolean
  /** Several files to read at once. */
  multiple?: boolean
  /** A folder instead of a file. */
  folder?: boolean
  suggested?: string
  filter: string
  extensions: string[]
}

/** Lets a person choose a file; null when none was chosen. The token stands for the path in requests. */
export async function choose(choice: Choice): Promise<{ token: string; name: string } | null> {
  const files = await chooseAll(choice)
  return files[0] ?? null
}

/** Lets a person choose files; none when the choice was called off. */
export async function chooseAll(choice: Choice): Promise<{ token: string; name: string }[]> {
  return invoke<{ token: string; name: string }[]>('choose', { choice })
}

/** What the shell tells the page: a file was opened from outside, or the window is to close in the middle of long work. */
export type ShellEvent = 'opened' | 'leaving'

export function onShell(event: ShellEvent, listen: () => void): () => void {
  const name = `sweepbook-${event}`
  window.addEventListener(name, listen)
  return () => window.removeEventListener(name, listen)
}

/** The files a person opened from outside since this was last asked. */
export async function openedFiles(): Promise<{ token: string; name: string }[]> {
  return invoke('opened')
}

/** Shows the page larger or smaller; 1 is its own size. */
export async function zoomTo(factor: number): Promise<void> {
  await invoke('zoom', { factor })
}

/** Stops what is under way, closes the book and the window. */
export async function leave(): Promise<void> {
  await invoke('leave')
}

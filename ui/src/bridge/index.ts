// The only door between the page and the program: this folder alone imports the shell's library.

import { Channel, invoke } from '@tauri-apps/api/core'
import { ref, shallowRef } from 'vue'

import { announce, outsideOf, topicsOf } from './changes'
import { reply, written } from './early'
import type { Actions, JobProgress, JournalView, Problem } from './generated/actions'

export type * from './generated/actions'
export type * from './schema'
export { onChange, type Topic } from './changes'

export type Action = keyof Actions

/** What the program refused, with the notices it gave: each has a code, a message and a remedy. */
export class Refused extends Error {
  readonly notices: Problem[]

  constructor(notices: Problem[]) {
    super(notices.map((notice) => notice.message).join('\n'))
    this.notices = notices
  }
}

/** What the person who records now can take back and bring back. */
export const journal = shallowRef<JournalView>({ done: null, undo: null, redo: null })

let language = 'zh'

/** The language of the messages the program sends from now on. */
export function speak(next: string): void {
  language = next
}

/** How many requests wait for their answer; not those about long work, which are answered beside it. */
export const waiting = ref(0)

/** Asks the program to do one thing and waits for its answer. Throws `Refused`. */
export async function call<A extends Action>(action: A, input: Actions[A]['in']): Promise<Actions[A]['out']> {
  const request = written(action, language, input)
  const counts = action === 'job_stop' || action === 'jobs' ? 0 : 1
  waiting.value += counts
  try {
    const { ok, error, changed, journal: told } = await reply(request)
    if (told) journal.value = told
    // What was refused may have written something before: who asks to be let in, the packages before the one refused.
    announce([...(changed ? topicsOf(changed) : []), ...(error ? [] : outsideOf(action))])
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

/** A file of this computer that a person chose, opened or let go in the window. The token stands for its path in requests. */
export interface ChosenFile {
  token: string
  name: string
}

/** Lets a person choose a file; null when none was chosen. */
export async function choose(choice: Choice): Promise<ChosenFile | null> {
  const files = await chooseAll(choice)
  return files[0] ?? null
}

/** Lets a person choose files; none when the choice was called off. */
export async function chooseAll(choice: Choice): Promise<ChosenFile[]> {
  return invoke<ChosenFile[]>('choose', { choice })
}

/** A place in the window, as parts of its width and height. */
export interface Place {
  x: number
  y: number
}

/** What the shell tells the page. */
export interface ShellEvents {
  /** A file was opened from outside. */
  opened: null
  /** Files are being dragged over this place. */
  dragging: Place
  /** They have left the window. */
  dragged: null
  /** They were let go in it. */
  dropped: null
  /** The window was to show something else than this page, and does not. */
  refused: null
  /** The window is to close in the middle of long work. */
  leaving: null
  /** The window closes as soon as the page has kept what is being typed. */
  closing: null
  /** Long work has come further, or ended. */
  job: JobProgress
}

interface Told {
  event: keyof ShellEvents
  detail?: unknown
}

let connected = false

/** Whatever the shell tells goes to everyone on the page who listens. */
function connect(): void {
  if (connected) return
  connected = true
  const channel = new Channel<Told>(({ event, detail }) => {
    window.dispatchEvent(new CustomEvent(`sweepbook-${event}`, { detail }))
  })
  void invoke('listen', { channel })
}

export function onShell<E extends keyof ShellEvents>(event: E, listen: (detail: ShellEvents[E]) => void): () => void {
  const name = `sweepbook-${event}`
  const hear = (told: Event): void => listen((told as CustomEvent<ShellEvents[E]>).detail)
  window.addEventListener(name, hear)
  connect()
  return () => window.removeEventListener(name, hear)
}

/** The files a person opened from outside since this was last asked. */
export async function openedFiles(): Promise<ChosenFile[]> {
  return invoke('opened')
}

export interface Dropped {
  at: Place
  files: ChosenFile[]
  /** How many of the things were no files of this computer. */
  others: number
}

/** What was let go in the window since this was last asked. */
export async function droppedFiles(): Promise<Dropped[]> {
  return invoke('dropped')
}

/** Shows the page larger or smaller; 1 is its own size. */
export async function zoomTo(factor: number): Promise<void> {
  await invoke('zoom', { factor })
}

/** Says that nothing is typed any more that is not kept: the window may close. */
export async function kept(): Promise<void> {
  await invoke('kept')
}

/** Stops what is under way, closes the book and the window. */
export async function leave(): Promise<void> {
  await invoke('leave')
}

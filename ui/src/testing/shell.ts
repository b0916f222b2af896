// A shell for tests: answers what the page asks, and remembers what it asked. The bridge is the only thing ever replaced.

import { flushPromises } from '@vue/test-utils'
import { vi } from 'vitest'

import type { Action, Actions, Dropped, JournalView, Problem, ShellEvents } from '@/bridge'

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

let changed: string[] | null = null

/** What the next reply says has changed. */
export function tellChanged(next: string[]): void {
  changed = next
}

/** Keeps back the answers to an action until the returned function is called. */
export function hold(action: Action): () => void {
  let release = (): void => undefined
  held.set(action, new Promise((resolve) => (release = resolve)))
  return () => {
    held.delete(action)
    release()
  }
}

export const invoke = vi.fn(async (command: string, args: Record<string, unknown>): Promise<unknown> => {
  if (command === 'choose') return chosen
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
  const changes = changed ? { changed } : {}
  changed = null
  return JSON.stringify({ ...(refused ? { error: said } : { ok: said }), ...changes, ...journal })
})

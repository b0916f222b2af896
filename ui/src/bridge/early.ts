// Carries requests to the program. What the page asks first is sent while the page itself is still being read, so this comes
// without the rest of the bridge.

import { invoke } from '@tauri-apps/api/core'

import type { Actions, Changed, JournalView, Problem } from './generated/actions'

/** What the program answers: `ok` or `error`, and what has become different. */
export interface Reply {
  ok?: unknown
  error?: Problem[]
  /** What changed in the open book, where anything did. */
  changed?: Changed
  /** What can be taken back from now on, where the request changed that. */
  journal?: JournalView
}

const early = new Map<string, Promise<Reply>>()

/** A request as it goes to the program. */
export function written<A extends keyof Actions>(action: A, language: string, input: Actions[A]['in']): string {
  return JSON.stringify({ do: action, lang: language, ...input })
}

function send(request: string): Promise<Reply> {
  return invoke<Reply>('dispatch', { request })
}

/** Sends a request nobody waits for yet. */
export function sendEarly(request: string): void {
  const answer = send(request)
  early.set(request, answer)
  // Whoever asks for it is told what went wrong; until then nobody is.
  answer.catch(() => undefined)
}

/** The program's reply to a request. One that was sent early is good for the first who asks. */
export function reply(request: string): Promise<Reply> {
  const answer = early.get(request)
  early.delete(request)
  return answer ?? send(request)
}

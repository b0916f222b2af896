// Carries requests to the program. What the page asks first is sent while the page itself is still being read, so this comes
// without the rest of the bridge.

import { invoke } from '@tauri-apps/api/core'

import type { Actions } from './generated/actions'

const early = new Map<string, Promise<string>>()

/** A request as it goes to the program. */
export function written<A extends keyof Actions>(action: A, language: string, input: Actions[A]['in']): string {
  return JSON.stringify({ do: action, lang: language, ...input })
}

function send(request: string): Promise<string> {
  return invoke<string>('dispatch', { request })
}

/** Sends a request nobody waits for yet. */
export function sendEarly(request: string): void {
  const answer = send(request)
  early.set(request, answer)
  // Whoever asks for it is told what went wrong; until then nobody is.
  answer.catch(() => undefined)
}

/** The program's reply to a request. One that was sent early is good for the first who asks. */
export function reply(request: string): Promise<string> {
  const answer = early.get(request)
  early.delete(request)
  return answer ?? send(request)
}

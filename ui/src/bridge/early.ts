// What the page asks first, sent while the page itself is still being read: the program looks it up meanwhile.

import { invoke } from '@tauri-apps/api/core'

const sent = new Map<string, Promise<string>>()

/** A request as it goes to the program. */
export function written(action: string, language: string, input: object): string {
  return JSON.stringify({ do: action, lang: language, ...input })
}

export function send(request: string): Promise<string> {
  return invoke<string>('dispatch', { request })
}

/** Sends a request nobody waits for yet. */
export function sendEarly(request: string): void {
  const answer = send(request)
  sent.set(request, answer)
  // Whoever asks for it is told what went wrong; until then nobody is.
  answer.catch(() => undefined)
}

/** The answer to a request that was sent early: good for the first who asks. */
export function takeEarly(request: string): Promise<string> | undefined {
  const answer = sent.get(request)
  sent.delete(request)
  return answer
}

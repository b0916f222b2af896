// Back to where one came from, and forward again.

import type { Router } from 'vue-router'

/** Where nobody came from anywhere, as right after the start, the place it belongs to. */
export function goBack(router: Router, otherwise: string): void {
  if (cameFrom(router)) router.back()
  else void router.push(otherwise)
}

export function cameFrom(router: Router): boolean {
  return typeof router.options.history.state['back'] === 'string'
}

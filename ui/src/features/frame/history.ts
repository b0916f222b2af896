// The window's history, for addresses after a hash. WebKit refuses more than a hundred entries within ten seconds, and any
// once 64 MiB of them are kept; the router then goes another way, which on WebKit calls it back before it is done. Here that
// way is gone for it and without it, so that the address is always that of the page (decision 14).

import { createWebHashHistory, type RouterHistory } from 'vue-router'

/** How an engine says that it keeps no further entry. An address it may not show at all is refused by the first name too. */
const REFUSALS = ['SecurityError', 'QuotaExceededError']

/** The history for the one router of the window. */
export function hashHistory(): RouterHistory {
  insist()
  return createWebHashHistory()
}

/** Makes `pushState` and `replaceState` show the address even where the engine keeps no state for it. Returns the way back. */
export function insist(): () => void {
  const { history, location } = window
  const { pushState, replaceState } = history
  let going = false

  const mute = (event: Event): void => {
    if (going) event.stopImmediatePropagation()
  }

  function go(url: string, how: 'assign' | 'replace', refusal: unknown): void {
    const target = new URL(url, location.href)
    if (!target.hash || beforeHash(target.href) !== beforeHash(location.href)) throw refusal
    if (target.href === location.href) return
    going = true
    try {
      location[how](target.href)
    } finally {
      going = false
    }
  }

  function insisting(keep: History['pushState'], how: 'assign' | 'replace'): History['pushState'] {
    return (state, unused, url) => {
      try {
        keep.call(history, state, unused, url)
      } catch (refusal) {
        if (url === undefined || url === null || !isRefusal(refusal)) throw refusal
        go(String(url), how, refusal)
      }
    }
  }

  // Before the router listens, so that it is heard first.
  window.addEventListener('popstate', mute, { capture: true })
  history.pushState = insisting(pushState, 'assign')
  history.replaceState = insisting(replaceState, 'replace')
  return () => {
    window.removeEventListener('popstate', mute, { capture: true })
    Object.assign(history, { pushState, replaceState })
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof DOMException && REFUSALS.includes(error.name)
}

function beforeHash(address: string): string {
  return address.split('#', 1)[0] ?? ''
}

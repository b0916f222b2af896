import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createRouter, createWebHashHistory, type Router, type RouterHistory } from 'vue-router'

import { hashHistory, insist } from './history'

const ORIGIN = 'tauri://localhost/'

const DEEPEST = 200

interface Entry {
  href: string
  state: unknown
}

/**
 * A window's history and address as WebKit keeps them: entries are refused once a budget is spent, and an address that differs
 * only after its hash is gone to at once, with `popstate` before the call returns and no state.
 */
class Engine {
  entries: Entry[] = [{ href: `${ORIGIN}#/`, state: null }]
  at = 0
  budget = Infinity
  /** After so many refusals there is a new budget, as when ten seconds are over. */
  refusalsLeft = Infinity
  refused = 0
  refusal = 'SecurityError'
  private depth = 0

  get here(): Entry {
    return this.entries[this.at]!
  }

  private add(entry: Entry): void {
    this.entries = [...this.entries.slice(0, this.at + 1), entry]
    this.at += 1
  }

  private spend(): void {
    if (this.budget <= 0 && this.refusalsLeft-- > 0) {
      this.refused += 1
      throw new DOMException('Attempt to use history.pushState() more than 100 times per 10 seconds', this.refusal)
    }
    this.budget -= 1
  }

  /** A listener that comes back here for ever runs out of stack; the one that does is ended, the others go on. */
  private told(state: unknown): void {
    if (this.depth === DEEPEST) return
    this.depth += 1
    window.dispatchEvent(new PopStateEvent('popstate', { state }))
    this.depth -= 1
  }

  private goTo(href: string, replace: boolean): void {
    const entry = { href: new URL(href, this.here.href).href, state: null }
    if (replace) this.entries[this.at] = entry
    else this.add(entry)
    this.told(null)
  }

  readonly history = this.asHistory()
  readonly location = this.asLocation()

  private asHistory(): Record<string, unknown> {
    // The getters below have a `this` of their own.
    // eslint-disable-next-line @typescript-eslint/no-this-alias
    const engine = this
    return {
      scrollRestoration: 'auto',
      get state() {
        return engine.here.state
      },
      get length() {
        return engine.entries.length
      },
      pushState(state: unknown, _: string, url: string) {
        engine.spend()
        engine.add({ href: new URL(url, engine.here.href).href, state: structuredClone(state) })
      },
      replaceState(state: unknown, _: string, url: string) {
        engine.spend()
        engine.entries[engine.at] = { href: new URL(url, engine.here.href).href, state: structuredClone(state) }
      },
      go(delta: number) {
        setTimeout(() => {
          const next = engine.at + delta
          if (next < 0 || next >= engine.entries.length) return
          engine.at = next
          engine.told(engine.here.state)
        })
      },
    }
  }

  private asLocation(): Record<string, unknown> {
    // The getters below have a `this` of their own.
    // eslint-disable-next-line @typescript-eslint/no-this-alias
    const engine = this
    const part = (name: 'host' | 'pathname' | 'search' | 'protocol' | 'hash') => () => new URL(engine.here.href)[name]
    const location = {
      assign: (href: string) => engine.goTo(href, false),
      replace: (href: string) => engine.goTo(href, true),
    }
    for (const name of ['host', 'pathname', 'search', 'protocol'] as const) {
      Object.defineProperty(location, name, { get: part(name) })
    }
    Object.defineProperty(location, 'hash', { get: part('hash'), set: (hash: string) => engine.goTo(hash, false) })
    Object.defineProperty(location, 'href', { get: () => engine.here.href })
    return location
  }

  get address(): string {
    return new URL(this.here.href).hash.slice(1)
  }
}

let engine: Engine
let opened: RouterHistory | undefined
const release: (() => void)[] = []

beforeEach(() => {
  engine = new Engine()
  vi.stubGlobal('history', engine.history)
  vi.stubGlobal('location', engine.location)
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
})
afterEach(() => {
  opened?.destroy()
  opened = undefined
  release.splice(0).forEach((each) => each())
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

async function open(history: RouterHistory): Promise<Router> {
  opened = history
  const component = { template: '<p />' }
  const router = createRouter({ history, routes: [{ path: '/:rest(.*)', component }] })
  await router.push(router.options.history.location)
  await navigated()
  return router
}

/** What goes back and forth does so later. */
async function navigated(): Promise<void> {
  for (let times = 0; times < 3; times++) {
    await flushPromises()
    await new Promise((resolve) => setTimeout(resolve))
  }
}

/** What saving a new record does to the address: its form, its record, and the tab beside it. */
async function saves(router: Router, record: string): Promise<void> {
  engine.location['hash'] = '#/records/new'
  await flushPromises()
  await router.replace(`/records/${record}`)
  await router.push(`/records/${record}/edit`)
  await navigated()
}

function page(router: Router): string {
  return router.currentRoute.value.fullPath
}

describe('address and page are one', () => {
  // The new budget may come at any moment: within the first refusals of a call, or long after.
  it.each([1, 2, 3, 5, 8, 50, 104, 400])('where entries are refused until %i were', async (refusals) => {
    const router = await open(hashHistory())
    for (let at = 0; at < 12; at++) {
      engine.budget = at % 4
      engine.refusalsLeft = refusals
      await saves(router, String(at))
      expect([page(router), engine.address]).toEqual([`/records/${at}/edit`, `/records/${at}/edit`])
    }
    expect(engine.refused).toBeGreaterThan(10)
  })

  it.each(['SecurityError', 'QuotaExceededError'])('where no entry is kept any more: %s', async (refusal) => {
    const router = await open(hashHistory())
    engine.budget = 0
    engine.refusal = refusal
    for (const path of ['/a', '/b', '/c']) {
      await router.push(path)
      expect([page(router), engine.address]).toEqual([path, path])
    }
    await router.replace('/d')
    expect(engine.entries.map((entry) => new URL(entry.href).hash)).toEqual(['#/', '#/a', '#/b', '#/d'])
    for (const path of ['/b', '/a']) {
      router.back()
      await navigated()
      expect([page(router), engine.address]).toEqual([path, path])
    }
    router.forward()
    await navigated()
    expect([page(router), engine.address]).toEqual(['/b', '/b'])
  })

  it('where a new budget comes in the midst of a save', async () => {
    const router = await open(hashHistory())
    await saves(router, '0')
    engine.location['hash'] = '#/records/new'
    await flushPromises()
    engine.budget = 0
    await router.replace('/records/1')
    engine.refusalsLeft = 1
    await router.push('/records/1/edit')
    await navigated()
    expect([page(router), engine.address]).toEqual(['/records/1/edit', '/records/1/edit'])
  })

  it('and a page left before it was shown is not come back to', async () => {
    const router = await open(hashHistory())
    engine.budget = 0
    const first = router.push('/slow')
    await Promise.all([first, router.push('/quick')])
    await navigated()
    expect([page(router), engine.address]).toEqual(['/quick', '/quick'])
  })

  it('which the router by itself does not keep: should this fail, it is mended upstream and this file can go', async () => {
    const router = await open(createWebHashHistory())
    await saves(router, '0')
    engine.location['hash'] = '#/records/new'
    await flushPromises()
    engine.budget = 0
    await router.replace('/records/1')
    engine.refusalsLeft = 104
    await router.push('/records/1/edit')
    await navigated()
    expect(engine.address).toBe('/records/1/edit')
    expect(page(router)).not.toBe(engine.address)
  })
})

describe('what is no limit', () => {
  it('is refused as before', () => {
    release.push(insist())
    engine.budget = 0
    expect(() => history.pushState(null, '', 'https://elsewhere.example/#/a')).toThrow(DOMException)
    expect(() => history.pushState(null, '', 'other.html')).toThrow(DOMException)
    expect(() => history.pushState(null, '')).toThrow(DOMException)
    engine.budget = 1
    expect(() => history.pushState(() => undefined, '', '#/a')).toThrow(/clone/)
    expect(engine.entries).toHaveLength(1)
  })

  it('reaches whoever listens, and all is as before once it is let go', () => {
    const heard = vi.fn()
    window.addEventListener('popstate', heard)
    release.push(() => window.removeEventListener('popstate', heard))
    const before = history.pushState
    const letGo = insist()
    engine.location['hash'] = '#/a'
    expect(heard).toHaveBeenCalledTimes(1)
    engine.budget = 0
    history.pushState(null, '', '#/b')
    expect(heard).toHaveBeenCalledTimes(1)
    letGo()
    expect(history.pushState).toBe(before)
  })
})

// The page a person was on when the window was closed, for the book it belonged to.

import type { Router } from 'vue-router'

import { forgetWithBook } from '../book/switchBook'

const KEPT = 'sweepbook.page'

/** Where the window was told to begin, before any page went on from there; it says nothing of a book opened later. */
let began = window.location.hash
let stopKeeping = (): void => undefined

forgetWithBook(() => {
  began = ''
  stopKeeping()
})

interface StoredRoute {
  device: string
  path: string
}

function storedRoute(): StoredRoute | null {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(KEPT) ?? 'null')
    if (typeof read !== 'object' || read === null) return null
    const { device, path } = read as Partial<StoredRoute>
    return typeof device === 'string' && typeof path === 'string' && /^\/(?!\/)/.test(path) ? { device, path } : null
  } catch {
    return null
  }
}

/** Whether the window is likely to begin with another page than the first. */
export function beginsElsewhere(): boolean {
  const path = storedRoute()?.path ?? '/workbench'
  return path !== '/workbench' || !['', '#', '#/', '#/workbench'].includes(began)
}

/** Goes where that book was left, unless the window was told to go elsewhere, and keeps where it goes from here. */
export async function restoreRoute(router: Router, device: string): Promise<void> {
  const before = storedRoute()
  if (before && before.device === device && ['', '#', '#/'].includes(began)) {
    await router.replace(before.path)
  }
  stopKeeping()
  stopKeeping = router.afterEach((to) => localStorage.setItem(KEPT, JSON.stringify({ device, path: to.fullPath })))
}

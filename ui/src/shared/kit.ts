// Element Plus, read when something first uses it. Whatever does waits for it, so that its parts are registered before a page
// names them.

import type { App } from 'vue'

type Kit = typeof import('./element')

let page: App | null = null
let reading: Promise<Kit> | null = null

/** The page that gets its parts. */
export function lendKit(app: App): void {
  page = app
}

export function kit(): Promise<Kit> {
  reading ??= import('./element').then((read) => {
    if (page) read.useElement(page)
    return read
  })
  return reading
}

/** Reads a part of the page that uses the kit, both at once. */
export function withKit<T>(read: () => Promise<T>): () => Promise<T> {
  return async () => {
    const [part] = await Promise.all([read(), kit()])
    return part
  }
}

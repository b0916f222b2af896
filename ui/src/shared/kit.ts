// Element Plus, read when something first uses it. Whatever does waits for it, so that its parts are registered before a page
// names them. Its styles are a file of their own: what a script writes into the page is dropped by the window's content security
// policy.

import type { App } from 'vue'

import styles from './styles/element.css?url'

type Kit = typeof import('./element')

let page: App | null = null
let reading: Promise<Kit> | null = null

/** The page that gets its parts. */
export function lendKit(app: App): void {
  page = app
}

function readStyles(): Promise<void> {
  return new Promise((resolve) => {
    const link = document.createElement('link')
    link.rel = 'stylesheet'
    link.href = styles
    // Parts that look plain are better than none.
    for (const event of ['load', 'error']) link.addEventListener(event, () => resolve())
    // Before our own, so that ours decide.
    document.head.prepend(link)
  })
}

async function read(): Promise<Kit> {
  const [parts] = await Promise.all([import('./element'), page && readStyles()])
  if (page) parts.useElement(page)
  return parts
}

export function kit(): Promise<Kit> {
  reading ??= read()
  return reading
}

/** Reads a part of the page that uses the kit, both at once. */
export function withKit<T>(read: () => Promise<T>): () => Promise<T> {
  return async () => {
    const [part] = await Promise.all([read(), kit()])
    return part
  }
}

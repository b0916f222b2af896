// Another book in the window: every page begins anew with it, so that nothing of one book is ever shown or kept for another.

import { ref } from 'vue'

import { abandonAll, keepAll } from '../records/drafts'

/** Counts the books that were open in this window: the pages belong to one of them. */
export const bookNumber = ref(0)

const stores = new Set<() => void>()

/** What a module knows of the open book is forgotten with it. */
export function forgetWithBook(forget: () => void): void {
  stores.add(forget)
}

export function forgetBook(): void {
  for (const forget of stores) forget()
}

/** Opens another book, or closes this one. What is typed is kept in the book it was typed for. */
export async function switchBook(open: () => Promise<unknown>): Promise<void> {
  await keepAll()
  await open()
  abandonAll()
  bookNumber.value += 1
}

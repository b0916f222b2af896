// Files opened from outside the window, by a double click: kept until the page they belong to takes them.

import { ref } from 'vue'

import { openedFiles, type ChosenFile } from '@/bridge'

/** They stay over a switch of books: an invitation closes the book that is open, and makes another. */
export const opened = ref<ChosenFile[]>([])

/** Asks the shell for what was opened since; true when there is something new. */
export async function lookForOpened(): Promise<boolean> {
  const files = await openedFiles().catch(() => [])
  opened.value.push(...files)
  return files.length > 0
}

/** The files of that ending, which are then no longer waiting. */
export function takeOpened(ending: string): ChosenFile[] {
  const fits = (file: ChosenFile): boolean => file.name.toLowerCase().endsWith(`.${ending}`)
  const taken = opened.value.filter(fits)
  opened.value = opened.value.filter((file) => !fits(file))
  return taken
}

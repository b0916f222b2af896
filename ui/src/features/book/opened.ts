// Files opened from outside the window, by a double click: kept until the page they belong to takes them.

import { ref } from 'vue'

import { openedFiles, type ChosenFile } from '@/bridge'

/** Kept over a page that begins anew; the shell still knows the tokens. */
const KEPT = 'sweepbook.opened'

export const opened = ref<ChosenFile[]>(kept())

function kept(): ChosenFile[] {
  const text = sessionStorage.getItem(KEPT)
  sessionStorage.removeItem(KEPT)
  return text ? (JSON.parse(text) as ChosenFile[]) : []
}

/** Before the page begins anew: what was not taken yet comes back after it. */
export function keepOpened(): void {
  sessionStorage.setItem(KEPT, JSON.stringify(opened.value))
}

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

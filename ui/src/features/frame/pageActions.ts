// What can be done on the page that is open, as that page itself offers it: Ctrl+K lists it before anything else.

import { onBeforeUnmount, onMounted } from 'vue'

export interface PageAction {
  key: string
  title: string
  detail?: string
  run: () => void
}

const offered: (() => PageAction[])[] = []

/** Offers them for as long as the component is on screen. */
export function usePageActions(actions: () => PageAction[]): void {
  onMounted(() => offered.push(actions))
  onBeforeUnmount(() => offered.splice(offered.indexOf(actions), 1))
}

export function pageActions(): PageAction[] {
  return offered.flatMap((actions) => actions())
}

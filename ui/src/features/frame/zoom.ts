// The size the page is shown at: Ctrl with plus, minus and 0, as everywhere; kept for the next start.

import { zoomTo } from '@/bridge'

const KEPT = 'sweepbook.zoom'
const STEPS = [0.75, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2]

export function zoom(): number {
  const kept = Number(localStorage.getItem(KEPT) ?? 1)
  return STEPS.includes(kept) ? kept : 1
}

export const ZOOMS: readonly number[] = STEPS

export async function setZoom(factor: number): Promise<void> {
  if (!STEPS.includes(factor)) return
  localStorage.setItem(KEPT, String(factor))
  await zoomTo(factor)
}

function stepped(by: number): number {
  const next = STEPS[STEPS.indexOf(zoom()) + by]
  return next ?? zoom()
}

/** Shows the page at the size it was left at and hears the keys; returns what takes that back. */
export function listenForZoom(): () => void {
  if (zoom() !== 1) void setZoom(zoom())
  const listen = (event: KeyboardEvent): void => {
    if (!event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return
    const wanted = { '+': stepped(1), '=': stepped(1), '-': stepped(-1), '0': 1 }[event.key]
    if (wanted === undefined) return
    event.preventDefault()
    void setZoom(wanted)
  }
  // On the window, after the document: the pages of a form have a size of their own, and take these keys while they are shown.
  window.addEventListener('keydown', listen)
  return () => window.removeEventListener('keydown', listen)
}

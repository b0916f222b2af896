// Files let go in the window. The program takes them, by path; the page says which place on it they are for. Nothing else may
// take them: the web view would leave the page to show what it got.

import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue'

import { droppedFiles, onShell, type ChosenFile, type Place } from '@/bridge'

interface Zone {
  element: () => HTMLElement | null | undefined
  take: (files: ChosenFile[]) => void
  over: Ref<boolean>
}

/** What nothing on the page took. */
export interface Astray {
  files: ChosenFile[]
  /** How many of the things were no files of this computer: folders, addresses. */
  others: number
}

const zones = new Set<Zone>()

/** The zone a place lies in, as a person sees it: what covers a zone keeps files from it. */
function zoneAt(at: Place): Zone | undefined {
  const seen = document.elementFromPoint(at.x * window.innerWidth, at.y * window.innerHeight)
  return [...zones].find((zone) => seen !== null && zone.element()?.contains(seen))
}

function markOver(at: Zone | undefined): void {
  for (const zone of zones) zone.over.value = zone === at
}

/** Makes an element take files for as long as the component is on screen. Returns whether some are held over it. */
export function useDropZone(element: Zone['element'], take: Zone['take']): Ref<boolean> {
  const zone: Zone = { element, take, over: ref(false) }
  onMounted(() => zones.add(zone))
  onBeforeUnmount(() => zones.delete(zone))
  return zone.over
}

async function deliver(stray: (astray: Astray) => void): Promise<void> {
  markOver(undefined)
  for (const { at, files, others } of await droppedFiles()) {
    const zone = zoneAt(at)
    if (zone && files.length > 0) zone.take(files)
    const astray = { files: zone ? [] : files, others }
    if (astray.files.length > 0 || others > 0) stray(astray)
  }
}

/** Hears of drags for the whole page; `stray` is told what no zone took. */
export function listenForDrops(stray: (astray: Astray) => void): () => void {
  const release = [
    onShell('dragging', (at) => markOver(zoneAt(at))),
    onShell('dragged', () => markOver(undefined)),
    onShell('dropped', () => void deliver(stray)),
  ]
  return () => release.forEach((each) => each())
}

/** Types by which a drag brings a file or an address; text that is moved about has others. */
const LEADS_AWAY = ['Files', 'text/uri-list', 'text/x-moz-url']

/** Keeps the web view from going to what is let go, and has it offered to the program. */
export function guardDrops(target: Document = document): () => void {
  const keep = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.some((type) => LEADS_AWAY.includes(type))) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'copy'
  }
  const events = ['dragenter', 'dragover', 'drop'] as const
  for (const name of events) target.addEventListener(name, keep, { capture: true })
  return () => events.forEach((name) => target.removeEventListener(name, keep, { capture: true }))
}

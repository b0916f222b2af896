// The keyboard: Enter moves on, shortcuts reach the page that is open, and nothing fires while an input method composes.

import { nextTick, onBeforeUnmount, onMounted } from 'vue'

const GRACE_AFTER_COMPOSING_MS = 100

/**
 * While an input method composes, Enter and Esc belong to it. Browsers report this in three ways (isComposing, key code
 * 229, or a plain Enter just after the composition ended), so one guard stands before every handler of the page.
 */
export function guardComposing(target: Document = document): () => void {
  let composing = false
  let endedAt = -Infinity
  let swallow = false
  const start = (): void => {
    composing = true
  }
  const end = (event: Event): void => {
    composing = false
    endedAt = event.timeStamp
  }
  const down = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' && event.key !== 'Escape' && event.keyCode !== 229) return
    const byMethod = composing || event.isComposing || event.keyCode === 229
    const justEnded = event.key === 'Enter' && event.timeStamp - endedAt < GRACE_AFTER_COMPOSING_MS
    if (!byMethod && !justEnded) return
    swallow = event.key === 'Enter' || event.keyCode === 229
    event.stopImmediatePropagation()
    // The method itself must still receive the key; a stray Enter after it must not submit or break a line.
    if (justEnded && !byMethod) event.preventDefault()
  }
  const up = (event: KeyboardEvent): void => {
    if (!swallow) return
    swallow = false
    event.stopImmediatePropagation()
  }
  target.addEventListener('compositionstart', start, true)
  target.addEventListener('compositionend', end, true)
  target.addEventListener('keydown', down, true)
  target.addEventListener('keyup', up, true)
  return () => {
    target.removeEventListener('compositionstart', start, true)
    target.removeEventListener('compositionend', end, true)
    target.removeEventListener('keydown', down, true)
    target.removeEventListener('keyup', up, true)
  }
}

export interface Shortcuts {
  save?: () => void
  create?: () => void
  find?: () => void
  leave?: () => void
  undo?: () => void
  redo?: () => void
  back?: () => void
  forward?: () => void
}

/** Who listens at present. What came up last stands before the others: a form in a dialog before the page under it. */
const listening: Shortcuts[] = []

/** Whether a dialog was open when the key went down: the one that Escape closes may be gone before its turn comes here. */
let covered = false

function note(): void {
  covered = document.querySelector('.el-overlay:not([style*="display: none"])') !== null
}

function listen(event: KeyboardEvent): void {
  if (event.defaultPrevented) return
  for (const shortcuts of [...listening].reverse()) {
    const action = actionOf(event, shortcuts)
    if (!action) continue
    event.preventDefault()
    action()
    return
  }
}

/** Ctrl+S, Ctrl+N, / or Ctrl+K, Ctrl+Z and Ctrl+Y outside of text, and Esc, for as long as the component is on screen. */
export function useShortcuts(shortcuts: Shortcuts): void {
  onMounted(() => {
    if (listening.length === 0) {
      document.addEventListener('keydown', note, true)
      document.addEventListener('keydown', listen)
    }
    listening.push(shortcuts)
  })
  onBeforeUnmount(() => {
    listening.splice(listening.indexOf(shortcuts), 1)
    if (listening.length > 0) return
    document.removeEventListener('keydown', note, true)
    document.removeEventListener('keydown', listen)
  })
}

function actionOf(event: KeyboardEvent, shortcuts: Shortcuts): (() => void) | undefined {
  const control = (event.ctrlKey || event.metaKey) && !event.altKey
  if (control && event.key.toLowerCase() === 's') return shortcuts.save
  if (control && event.key.toLowerCase() === 'n') return shortcuts.create
  if (control && event.key.toLowerCase() === 'k') return shortcuts.find
  // In text it takes back what was typed there; under a dialog nobody sees what it would take back.
  const step = control && !covered && !isTyping(event.target) ? event.key.toLowerCase() : ''
  if (step === 'z' && !event.shiftKey) return shortcuts.undo
  if (step === 'y' || step === 'z') return shortcuts.redo
  if (event.altKey && !event.ctrlKey && !event.shiftKey && !covered) {
    if (event.key === 'ArrowLeft') return shortcuts.back
    if (event.key === 'ArrowRight') return shortcuts.forward
  }
  if (event.key === '/' && !isTyping(event.target)) return shortcuts.find
  if (event.key === 'Escape' && !covered) return shortcuts.leave
  return undefined
}

/** What had the focus went away with its page; nobody else has been given it since. */
export function isFocusFree(): boolean {
  const held = document.activeElement
  return held === null || held === document.body || held.matches('main, main h2')
}

/** Whatever has the focus takes what was typed into it, as a list takes its last entry when it is left. */
export async function settleFocus(): Promise<void> {
  const held = document.activeElement
  if (!(held instanceof HTMLElement)) return
  held.blur()
  await nextTick()
  held.focus()
}

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.matches('input, textarea, select') || target.isContentEditable)
}

/** A list of the kit that is closed keeps Escape to itself, so that nothing around it hears the key. */
export function freeEscape(target: Document = document): () => void {
  const listen = (event: KeyboardEvent): void => {
    const held = event.target
    if (event.key !== 'Escape' || !(held instanceof HTMLElement) || held.getAttribute('aria-expanded') !== 'false') return
    const list = held.closest('.el-select:not(.pick)')
    if (!list?.parentElement) return
    event.preventDefault()
    event.stopImmediatePropagation()
    const { key, code } = event
    list.parentElement.dispatchEvent(new KeyboardEvent('keydown', { key, code, bubbles: true, cancelable: true }))
  }
  target.addEventListener('keydown', listen, true)
  return () => target.removeEventListener('keydown', listen, true)
}

/** A dialog that is opened is given the focus by the kit; it goes on to the first thing to be filled in there. */
export function focusFirstField(target: Document = document): () => void {
  const listen = (event: FocusEvent): void => {
    const dialog = event.target
    if (!(dialog instanceof HTMLElement) || !dialog.matches('.el-dialog')) return
    if (dialog.contains(event.relatedTarget as Node | null)) return
    const body = dialog.querySelector<HTMLElement>('.el-dialog__body')
    if (body) focusStops(body)[0]?.focus()
  }
  target.addEventListener('focusin', listen)
  return () => target.removeEventListener('focusin', listen)
}

/** Enter in a field: on to the next one. Buttons, long texts, open lists and unfinished entries keep their Enter. */
export function moveOnEnter(event: KeyboardEvent, form: HTMLElement): void {
  if (event.key !== 'Enter' || event.ctrlKey || event.shiftKey || event.altKey || event.defaultPrevented) return
  const target = event.target
  if (!(target instanceof HTMLElement) || target.matches('button, textarea, a')) return
  if (target.closest('.el-input-tag') && target instanceof HTMLInputElement && target.value !== '') return
  // A list that is open takes what is marked in it, one that must not stay empty opens.
  if (target.getAttribute('aria-expanded') === 'true' || target.dataset['opens'] !== undefined) return
  // From the last field Enter does what the form itself does with it.
  if (!moveOn(target, form)) return
  event.preventDefault()
  event.stopPropagation()
}

/** On to the field after this one; false from the last. */
export function moveOn(from: HTMLElement, form = from.closest<HTMLElement>('form')): boolean {
  const stops = form ? focusStops(form) : []
  const next = stops[stops.indexOf(from) + 1]
  next?.focus()
  return next !== undefined
}

export function focusStops(form: HTMLElement): HTMLElement[] {
  const selector = 'input:not([disabled]):not([type=hidden]), textarea:not([disabled]), [data-stop][tabindex="0"]'
  return [...form.querySelectorAll<HTMLElement>(selector)].filter((stop) => stop.tabIndex >= 0)
}

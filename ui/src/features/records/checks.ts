// What is the matter with a form, asked whenever a field is left: the program judges it without saving.

import { nextTick, onScopeDispose, reactive, ref, type Ref } from 'vue'

import { call, type Actions, type Problem } from '@/bridge'

const PAUSE_MS = 150

export interface Checks {
  /** Fields a person has been to: nothing is held against the others yet. */
  visited: Set<string>
  errors: Ref<Problem[]>
  warnings: Ref<Problem[]>
  /** An answer is on its way: words may come up and move what stands below them. */
  busy: Ref<boolean>
  leave: (field: string) => void
  again: () => void
  clear: () => void
}

/** Words that come up between the press and the release of a button would move the page away under the pointer. */
let pressed: Promise<void> | null = null

function released(): Promise<void> {
  return pressed ?? Promise.resolve()
}

document.addEventListener(
  'pointerdown',
  () => {
    const up = (done: () => void): void => {
      for (const event of ['pointerup', 'pointercancel']) document.addEventListener(event, () => setTimeout(done), { once: true })
    }
    const mine: Promise<void> = new Promise<void>(up).then(() => {
      if (pressed === mine) pressed = null
    })
    pressed = mine
  },
  true,
)

export function useChecks(form: () => Actions['record_check']['in']): Checks {
  const visited = reactive(new Set<string>())
  // What was found before a field was left says nothing of what was typed there since.
  const left = new Set<string>()
  const errors = ref<Problem[]>([])
  const warnings = ref<Problem[]>([])
  const busy = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let latest = 0

  async function check(): Promise<void> {
    timer = undefined
    const mine = ++latest
    try {
      const answer = await call('record_check', form())
      await released()
      if (mine !== latest) return
      for (const field of left) visited.add(field)
      left.clear()
      errors.value = answer.errors
      warnings.value = answer.warnings
    } catch {
      // Saving reports the same trouble in words, once a person asks for it.
    }
    await nextTick()
    if (mine === latest && timer === undefined) busy.value = false
  }

  function again(): void {
    busy.value = true
    timer ??= setTimeout(() => void check(), PAUSE_MS)
  }

  function clear(): void {
    clearTimeout(timer)
    timer = undefined
    latest += 1
    busy.value = false
    visited.clear()
    left.clear()
    errors.value = []
    warnings.value = []
  }

  onScopeDispose(clear)
  return {
    visited,
    errors,
    warnings,
    busy,
    leave: (field) => {
      left.add(field)
      again()
    },
    again,
    clear,
  }
}

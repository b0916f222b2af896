// What is the matter with a form, asked whenever a field is left: the program judges it without saving.

import { computed, nextTick, onScopeDispose, reactive, ref, watch, type ComputedRef, type Ref } from 'vue'

import { call, type Actions, type Problem } from '@/bridge'
import { useQuery } from '@/shared/asking'

const PAUSE_MS = 150

export interface Checks {
  /** Fields a person has been to: nothing is held against the others yet. */
  visited: Set<string>
  errors: ComputedRef<Problem[]>
  warnings: ComputedRef<Problem[]>
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

/** While the form itself is being saved nothing is judged: saving says what is wrong. */
export function useChecks(form: () => Actions['record_check']['in'], saving: () => boolean): Checks {
  const visited = reactive(new Set<string>())
  // What was found before a field was left says nothing of what was typed there since.
  const left = new Set<string>()
  /** Counts the times the form was to be looked at; zero where nobody has been anywhere yet. */
  const times = ref(0)
  const busy = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined

  const { answer, busy: asking } = useQuery(
    async () => {
      if (times.value === 0) return null
      // Saving reports a refusal in words, once a person asks for it.
      const found = await call('record_check', form())
      await released()
      return found
    },
    // What else is in the book may speak against it, or no longer.
    { about: () => times.value, on: () => (times.value === 0 || saving() ? [] : ['records']) },
  )
  const said = computed(() => (times.value === 0 ? null : answer.value))

  watch(
    answer,
    (found) => {
      if (!found || times.value === 0) return
      for (const field of left) visited.add(field)
      left.clear()
    },
    { flush: 'sync' },
  )
  watch(asking, async (now) => {
    await nextTick()
    if (!now && !asking.value && timer === undefined) busy.value = false
  })

  function again(): void {
    busy.value = true
    timer ??= setTimeout(() => {
      timer = undefined
      times.value += 1
    }, PAUSE_MS)
  }

  function clear(): void {
    clearTimeout(timer)
    timer = undefined
    times.value = 0
    busy.value = false
    visited.clear()
    left.clear()
  }

  onScopeDispose(clear)
  return {
    visited,
    errors: computed(() => said.value?.errors ?? []),
    warnings: computed(() => said.value?.warnings ?? []),
    busy,
    leave: (field) => {
      left.add(field)
      again()
    },
    again,
    clear,
  }
}

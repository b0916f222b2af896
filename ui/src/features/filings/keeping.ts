// What is typed into a report, kept by the program while it is typed: its words, its cut-off, why it corrects another. Each part
// goes by itself, so that one that is refused keeps none of the others back.

import { computed, onScopeDispose, reactive, ref, type ComputedRef, type Ref } from 'vue'

import { call, type ChangeFiling, type Problem } from '@/bridge'
import { noticesOf } from '@/shared/problems'

import { beginTyping, endTyping } from '../records/drafts'

/** What was typed is kept once nobody has typed for so long. */
const PAUSE_MS = 400

/** A section by its id, the cut-off, or why it corrects another. */
export type Part = { section: string } | 'as_of' | 'correction'

export interface Keeping {
  /** Whether something of it is typed that is not kept. */
  holds: (part: Part) => boolean
  /** Everything is kept. */
  whole: ComputedRef<boolean>
  /** Something was kept since the page was opened. */
  kept: Ref<boolean>
  /** Why something could not be kept. */
  trouble: ComputedRef<Problem[]>
  put: (part: Part, text: string) => void
  /** Keeps at once what is not kept yet. */
  flush: () => Promise<void>
}

function keyOf(part: Part): string {
  return typeof part === 'string' ? part : `section ${part.section}`
}

function changeOf(id: string, part: Part, text: string): ChangeFiling {
  const change: ChangeFiling = { id, as_of: null, correction: null, sections: {} }
  if (part === 'as_of') return { ...change, as_of: text }
  if (part === 'correction') return { ...change, correction: text }
  return { ...change, sections: { [part.section]: text } }
}

export function useKeeping(id: string): Keeping {
  const typed = reactive(new Map<string, { part: Part; text: string }>())
  const refused = reactive(new Map<string, Problem[]>())
  const kept = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<void> | null = null

  async function keepOne(key: string): Promise<void> {
    const held = typed.get(key)
    if (!held) return
    try {
      await call('filing_change', changeOf(id, held.part, held.text))
      kept.value = true
      refused.delete(key)
      // Typed into meanwhile, it is to be kept once more.
      if (typed.get(key)?.text === held.text) typed.delete(key)
    } catch (error) {
      refused.set(key, noticesOf(error))
    }
  }

  async function keep(): Promise<void> {
    if (typed.size > 0 && !endTyping(flush)) return typed.clear()
    for (const key of [...typed.keys()]) await keepOne(key)
    if (typed.size > 0) beginTyping(flush)
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    const mine = (running ? running.then(keep) : keep()).finally(() => {
      if (running === mine) running = null
    })
    running = mine
    return mine
  }

  function put(part: Part, text: string): void {
    typed.set(keyOf(part), { part, text })
    beginTyping(flush)
    clearTimeout(timer)
    timer = setTimeout(() => void flush(), PAUSE_MS)
  }

  onScopeDispose(() => void flush())
  return {
    holds: (part) => typed.has(keyOf(part)),
    whole: computed(() => typed.size === 0),
    kept,
    trouble: computed(() => [...refused.values()].flat()),
    put,
    flush,
  }
}

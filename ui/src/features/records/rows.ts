// The rows of a list as they come and go: asked for in blocks, one request at a time, so that dragging the scrollbar across
// a million rows asks for where it stops and not for what it passes.

import { ref, shallowReactive } from 'vue'

import type { Problem, RecordRow, RowPage } from '@/bridge'
import { noticesOf } from '@/shared/problems'

const BLOCK = 100
const BLOCKS_KEPT = 40

export type Ask = (first: number, limit: number) => Promise<RowPage>

export function useRows(ask: Ask) {
  const total = ref(0)
  const loading = ref(false)
  const loaded = ref(false)
  const failure = ref<Problem[]>([])
  const blocks = shallowReactive(new Map<number, RecordRow[]>())
  let wanted = { first: 0, last: 0 }
  let asking = 0

  function rowAt(index: number): RecordRow | undefined {
    return blocks.get(Math.floor(index / BLOCK))?.[index % BLOCK]
  }

  function missing(): number | undefined {
    const last = Math.min(wanted.last, total.value)
    for (let block = Math.floor(wanted.first / BLOCK); block * BLOCK < last; block += 1) {
      if (!blocks.has(block)) return block
    }
    return undefined
  }

  function keep(page: RowPage): void {
    const at = Math.floor(page.first / BLOCK)
    blocks.set(at, page.rows)
    total.value = page.total
    if (blocks.size <= BLOCKS_KEPT) return
    const farthest = [...blocks.keys()].sort((a, b) => Math.abs(b - at) - Math.abs(a - at))[0]
    if (farthest !== undefined) blocks.delete(farthest)
  }

  /** Asks for what is missing of what is wanted, until nothing is or another list took its place. */
  async function fetchMissing(): Promise<void> {
    if (loading.value) return
    const mine = asking
    loading.value = true
    try {
      for (let block = missing(); block !== undefined; block = missing()) {
        const page = await ask(block * BLOCK, BLOCK)
        if (mine !== asking) return
        keep(page)
      }
    } catch (error) {
      if (mine === asking) failure.value = noticesOf(error)
    } finally {
      if (mine === asking) loading.value = false
    }
  }

  function need(first: number, last: number): void {
    wanted = { first, last }
    if (loaded.value) void fetchMissing()
  }

  /** Begins anew. What is shown stays until the new rows are there. */
  async function restart(at = 0): Promise<boolean> {
    const mine = ++asking
    loading.value = true
    try {
      const page = await ask(Math.floor(at / BLOCK) * BLOCK, BLOCK)
      if (mine !== asking) return false
      blocks.clear()
      keep(page)
      loaded.value = true
      failure.value = []
    } catch (error) {
      if (mine === asking) failure.value = noticesOf(error)
      return false
    } finally {
      if (mine === asking) loading.value = false
    }
    void fetchMissing()
    return true
  }

  return { total, loading, loaded, failure, rowAt, need, restart }
}

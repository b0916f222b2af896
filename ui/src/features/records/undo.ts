// The last thing a person recorded, and how it is taken back: a revision that restores what stood before.

import { ElMessage } from 'element-plus'
import { h, readonly, ref } from 'vue'

import { call, type Actions } from '@/bridge'
import { t } from '@/shared/i18n'
import { noticesOf } from '@/shared/problems'

interface Done {
  id: string
  revision: string
}

const TOLD_MS = 5000

const done = ref<Done | null>(null)

/** What can be taken back. */
export const lastDone = readonly(done)

/** Counts what was taken back, for the pages that show it. */
export const undone = ref(0)

/** Says that something was recorded, and offers to take it back. */
export function tell(words: string, saved: Actions['record_save']['out']): void {
  done.value = saved.record && saved.revision ? { id: saved.record.id, revision: saved.revision } : null
  const parts = [h('span', words)]
  if (done.value) {
    const mine = done.value
    const take = (): void => {
      message.close()
      if (done.value === mine) void undoLast()
    }
    parts.push(h('button', { type: 'button', class: 'link undo', onClick: take }, t('action.undo.last')))
  }
  const message = ElMessage({ type: 'success', message: h('span', parts), duration: TOLD_MS, customClass: 'saved-message' })
}

export async function undoLast(): Promise<void> {
  const last = done.value
  if (!last) return
  done.value = null
  try {
    await call('record_undo', { ...last, reason: t('undo.reason') })
    undone.value += 1
    ElMessage({ type: 'success', message: t('undo.last.done'), duration: 2000, customClass: 'undone-message' })
  } catch (error) {
    const words = noticesOf(error).map((notice) => `${notice.message} ${notice.remedy}`)
    ElMessage({ type: 'error', message: words.join('\n'), duration: TOLD_MS, showClose: true })
  }
}

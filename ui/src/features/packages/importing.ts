// Taking in package files, any number at once: copied into the inbox, planned together, taken in as agreed. Nothing in the book
// changes before the person agrees to what the plan shows; a file that is refused stops no other.

import { computed, onScopeDispose, proxyRefs, ref, shallowRef, watch } from 'vue'

import {
  call,
  chooseAll,
  type BatchFile,
  type ChosenFile,
  type ImportBatchView,
  type InboxView,
  type Problem,
  type ReceiptView,
} from '@/bridge'
import { useChanges, useCommand } from '@/shared/asking'
import { language, t } from '@/shared/i18n'
import { noticesOf } from '@/shared/problems'

import { opened, takeOpened } from '../book/opened'

export type Importing = ReturnType<typeof useImport>

/** An import from its first file to its receipts; what was not taken in leaves the inbox with the scope it was begun in. */
export function useImport() {
  const inbox = shallowRef<InboxView[]>([])
  const admitted = ref<string[]>([])
  const included = ref<string[]>([])
  const plan = shallowRef<ImportBatchView | null>(null)
  const receipts = shallowRef<ReceiptView[] | null>(null)
  /** What is to be known of the files beside the plan. */
  const said = ref<string[]>([])
  const { busy, failure, run } = useCommand()
  const letGo: ChosenFile[] = []
  /** What was decided when the plan was made. */
  const planned = ref('')

  const files = computed<BatchFile[]>(() =>
    inbox.value.map(({ key }) => ({
      key,
      admit: admitted.value.includes(key),
      include_undone: included.value.includes(key),
    })),
  )
  const ready = computed(() => (plan.value?.files ?? []).filter((file) => file.status === 'ready'))
  /** Something was decided since, that the plan does not show yet. */
  const decided = computed(() => plan.value !== null && JSON.stringify(files.value) !== planned.value)
  const waits = computed(() => (plan.value?.files ?? []).some((file) => ['asking', 'undone'].includes(file.status)))
  const step = computed(() => {
    if (receipts.value) return 5
    if (plan.value) return waits.value || ready.value.length === 0 ? 2 : 3
    return busy.value ? 1 : 0
  })

  /** Each file by itself: one that cannot be read keeps no other out. */
  async function take(chosen: ChosenFile[]): Promise<void> {
    if (chosen.length === 0) return
    const problems: Problem[] = []
    said.value = []
    await run(async () => {
      for (const { token, name } of chosen) {
        try {
          add(await call('inbox_file', { file: token }), name)
        } catch (error) {
          problems.push(...noticesOf(error))
        }
      }
      if (inbox.value.length > 0) await makePlan()
    })
    failure.value = [...problems, ...failure.value]
  }

  function add(file: InboxView, name: string): void {
    const known = inbox.value.find((each) => each.key === file.key)
    if (!known) {
      inbox.value = [...inbox.value, file]
    } else {
      said.value.push(known.name === name ? t('import.twice', { name }) : t('import.again', { name, known: known.name }))
    }
  }

  async function pick(): Promise<void> {
    const chosen = await chooseAll({
      title: t('import.title'),
      save: false,
      multiple: true,
      filter: t('menu.packages'),
      extensions: ['sweep'],
    })
    await take(chosen)
  }

  /** Packages opened by a double click or let go here wait; while others are seen to they go on waiting. */
  async function takeWaiting(): Promise<void> {
    if (!busy.value && receipts.value === null) await take([...letGo.splice(0), ...takeOpened('sweep')])
  }

  function drop(dropped: ChosenFile[]): void {
    letGo.push(...dropped)
    void takeWaiting()
  }

  async function makePlan(): Promise<void> {
    const asked = JSON.stringify(files.value)
    plan.value = await call('import_plan', { files: files.value })
    planned.value = asked
  }

  function look(): Promise<void> {
    return run(makePlan)
  }

  async function remove(key: string): Promise<void> {
    await run(async () => {
      await call('inbox_discard', { keys: [key] })
      inbox.value = inbox.value.filter((file) => file.key !== key)
      admitted.value = admitted.value.filter((each) => each !== key)
      included.value = included.value.filter((each) => each !== key)
      if (inbox.value.length === 0) plan.value = null
      else await makePlan()
    })
  }

  async function apply(): Promise<void> {
    await run(async () => {
      if (plan.value) receipts.value = await call('import_apply', { files: files.value, token: plan.value.token })
    })
  }

  async function restart(): Promise<void> {
    const keys = inbox.value.map((file) => file.key)
    inbox.value = []
    admitted.value = []
    included.value = []
    plan.value = null
    receipts.value = null
    said.value = []
    failure.value = []
    if (keys.length > 0) await call('inbox_discard', { keys }).catch((error) => (failure.value = noticesOf(error)))
  }

  function planAnew(): void {
    if (plan.value && !receipts.value && !busy.value) void look()
  }

  watch([() => opened.value.length, busy, () => receipts.value], () => void takeWaiting(), { immediate: true })
  // The program words refusals and forms in the language it was asked in.
  watch(language, planAnew)
  // One that was taken back meanwhile stands otherwise in the plan; what is agreed to is what is shown.
  useChanges(['packages'], planAnew)
  onScopeDispose(() => {
    const keys = inbox.value.map((file) => file.key)
    // Nobody is left to read why copies could not be removed; the book removes them when it is opened next.
    if (keys.length > 0) void call('inbox_discard', { keys }).catch(() => undefined)
  })

  return proxyRefs({
    plan,
    receipts,
    said,
    busy,
    failure,
    admitted,
    included,
    ready,
    decided,
    step,
    pick,
    drop,
    remove,
    look,
    apply,
    restart,
    admit: (keys: string[]) => void (admitted.value = keys),
    include: (keys: string[]) => void (included.value = keys),
    dismiss: () => void (failure.value = []),
  })
}

// A block of cells on its way into the book: where it comes from, what a person says about it, and what the program makes of it
// then. Nothing is recorded before the person agrees to what is shown.

import { computed, onScopeDispose, proxyRefs, reactive, ref, shallowRef, watch } from 'vue'

import { call, type Field, type Fields, type Pasted, type PastedRows, type Preview, type RowSort } from '@/bridge'
import { useQuery } from '@/shared/asking'
import { noticesOf } from '@/shared/problems'

import { campaign } from '../frame/campaign'
import { kindOf } from '../records/schema'
import { everyRow, isAnswered, isReady, nothingSaid, recordsToMake, requestOf, type Said, type Source } from './block'

/** What is typed is waited for. */
const SOON_MS = 300

const NOTHING: Source = { text: null, file: null }

export type Pasting = ReturnType<typeof usePasting>

export function usePasting(kindId: string) {
  const kind = computed(() => kindOf(kindId))
  const source = shallowRef<Source>(NOTHING)
  const said = reactive<Said>(nothingSaid([]))
  // Thousands of rows need not be watched one by one.
  const preview = shallowRef<Preview | null>(null)
  const page = shallowRef<PastedRows | null>(null)
  const first = ref(0)
  const only = ref<RowSort>('all')
  const recording = ref(false)
  /** Counts the times the block was to be understood. */
  const times = ref(0)
  /** Something was said that what is shown does not know of yet. */
  const behind = ref(false)
  let soon: ReturnType<typeof setTimeout> | undefined

  const {
    busy: looking,
    failure,
    refetch,
  } = useQuery(look, {
    about: () => times.value,
    // A name may stand by now, or a row that is new here may be there already.
    on: () => (recording.value ? [] : ['records', 'campaigns']),
  })
  const busy = computed(() => looking.value || recording.value)

  const every = computed(() => (preview.value ? everyRow(kind.value, preview.value, said.preset) : []))
  const counts = computed(() => preview.value?.counts)
  const ready = computed(() => preview.value !== null && !busy.value && !behind.value && isReady(preview.value, said))
  const begun = computed(() => source.value.text !== null || source.value.file !== null)
  const lacking = computed(() => every.value.some((field) => field.required && (said.preset[field.name] ?? null) === null))
  /** Texts nobody has answered yet. */
  const open = computed(() => (preview.value?.unmatched ?? []).filter((each) => !isAnswered(each, said)).length)
  const unitOpen = computed(() => preview.value?.columns.some((column) => column.unit?.tens === null) ?? false)
  const wrong = computed(() => counts.value?.wrong ?? 0)

  function request(token: string | null) {
    return requestOf(kindId, source.value, said, recordsToMake(preview.value?.unmatched ?? [], said), token)
  }

  async function look(): Promise<void> {
    if (!begun.value) return
    const mine = source.value
    const shown = await call('paste_preview', request(null))
    const turned =
      first.value > 0 || only.value !== 'all'
        ? await call('paste_rows', { view: shown.view, first: first.value, only: only.value })
        : shown.rows
    if (mine !== source.value) return
    preview.value = shown
    page.value = turned
    if (turned.rows.length === 0 && only.value !== 'all') await turn(0, 'all')
  }

  /** A block may be long: only one is under way, and what is said meanwhile goes along with the next. */
  function again(): void {
    clearTimeout(soon)
    behind.value = looking.value
    if (!looking.value) times.value += 1
  }

  function againSoon(): void {
    clearTimeout(soon)
    behind.value = true
    soon = setTimeout(again, SOON_MS)
  }

  watch(
    looking,
    (now) => {
      if (!now && behind.value) again()
    },
    { flush: 'sync' },
  )

  async function turn(to: number, sort: RowSort): Promise<void> {
    first.value = Math.max(0, to)
    only.value = sort
    if (!preview.value) return
    try {
      page.value = await call('paste_rows', { view: preview.value.view, first: first.value, only: sort })
    } catch (error) {
      failure.value = noticesOf(error)
    }
  }

  /** `known` is what whoever hands the block over knows of it. */
  function begin(next: Source, known: Partial<Said> = {}): void {
    clear(next)
    Object.assign(said, nothingSaid(campaign.value === '' || kind.value.follows ? [] : [campaign.value]), known)
    times.value += 1
  }

  function clear(next: Source = NOTHING): void {
    clearTimeout(soon)
    behind.value = false
    source.value = next
    preview.value = null
    page.value = null
    first.value = 0
    only.value = 'all'
    failure.value = []
  }

  function put(field: Field, value: Said['preset'][string]): void {
    said.preset[field.name] = value
    againSoon()
  }

  function means(field: string, text: string, ids: string[]): void {
    const texts = { ...said.meant[field] }
    if (ids[0]) texts[text] = ids[0]
    else delete texts[text]
    said.meant[field] = texts
    again()
  }

  function making(to: string, on: boolean, fields: Fields): void {
    said.making[to] = { on, fields }
    againSoon()
  }

  function reason(code: string, words: string): void {
    said.reasons[code] = words
  }

  function countFor(campaigns: string[]): void {
    said.campaigns = campaigns
    again()
  }

  function own(office: string): void {
    said.office = office
    again()
  }

  function fillDown(on: boolean): void {
    said.downwards = on
    again()
  }

  function column(at: number, field: string | null): void {
    said.columns.delete(at)
    said.columns.set(at, field)
    said.units.delete(at)
    again()
  }

  function unit(at: number, tens: number): void {
    said.units.set(at, tens)
    again()
  }

  function change(rows: Set<number>, numbers: number[], add: boolean): void {
    for (const row of numbers) {
      if (add) rows.add(row)
      else rows.delete(row)
    }
    again()
  }

  function leaveOut(row: number, out: boolean): void {
    if (out && said.taken.delete(row)) again()
    else change(said.leftOut, [row], out)
  }

  function take(row: number, taken: boolean): void {
    change(said.taken, [row], taken)
  }

  function update(rows: number[], updated: boolean): void {
    change(said.update, rows, updated)
  }

  /** Another sheet or heading makes other columns and rows of it. */
  function turnTo(other: Partial<Said>): void {
    for (const each of [said.columns, said.units, said.leftOut, said.taken, said.update]) each.clear()
    first.value = 0
    only.value = 'all'
    Object.assign(said, { heading_last: null }, other)
    again()
  }

  /** What was recorded; null where it was not, and what is shown is as it is now. */
  async function apply(): Promise<Pasted | null> {
    if (!preview.value || !ready.value) return null
    recording.value = true
    failure.value = []
    try {
      return await call('paste_apply', request(preview.value.token))
    } catch (error) {
      const refusal = noticesOf(error)
      await refetch()
      failure.value = refusal
      return null
    } finally {
      recording.value = false
    }
  }

  onScopeDispose(() => clearTimeout(soon))

  return proxyRefs({
    kind,
    said,
    preview,
    page,
    first,
    only,
    busy,
    failure,
    every,
    counts,
    ready,
    begun,
    lacking,
    open,
    unitOpen,
    wrong,
    turn,
    begin,
    clear,
    put,
    means,
    making,
    reason,
    countFor,
    own,
    fillDown,
    column,
    unit,
    leaveOut,
    take,
    update,
    turnTo,
    apply,
    dismiss: () => void (failure.value = []),
  })
}

// What a form of a record knows and does: its values, the draft that is kept while something is typed, what is wrong with it,
// and saving it through the one door. Where it stands on the screen is the component's.

import { computed, onScopeDispose, proxyRefs, reactive, ref, shallowRef } from 'vue'

import { call, type Actions, type Field, type Fields, type FormState, type Json, type Problem, type RecordRow } from '@/bridge'
import { useChanges } from '@/shared/asking'
import { language } from '@/shared/i18n'
import { settleFocus } from '@/shared/keys'
import { noticesOf } from '@/shared/problems'

import { status } from '../book/status'
import { useChecks } from './checks'
import { declarable } from './declarable'
import { allKept, draftKeeper } from './drafts'
import { usePresets } from './presets'
import { fieldsShown, groupsOf, kindOf } from './schema'
import { copyOf, changesSince, type Snapshot } from './snapshot'
import { typedTexts } from './typed'

export interface FormStart {
  kind: string
  /** Null for a record that is not yet there. */
  id: string | null
  /** The record as it is known; asked for where it is not. */
  record?: RecordRow
  /** What a new record starts with. */
  preset: Fields
  /** What the records named there are called. */
  titles?: Record<string, string>
  campaigns: string[]
  /** Whose record a new one becomes; blank or absent for this office's own. */
  office?: string
  /** Whether what was left unfinished is gone on with. */
  resume: boolean
  /** The draft to go on with; without one, that of the record or the last of a new one. */
  draft?: string | null
  /** A long form begins with what must be there. */
  brief?: boolean
}

/** Where the focus belongs now. */
export interface Attention {
  to: 'start' | 'problem'
}

/** Words of a notice with what to do about it. */
export function inWords(notice: Problem): string {
  return [notice.message, notice.remedy].filter(Boolean).join(language.value === 'zh' ? '' : ' ')
}

export type RecordForm = ReturnType<typeof useRecordForm>

let editions = 0

/** A form from its beginning to its end: the end of the scope it was begun in, when what was typed is kept. */
export function useRecordForm(start: FormStart) {
  const values = reactive<Fields>({})
  /** The campaigns the record counts for. */
  const countsFor = ref<string[]>([])
  /** Whose record a new one becomes; blank for this office's own. */
  const office = ref(start.office ?? '')
  const overrides = reactive<Record<string, string>>({})
  const record = ref<RecordRow | null>(null)
  const draftTitles = ref<Record<string, string>>({})
  const touched = ref(false)
  const changed = new Set<string>()
  const presetTitles = reactive<Record<string, string>>({})
  const presets = usePresets(values, changed, presetTitles)
  /** Everything is shown. */
  const whole = ref(!start.brief)
  const saving = ref(false)
  const unreadable = reactive(new Map<string, string>())
  const errors = ref<Problem[]>([])
  const warnings = ref<Problem[]>([])
  const failure = ref<Problem[]>([])
  /** When the draft was kept that the form went on with; blank without one. */
  const found = ref('')
  /** No other form has it, nor this one from before it began anew: an input belongs to one edition. */
  const edition = ref(++editions)
  const attention = shallowRef<Attention | null>(null)
  const ready = ref(false)
  const typed = typedTexts(() => ready.value && touch())
  /** A new record has its id from the first time it is saved: whatever is typed or saved after that belongs to it. */
  const recordId = ref(start.id)
  const keeper = draftKeeper(start.kind, () => recordId.value, state)
  const checks = useChecks(asked, () => saving.value)

  const kind = computed(() => kindOf(start.kind))
  const titleField = computed(() => kind.value.title)
  const groups = computed(() => groupsOf(fieldsShown(kind.value, countsFor.value, values)))
  const titles = computed(() => ({ ...presetTitles, ...start.titles, ...record.value?.titles, ...draftTitles.value }))
  // Products and disposals count where what they belong to counts; the schema says which kinds those are.
  const ownCampaigns = computed(() => !kind.value.follows)
  /** What an office above writes belongs to the office it is written to. */
  const ownable = computed(() => !kind.value.from_above)
  const generalErrors = computed(() =>
    errors.value.filter((notice) => !notice.field || !kind.value.fields.some((field) => field.name === notice.field)),
  )
  // What tells records of this kind apart: the field that names them, and a credit code.
  const telling = computed(() => kind.value.fields.filter((field) => field.type === 'uscc').map((field) => field.name))
  const tellingFields = computed<Fields>(() =>
    Object.fromEntries([kind.value.title, ...telling.value].map((name) => [name, values[name] ?? null])),
  )
  /** Of what an office above wrote, the record's own office changes only the answer. */
  const answerOnly = computed(() => {
    const above = kind.value.from_above
    return above && record.value && record.value.office === status.value?.office ? above.answer : null
  })

  async function begin(): Promise<void> {
    try {
      if (start.id !== null) {
        record.value = start.record ?? (await call('record_get', { id: start.id }))
        take(record.value)
      } else {
        startOver()
        await fill()
      }
      if (start.resume) await resume()
    } catch (error) {
      failure.value = noticesOf(error)
    }
    ready.value = true
    if (start.id === null) attention.value = { to: 'start' }
  }

  /** The record has changed elsewhere: it is shown as it now is, with what is being typed. */
  async function reread(): Promise<void> {
    const id = recordId.value
    if (id === null || !ready.value || saving.value) return
    try {
      const now = await call('record_get', { id })
      // A save that began meanwhile has shown a newer one.
      if (saving.value || recordId.value !== id) return
      const own = touched.value ? state() : null
      record.value = now
      take(now)
      if (own) typedOn(own)
    } catch (error) {
      failure.value = noticesOf(error)
    }
  }

  function typedOn({ fields, campaigns, office: owner, overrides: reasons }: FormState): void {
    Object.assign(values, fields)
    office.value = owner ?? ''
    countsFor.value = [...campaigns]
    Object.assign(overrides, reasons)
  }

  async function resume(): Promise<void> {
    await allKept()
    const draft = await call('draft_get', { id: start.draft ?? null, kind: start.kind, record: start.id })
    if (!draft) return
    keeper.adopt(draft)
    if (start.id === null) clear(values)
    typedOn(draft.form)
    for (const name of Object.keys(draft.form.fields)) changed.add(name)
    Object.assign(typed.texts, draft.form.typed)
    draftTitles.value = draft.titles
    whole.value = true
    touched.value = true
    found.value = draft.at
  }

  function clear(fields: Record<string, unknown>): void {
    for (const name of Object.keys(fields)) delete fields[name]
  }

  /** Fills in what the schema says a new record starts with. */
  async function fill(reference?: string): Promise<void> {
    if (recordId.value === null) await presets.fill(kind.value.fields, countsFor.value, reference)
  }

  function startOver(): void {
    clear(values)
    presets.forget()
    clear(overrides)
    Object.assign(values, copyOf(start.preset))
    countsFor.value = [...start.campaigns]
    office.value = start.office ?? ''
  }

  function take(from: RecordRow): void {
    clear(values)
    Object.assign(values, from.fields)
    clear(overrides)
    Object.assign(overrides, from.overrides)
    countsFor.value = [...from.campaigns]
  }

  /** The form as it was before anything was typed. */
  async function reset(): Promise<void> {
    found.value = ''
    ready.value = false
    clear(typed.texts)
    changed.clear()
    unreadable.clear()
    errors.value = []
    warnings.value = []
    checks.clear()
    if (record.value) take(record.value)
    else startOver()
    await fill()
    touched.value = false
    edition.value = ++editions
    ready.value = true
    attention.value = { to: 'start' }
  }

  async function discard(): Promise<void> {
    try {
      await keeper.drop()
      await reset()
    } catch (error) {
      failure.value = noticesOf(error)
    }
  }

  /** The draft stays in the list of drafts; this form begins anew. */
  async function another(): Promise<void> {
    await keeper.flush()
    keeper.saved()
    await reset()
  }

  function put(field: Field, value: Json): void {
    values[field.name] = value
    errors.value = errors.value.filter((notice) => notice.field !== field.name)
    if (field.chooses === 'form') countFor(value)
    changed.add(field.name)
    if (field.type === 'ref') void fill(field.name)
    touch()
  }

  /** A figure for a form counts for the campaign the form belongs to. */
  function countFor(form: Json): void {
    const owner = declarable.value.find((each) => each.id === form)?.campaign
    if (owner && !countsFor.value.includes(owner)) putCampaigns([owner])
  }

  function putCampaigns(next: string[]): void {
    countsFor.value = next
    void fill()
    touch()
    checks.leave('campaigns')
  }

  function putOffice(code: string): void {
    office.value = code
    touch()
    checks.leave('office')
  }

  function touch(): void {
    touched.value = true
    keeper.touch()
  }

  /** Of a record that is there, only what was changed: the rest may change elsewhere meanwhile. */
  function state(): FormState {
    const fields = copyOf(values)
    if (recordId.value !== null) for (const name of Object.keys(fields)) if (!changed.has(name)) delete fields[name]
    const kept = { fields, campaigns: [...countsFor.value], overrides: { ...overrides }, typed: { ...typed.texts } }
    return office.value === '' ? kept : { ...kept, office: office.value }
  }

  function snapshot(): Snapshot {
    return { fields: copyOf(values), campaigns: [...countsFor.value], texts: { ...typed.texts } }
  }

  function note(field: Field, words: string | null): void {
    if (words === null) unreadable.delete(field.name)
    else unreadable.set(field.name, words)
  }

  function problemsOf(name: string): string[] {
    const words = unreadable.get(name)
    if (words !== undefined) return [words]
    const early = checks.visited.has(name) ? checks.errors.value : []
    const all = [...errors.value, ...early].filter((notice) => notice.field === name).map(inWords)
    return [...new Set(all)]
  }

  /** Warnings that saving will ask a reason for. */
  function hintsOf(name: string): Problem[] {
    if (!checks.visited.has(name)) return []
    const asking = new Set(warnings.value.map((notice) => notice.code))
    return checks.warnings.value.filter((notice) => notice.field === name && !asking.has(notice.code))
  }

  /** What a form in a dialog begins with: the parts that must be filled in, or hold something that is wrong. */
  const groupsShown = computed(() => {
    const wanted = (field: Field): boolean => isRequired(field) || problemsOf(field.name).length > 0
    const first = groups.value.filter((group) => group.fields.some(wanted))
    return whole.value || first.length === 0 ? groups.value : first
  })

  /** A form that nobody has touched goes along when the campaign is switched. */
  function follow(now: string): void {
    countsFor.value = [now]
    void fill()
  }

  function isRequired(field: Field): boolean {
    if (field.required) return true
    return Object.entries(field.required_with ?? {}).some(([other, codes]) => codes.includes(String(values[other])))
  }

  /** Saves; the record as it then is in the book, null when it is not. */
  async function save(): Promise<RecordRow | null> {
    if (saving.value || !ready.value) return null
    saving.value = true
    try {
      return await trySave()
    } finally {
      saving.value = false
    }
  }

  async function trySave(): Promise<RecordRow | null> {
    await settleFocus()
    if (unreadable.size > 0) {
      attention.value = { to: 'problem' }
      return null
    }
    failure.value = []
    try {
      await keeper.flush()
      const then = snapshot()
      const answer = await call('record_save', { ...asked(), draft: keeper.id.value })
      errors.value = answer.errors
      warnings.value = answer.warnings
      if (!answer.record) {
        attention.value = { to: 'problem' }
        return null
      }
      keeper.saved()
      const late = changesSince(then, snapshot())
      recordId.value = answer.record.id
      record.value = answer.record
      draftTitles.value = {}
      take(answer.record)
      changed.clear()
      checks.clear()
      touched.value = false
      found.value = ''
      warnings.value = []
      if (late) {
        for (const name of Object.keys(late.fields)) changed.add(name)
        Object.assign(values, late.fields)
        countsFor.value = late.campaigns ?? countsFor.value
        touch()
      }
      return answer.record
    } catch (error) {
      const problems = noticesOf(error)
      const atField = (problem: Problem): boolean => kind.value.fields.some((field) => field.name === problem.field)
      errors.value = problems.filter(atField)
      failure.value = problems.filter((problem) => !atField(problem))
      return null
    }
  }

  function asked(): Actions['record_check']['in'] {
    return {
      kind: start.kind,
      id: recordId.value,
      fields: changedFields(),
      campaigns: [...countsFor.value],
      overrides: Object.fromEntries(Object.entries(overrides).filter(([, reason]) => reason.trim() !== '')),
      void: record.value?.void ?? null,
      ...(recordId.value === null && office.value !== '' ? { office: office.value } : {}),
    }
  }

  /** A field that was cleared is sent as null: an absent one is left alone. */
  function changedFields(): Fields {
    const fields = copyOf(values)
    for (const name of Object.keys(record.value?.fields ?? {})) if (!(name in fields)) fields[name] = null
    return fields
  }

  /** What was typed is let go: the record is another one, that is there. */
  async function drop(): Promise<void> {
    await keeper.drop().catch(() => undefined)
    touched.value = false
  }

  /** When all that is typed was kept; blank while it is not. */
  const keptAt = computed(() => (touched.value && keeper.whole.value ? keeper.at.value : ''))

  function keepNow(): void {
    void keeper.flush()
  }

  /** A person has gone from a field: what is wrong there is said from now on. */
  function leave(field: string): void {
    if (!touched.value || saving.value) return
    keepNow()
    checks.leave(field)
  }

  function reasoned(code: string, words: string): void {
    overrides[code] = words
    touch()
  }

  function goOn(): void {
    found.value = ''
    attention.value = { to: 'start' }
  }

  function showWhole(): void {
    whole.value = true
  }

  /** What was said has been read. */
  function dismiss(said: 'failure' | 'errors' | 'trouble'): void {
    const words = { failure, errors, trouble: keeper.trouble }[said]
    words.value = []
  }

  useChanges(
    () => (recordId.value === null ? [] : [`record:${recordId.value}`]),
    () => void reread(),
  )
  window.addEventListener('pagehide', keepNow)
  onScopeDispose(() => {
    window.removeEventListener('pagehide', keepNow)
    keepNow()
  })
  void begin()

  return proxyRefs({
    kind: start.kind,
    titleField,
    groups,
    groupsShown,
    whole,
    values,
    countsFor,
    office,
    overrides,
    record,
    titles,
    touched,
    saving,
    ready,
    found,
    edition,
    attention,
    typed,
    warnings,
    failure,
    generalErrors,
    trouble: keeper.trouble,
    checking: checks.busy,
    telling,
    tellingFields,
    ownCampaigns,
    ownable,
    answerOnly,
    keptAt,
    recordId,
    isRequired,
    problemsOf,
    hintsOf,
    put,
    putCampaigns,
    putOffice,
    note,
    follow,
    leave,
    reasoned,
    save,
    discard,
    another,
    drop,
    goOn,
    showWhole,
    dismiss,
  })
}

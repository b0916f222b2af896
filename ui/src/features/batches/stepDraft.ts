// What is typed in a step, kept as a draft of the record the step belongs to. That record has one draft: what its own form or
// another step left in it stays there.

import { call, type BatchView, type DraftView, type Fields, type FormState, type RecordRow, type StepView } from '@/bridge'

import { allKept, draftKeeper, type DraftKeeper } from '../records/drafts'

/** The step's own part of the draft. */
export interface StepState {
  fields: Fields
  overrides: Record<string, string>
  typed: Record<string, string>
}

export interface StepDraft {
  keeper: DraftKeeper
  /** What was typed in this step before and not saved, and when. */
  found: () => Promise<(StepState & { at: string; titles: Record<string, string> }) | null>
  /** The draft that goes once the step is saved; none where it holds more than the step. */
  spent: () => string | null
  /** The step was saved as part of this record. */
  saved: (record: string) => Promise<void>
  drop: () => Promise<void>
}

export function stepDraft(batch: BatchView, step: StepView, record: RecordRow | null, own: () => StepState): StepDraft {
  const named: Fields = record ? {} : { sample: batch.sample.id }
  let rest: StepState = { fields: {}, overrides: {}, typed: {} }
  let belongs = record?.id ?? null
  let over = false
  const campaigns = [...(record ?? batch.sample).campaigns]
  const keeper = draftKeeper(step.kind, () => belongs, state)

  function state(): FormState {
    const mine = over ? { fields: {}, overrides: {}, typed: {} } : own()
    return {
      fields: { ...(belongs === null ? named : {}), ...rest.fields, ...mine.fields },
      campaigns,
      overrides: { ...rest.overrides, ...mine.overrides },
      typed: { ...rest.typed, ...mine.typed },
    }
  }

  /** A draft of a record that is not yet there says by its sample that it is of this batch. */
  async function kept(): Promise<DraftView | null> {
    if (belongs !== null) return call('draft_get', { id: null, kind: step.kind, record: belongs })
    for (const line of await call('drafts', { kind: step.kind })) {
      if (line.record !== null || !line.own) continue
      const draft = await call('draft_get', { id: line.id, kind: step.kind, record: null })
      if (draft?.form.fields['sample'] === batch.sample.id) return draft
    }
    return null
  }

  function isMine(place: string): boolean {
    return step.fields.some((name) => place === name || place.startsWith(`${name}/`))
  }

  function part<T>(all: Record<string, T>, mine: boolean): Record<string, T> {
    return Object.fromEntries(Object.entries(all).filter(([place]) => isMine(place) === mine))
  }

  function alone(): boolean {
    return [rest.fields, rest.typed].every((each) => Object.keys(each).length === 0)
  }

  /** What is left of the draft without the step. */
  async function leaveRest(): Promise<void> {
    over = true
    if (alone()) return keeper.drop()
    keeper.touch()
    await keeper.flush()
  }

  return {
    keeper,
    found: async () => {
      await allKept()
      const draft = await kept()
      if (!draft) return null
      keeper.adopt(draft)
      const others = part(draft.form.fields, false)
      for (const name of Object.keys(named)) delete others[name]
      const reasons = Object.entries(draft.form.overrides)
      const overrides = Object.fromEntries(reasons.filter(([code, reason]) => record?.overrides[code] !== reason))
      rest = { fields: others, overrides: draft.form.overrides, typed: part(draft.form.typed, false) }
      const mine = { fields: part(draft.form.fields, true), overrides, typed: part(draft.form.typed, true) }
      const typed = [mine.fields, mine.typed].some((each) => Object.keys(each).length > 0)
      return typed ? { ...mine, at: draft.at, titles: draft.titles } : null
    },
    spent: () => (alone() ? keeper.id.value : null),
    saved: async (id) => {
      belongs = id
      if (alone()) keeper.saved()
      else await leaveRest()
    },
    drop: async () => {
      try {
        await leaveRest()
      } finally {
        over = false
      }
    },
  }
}

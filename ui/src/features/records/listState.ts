// Where a person was in each list, so that coming back from a record finds it as it was. For as long as the book is open.

import { forgetWithBook } from '../book/switchBook'

export type Order = 'recorded' | 'newest' | 'oldest'

export interface ListState {
  text: string
  enterprise: string | null
  /** What it is called, where that is known. */
  enterpriseTitle?: string
  /** Whatever campaign is chosen at the top. */
  everyCampaign?: boolean
  office: string
  from: string | null
  to: string | null
  order: Order
  withVoided: boolean
  chosen: Record<string, string>
  /** The row that was chosen, from 0. */
  current: number
}

const states = new Map<string, ListState>()
forgetWithBook(() => states.clear())

/** Everything, in the order of recording. */
export function newListState(): ListState {
  return {
    text: '',
    enterprise: null,
    office: '',
    from: null,
    to: null,
    order: 'recorded',
    withVoided: false,
    chosen: {},
    current: 0,
  }
}

export function listStateOf(kind: string): ListState {
  return states.get(kind) ?? newListState()
}

export function keepListState(kind: string, state: ListState): void {
  states.set(kind, state)
}

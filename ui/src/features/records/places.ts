// Where a person was in each list, so that coming back from a record finds it as it was. For as long as the program runs.

export type Order = 'recorded' | 'newest' | 'oldest'

export interface Place {
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

const places = new Map<string, Place>()

/** Everything, in the order of recording. */
export function newPlace(): Place {
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

export function placeOf(kind: string): Place {
  return places.get(kind) ?? newPlace()
}

export function keepPlace(kind: string, place: Place): void {
  places.set(kind, place)
}

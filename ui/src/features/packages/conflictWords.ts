// What a conflict is about, in words: the field, its element where it is one of a set, and each side's value.

import type { CandidateView, ChecklistItemView, ConflictLine, Field, Json } from '@/bridge'
import { clauses, inARow, labelOf, t } from '@/shared/i18n'

import { campaignLabel, codeLabel, schema, showValue } from '../records/schema'

/** Slots that belong to every record and to no kind. */
const VOID = 'void'
const RESTORED = 'restored'
const CAMPAIGNS = 'campaigns'
const OVERRIDES = 'overrides'

type Place = Pick<ConflictLine, 'kind' | 'field' | 'element'>

export function fieldOf(place: Place): Field | undefined {
  return schema.value.kinds.find((kind) => kind.id === place.kind)?.fields.find((field) => field.name === place.field)
}

/** A field whose value can be typed anew here: one that holds its value whole. */
export function typedHere(place: Place): Field | undefined {
  return place.element === null ? fieldOf(place) : undefined
}

export function fieldWords(place: Place): string {
  if (place.field === VOID) return t('conflict.void')
  if (place.field === RESTORED) return t('void.lift.reason')
  // Which warning it answers is a code, and the reason says it in words.
  if (place.field === OVERRIDES) return t('conflict.overrides')
  const field = fieldOf(place)
  const label = place.field === CAMPAIGNS ? t('list.campaign') : field ? labelOf(field) : place.field
  return place.element === null ? label : `${label} · ${elementWords(place, place.element)}`
}

function elementWords(place: Place, element: string): string {
  if (place.field === CAMPAIGNS) return campaignLabel(element)
  const field = fieldOf(place)
  if (field?.type === 'set') return codeLabel(field.of, element)
  const item = itemOf(element)
  return item ? labelOf(item) : element
}

function itemOf(code: string): ChecklistItemView | undefined {
  return schema.value.campaigns.flatMap((campaign) => campaign.checklist).find((each) => each.code === code)
}

/** Each object by its members, those left blank left out. */
function objectsWords(members: Field[], value: unknown, titles: Record<string, string>): string {
  const objects = Array.isArray(value) ? (value as Record<string, Json>[]) : []
  const words = objects.map((each) =>
    inARow(
      members
        .map((member) => ({ member, words: showValue(member, each[member.name], titles) }))
        .filter((part) => part.words !== '')
        .map((part) => `${labelOf(part.member)} ${part.words}`),
    ),
  )
  return clauses(words)
}

export function valueWords(place: Place, value: CandidateView['value'], titles: Record<string, string>): string {
  if (place.field === VOID) return value === null ? t('conflict.void.no') : String(value)
  if (typeof value === 'boolean' && place.element !== null) {
    return t(value ? 'conflict.element.in' : 'conflict.element.out')
  }
  const field = fieldOf(place)
  if (field && place.element === null) {
    const words = field.type === 'objects' ? objectsWords(field.members, value, titles) : showValue(field, value as Json, titles)
    return words === '' ? t('conflict.blank') : words
  }
  if (value === null || value === undefined) return t('conflict.blank')
  // An answer on the checklist: a result, and perhaps a note.
  const answers = itemOf(place.element ?? '')?.answers ?? 'check_result'
  const parts = typeof value === 'object' ? Object.values(value) : [value]
  return parts.map((part) => codeLabel(answers, String(part))).join(' · ')
}

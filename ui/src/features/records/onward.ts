// Where one goes from a record: to what its kind says comes next, and to the records it names.

import type { Router } from 'vue-router'

import type { OfferView, RecordRow } from '@/bridge'
import { labelOf, t } from '@/shared/i18n'

import { addressOf } from '../frame/addresses'
import { kindLabel, kindOf, titleOf } from './schema'
import { startWith } from './starts'

export function offerWords(offer: OfferView): string {
  return offer.existing ? t('next.open', { what: kindLabel(offer.opens) }) : offer.label
}

export function takeOffer(router: Router, record: RecordRow, offer: OfferView): void {
  const address = addressOf(offer.opens, offer.existing ?? 'new')
  if (!address) return
  const titles = { ...record.titles, [record.id]: titleOf(record) }
  if (!offer.existing) startWith(offer.opens, { fields: offer.preset, campaigns: offer.campaigns, titles })
  void router.push(address)
}

interface Named {
  field: string
  label: string
  title: string
  address: string
}

/** The records it names in fields that hold one: its enterprise's file before all. */
export function namedBy(record: RecordRow): Named[] {
  return kindOf(record.kind).fields.flatMap((field): Named[] => {
    const id = field.type === 'ref' ? record.fields[field.name] : null
    const address = field.type === 'ref' && typeof id === 'string' ? addressOf(field.to, id) : undefined
    const title = typeof id === 'string' ? record.titles[id] : undefined
    return address && title ? [{ field: field.name, label: labelOf(field), title, address }] : []
  })
}

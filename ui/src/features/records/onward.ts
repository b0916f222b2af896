// Where one goes from a record: to what its kind says comes next, and to the records it names.

import type { Router } from 'vue-router'

import type { OfferView, RecordRow } from '@/bridge'
import { labelOf, t } from '@/shared/i18n'

import { batchOf } from '../batches/batch'
import { addressOf } from '../frame/addresses'
import { kindLabel, kindOf, titleOf } from './schema'
import { handOver, type Prefill } from './prefill'

export function offerWords(offer: OfferView): string {
  if (isGuided(offer) && offer.existing) return t('batches.go')
  return offer.existing ? t('next.open', { what: kindLabel(offer.opens) }) : offer.label
}

/** What was done about a batch is recorded on the page of the batch, step by step. */
function isGuided(offer: OfferView): boolean {
  return offer.opens === 'disposal'
}

export function takeOffer(router: Router, record: RecordRow, offer: OfferView, more: Partial<Prefill> = {}): void {
  const batch = isGuided(offer) ? batchOf(record) : null
  if (batch) {
    void router.push(`/samples/batches/${batch}`)
    return
  }
  const address = addressOf(offer.opens, offer.existing ?? 'new')
  if (!address) return
  const titles = { ...record.titles, [record.id]: titleOf(record) }
  if (!offer.existing) handOver(offer.opens, { fields: offer.preset, campaigns: offer.campaigns, titles, ...more })
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

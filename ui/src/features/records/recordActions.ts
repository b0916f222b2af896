// What Ctrl+K offers on the page of a record: what the page does, where it leads, and which cells count it.

import type { Router } from 'vue-router'

import type { CellPlace, OfferView, RecordRow } from '@/bridge'
import { t } from '@/shared/i18n'

import { batchOf } from '../batches/batch'
import type { PageAction } from '../frame/pageActions'
import { cellAddress, cellWords } from './cells'
import { namedBy, offerWords, takeOffer } from './onward'

interface Handlers {
  /** Null where nothing is printed of it. */
  print: (() => void) | null
  history: () => void
  void: () => void
  restore: () => void
}

export function recordActions(
  router: Router,
  record: RecordRow,
  offers: OfferView[],
  counted: CellPlace[],
  handlers: Handlers,
): PageAction[] {
  const go = (address: string) => () => void router.push(address)
  const batch = batchOf(record)
  return [
    ...(handlers.print ? [{ key: 'print', title: t('action.print'), run: handlers.print }] : []),
    { key: 'history', title: t('conflict.history'), run: handlers.history },
    ...(batch ? [{ key: 'batch', title: t('batches.title'), run: go(`/samples/batches/${batch}`) }] : []),
    ...namedBy(record).map(({ field, label: detail, title: name, address }) => ({
      key: `of ${field}`,
      title: t('next.open', { what: name }),
      detail,
      run: go(address),
    })),
    ...offers.map((offer, at) => ({
      key: `next ${at}`,
      title: offerWords(offer),
      detail: offer.item ?? '',
      run: () => takeOffer(router, record, offer),
    })),
    ...counted.map((cell, at) => ({
      key: `cell ${at}`,
      title: cellWords(cell),
      detail: t('form.counted'),
      run: () => void router.push(cellAddress(cell)),
    })),
    record.void
      ? { key: 'restore', title: t('action.restore'), run: handlers.restore }
      : { key: 'void', title: t('action.void'), run: handlers.void },
  ]
}

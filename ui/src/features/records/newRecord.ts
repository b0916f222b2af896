// What the form of a new record starts with: what was handed over to it, else what the last one had.

import type { Fields } from '@/bridge'

import { today } from '../book/status'
import { campaign } from '../frame/campaign'
import { carryOver } from './carryOver'
import type { KindPage } from './pages'
import { takePrefill } from './prefill'
import type { FormStart } from './recordForm'

/** `blank` leaves what was left unfinished where it is, as what is handed over does. */
export async function newRecord(page: KindPage, draft: string | null, blank: boolean): Promise<FormStart> {
  const handed = takePrefill(page.kind)
  const dates: Fields = Object.fromEntries(page.today.map((name) => [name, today.value]))
  const carried = !handed || handed.onTop ? await carryOver(page) : undefined
  const usual = campaign.value === '' ? [] : [campaign.value]
  return {
    kind: page.kind,
    id: null,
    preset: { ...dates, ...carried?.fields, ...handed?.fields },
    titles: { ...carried?.titles, ...handed?.titles },
    campaigns: handed && handed.campaigns.length > 0 ? handed.campaigns : usual,
    resume: !blank && handed === undefined,
    draft,
  }
}

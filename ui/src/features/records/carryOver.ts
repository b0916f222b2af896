// The next record starts where the last one left off: with the fields a page carries over.

import { call, type Fields, type RecordRow } from '@/bridge'

import { status } from '../book/status'
import { forgetWithBook } from '../book/switchBook'
import type { KindPage } from './pages'

interface Carried {
  fields: Fields
  /** What the records named in the fields are called. */
  titles: Record<string, string>
}

const NOTHING: Carried = { fields: {}, titles: {} }
const carried = new Map<string, Carried>()
forgetWithBook(() => carried.clear())

export function rememberCarried(page: KindPage, record: RecordRow): void {
  carried.set(page.kind, { fields: carriedOver(page, record), titles: record.titles })
}

function carriedOver(page: KindPage, record: RecordRow): Fields {
  const fields: Fields = {}
  for (const name of page.carry) if (record.fields[name] !== undefined) fields[name] = record.fields[name]
  return fields
}

/** From the last record saved since the program started; else from the newest of this office, but for its days. */
export async function carryOver(page: KindPage): Promise<Carried> {
  const remembered = carried.get(page.kind)
  if (remembered || page.carry.length === 0) return remembered ?? NOTHING
  try {
    const newest = await call('record_rows', {
      kind: page.kind,
      codes: {},
      text: '',
      enterprise: null,
      campaign: null,
      office: null,
      from: null,
      to: null,
      with_voided: false,
      dated: false,
      oldest_first: false,
      first: 0,
      limit: 1,
    })
    const record = newest.rows[0]
    if (!record || record.office !== status.value?.office) return NOTHING
    const fields = carriedOver(page, record)
    for (const name of page.today) delete fields[name]
    return { fields, titles: record.titles }
  } catch {
    // A form that starts empty is as good; saving reports the same trouble in words.
    return NOTHING
  }
}

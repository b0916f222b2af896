// The next record starts where the last one left off: the fields a page carries over, for as long as the program runs.

import type { Fields, RecordRow } from '@/bridge'

import type { KindPage } from './pages'

const last = new Map<string, Fields>()

export function remember(page: KindPage, record: RecordRow): void {
  const fields: Fields = {}
  for (const name of page.carry) if (record.fields[name] !== undefined) fields[name] = record.fields[name]
  last.set(page.kind, fields)
}

export function lastOf(kind: string): Fields {
  return last.get(kind) ?? {}
}

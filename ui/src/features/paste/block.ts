// What a person says about a pasted block, and how the preview is read. The program understands the block; nothing here does.

import type {
  ChosenColumn,
  ChosenUnit,
  Field,
  Fields,
  Json,
  Kind,
  MakeRecords,
  Paste,
  PastedRow,
  Preview,
  UnmatchedText,
} from '@/bridge'
import { inARow, t } from '@/shared/i18n'
import { showWhole } from '@/shared/numbers'

import { kindOf } from '../records/schema'

/** As many rows of a warning are named. */
const ROWS_NAMED = 20

export interface Source {
  text: string | null
  /** A chosen file's token and name. */
  file: { token: string; name: string } | null
}

/** Records to be made of names, of one kind. */
export interface Making {
  /** Somebody asked for it. */
  on: boolean
  fields: Fields
}

/** Everything a person can change before agreeing. */
export interface Said {
  sheet: string | null
  heading: number | null
  /** The row it ends with, where that is known. */
  heading_last: number | null
  columns: Map<number, string | null>
  units: Map<number, number>
  downwards: boolean
  preset: Fields
  campaigns: string[]
  /** What names begin with that no column names. */
  numbered: string | null
  /** Whose records new ones are; blank for this office's own. */
  office: string
  meant: Record<string, Record<string, string>>
  making: Record<string, Making>
  leftOut: Set<number>
  taken: Set<number>
  update: Set<number>
  reasons: Record<string, string>
}

export function nothingSaid(campaigns: string[]): Said {
  return {
    sheet: null,
    heading: null,
    heading_last: null,
    columns: new Map(),
    units: new Map(),
    downwards: false,
    preset: {},
    campaigns,
    office: '',
    numbered: null,
    meant: {},
    making: {},
    leftOut: new Set(),
    taken: new Set(),
    update: new Set(),
    reasons: {},
  }
}

export function requestOf(kind: string, source: Source, said: Said, make: MakeRecords[], token: string | null): Paste {
  const columns = [...said.columns].map(([column, field]): ChosenColumn => ({ column, field }))
  const units = [...said.units].map(([column, tens]): ChosenUnit => ({ column, tens }))
  return {
    kind,
    text: source.text,
    file: source.file?.token ?? null,
    sheet: said.sheet,
    heading: said.heading,
    columns,
    units,
    downwards: said.downwards,
    preset: JSON.parse(JSON.stringify(said.preset)) as Fields,
    campaigns: [...said.campaigns],
    ...(said.office === '' ? {} : { office: said.office }),
    ...(said.heading_last === null ? {} : { heading_last: said.heading_last }),
    ...(said.numbered === null ? {} : { numbered: said.numbered }),
    meant: JSON.parse(JSON.stringify(said.meant)) as Paste['meant'],
    make,
    left_out: [...said.leftOut],
    taken: [...said.taken],
    update: [...said.update],
    reasons: Object.fromEntries(Object.entries(said.reasons).filter(([, reason]) => reason.trim() !== '')),
    token,
  }
}

/** Fields that fit into one cell. */
export function pasteable(kind: Kind): Field[] {
  return kind.fields.filter(
    (field) => !['sha256', 'checklist', 'objects', 'refs'].includes(field.type) && !(field.type === 'ref' && field.to === '*'),
  )
}

/** Fields that every new record needs and no column brings, and what was already said for every row. */
export function everyRow(kind: Kind, preview: Preview, preset: Fields): Field[] {
  const brought = new Set(preview.columns.map((column) => column.field))
  return pasteable(kind).filter(
    (field) => !brought.has(field.name) && (preview.asked.includes(field.name) || has(preset[field.name])),
  )
}

function has(value: Json | undefined): boolean {
  return value !== undefined && value !== null
}

/** What a new record of a kind needs beside its name, and where it is; `null` where a name alone makes none. */
export function neededToMake(kind: Kind): Field[] | null {
  const needed = kind.fields.filter((field) => field.required && field.name !== kind.title)
  if (needed.some((field) => !['text', 'code', 'set', 'bool', 'division'].includes(field.type))) return null
  return [...needed, ...kind.fields.filter((field) => field.type === 'division' && !field.required)]
}

/** Whether everything a new record needs has been said. */
export function isMakeable(kind: Kind, fields: Fields): boolean {
  const filled = (value: Json | undefined): boolean => has(value) && !(Array.isArray(value) && value.length === 0)
  return (neededToMake(kind) ?? []).every((field) => !field.required || filled(fields[field.name]))
}

/** Texts that a new record is made of where that was asked for: those nobody matched with one that stands. */
export function textsToMake(unmatched: UnmatchedText[], to: string, said: Said): string[] {
  const texts = unmatched.filter((each) => each.to === to && each.makeable && !said.meant[each.field]?.[each.text])
  return [...new Set(texts.map((each) => each.text))]
}

/** Somebody said what a text means, or that it is to be made and with what. */
export function isAnswered(each: UnmatchedText, said: Said): boolean {
  if (said.meant[each.field]?.[each.text]) return true
  const making = said.making[each.to]
  return (making?.on ?? false) && each.makeable && isMakeable(kindOf(each.to), making?.fields ?? {})
}

/** Records are made of names once everything they need has been said. */
export function recordsToMake(unmatched: UnmatchedText[], said: Said): MakeRecords[] {
  return Object.entries(said.making).flatMap(([to, making]) => {
    const texts = textsToMake(unmatched, to, said)
    if (!making.on || texts.length === 0 || !isMakeable(kindOf(to), making.fields)) return []
    return [{ kind: to, texts, fields: JSON.parse(JSON.stringify(making.fields)) as Fields }]
  })
}

/** Which rows a warning is about. */
export function rowsOf(rows: number[]): string {
  const named = inARow(rows.slice(0, ROWS_NAMED).map(String))
  return rows.length > ROWS_NAMED
    ? t('paste.rows.more', { rows: named, count: showWhole(rows.length) })
    : t('paste.rows', { rows: named })
}

export function isWrong(row: PastedRow): boolean {
  const written = row.state === 'new' || row.update
  return (written && row.unread.length > 0) || row.errors.length > 0
}

/** Everything that was read is in order, and every warning has its reason. */
export function isReady(preview: Preview, said: Said): boolean {
  const reasoned = preview.warnings.every((doubt) => said.reasons[doubt.problem.code]?.trim())
  return preview.counts.new + preview.counts.updating > 0 && preview.counts.wrong === 0 && reasoned
}

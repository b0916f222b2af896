// What a person says about a pasted block, and how the preview is read. The program understands the block; nothing here does.

import type { ChosenColumn, Field, Fields, Json, Kind, Paste, PastedRow, Preview } from '@/bridge'

export interface Source {
  text: string | null
  /** A chosen file's token and name. */
  file: { token: string; name: string } | null
}

/** Everything a person can change before agreeing. */
export interface Said {
  sheet: string | null
  heading: number | null
  columns: Map<number, string | null>
  downwards: boolean
  preset: Fields
  campaigns: string[]
  meant: Record<string, Record<string, string>>
  leftOut: Set<number>
  reasons: Record<string, string>
}

export function nothingSaid(campaigns: string[]): Said {
  return {
    sheet: null,
    heading: null,
    columns: new Map(),
    downwards: false,
    preset: {},
    campaigns,
    meant: {},
    leftOut: new Set(),
    reasons: {},
  }
}

export function requestOf(kind: string, source: Source, said: Said, token: string | null): Paste {
  const columns = [...said.columns].map(([column, field]): ChosenColumn => ({ column, field }))
  return {
    kind,
    text: source.text,
    file: source.file?.token ?? null,
    sheet: said.sheet,
    heading: said.heading,
    columns,
    downwards: said.downwards,
    preset: JSON.parse(JSON.stringify(said.preset)) as Fields,
    campaigns: [...said.campaigns],
    meant: JSON.parse(JSON.stringify(said.meant)) as Paste['meant'],
    left_out: [...said.leftOut],
    reasons: Object.fromEntries(Object.entries(said.reasons).filter(([, reason]) => reason.trim() !== '')),
    token,
  }
}

/** Fields that fit into one cell. */
export function pasteable(kind: Kind): Field[] {
  return kind.fields.filter(
    (field) =>
      !['sha256', 'checklist', 'objects', 'refs'].includes(field.type) && !(field.type === 'ref' && field.to === '*'),
  )
}

/** Fields that every record needs and no column brings, and what was already said for every row. */
export function everyRow(kind: Kind, preview: Preview, preset: Fields): Field[] {
  const brought = new Set(preview.columns.map((column) => column.field))
  const needed = (field: Field): boolean =>
    (field.required ?? false) || asked(field.name, preview.rows) || has(preset[field.name])
  return pasteable(kind).filter((field) => !brought.has(field.name) && needed(field))
}

/** Some row was refused for want of this field. */
function asked(name: string, rows: PastedRow[]): boolean {
  return rows.some((row) => row.errors.some((error) => error.code === 'required-missing' && error.field === name))
}

function has(value: Json | undefined): boolean {
  return value !== undefined && value !== null
}

/** Some row is blank where a record should be named, as below the first of merged cells. */
export function hasMerged(kind: Kind, preview: Preview): boolean {
  return preview.columns.some((column, at) => {
    const field = kind.fields.find((each) => each.name === column.field)
    return field?.type === 'ref' && preview.rows.some((row) => !row.left_out && (row.cells[at] ?? '').trim() === '')
  })
}

export function isWrong(row: PastedRow): boolean {
  return row.unread.length > 0 || row.errors.length > 0
}

/** Everything that was read is in order, and every warning has its reason. */
export function isReady(preview: Preview, said: Said): boolean {
  const reasoned = preview.warnings.every((doubt) => said.reasons[doubt.problem.code]?.trim())
  return preview.new_rows > 0 && !preview.rows.some(isWrong) && reasoned
}

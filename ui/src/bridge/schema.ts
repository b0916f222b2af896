// The schema as the program sends it: kinds, fields, vocabularies (crate domain, module schema).

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type Fields = Record<string, Json>

export interface Entry {
  code: string
  zh: string
  en: string
  /** What quantities of this category are counted in. */
  unit?: string | null
}

export interface Vocabulary {
  id: string
  entries: Entry[]
}

export type FieldType =
  | { type: 'text' | 'long_text' | 'integer' | 'quantity' | 'money' | 'bool' | 'date' | 'time' | 'texts' }
  | { type: 'division' | 'uscc' | 'sha256' | 'checklist' }
  | { type: 'code' | 'set'; of: string }
  | { type: 'ref' | 'refs'; to: string }
  | { type: 'objects'; members: Field[] }

export type Field = FieldType & {
  name: string
  required?: boolean
  zh: string
  en: string
  group?: string | null
  set?: string | null
  /** Required where another field holds one of these codes. */
  required_with?: Record<string, string[]>
  /** A part of an official form, chosen by its printed words. */
  chooses?: 'form' | 'row' | 'column' | null
  /** A whole number in the printed unit of the column that this field of the record chooses. */
  measured_by?: string | null
  /** What the form of a new record starts with: an entry, what a record named here holds, or what only the place knows. */
  preset?: { code: string } | { field: string } | { from: 'person' | 'office_division' | 'campaign_category' } | null
  /** Nothing stands beside it. */
  own_row?: boolean
}

export interface Kind {
  id: string
  zh: string
  en: string
  title: string
  /** The fields that lists of the kind show, in their order. */
  columns?: string[]
  date?: string | null
  /** The field of the record it belongs to, whose campaigns it counts for. */
  follows?: string | null
  /** An office above writes it; the record's own office changes only `answer`. */
  from_above?: { about: string; answer: string } | null
  fields: Field[]
}

// What every input of a field is given and says, whatever the field's type.

import type { Field, Fields, Json } from '@/bridge'

export interface FieldProps {
  field: Field
  modelValue: Json | undefined
  /** The other fields of the record. */
  values: Fields
  campaigns: string[]
  /** What the records, offices and codes named there are called. */
  titles: Record<string, string>
  label: string
  /** What was typed and is no value yet; blank where nothing was. */
  typed: string
  /** Where in the form it stands. */
  place: string
}

export interface FieldEmits {
  'update:modelValue': [value: Json]
  /** What is wrong with what was typed, null where nothing is; and what stands there and is no value yet, mostly nothing. */
  unreadable: [words: string | null, typed: string]
}

export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

export function numberOf(value: Json | undefined): number | null {
  return typeof value === 'number' ? value : null
}

export function listOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

/** One text as a list of it, for inputs that choose. */
export function chosenOf(value: Json | undefined): string[] {
  const text = textOf(value)
  return text === '' ? [] : [text]
}

/** Nothing chosen is no value. */
export function listOrNull(value: string[] | undefined): Json {
  return value && value.length > 0 ? value : null
}

export function textOrNull(value: string | undefined): Json {
  return value ? value : null
}

// What the form of a new record starts with, as the schema says: filled in where nobody has put anything, and anew where
// what stands there is still what was filled in and the record it came from is another one now.

import { call, type Field, type Fields, type Json } from '@/bridge'

import { status } from '../book/status'
import { campaignOf } from './schema'

type Preset = NonNullable<Field['preset']>

/** The place of a county; what lies wider holds others, of which a person names one. */
function ownDivision(): string | null {
  const code = status.value?.office.slice(0, 6) ?? ''
  return code === '' || code.endsWith('00') ? null : code
}

function onlyCategory(campaigns: string[]): string | null {
  const categories = new Set(campaigns.flatMap((id) => campaignOf(id)?.categories ?? []))
  return categories.size === 1 ? ([...categories][0] ?? null) : null
}

async function valueOf(preset: Preset, values: Fields, campaigns: string[]): Promise<Json> {
  if ('code' in preset) return preset.code
  if ('field' in preset) {
    const [reference = '', behind = ''] = preset.field.split('.')
    const id = values[reference]
    if (typeof id !== 'string' || id === '') return null
    const record = await call('record_get', { id })
    return values[reference] === id ? (record.fields[behind] ?? null) : null
  }
  if (preset.from === 'person') return status.value?.inspector || null
  return preset.from === 'office_division' ? ownDivision() : onlyCategory(campaigns)
}

function isBlank(value: Json | undefined): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
}

export interface Presets {
  /** Fills in; after a reference was put, only what follows from it. */
  fill: (fields: Field[], campaigns: string[], reference?: string) => Promise<void>
  /** Names of divisions that were filled in. */
  titles: Record<string, string>
  forget: () => void
}

/** `put` is what a person has put there. */
export function usePresets(values: Fields, put: Set<string>, titles: Record<string, string>): Presets {
  const filled = new Map<string, string>()

  function mayFill(name: string): boolean {
    const now = values[name]
    return filled.has(name) ? JSON.stringify(now) === filled.get(name) : isBlank(now) && !put.has(name)
  }

  async function fillOne(field: Field, preset: Preset, campaigns: string[]): Promise<void> {
    // A form that starts with less is as good; saving reports the same trouble in words.
    const one = await valueOf(preset, values, campaigns).catch(() => null)
    if (!mayFill(field.name) || (one === null && !filled.has(field.name))) return
    const value = one !== null && ['set', 'texts', 'refs'].includes(field.type) ? [one] : one
    values[field.name] = value
    filled.set(field.name, JSON.stringify(value))
    if (field.type === 'division' && typeof value === 'string' && !(value in titles)) {
      const named = await call('divisions', { text: value, limit: 1 }).catch(() => [])
      if (named[0]?.code === value) titles[value] = named[0].name
    }
  }

  async function fill(fields: Field[], campaigns: string[], reference?: string): Promise<void> {
    const wanted = fields.filter(({ preset }) =>
      preset && reference !== undefined ? 'field' in preset && preset.field.startsWith(`${reference}.`) : preset,
    )
    await Promise.all(wanted.map((field) => field.preset && fillOne(field, field.preset, campaigns)))
  }

  return { fill, titles, forget: () => filled.clear() }
}

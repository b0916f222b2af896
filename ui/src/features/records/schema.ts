// The one schema, as the pages use it: loaded once from the program, asked for labels, options and the fields to show.

import { computed, shallowRef } from 'vue'

import {
  call,
  type CampaignView,
  type Entry,
  type Field,
  type FormView,
  type Json,
  type Kind,
  type RecordRow,
  type SchemaView,
} from '@/bridge'
import { useChanges } from '@/shared/asking'
import { inARow, labelOf, t } from '@/shared/i18n'
import { showWhole, showYuan } from '@/shared/numbers'

import { forgetWithBook } from '../book/switchBook'

const NONE: SchemaView = { kinds: [], vocabularies: [], campaigns: [] }
const loaded = shallowRef(NONE)
forgetWithBook(() => (loaded.value = NONE))

export const schema = computed(() => loaded.value)

export async function loadSchema(): Promise<void> {
  loaded.value = await call('schema', {})
}

/** Keeps it as the campaigns are, for as long as the component is there. What cannot be read stays as it was. */
export function useCurrentSchema(): void {
  useChanges(['campaigns'], () => void loadSchema().catch(() => undefined))
}

/** For tests, which bring their own. */
export function setSchema(next: SchemaView): void {
  loaded.value = next
}

export function kindOf(id: string): Kind {
  const kind = loaded.value.kinds.find((each) => each.id === id)
  if (!kind) throw new Error(`kind ${id}`)
  return kind
}

/** The fields of a kind that are named, in the order of the names. */
export function fieldsOf(kind: string, names: string[]): Field[] {
  const { fields } = kindOf(kind)
  return names.map((name) => fields.find((field) => field.name === name)).filter((field): field is Field => field !== undefined)
}

export function kindLabel(id: string): string {
  const kind = loaded.value.kinds.find((each) => each.id === id)
  return kind ? labelOf(kind) : id
}

export function entriesOf(vocabulary: string): Entry[] {
  return loaded.value.vocabularies.find((each) => each.id === vocabulary)?.entries ?? []
}

export function codeLabel(vocabulary: string, code: string): string {
  const entry = entriesOf(vocabulary).find((each) => each.code === code)
  return entry ? labelOf(entry) : code
}

export function campaignOf(id: string): CampaignView | undefined {
  return loaded.value.campaigns.find((each) => each.id === id)
}

export function campaignLabel(id: string): string {
  const campaign = campaignOf(id)
  return campaign ? labelOf({ zh: campaign.title, en: campaign.title_en }) : id
}

/** What can be filled of a campaign: the forms of its own, then the ledgers every campaign has. */
export function formsOf(campaign: CampaignView): FormView[] {
  return [...campaign.forms, ...campaign.ledgers]
}

/** The campaign a form or a ledger is of. */
export function campaignOfForm(form: string): CampaignView | undefined {
  return loaded.value.campaigns.find((each) => formsOf(each).some((known) => known.id === form))
}

/** Core fields, those of the campaigns' field sets, and any other field that already holds something. */
export function fieldsShown(kind: Kind, campaigns: string[], values: Record<string, Json>): Field[] {
  const sets = new Set(campaigns.flatMap((id) => campaignOf(id)?.field_sets ?? []))
  return kind.fields.filter(
    (field) => !field.set || sets.has(field.set) || (values[field.name] !== undefined && values[field.name] !== null),
  )
}

export interface Group {
  id: string
  label: string
  fields: Field[]
}

/** Fields under their headings, in the order of the schema. */
export function groupsOf(fields: Field[]): Group[] {
  const groups: Group[] = []
  for (const field of fields) {
    const id = field.group ?? ''
    let group = groups.find((each) => each.id === id)
    if (!group) {
      group = { id, label: id === '' ? t('form.group.other') : codeLabel('group', id), fields: [] }
      groups.push(group)
    }
    group.fields.push(field)
  }
  return groups
}

/** Options of a code field; of categories, those the record's campaigns are about come first. */
export function optionsOf(vocabulary: string, campaigns: string[]): { value: string; label: string }[] {
  const entries = entriesOf(vocabulary).map((entry) => ({ value: entry.code, label: labelOf(entry) }))
  if (vocabulary !== 'category') return entries
  const first = new Set(campaigns.flatMap((id) => campaignOf(id)?.categories ?? []))
  return [...entries.filter((each) => first.has(each.value)), ...entries.filter((each) => !first.has(each.value))]
}

/** The unit quantities of a record are counted in, by its category; empty while the category is open. */
export function unitOf(values: Record<string, Json>): string {
  const several = values['categories']
  const category = values['category'] ?? (Array.isArray(several) && several.length === 1 ? several[0] : null)
  return entriesOf('category').find((entry) => entry.code === category)?.unit ?? ''
}

/** A value in words, for tables. */
export function showValue(field: Field, value: Json | undefined, titles: Record<string, string>): string {
  if (value === null || value === undefined) return ''
  switch (field.type) {
    case 'bool':
      return t(value ? 'form.yes' : 'form.no')
    case 'money':
      return typeof value === 'number' ? showYuan(value) : String(value)
    case 'integer':
    case 'quantity':
      return titles[`${field.name}=${String(value)}`] ?? (typeof value === 'number' ? showWhole(value) : String(value))
    case 'code':
      return codeLabel(field.of, String(value))
    case 'set':
      return Array.isArray(value) ? inARow(value.map((code) => codeLabel(field.of, String(code)))) : ''
    case 'ref':
      return titles[String(value)] ?? String(value)
    case 'refs':
      return Array.isArray(value) ? inARow(value.map((id) => titles[String(id)] ?? String(id))) : ''
    case 'division':
      return titles[String(value)] ?? String(value)
    case 'texts':
      return Array.isArray(value) ? inARow(value.map(String)) : ''
    case 'objects':
    case 'checklist':
      return typeof value === 'object' ? String(Array.isArray(value) ? value.length : Object.keys(value).length) : ''
    default:
      return (field.chooses && titles[`${field.name}=${String(value)}`]) || String(value)
  }
}

/** What a record is called; empty where nothing names it. */
export function titleOf(record: RecordRow): string {
  const kind = kindOf(record.kind)
  const field = kind.fields.find((each) => each.name === kind.title)
  return field ? showValue(field, record.fields[field.name], record.titles) : ''
}

/** Takes a line of a form to itself. */
export function isWide(field: Field): boolean {
  return ['long_text', 'checklist', 'objects', 'set', 'refs'].includes(field.type)
}

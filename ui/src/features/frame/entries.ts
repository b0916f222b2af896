// What Ctrl+K finds beside records: places of the menu, new records, forms, campaigns, and things to do. Matched by words, by
// those of what is to be found there, and by pinyin, which the program gives.

import type { Router } from 'vue-router'

import { call, type CampaignView, type FormView } from '@/bridge'
import { labelOf, language, setLanguage, t, type Key } from '@/shared/i18n'

import { today } from '../book/status'
import { carryOut, offered, offerWords, type Way } from '../journal/journal'
import { entriesOf, kindLabel, schema } from '../records/schema'
import { campaign } from './campaign'
import { pageActions } from './pageActions'
import { NOUNS } from './nouns'

export interface Entry {
  key: string
  group: Key
  title: string
  detail: string
  /** Words of what is found there: a match in one of them shows it. */
  also?: string[]
  /** Found behind all other titles: there are as many of its name as there are campaigns. */
  behind?: boolean
  /** What it gives is waited for. */
  run: () => unknown
}

export interface Findable {
  entry: Entry
  initials: string[]
  also?: { words: string; initials: string[] }[]
}

/** Pages of the menu that are not lists of records, in their order, with words they are also looked for by. */
const PLACES: { path: string; label: Key; also?: Key }[] = [
  { path: '/workbench', label: 'menu.workbench' },
  { path: '/forms', label: 'menu.forms' },
  { path: '/filings', label: 'menu.filings', also: 'palette.filings' },
  { path: '/packages', label: 'menu.packages', also: 'palette.packages' },
  { path: '/settings', label: 'menu.settings', also: 'palette.settings' },
  { path: '/help', label: 'menu.help' },
]

/** What a kind is about: its fields, and the codes that no other kind has. */
function wordsOf(kind: string): string[] {
  const coded = (id: string): string[] => {
    const fields = schema.value.kinds.find((each) => each.id === id)?.fields ?? []
    return fields.flatMap((field) => (field.type === 'code' || field.type === 'set' ? [field.of] : []))
  }
  const others = new Set(schema.value.kinds.filter((each) => each.id !== kind).flatMap((each) => coded(each.id)))
  const own = [...new Set(coded(kind))].filter((id) => !others.has(id))
  const fields = schema.value.kinds.find((each) => each.id === kind)?.fields ?? []
  return [...fields.map((field) => labelOf(field)), ...own.flatMap((id) => entriesOf(id).map((entry) => labelOf(entry)))]
}

export function entries(router: Router): Entry[] {
  const go = (address: string) => () => router.push(address)
  const creates = NOUNS.flatMap((noun) =>
    noun.kinds.map((page) => ({
      key: `new ${page.kind}`,
      group: 'palette.actions' as Key,
      title: t('action.create.of', { kind: kindLabel(page.kind) }),
      detail: t(noun.label),
      also: wordsOf(page.kind),
      run: go(`/${noun.path}/${page.kind}/new`),
    })),
  )
  const lists = NOUNS.flatMap((noun) =>
    noun.kinds.map((page) => ({
      key: `list ${page.kind}`,
      group: 'palette.places' as Key,
      title: kindLabel(page.kind),
      detail: t(noun.label),
      also: [...wordsOf(page.kind), ...(page.document ? [t('action.print')] : [])],
      run: go(`/${noun.path}/${page.kind}`),
    })),
  )
  const places = PLACES.map(({ path, label, also }) => ({
    key: path,
    group: 'palette.places' as Key,
    title: t(label),
    detail: also ? t(also) : '',
    ...(path === '/forms' ? { also: [t('action.print'), 'PDF', 'XLSX'] } : {}),
    run: go(path),
  }))
  const other = language.value === 'zh' ? 'en' : 'zh'
  const speaks: Entry = {
    key: 'language',
    group: 'palette.actions',
    title: t('palette.language'),
    detail: t(other === 'en' ? 'language.en' : 'language.zh'),
    run: () => setLanguage(other),
  }
  const formEntry = (form: FormView, of: CampaignView): Omit<Entry, 'group'> => ({
    key: `form ${form.id}`,
    title: `${form.attachment} ${labelOf({ zh: form.title, en: form.title_en })}`.trim(),
    detail: labelOf({ zh: of.title, en: of.title_en }),
    run: () => router.push({ path: '/forms', query: { form: form.id, as_of: today.value } }),
  })
  const forms = schema.value.campaigns.flatMap((each) =>
    each.forms.map((form) => ({ ...formEntry(form, each), group: 'palette.forms' as Key })),
  )
  // Of the ledgers of one name, that of the campaign that is looked at comes first.
  const nearest = [...schema.value.campaigns].sort(
    (one, other) => Number(other.id === campaign.value) - Number(one.id === campaign.value),
  )
  const ledgers = nearest.flatMap((each) =>
    each.ledgers.map((ledger) => ({ ...formEntry(ledger, each), group: 'forms.ledgers' as Key, behind: true })),
  )
  const campaigns = schema.value.campaigns.map((each) => ({
    key: `campaign ${each.id}`,
    group: 'palette.campaigns' as Key,
    title: labelOf({ zh: each.title, en: each.title_en }),
    detail: each.document,
    run: () => {
      campaign.value = each.id
    },
  }))
  return [...creates, ...places, ...lists, speaks, ...forms, ...campaigns, ...ledgers]
}

/** What the page that is open offers, and taking back, or bringing back, what was done last. */
export function entriesHere(): Entry[] {
  const journal = (['undo', 'redo'] satisfies Way[]).flatMap((way) => {
    const entry = offered(way)
    return entry && entry.operation !== 'package'
      ? [{ key: way, title: offerWords(way, entry), run: () => void carryOut(way, entry) }]
      : []
  })
  return [...pageActions(), ...journal].map((action) => ({ detail: '', ...action, group: 'palette.here' }))
}

export async function findable(all: Entry[]): Promise<Findable[]> {
  const words = [...new Set(all.flatMap((entry) => [entry.title, ...(entry.also ?? [])]))]
  const answer = await call('initials', { words }).catch(() => [])
  const initials = new Map(words.map((each, at) => [each, answer[at] ?? []]))
  const of = (each: string): string[] => initials.get(each) ?? []
  return all.map((entry) => ({
    entry,
    initials: of(entry.title),
    also: (entry.also ?? []).map((each) => ({ words: each, initials: of(each) })),
  }))
}

/** Behind the places 0 to 3 of a title that matches. */
const LAST_TITLED = 4
const BESIDE = 5
const NOT_FOUND = 6

/** The best first: what begins with what was typed, then what holds it, then what holds it beside its title or leads to it. */
export function match(all: Findable[], typed: string): Entry[] {
  const text = typed.trim().toLowerCase()
  if (text === '') return all.map(({ entry }) => entry)
  const titled = ({ entry, initials }: Findable): number | null => {
    const title = entry.title.toLowerCase()
    if (title.startsWith(text)) return 0
    if (initials.some((each) => each.startsWith(text))) return 1
    if (title.includes(text)) return 2
    return text.length > 1 && initials.some((each) => each.includes(text)) ? 3 : null
  }
  const rank = (each: Findable): number => {
    const by = titled(each)
    if (by !== null) return each.entry.behind ? LAST_TITLED : by
    return each.entry.detail.toLowerCase().includes(text) ? BESIDE : NOT_FOUND
  }
  const led = ({ also }: Findable): string | undefined => {
    if (text.length < 2) return undefined
    const holds = also?.find(({ words }) => words.toLowerCase().includes(text))
    return (holds ?? also?.find(({ initials }) => initials.some((each) => each.startsWith(text))))?.words
  }
  return all
    .map((each) => ({ each, rank: rank(each), led: led(each) }))
    .filter(({ rank, led }) => rank < NOT_FOUND || led !== undefined)
    .sort((one, other) => one.rank - other.rank)
    .map(({ each: { entry }, rank, led }) =>
      rank < NOT_FOUND || led === undefined ? entry : { ...entry, detail: [entry.detail, led].filter(Boolean).join(' · ') },
    )
}

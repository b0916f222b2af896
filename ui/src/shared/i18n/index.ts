// Two languages, one catalogue each. A key that does not exist, or exists in one only, does not compile.

import { ref } from 'vue'

import { keepLanguage, keptLanguage, type Language } from './kept'
import { zh } from './zh'

export type Key = keyof typeof zh
export type { Language }

export type Words = Record<Key, string>

/** The other language is read when somebody wants it. */
const known: Partial<Record<Language, Words>> = { zh }

export const language = ref<Language>(keptLanguage())

/** For whoever brings them along. */
export function addWords(language: Language, words: Words): void {
  known[language] = words
}

export async function readWords(language: Language): Promise<void> {
  if (!known[language]) addWords(language, (await import('./en')).en)
}

/** At once where its words are known. */
export function setLanguage(next: Language): void {
  if (!known[next]) return void readWords(next).then(() => setLanguage(next))
  language.value = next
  keepLanguage(next)
  document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en'
}

const plurals = { zh: new Intl.PluralRules('zh'), en: new Intl.PluralRules('en') }

/** The words of a key. `{name}` is filled in; `{count|record|records}` is the form that goes with the number filled in there. */
export function t(key: Key, args: Record<string, string | number> = {}): string {
  const words: string = (known[language.value] ?? zh)[key]
  return words.replace(/\{(\w+)(?:\|([^|}]+)\|([^|}]+))?\}/g, (whole, name: string, one?: string, other?: string) => {
    const given = args[name]
    if (given === undefined) return whole
    if (one === undefined || other === undefined) return String(given)
    return plurals[language.value].select(Number(given)) === 'one' ? one : other
  })
}

/** Names one after the other, as the language sets them apart. */
export function inARow(names: string[]): string {
  return names.join(language.value === 'zh' ? '、' : ', ')
}

/** What is said in several clauses, one after the other. */
export function clauses(said: string[]): string {
  return said.join(language.value === 'zh' ? '；' : '; ')
}

/** What is said under a label, after it. */
export function labelled(label: string, said: string): string {
  return label + (language.value === 'zh' ? '：' : ': ') + said
}

/** Words with what is said beside them. */
export function aside(words: string, said: string): string {
  return language.value === 'zh' ? `${words}（${said}）` : `${words} (${said})`
}

/** The label of something that brings both languages with it: a field, a kind, a vocabulary entry. */
export function labelOf(thing: { zh: string; en: string }): string {
  return language.value === 'zh' ? thing.zh : thing.en || thing.zh
}

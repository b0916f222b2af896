// Two languages, one catalogue each. A key that does not exist, or exists in one only, does not compile.

import { ref } from 'vue'

import { en } from './en'
import { keepLanguage, keptLanguage, type Language } from './kept'
import { zh } from './zh'

export type Key = keyof typeof zh
export type { Language }

export const language = ref<Language>(keptLanguage())

export function setLanguage(next: Language): void {
  language.value = next
  keepLanguage(next)
  document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en'
}

/** The words of a key, with `{name}` filled in. */
export function t(key: Key, args: Record<string, string | number> = {}): string {
  const words: string = (language.value === 'zh' ? zh : en)[key]
  return words.replace(/\{(\w+)\}/g, (whole, name: string) => String(args[name] ?? whole))
}

/** Names one after the other, as the language sets them apart. */
export function inARow(names: string[]): string {
  return names.join(language.value === 'zh' ? '、' : ', ')
}

/** The label of something that brings both languages with it: a field, a kind, a vocabulary entry. */
export function labelOf(thing: { zh: string; en: string }): string {
  return language.value === 'zh' ? thing.zh : thing.en || thing.zh
}

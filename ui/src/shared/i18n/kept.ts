// The language this computer's page was last shown in.

export type Language = 'zh' | 'en'

const KEPT = 'sweepbook.language'

export function keptLanguage(): Language {
  return localStorage.getItem(KEPT) === 'en' ? 'en' : 'zh'
}

export function keepLanguage(language: Language): void {
  localStorage.setItem(KEPT, language)
}

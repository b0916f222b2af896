import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

import { en as english } from '@/shared/i18n/en'
import { zh as chinese } from '@/shared/i18n/zh'

import { markWords, sectionsOf, sectionsWith } from './manual'

const FOLDER = join(import.meta.dirname, '../../../../assets/manual')
const zh = readFileSync(join(FOLDER, 'zh.md'), 'utf8')
const en = readFileSync(join(FOLDER, 'en.md'), 'utf8')

describe('the manual', () => {
  it('says the same in both languages, section by section', () => {
    const levels = (text: string): number[] => sectionsOf(text).map((section) => section.level)
    expect(levels(en)).toEqual(levels(zh))
    expect(levels(zh).filter((level) => level === 3).length).toBeGreaterThan(30)
  })

  it.each([
    ['Chinese', zh, chinese],
    ['English', en, english],
  ])('calls what is on screen by its words on screen, in %s', (_, text, words) => {
    const keys = [
      'first.create',
      'first.join',
      'first.open',
      'first.restore',
      'first.sample',
      'first.office',
      'first.name',
      'first.inspector',
      'first.start',
      'first.compare',
      'settings.people',
      'settings.keys',
      'settings.backups',
      'settings.books',
      'settings.screen',
      'settings.about',
      'people.choose',
      'keys.write',
      'backup.second',
      'backup.now',
      'restore.do',
      'books.check',
      'about.log',
      'sample.leave',
      'sample.delete',
      'forms.ledgers',
      'forms.checks.none',
      'forms.checks.error',
      'forms.checks.warn',
    ] as const
    expect(keys.filter((key) => !text.includes(words[key]))).toEqual([])
  })

  it('finds the section that holds every word, in any case', () => {
    const sections = sectionsOf(zh)
    expect(sectionsWith(sections, '  ')).toHaveLength(sections.length)
    expect(sectionsWith(sections, '电脑 丢失').map((section) => section.title)).toContain('电脑丢了')
    expect(sectionsWith(sectionsOf(en), 'CTRL+k').map((section) => section.title)).toContain('Keyboard')
    expect(sectionsWith(sections, '没有这样的词语')).toEqual([])
  })
})

it('raw HTML in the text is text', () => {
  const [section] = sectionsOf('# a\n\n<img src=x onerror=alert(1)> **b**\n')
  const page = document.createElement('div')
  page.innerHTML = section!.html
  expect(page.querySelector('img')).toBeNull()
  expect(page.querySelector('strong')?.textContent).toBe('b')
})

it('words are marked in texts, never in markup', () => {
  const page = document.createElement('div')
  page.innerHTML = '<p class="ab">Ab cab</p><code>ab</code>'
  markWords(page, 'ab  P')
  expect([...page.querySelectorAll('mark')].map((mark) => mark.textContent)).toEqual(['Ab', 'ab', 'ab'])
  expect(page.textContent).toBe('Ab cabab')
})

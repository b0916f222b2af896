import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'

import { aside, clauses, inARow, labelled, setLanguage, t } from '.'
import { en } from './en'
import { zh } from './zh'

const SOURCES = join(import.meta.dirname, '../..')

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'generated' ? [] : files(path)
    return /\.(vue|ts)$/.test(entry.name) && !/\.test\.ts$|i18n\/(zh|en)[./]/.test(path) ? [path] : []
  })
}

const text = files(SOURCES)
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n')

function holes(words: string): string[] {
  return [...new Set([...words.matchAll(/\{(\w+)[|}]/g)].map((match) => match[1] ?? ''))].sort()
}

afterEach(() => setLanguage('zh'))

it('says one thing and several as the language does', () => {
  setLanguage('en')
  expect([0, 1, 2, '1', '1,001'].map((count) => t('status.conflicts', { count }))).toEqual([
    '0 conflicts',
    '1 conflict',
    '2 conflicts',
    '1 conflict',
    '1,001 conflicts',
  ])
  expect(t('import.summary', { count: 1, fresh: 2, changed: 0, conflicts: 1 })).toBe(
    '1 file would be imported: 2 new records, 0 changed, 1 conflict.',
  )
  setLanguage('zh')
  expect(t('status.conflicts', { count: 1 })).toBe('冲突 1 处')
})

it('sets names, clauses, labels and asides apart as the language does', () => {
  expect([inARow(['甲厂', '乙厂']), clauses(['甲', '乙']), labelled('作废', '重复'), aside('甲厂', '1')]).toEqual([
    '甲厂、乙厂',
    '甲；乙',
    '作废：重复',
    '甲厂（1）',
  ])
  setLanguage('en')
  expect([inARow(['A', 'B']), clauses(['a', 'b']), labelled('Void', 'twice'), aside('A', '1')]).toEqual([
    'A, B',
    'a; b',
    'Void: twice',
    'A (1)',
  ])
})

describe('the catalogues', () => {
  it('have the same keys in both languages', () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort())
  })

  it('say something under every key, with the same places to fill in', () => {
    for (const key of Object.keys(zh) as (keyof typeof zh)[]) {
      expect(zh[key].trim(), key).not.toBe('')
      expect(en[key].trim(), key).not.toBe('')
      expect(holes(en[key]), key).toEqual(holes(zh[key]))
    }
  })

  it('bring every key once: of two the later would speak for both', () => {
    for (const catalogue of ['zh', 'en']) {
      const folder = join(import.meta.dirname, catalogue)
      const keys = readdirSync(folder).flatMap((file) =>
        [...readFileSync(join(folder, file), 'utf8').matchAll(/^ {2}'([^']+)':/gm)].map((match) => match[1]),
      )
      expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([])
    }
  })

  it('hold no key that nothing shows, and miss none that is shown', () => {
    const keys = Object.keys(zh)
    const unused = keys.filter((key) => !text.includes(`'${key}'`))
    expect(unused).toEqual([])
    const asked = [...text.matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => match[1])
    expect(asked.filter((key) => !keys.includes(key ?? ''))).toEqual([])
  })

  it('are the only place with words for a person', () => {
    const withoutComments = files(SOURCES).flatMap((path) =>
      readFileSync(path, 'utf8')
        .replace(/\/\/.*$/gm, '')
        .replace(/\/\*[\s\S]*?\*\//g, '')
        .split('\n')
        .filter((line) => /[\u4e00-\u9fff]{2,}/.test(line))
        .map((line) => `${path}: ${line.trim()}`),
    )
    expect(withoutComments).toEqual([])
  })
})

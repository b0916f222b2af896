import { enableAutoUnmount, flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import type { Piece, Quoted, SectionWords } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { answer, asked, hold } from '@/testing/shell'

import { router } from '../frame/router'
import SectionEditor from './SectionEditor.vue'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const INSPECTED: Quoted = {
  quote: 'figure:inspected',
  of: { what: 'figure', figure: 'inspected', zh: '检查', en: 'Inspected' },
  shown: '12',
  value: 12,
  typed: null,
}
const FILED: Quoted = {
  quote: 'cell:c1/1/total/filed',
  of: { what: 'cell', form: 'c1/1', row: 'total', column: 'filed', zh: '表 合计 立案', en: 'Form total filed' },
  shown: '3',
  value: null,
  typed: null,
}

function quoted(of: Quoted, typed: string | null = null): Piece {
  return { kind: 'quoted', ...of, typed }
}

function section(typed: string | null = null): SectionWords {
  const pieces: Piece[] = [
    { kind: 'text', text: 'Inspected ' },
    quoted(INSPECTED, typed),
    { kind: 'text', text: ', filed ' },
    quoted(FILED),
  ]
  return { id: 's1', zh: '情况', en: 'Progress', hint: '写什么', hint_en: 'What to write', pieces, source: '' }
}

/** As the program would: the first number was written over. */
function look(): void {
  answer({
    report_words_edited: ({ text }) => {
      const number = /Inspected (\d*),/.exec(text)?.[1] ?? ''
      return { pieces: section(number === '12' ? null : number).pieces, source: `kept ${number}` }
    },
  })
}

/** What is to be kept, as it is told. */
const edited: string[] = []

function open(props: { last?: string | null; readonly?: boolean } = {}): VueWrapper {
  return mount(SectionEditor, {
    props: { section: section(), asOf: '2021-05-20', office: null, onEdited: (source: string) => edited.push(source), ...props },
    global: { plugins: [router, { install: useElement }] },
  })
}

function textOf(page: VueWrapper): string {
  return page.get('textarea').element.value
}

async function type(page: VueWrapper, text: string): Promise<void> {
  await page.get('textarea').setValue(text)
  vi.advanceTimersByTime(300)
  await flushPromises()
}

enableAutoUnmount(afterEach)
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  setLanguage('en')
  edited.length = 0
  look()
})
afterEach(() => {
  vi.useRealTimers()
  setLanguage('zh')
})

it('shows the text, and of every number where it comes from', () => {
  const page = open()
  expect(textOf(page)).toBe('Inspected 12, filed 3')
  expect(page.get('.section-hint').text()).toBe('What to write')
  expect(page.findAll('.section-quotes li').map((line) => line.text())).toEqual(['12In all · Inspected', '3Form total filed'])
  expect(page.get('.section-quotes a').attributes('href')).toContain('form=c1/1&as_of=2021-05-20&row=total&column=filed')
})

it('marks a number that was written over, and puts the counted one back', async () => {
  const page = open()
  await type(page, 'Inspected 20, filed 3')
  expect(asked.map(({ action, input }) => [action, input.text])).toEqual([['report_words_edited', 'Inspected 20, filed 3']])
  expect(edited).toEqual(['kept 20'])
  expect(page.get('[data-quote="figure:inspected"]').text()).toContain('Written over; counted as 12')
  await page.get('[data-quote="figure:inspected"] button').trigger('click')
  await flushPromises()
  expect(textOf(page)).toBe('Inspected 12, filed 3')
  expect(edited).toEqual(['kept 20', 'kept 12'])
  expect(page.text()).not.toContain('Written over')
})

it('looks again at what was typed meanwhile, and at nothing twice', async () => {
  const page = open()
  const release = hold('report_words_edited')
  await type(page, 'Inspected 20, filed 3')
  await type(page, 'Inspected 21, filed 3')
  expect(asked.length).toBe(1)
  release()
  await flushPromises()
  expect(asked.map(({ input }) => input.text)).toEqual(['Inspected 20, filed 3', 'Inspected 21, filed 3'])
  expect(edited).toEqual(['kept 20', 'kept 21'])
  await page.get('textarea').trigger('blur')
  expect(asked.length).toBe(2)
})

it('takes over what is counted anew, but not while somebody types', async () => {
  const page = open()
  const newer = section()
  newer.pieces = newer.pieces.map((piece) =>
    piece.kind === 'quoted' && piece.quote === INSPECTED.quote ? { ...piece, shown: '13' } : piece,
  )
  await page.setProps({ section: newer })
  expect(textOf(page)).toBe('Inspected 13, filed 3')
  await page.get('textarea').setValue('Inspected 13, filed 3 and')
  await page.setProps({ section: section() })
  expect(textOf(page)).toBe('Inspected 13, filed 3 and')
})

it('keeps what is typed when it cannot be looked at, and says why', async () => {
  answer({ report_words_edited: () => [{ code: 'x', message: 'Refused.', remedy: '', field: null, line: null }] })
  const page = open()
  await type(page, 'Inspected 20, filed 3')
  expect(textOf(page)).toBe('Inspected 20, filed 3')
  expect(page.text()).toContain('Refused.')
})

it('sets the words of the last report beside at a key', async () => {
  const page = open({ last: 'Inspected 7.' })
  expect(page.find('blockquote').exists()).toBe(false)
  await page.get('textarea').trigger('keydown', { key: 'l', altKey: true })
  expect(page.get('blockquote').text()).toBe('Inspected 7.')
  await page.get('.section-beside').trigger('click')
  expect(page.find('blockquote').exists()).toBe(false)
  expect(open().find('.section-beside').exists()).toBe(false)
})

import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { defineComponent } from 'vue'
import { beforeEach, expect, it, vi } from 'vitest'

import { journal, type EntryView, type Hit, type SchemaView } from '@/bridge'
import { useElement } from '@/shared/element'
import { language, setLanguage } from '@/shared/i18n'
import { answer, asked, tellJournal } from '@/testing/shell'

import { setSchema } from '../records/schema'
import { campaign } from './campaign'
import { usePageActions } from './pageActions'
import { NOUNS } from './nouns'
import Palette from './Palette.vue'
import { router } from './router'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const KINDS = NOUNS.flatMap((noun) => noun.kinds.map((page) => page.kind))

const SCHEMA: SchemaView = {
  kinds: KINDS.map((id) => ({ id, zh: `kind ${id}`, en: `kind ${id}`, title: 'name', fields: [] })),
  vocabularies: [],
  campaigns: [
    {
      id: 'c1',
      title: 'Sweep',
      title_en: 'Sweep',
      document: 'No. 24',
      first_day: '2021-03-01',
      last_day: null,
      categories: [],
      field_sets: [],
      checklist: [],
      notes: [],
      ledgers: [],
      report_days: [],
      forms: [{ id: 'c1/1', title: 'Table of cases', title_en: 'Table of cases', attachment: 'A1' }],
    },
  ],
}

function hit(id: string, kind: string, title: string): Hit {
  return { id, kind, title, detail: 'detail', void: false }
}

const HITS = [hit('e1', 'enterprise', 'Mask maker'), hit('s1', 'sample', 'M-1'), hit('x', 'answer', 'nowhere to open')]

async function open(hits: Hit[] = HITS): Promise<VueWrapper> {
  answer({
    initials: ({ words }) => words.map((each) => (each.startsWith('A1') ? ['fjanjtjb'] : [])),
    search: () => hits,
  })
  const palette = mount(Palette, { global: { plugins: [{ install: useElement }, router] }, attachTo: document.body })
  await flushPromises()
  return palette
}

async function type(palette: VueWrapper, text: string): Promise<void> {
  await palette.find('input').setValue(text)
  await flushPromises()
}

async function press(palette: VueWrapper, ...keys: string[]): Promise<void> {
  for (const key of keys) await palette.find('input').trigger('keydown', { key })
  await flushPromises()
}

function titles(palette: VueWrapper): string[] {
  return palette.findAll('.palette-words').map((line) => line.text())
}

beforeEach(async () => {
  document.body.innerHTML = ''
  setSchema(SCHEMA)
  setLanguage('en')
  campaign.value = ''
  await router.push('/settings')
})

it('has the focus at once, and gives it back', async () => {
  const field = document.body.appendChild(document.createElement('input'))
  field.focus()
  const palette = await open()
  expect(document.activeElement).toBe(palette.find('input').element)
  await press(palette, 'Escape')
  expect(palette.emitted('close')).toHaveLength(1)
  palette.unmount()
  expect(document.activeElement).toBe(field)
})

it('finds records of all kinds and opens the chosen one by keyboard', async () => {
  const palette = await open()
  await type(palette, 'm')
  expect(asked.at(-1)).toEqual({ action: 'search', input: { kind: '*', text: 'm', limit: 6 } })
  expect(titles(palette)).toContain('Mask maker')
  expect(titles(palette)).not.toContain('nowhere to open')
  const at = titles(palette).indexOf('M-1')
  await press(palette, ...Array.from({ length: at }, () => 'ArrowDown'), 'Enter')
  // A page is read when it is first gone to.
  await vi.waitFor(() => expect(router.currentRoute.value.path).toBe('/samples/sample/s1'), 10_000)
  expect(palette.emitted('close')).toHaveLength(1)
})

it('finds a form by its attachment and by initials, and opens it', async () => {
  const palette = await open([])
  await type(palette, 'fjan')
  expect(titles(palette)).toEqual(['A1 Table of cases'])
  await press(palette, 'Enter')
  await vi.waitFor(() => expect(router.currentRoute.value.path).toBe('/forms'), 10_000)
  expect(router.currentRoute.value.query['form']).toBe('c1/1')
})

it('finds a ledger behind what else has its words, that of the campaign looked at first', async () => {
  const ledger = (id: string) => ({ id: `${id}/cases`, title: 'Cases ledger', title_en: 'Cases ledger', attachment: '' })
  const form = (id: string) => [{ id: `${id}/1`, title: 'Table of cases', title_en: 'Table of cases', attachment: '' }]
  const [sweep] = SCHEMA.campaigns
  const campaigns = ['c1', 'c2'].map((id) => ({ ...sweep!, id, title_en: `Sweep ${id}`, forms: form(id), ledgers: [ledger(id)] }))
  setSchema({ ...SCHEMA, campaigns })
  campaign.value = 'c2'
  const palette = await open([])
  await type(palette, 'cases')
  expect(titles(palette).slice(0, 4)).toEqual(['Table of cases', 'Table of cases', 'Cases ledger', 'Cases ledger'])
  const details = palette.findAll('.palette-detail').map((line) => line.text())
  expect(details.slice(0, 4)).toEqual(['Sweep c1', 'Sweep c2', 'Sweep c2', 'Sweep c1'])
  await type(palette, 'cases led')
  await press(palette, 'Enter')
  await vi.waitFor(() => expect(router.currentRoute.value.query['form']).toBe('c2/cases'), 10_000)
})

it('finds what a page is about, by its words and by their whole pinyin', async () => {
  const fine = { name: 'fine', zh: '罚没金额', en: 'Fines', type: 'money' as const }
  const kinds = { name: 'kinds', zh: '处罚种类', en: 'Kinds of penalty', type: 'set' as const, of: 'penalty' }
  const vocabularies = [{ id: 'penalty', entries: [{ code: 'fine', zh: '罚款', en: 'Fine' }] }]
  setSchema({
    ...SCHEMA,
    vocabularies,
    kinds: SCHEMA.kinds.map((kind) => (kind.id === 'case' ? { ...kind, fields: [fine, kinds] } : kind)),
  })
  setLanguage('zh')
  answer({ initials: ({ words }) => words.map((each) => (each === '罚款' ? ['fk', 'fakuan'] : [])), search: () => [] })
  const palette = mount(Palette, { global: { plugins: [{ install: useElement }, router] }, attachTo: document.body })
  await flushPromises()
  for (const [typed, word] of [
    ['罚没', '罚没金额'],
    ['fakuan', '罚款'],
  ] as const) {
    await type(palette, typed)
    expect(titles(palette)).toEqual(['新增kind case', 'kind case'])
    expect(palette.findAll('.palette-detail').map((line) => line.text())[1]).toBe(`案件 · 线索 · 召回 · 帮扶 · ${word}`)
  }
  await type(palette, '打印')
  expect(titles(palette)).toEqual(['附件表', 'kind enterprise', 'kind inspection'])
})

it('switches the campaign and the language, and begins new records', async () => {
  const palette = await open([])
  await type(palette, 'sweep')
  await press(palette, 'Enter')
  expect(campaign.value).toBe('c1')
  await type(palette, 'switch language')
  await press(palette, 'Enter')
  expect(language.value).toBe('zh')
  setLanguage('en')
  await type(palette, 'kind clue')
  await palette.find('[data-key="new clue"]').trigger('click')
  await flushPromises()
  await vi.waitFor(() => expect(router.currentRoute.value.path).toBe('/cases/clue/new'), 10_000)
})

it('offers before all else what the open page offers, for as long as that is open', async () => {
  const done: string[] = []
  const Page = defineComponent({
    setup: () =>
      usePageActions(() => [
        { key: 'history', title: 'History', run: () => done.push('history') },
        { key: 'join', title: 'Join with another', detail: 'enterprise', run: () => done.push('join') },
      ]),
    render: () => null,
  })
  const page = mount(Page)
  let palette = await open([])
  expect(titles(palette).slice(0, 2)).toEqual(['History', 'Join with another'])
  expect(palette.find('.palette-group').text()).toBe('On this page')
  await press(palette, 'ArrowDown', 'Enter')
  expect(done).toEqual(['join'])
  palette.unmount()
  palette = await open([])
  await type(palette, 'hist')
  await press(palette, 'Enter')
  expect(done).toEqual(['join', 'history'])
  palette.unmount()

  page.unmount()
  palette = await open([])
  expect(titles(palette)).not.toContain('History')
  expect(palette.find('.palette-group').text()).not.toBe('On this page')
})

it('takes back and brings back what was done last, by name', async () => {
  const entry: EntryView = {
    id: 7,
    operation: 'new',
    record: { id: 'r1', kind: 'enterprise', title: '甲厂' },
    kinds: [{ kind: 'enterprise', count: 1 }],
    fields: [],
    at: '',
  }
  journal.value = { done: null, undo: entry, redo: null }
  let palette = await open([])
  answer({ journal_undo: () => ({}), initials: () => [], status: () => ({ book: null, today: '', sample: false }) } as never)
  expect(palette.find('[data-key=undo]').text()).toContain('甲厂')
  expect(palette.find('[data-key=redo]').exists()).toBe(false)
  tellJournal({ done: null, undo: null, redo: entry })
  await palette.find('[data-key=undo]').trigger('click')
  await flushPromises()
  expect(asked.find((each) => each.action === 'journal_undo')?.input).toEqual({ entry: 7 })
  palette.unmount()
  palette = await open([])
  expect(palette.find('[data-key=undo]').exists()).toBe(false)
  expect(palette.find('[data-key=redo]').text()).toContain('甲厂')
})

it('says when nothing is found, and asks nothing while nothing is typed', async () => {
  const palette = await open([])
  expect(asked.every((each) => each.action === 'initials')).toBe(true)
  expect(titles(palette).length).toBeGreaterThan(KINDS.length)
  await type(palette, 'qqqq')
  expect(titles(palette)).toEqual([])
  expect(palette.find('.palette-none').text()).not.toBe('')
  await press(palette, 'ArrowDown', 'Enter')
  expect(palette.emitted('close')).toBeUndefined()
})

it('keeps its keys from the page underneath', async () => {
  const palette = await open()
  const heard = vi.fn()
  document.addEventListener('keydown', heard)
  await press(palette, 'ArrowDown', 'Escape', 'a')
  document.removeEventListener('keydown', heard)
  expect(heard).not.toHaveBeenCalled()
})

it('shows the answer to what was typed last', async () => {
  const palette = await open()
  answer({ search: ({ text }) => [hit(text, 'enterprise', `found ${text}`)], initials: () => [] })
  const input = palette.find('input')
  await input.setValue('a')
  await input.setValue('ab')
  await flushPromises()
  expect(titles(palette).filter((title) => title.startsWith('found'))).toEqual(['found ab'])
})

// What a new form starts with, and how it is filled in by keys and read by a screen reader.

import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { BookStatus, Problem, RecordRow, SchemaView } from '@/bridge'
import { setLanguage } from '@/shared/i18n'
import { openForm, saveForm } from '@/testing/recordForm'
import { answer, asked, type Answers } from '@/testing/shell'

import { appStatus } from '../book/status'
import { campaign } from '../frame/campaign'
import type { FormStart } from './recordForm'
import { setSchema } from './schema'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const words = (name: string): { zh: string; en: string } => ({ zh: name, en: name })
const codes = (count: number) => Array.from({ length: count }, (_, at) => ({ code: `c${at + 1}`, ...words(`code ${at + 1}`) }))

const SCHEMA: SchemaView = {
  kinds: [
    {
      id: 'visit',
      ...words('visit'),
      title: 'note',
      fields: [
        { name: 'shop', type: 'ref', to: 'shop', required: true, group: 'a', ...words('shop') },
        { name: 'place', type: 'text', group: 'a', preset: { field: 'shop.address' }, ...words('place') },
        { name: 'people', type: 'texts', required: true, group: 'a', preset: { from: 'person' }, ...words('people') },
        {
          name: 'categories',
          type: 'set',
          of: 'category',
          required: true,
          group: 'a',
          preset: { from: 'campaign_category' },
          ...words('categories'),
        },
        { name: 'division', type: 'division', group: 'a', preset: { from: 'office_division' }, ...words('division') },
        { name: 'result', type: 'code', of: 'result', required: true, group: 'b', preset: { code: 'c2' }, ...words('result') },
        { name: 'modes', type: 'set', of: 'result', group: 'b', ...words('modes') },
        {
          name: 'flows',
          type: 'objects',
          group: 'b',
          ...words('flows'),
          members: [{ name: 'to', type: 'text', ...words('to') }],
        },
        { name: 'note', type: 'text', group: 'c', ...words('note') },
      ],
    },
    { id: 'shop', ...words('shop'), title: 'name', fields: [{ name: 'name', type: 'text', ...words('name') }] },
  ],
  vocabularies: [
    { id: 'result', entries: codes(3) },
    { id: 'category', entries: codes(20) },
    { id: 'group', entries: ['a', 'b', 'c'].map((code) => ({ code, ...words(`Group ${code}`) })) },
  ],
  campaigns: [
    ['one', ['c7']],
    ['two', ['c8', 'c9']],
  ].map(([id, categories]) => ({
    id: id as string,
    title: `campaign ${id as string}`,
    title_en: '',
    document: '',
    first_day: '2021-01-01',
    last_day: null,
    categories: categories as string[],
    field_sets: [],
    checklist: [],
    forms: [],
    notes: [],
    ledgers: [],
    report_days: [],
  })),
}

const shop = (address: string): RecordRow => ({
  id: 's1',
  kind: 'shop',
  office: '640121',
  campaigns: [],
  void: null,
  overrides: {},
  fields: { name: '甲店', address },
  titles: {},
  conflicted: [],
})

let opened: VueWrapper[] = []

async function open(answers: Answers = {}, more: Partial<FormStart> = {}): Promise<VueWrapper> {
  answer({
    draft_get: () => null,
    divisions: () => [{ code: '640121', name: '宁夏永宁县', own: '永宁县', alike: false }],
    record_check: () => ({ errors: [], warnings: [] }),
    ...answers,
  })
  const form = await openForm({ kind: 'visit', id: null, preset: {}, campaigns: ['one'], resume: true, ...more })
  opened.push(form)
  return form
}

async function sent(form: VueWrapper): Promise<Record<string, unknown>> {
  await saveForm(form)
  return asked.filter((each) => each.action === 'record_save').at(-1)?.input['fields'] as Record<string, unknown>
}

const text = (form: VueWrapper, field: string): HTMLInputElement =>
  form.get<HTMLInputElement>(`[data-field=${field}] input`).element

beforeEach(() => {
  document.body.innerHTML = ''
  setSchema(SCHEMA)
  setLanguage('zh')
  campaign.value = 'one'
  appStatus.value = { book: { office: '640121-01', inspector: '张三' } as BookStatus, today: '2021-05-27', sample: false }
})

afterEach(() => {
  for (const form of opened) form.unmount()
  opened = []
})

describe('a new form starts with', () => {
  it('the focus on the first thing to be filled in, where it shows', async () => {
    setSchema({
      ...SCHEMA,
      kinds: SCHEMA.kinds.map((kind) => ({ ...kind, fields: kind.fields.filter((each) => each.type === 'text') })),
    })
    const form = await open()
    const first = form.get('[data-field=place] .el-input__wrapper')
    expect(document.activeElement).toBe(first.get('input').element)
    expect(first.classes()).toContain('is-focus')
  })

  const SAVE: Answers = { record_save: () => ({ record: null, errors: [], warnings: [] }) }

  it('what the schema says: the person, the county, the only category, a code', async () => {
    const form = await open(SAVE)
    expect(form.get('[data-field=division]').text()).toContain('宁夏永宁县')
    expect(await sent(form)).toEqual({ people: ['张三'], categories: ['c7'], division: '640121', result: 'c2' })
    expect(form.get('[data-field=result] .chosen').text()).toBe('code 2')
  })

  it('no category of several, and no place that holds others', async () => {
    appStatus.value = { book: { office: '640100', inspector: '' } as BookStatus, today: '2021-05-27', sample: false }
    expect(await sent(await open(SAVE, { campaigns: ['two'] }))).toEqual({ result: 'c2' })
  })

  it('nothing in place of what was handed to it', async () => {
    expect(await sent(await open(SAVE, { preset: { people: ['李四'], result: 'c1' } }))).toMatchObject({
      people: ['李四'],
      result: 'c1',
    })
  })

  it('the address of the shop that is chosen, until a person puts another', async () => {
    let address = '甲路 1 号'
    const form = await open({
      ...SAVE,
      search: () => [{ id: 's1', kind: 'shop', title: '甲店', detail: '', void: false }],
      record_get: () => shop(address),
    })
    const choose = async (): Promise<void> => {
      form.findComponent({ name: 'RefPicker' }).vm.$emit('choose', ['s1'])
      await flushPromises()
    }
    await choose()
    expect(text(form, 'place').value).toBe('甲路 1 号')
    address = '乙路 2 号'
    await choose()
    expect(text(form, 'place').value).toBe('乙路 2 号')
    await form.get('[data-field=place] input').setValue('门口')
    address = '丙路 3 号'
    await choose()
    expect(text(form, 'place').value).toBe('门口')
  })
})

describe('while a form is begun and the campaign is switched', () => {
  it('asks whether it goes along, and says what it counts for', async () => {
    const form = await open()
    await form.get('[data-field=note] input').setValue('甲')
    campaign.value = 'two'
    await flushPromises()
    expect(form.get('.campaign-left').text()).toContain('“campaign two”，这条记录仍计入：campaign one')
    await form.findAll('.campaign-left button')[0]?.trigger('click')
    await flushPromises()
    expect(form.find('.campaign-left').exists()).toBe(false)
    expect(form.get('[data-field=campaigns]').text()).toContain('campaign two')
    // The only category of the one was filled in by the form; the other has several.
    expect(form.get('[data-field=categories]').text()).not.toContain('code 7')
  })

  it('goes along unasked where nobody has typed yet', async () => {
    const form = await open()
    campaign.value = 'two'
    await flushPromises()
    expect(form.find('.campaign-left').exists()).toBe(false)
    expect(form.get('[data-field=campaigns]').text()).toContain('campaign two')
  })
})

describe('keys', () => {
  it('choose by digits: one of a few, and several of a few', async () => {
    const form = await open()
    const group = form.get('[data-field=result] [tabindex="0"]')
    await group.trigger('keydown', { key: '3' })
    expect(form.get('[data-field=result] .chosen').text()).toBe('code 3')
    await form.get('[data-field=result] .chosen').trigger('keydown', { key: '3' })
    expect(form.get('[data-field=result] .chosen').text(), 'never taken back').toBe('code 3')
    await form.get('[data-field=result] .chosen').trigger('keydown', { key: '4' })
    expect(form.get('[data-field=result] .chosen').text()).toBe('code 3')
    for (const key of ['1', '2', '1']) await form.get('[data-field=modes] [tabindex="0"]').trigger('keydown', { key })
    expect(form.findAll('[data-field=modes] .chosen').map((each) => each.text())).toEqual(['code 2'])
  })

  it('within a group leave nothing; the first out of it is judged', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const form = await open()
    await form.get('[data-field=note] input').setValue('甲')
    const [first, second] = form.findAll('[data-field=modes] .choice').map((each) => each.element as HTMLElement)
    const checks = async (to: Element | null | undefined): Promise<number> => {
      first?.dispatchEvent(new FocusEvent('focusout', { bubbles: true, relatedTarget: to ?? null }))
      await vi.advanceTimersByTimeAsync(500)
      return asked.filter((each) => each.action === 'record_check').length
    }
    expect(await checks(second)).toBe(0)
    expect(await checks(text(form, 'note'))).toBe(1)
    vi.useRealTimers()
  })

  it('stand in the first field of a row that was added', async () => {
    const form = await open()
    await form.get('[data-field=flows] .el-button').trigger('click')
    await flushPromises()
    expect(document.activeElement).toBe(form.get('[data-field=flows] tbody input').element)
  })
})

describe('whoever hears the form read', () => {
  it('is told what must be filled in, what is wrong, and why', async () => {
    const problem = (field: string): Problem => ({
      code: 'required',
      message: '没有填写。',
      remedy: '请填写。',
      field,
      line: null,
    })
    const form = await open({ record_save: () => ({ record: null, errors: [problem('shop'), problem('note')], warnings: [] }) })
    const note = text(form, 'note')
    expect([note.getAttribute('aria-invalid'), note.getAttribute('aria-describedby')]).toEqual([null, null])
    expect(text(form, 'shop').getAttribute('aria-required')).toBe('true')
    expect(text(form, 'people').getAttribute('aria-required')).toBe('true')
    expect(form.get('[data-field=result] [role=radiogroup]').attributes('aria-required')).toBe('true')
    expect(note.getAttribute('aria-required')).toBeNull()
    await sent(form)
    for (const field of ['shop', 'note']) {
      const input = text(form, field)
      expect(input.getAttribute('aria-invalid'), field).toBe('true')
      const said = document.getElementById(input.getAttribute('aria-describedby') ?? '')
      expect(said?.textContent, field).toContain('没有填写。')
    }
  })
})

it('in a dialog begins with what must be filled in, and shows the rest on demand and where it is wrong', async () => {
  const problem: Problem = { code: 'long', message: '太长。', remedy: '', field: 'note', line: null }
  const form = await open({ record_save: () => ({ record: null, errors: [problem], warnings: [] }) }, { brief: true })
  const groups = (): (string | undefined)[] => form.findAll('.group[data-group]').map((group) => group.attributes('data-group'))
  expect(groups()).toEqual(['a', 'b'])
  await sent(form)
  expect(groups()).toEqual(['a', 'b', 'c'])
  const again = await open({}, { brief: true })
  await again.get('.form-more').trigger('click')
  expect(again.findAll('.group[data-group]')).toHaveLength(3)
  expect(again.find('.form-more').exists()).toBe(false)
})

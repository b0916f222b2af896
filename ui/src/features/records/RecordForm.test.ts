import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { enableAutoUnmount, flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import {
  call,
  type BookStatus,
  type DeclarableForm,
  type DraftView,
  type Fields,
  type Problem,
  type RecordRow,
  type SchemaView,
} from '@/bridge'
import { setLanguage } from '@/shared/i18n'
import { openForm, saveForm } from '@/testing/recordForm'
import { answer, asked, hold } from '@/testing/shell'

import { appStatus } from '../book/status'
import FormPartField from './fields/FormPartField.vue'
import { setSchema } from './schema'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const words = (name: string): { zh: string; en: string } => ({ zh: name, en: name })

const SCHEMA: SchemaView = {
  kinds: [
    {
      id: 'visit',
      ...words('visit'),
      title: 'note',
      fields: [
        { name: 'note', type: 'text', required: true, group: 'a', ...words('note') },
        { name: 'on', type: 'date', required: false, group: 'a', ...words('on') },
        { name: 'fine', type: 'money', required: false, group: 'b', ...words('fine') },
        { name: 'exports', type: 'bool', required: false, group: 'b', ...words('exports') },
        { name: 'outcome', type: 'code', of: 'outcome', required: false, group: 'b', ...words('outcome') },
        { name: 'extra', type: 'text', required: false, set: 'special', group: 'b', ...words('extra') },
      ],
    },
    {
      id: 'told',
      ...words('told'),
      title: 'form',
      fields: [
        { name: 'form', type: 'text', chooses: 'form', group: 'a', ...words('form') },
        { name: 'column', type: 'text', chooses: 'column', group: 'a', ...words('column') },
        { name: 'value', type: 'integer', measured_by: 'column', group: 'a', ...words('value') },
      ],
    },
  ],
  vocabularies: [
    {
      id: 'outcome',
      entries: [
        { code: 'good', ...words('good') },
        { code: 'bad', ...words('bad') },
      ],
    },
    {
      id: 'group',
      entries: [
        { code: 'a', ...words('Group A') },
        { code: 'b', ...words('Group B') },
      ],
    },
  ],
  campaigns: [
    {
      id: 'made-up',
      title: 'Made up',
      title_en: 'Made up',
      document: '',
      first_day: '2021-01-01',
      last_day: null,
      categories: [],
      field_sets: ['special'],
      checklist: [],
      notes: [],
      ledgers: [],
      report_days: [],
      forms: [],
    },
  ],
}

function record(fields: Fields): RecordRow {
  return {
    id: 'r1',
    kind: 'visit',
    office: '640121',
    campaigns: [],
    void: null,
    overrides: {},
    fields,
    titles: {},
    conflicted: [],
  }
}

const NO_DRAFT = { draft_get: () => null }

function draft(fields: Fields, typed: Record<string, string>): DraftView {
  const form = { fields, campaigns: [], overrides: {}, typed }
  return { id: 'd1', kind: 'visit', record: null, at: '2021-05-27 12:00', form, titles: {} }
}

function kept(): Record<string, unknown> | undefined {
  return asked.filter((each) => each.action === 'draft_keep').at(-1)?.input
}

function open(id: string | null = null, campaigns: string[] = [], kind = 'visit'): Promise<VueWrapper> {
  return openForm({ kind, id, preset: {}, campaigns, resume: true })
}

function sent(): Record<string, unknown> {
  return asked.filter((each) => each.action === 'record_save').at(-1)?.input ?? {}
}

// Pauses end when a test says so: on a slow machine a draft would otherwise be kept between two keystrokes of a test.
beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => vi.useRealTimers())
enableAutoUnmount(afterEach)

beforeEach(() => {
  document.body.innerHTML = ''
  setSchema(SCHEMA)
  setLanguage('zh')
})

describe('a form built from the schema', () => {
  it('shows the fields under their headings, field sets only for their campaigns', async () => {
    answer({})
    const form = await open()
    expect(form.findAll('.group-title').map((title) => title.text())).toEqual(['Group A', 'Group B'])
    expect(form.find('[data-field=extra]').exists()).toBe(false)
    form.unmount()
    const campaign = await open(null, ['made-up'])
    expect(campaign.find('[data-field=extra]').exists()).toBe(true)
  })

  it('sends days, fen, yes and no, and codes as they are stored', async () => {
    answer({ record_save: () => ({ record: record({ note: '甲' }), errors: [], warnings: [] }) })
    const form = await open()
    await form.find('[data-field=note] input').setValue('甲')
    await form.find('[data-field=on] input').setValue('20210312')
    await form.find('[data-field=fine] input').setValue('1,234.5')
    await form.find('[data-field=exports] [data-value=no]').trigger('click')
    await form.find('[data-field=outcome] [data-value=bad]').trigger('click')
    expect(await saveForm(form)).toBe(true)
    expect(sent()['fields']).toEqual({ note: '甲', on: '2021-03-12', fine: 123450, exports: false, outcome: 'bad' })
  })

  it('takes a choice back, so that unanswered is neither yes nor no', async () => {
    answer({ record_save: () => ({ record: record({}), errors: [], warnings: [] }) })
    const form = await open()
    await form.find('[data-field=exports] [data-value=yes]').trigger('click')
    await form.find('[data-field=exports] [data-value=yes]').trigger('click')
    await saveForm(form)
    expect(sent()['fields']).toEqual({ exports: null })
  })

  it('says at the field what it cannot read, keeps it as typed, and sends nothing', async () => {
    answer({})
    const form = await open()
    await form.find('[data-field=on] input').setValue('20210230')
    expect(await saveForm(form)).toBe(false)
    expect(asked.map((each) => each.action)).not.toContain('record_save')
    expect(form.find('[data-field=on] .field-problem').text()).toContain('20210230')
    expect((form.find('[data-field=on] input').element as HTMLInputElement).value).toBe('20210230')
    await form.find('[data-field=on] input').setValue('20210228')
    expect(form.find('[data-field=on] .field-problem').exists()).toBe(false)
  })

  it('shows a refusal at its field, with the remedy', async () => {
    const problem = { code: 'required', message: '没有填写。', remedy: '请填写。', field: 'note', line: null }
    answer({ record_save: () => ({ record: null, errors: [problem], warnings: [] }) })
    const form = await open()
    expect(await saveForm(form)).toBe(false)
    expect(form.find('[data-field=note] .field-problem').text()).toBe('没有填写。请填写。')
  })

  it('asks a reason for a warning and saves with it', async () => {
    const warning = { code: 'odd', message: '少见。', remedy: '请核对。', field: 'note', line: null }
    answer({
      record_save: (input) =>
        input.overrides['odd']
          ? { record: record({ note: '甲' }), errors: [], warnings: [] }
          : { record: null, errors: [], warnings: [warning] },
    })
    const form = await open()
    await form.find('[data-field=note] input').setValue('甲')
    expect(await saveForm(form)).toBe(false)
    await form.find('[data-code=odd] input').setValue('现场核实')
    expect(await saveForm(form)).toBe(true)
    expect(sent()['overrides']).toEqual({ odd: '现场核实' })
  })

  it('clears a field by sending null, and leaves the others alone', async () => {
    answer({
      record_get: () => record({ note: '甲', on: '2021-03-12' }),
      record_save: () => ({ record: record({ note: '甲' }), errors: [], warnings: [] }),
    })
    const form = await open('r1')
    await form.find('[data-field=on] input').setValue('')
    await saveForm(form)
    expect(sent()['fields']).toEqual({ note: '甲', on: null })
  })

  it('keeps what is typed when it is left, unreadable text and all', async () => {
    answer({ ...NO_DRAFT, draft_keep: () => ({ id: 'd1', at: '2021-05-27 12:00' }) })
    const form = await open()
    await form.find('[data-field=note] input').setValue('没填完')
    await form.find('[data-field=on] input').setValue('20210230')
    form.unmount()
    await flushPromises()
    expect(kept()).toEqual({
      id: null,
      kind: 'visit',
      record: null,
      form: { fields: { note: '没填完' }, campaigns: [], overrides: {}, typed: { on: '20210230' } },
    })
  })

  it('goes on with a draft: values, unreadable text with its words, and since when', async () => {
    answer({ draft_get: () => draft({ note: '没填完' }, { on: '20210230' }) })
    const form = await open()
    expect((form.find('[data-field=note] input').element as HTMLInputElement).value).toBe('没填完')
    expect((form.find('[data-field=on] input').element as HTMLInputElement).value).toBe('20210230')
    expect(form.find('[data-field=on] .field-problem').text()).toContain('20210230')
    expect(form.find('.draft-bar').text()).toContain('2021-05-27 12:00')
  })

  it('discards a draft and starts as if there had been none', async () => {
    answer({ draft_get: () => draft({ note: '没填完' }, { on: '20210230' }), draft_drop: () => ({}) })
    const form = await open()
    await form.find('.draft-bar .danger').trigger('click')
    await flushPromises()
    expect(asked.at(-1)).toEqual({ action: 'draft_drop', input: { id: 'd1' } })
    expect((form.find('[data-field=note] input').element as HTMLInputElement).value).toBe('')
    expect((form.find('[data-field=on] input').element as HTMLInputElement).value).toBe('')
    expect(form.find('.field-problem').exists()).toBe(false)
    expect(form.find('.draft-bar').exists()).toBe(false)
  })

  it('saves together with its draft, and keeps nothing after that', async () => {
    answer({
      draft_get: () => draft({ note: '甲' }, {}),
      draft_keep: () => ({ id: 'd1', at: '2021-05-27 12:01' }),
      record_save: () => ({ record: record({ note: '甲乙' }), errors: [], warnings: [] }),
    })
    const form = await open()
    await form.find('[data-field=note] input').setValue('甲乙')
    expect(await saveForm(form)).toBe(true)
    expect(sent()['draft']).toBe('d1')
    form.unmount()
    await flushPromises()
    expect(asked.map((each) => each.action).slice(asked.findIndex((each) => each.action === 'record_save') + 1)).toEqual([])
  })

  it('keeps of a record that is there only what was changed', async () => {
    answer({
      ...NO_DRAFT,
      record_get: () => record({ note: '甲', on: '2021-03-12' }),
      draft_keep: () => ({ id: 'd1', at: '2021-05-27 12:00' }),
    })
    const form = await open('r1')
    await form.find('[data-field=note] input').setValue('乙')
    form.unmount()
    await flushPromises()
    expect(kept()).toMatchObject({ record: 'r1', form: { fields: { note: '乙' } } })
  })

  it('says what is wrong at a field once it is left, and nothing of fields nobody has been to', async () => {
    const problem = (field: string): Problem => ({
      code: 'required',
      message: '没有填写。',
      remedy: '请填写。',
      field,
      line: null,
    })
    answer({
      ...NO_DRAFT,
      record_check: () => ({ errors: [problem('note'), problem('fine')], warnings: [{ ...problem('on'), message: '少见。' }] }),
    })
    const form = await open()
    await form.find('[data-field=note] input').setValue('甲')
    await form.find('[data-field=note] input').setValue('')
    await form.find('[data-field=note] input').trigger('focusout')
    await form.find('[data-field=on] input').trigger('focusout')
    await vi.advanceTimersByTimeAsync(500)
    await flushPromises()
    expect(form.find('[data-field=note] .field-problem').text()).toBe('没有填写。请填写。')
    expect(form.find('[data-field=on] .field-note').text()).toContain('少见。')
    expect(form.find('[data-field=fine] .field-problem').exists()).toBe(false)
  })

  it('is judged anew when the book has changed, though not while it is being saved', async () => {
    let errors = [{ code: 'taken', message: '编号已用。', remedy: '请改。', field: 'note', line: null }]
    answer({
      ...NO_DRAFT,
      draft_keep: () => ({ id: 'd1', at: 'now' }),
      record_check: () => ({ errors, warnings: [] }),
      record_save: () => ({ record: null, errors: [], warnings: [] }),
      resolve: () => ({}),
    })
    const form = await open()
    await form.find('[data-field=note] input').setValue('甲')
    await form.find('[data-field=note] input').trigger('focusout')
    await vi.advanceTimersByTimeAsync(500)
    await flushPromises()
    expect(form.find('[data-field=note] .field-problem').text()).toBe('编号已用。请改。')
    errors = []
    await call('resolve', { conflict: 'c', keep: 'k' })
    await flushPromises()
    expect(form.find('[data-field=note] .field-problem').exists()).toBe(false)
    asked.length = 0
    await saveForm(form)
    expect(asked.map((each) => each.action)).not.toContain('record_check')
  })

  it('leaves to the office that is answered only its answer', async () => {
    appStatus.value = { book: { office: '640121' } as BookStatus, today: '2021-05-27', sample: false }
    answer({ ...NO_DRAFT, record_get: () => record({ note: '请补正。' }) })
    const [visit] = SCHEMA.kinds
    if (visit) setSchema({ ...SCHEMA, kinds: [{ ...visit, from_above: { about: 'note', answer: 'outcome' } }] })
    const form = await open('r1')
    expect(form.find('[data-field=note] .field-body').attributes('inert')).toBeDefined()
    expect(form.find('[data-field=outcome] .field-body').attributes('inert')).toBeUndefined()
    appStatus.value = null
  })

  it('keeps everything when the program cannot save', async () => {
    answer({
      ...NO_DRAFT,
      draft_keep: () => ({ id: 'd1', at: 'now' }),
      record_save: () => [{ code: 'disk-full', message: '磁盘已满。', remedy: '请腾出空间。', field: null, line: null }],
    })
    const form = await open()
    await form.find('[data-field=note] input').setValue('甲')
    expect(await saveForm(form)).toBe(false)
    expect(form.find('.problem').text()).toContain('磁盘已满。')
    expect((form.find('[data-field=note] input').element as HTMLInputElement).value).toBe('甲')
  })

  it('takes nothing in before it knows what was typed last time', async () => {
    answer({ draft_get: () => draft({ note: '没填完' }, {}), record_save: () => ({ record: null, errors: [], warnings: [] }) })
    const release = hold('draft_get')
    const form = await open()
    expect(form.find('[data-field]').exists()).toBe(false)
    expect(await saveForm(form)).toBe(false)
    expect(asked.map((each) => each.action)).not.toContain('record_save')
    release()
    await flushPromises()
    expect((form.find('[data-field=note] input').element as HTMLInputElement).value).toBe('没填完')
  })

  it('keeps what is typed while it is being saved, as something not yet saved of that record', async () => {
    answer({
      ...NO_DRAFT,
      draft_keep: () => ({ id: 'd1', at: '2021-05-27 12:00' }),
      record_save: () => ({ record: record({ note: '甲' }), errors: [], warnings: [] }),
    })
    const form = await open()
    await form.find('[data-field=note] input').setValue('甲')
    const release = hold('record_save')
    const saved = saveForm(form)
    await flushPromises()
    await form.find('[data-field=note] input').setValue('甲乙')
    await form.find('[data-field=on] input').setValue('2021')
    release()
    expect(await saved).toBe(true)
    expect((form.find('[data-field=note] input').element as HTMLInputElement).value).toBe('甲乙')
    form.unmount()
    await flushPromises()
    expect(kept()).toMatchObject({ id: null, record: 'r1', form: { fields: { note: '甲乙' }, typed: { on: '2021' } } })
  })

  it('makes one record of a form that is saved twice', async () => {
    answer({
      ...NO_DRAFT,
      draft_keep: () => ({ id: 'd1', at: '2021-05-27 12:00' }),
      record_save: () => ({ record: record({ note: '甲' }), errors: [], warnings: [] }),
    })
    const form = await open()
    await form.find('[data-field=note] input').setValue('甲')
    expect(await saveForm(form)).toBe(true)
    expect(await saveForm(form)).toBe(true)
    const ids = asked.filter((each) => each.action === 'record_save').map((each) => each.input['id'])
    expect(ids).toEqual([null, 'r1'])
  })

  it('asks for the draft only once a form that was just left has kept it', async () => {
    answer({ ...NO_DRAFT, draft_keep: () => ({ id: 'd1', at: '2021-05-27 12:00' }) })
    const form = await open()
    await form.find('[data-field=note] input').setValue('没填完')
    const release = hold('draft_keep')
    form.unmount()
    asked.length = 0
    const again = await open()
    expect(asked.map((each) => each.action)).not.toContain('draft_get')
    release()
    await flushPromises()
    expect(asked.map((each) => each.action)).toContain('draft_get')
    expect(again.find('[data-field=note]').exists()).toBe(true)
  })
})

it('gives a field that is misread beside another a row of its own', async () => {
  answer(NO_DRAFT)
  const [visit] = SCHEMA.kinds
  if (!visit) throw new Error('a kind')
  const fields = visit.fields.map((field) => ({ ...field, own_row: field.name === 'on' }))
  setSchema({ ...SCHEMA, kinds: [{ ...visit, fields }] })
  const style = document.head.appendChild(document.createElement('style'))
  style.textContent = readFileSync(join(import.meta.dirname, '../../shared/styles/records.css'), 'utf8')
  const form = await open()
  const row = (field: string): string => getComputedStyle(form.get(`.fields > [data-field=${field}]`).element).gridColumn
  expect([row('on'), row('fine')]).toEqual(['1 / -1', ''])
  style.remove()
})

describe('a figure declared for a column', () => {
  const FORMS: DeclarableForm[] = [
    {
      id: 'f',
      title: 'F',
      campaign: 'made-up',
      rows: [],
      columns: [
        { id: 'cases', label: 'cases', unit: 'one' },
        { id: 'fines', label: 'fines', unit: 'ten_thousand_yuan' },
        { id: 'pieces', label: 'pieces', unit: 'ten_thousand' },
      ],
    },
  ]
  const told = (fields: Fields): RecordRow => ({ ...record({ form: 'f', ...fields }), kind: 'told' })
  const input = (form: VueWrapper): HTMLInputElement => form.get<HTMLInputElement>('[data-field=value] input').element
  const unit = (form: VueWrapper): string => form.get('[data-field=value] .unit').text()

  async function openTold(column: string, value: number): Promise<VueWrapper> {
    answer({
      ...NO_DRAFT,
      declarable: () => FORMS,
      record_get: () => told({ column, value }),
      record_save: () => ({ record: told({ column, value }), errors: [], warnings: [] }),
      draft_keep: () => ({ id: 'd1', at: '2021-05-27 12:00' }),
    })
    return open('r1', [], 'told')
  }

  it('is shown in the unit the column prints, to the last fen', async () => {
    const form = await openTold('fines', 1_500_001)
    expect(input(form).value).toBe('1.500001')
    expect(unit(form)).toBe('万元')
    expect((await openTold('pieces', 12_345_600)).find('[data-field=value] .unit').text()).toBe('万')
    const whole = await openTold('cases', 1_500)
    expect(input(whole).value).toBe('1,500')
    expect(whole.find('[data-field=value] .unit').exists()).toBe(false)
  })

  it('is stored in fen, exactly', async () => {
    const form = await openTold('fines', 0)
    await form.get('[data-field=value] input').setValue('１１.15万元')
    expect(await saveForm(form)).toBe(true)
    expect(sent()['fields']).toMatchObject({ value: 11_150_000 })
  })

  it('is refused with more decimals than there are fen', async () => {
    const form = await openTold('fines', 0)
    await form.get('[data-field=value] input').setValue('1.1234567')
    expect(form.get('[data-field=value] .field-problem').text()).toContain('最多六位小数')
    expect(await saveForm(form)).toBe(false)
    expect(asked.some((each) => each.action === 'record_save')).toBe(false)
  })

  it('is what stands in the field in the unit beside it, when another column is chosen', async () => {
    const form = await openTold('cases', 15)
    form.findAllComponents(FormPartField)[1]?.vm.$emit('update:modelValue', 'fines')
    await flushPromises()
    expect(input(form).value).toBe('15')
    expect(unit(form)).toBe('万元')
    expect(await saveForm(form)).toBe(true)
    expect(sent()['fields']).toMatchObject({ column: 'fines', value: 15_000_000 })
  })
})

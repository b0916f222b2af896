import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { beforeEach, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'

import type { ChecklistItemView, Fields, Json, SchemaView } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { answer } from '@/testing/shell'

import ChecklistField from './ChecklistField.vue'
import { setSchema } from '../schema'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const words = (name: string): { zh: string; en: string } => ({ zh: name, en: name })
const item = (code: string, more: Partial<ChecklistItemView> = {}): ChecklistItemView => ({
  code,
  ...words(code),
  answers: 'check_result',
  basis: null,
  stages: [],
  roles: [],
  categories: [],
  retired: false,
  ...more,
})
const answersIn = (id: string, entries: string[]) => ({
  id,
  entries: ['pass', 'fail', 'na'].map((code, at) => ({ code, ...words(entries[at] ?? code) })),
})

const SCHEMA: SchemaView = {
  kinds: [],
  vocabularies: [answersIn('check_result', ['合规', '发现问题', '不适用']), answersIn('check_no', ['否', '是', '不适用'])],
  campaigns: [
    {
      id: 'made-up',
      title: 'Made up',
      title_en: 'Made up',
      document: '',
      first_day: '2021-01-01',
      last_day: null,
      categories: [],
      field_sets: [],
      checklist: [
        item('a'),
        item('b', { answers: 'check_no' }),
        item('c', { stages: ['online'] }),
        item('masks', { roles: ['producer'], categories: ['mask'] }),
        item('ads', { roles: ['medium'] }),
        item('duty', { retired: true }),
      ],
      forms: [],
      notes: [],
      ledgers: [],
      report_days: [],
    },
  ],
}

let given: Json = null

const NOBODY: Fields = { stage: 'production', categories: ['cloth'] }

function open(modelValue: Json, values: Fields = NOBODY): VueWrapper {
  given = modelValue
  const field: VueWrapper = mount(ChecklistField, {
    props: {
      field: { name: 'checklist', type: 'checklist', zh: '检查要点', en: 'Checklist' },
      titles: {},
      label: 'Checklist',
      typed: '',
      place: 'checklist',
      modelValue,
      campaigns: ['made-up'],
      values,
      'onUpdate:modelValue': (value: Json) => {
        given = value
        void field.setProps({ modelValue: value })
      },
    },
    global: { plugins: [{ install: useElement }] },
    attachTo: document.body,
  })
  return field
}

async function press(field: VueWrapper, row: string, key: string): Promise<void> {
  await field.find(`[data-item=${row}] .result [tabindex="0"]`).trigger('keydown', { key })
  await nextTick()
}

function focused(): string {
  return document.activeElement?.closest<HTMLElement>('tr')?.dataset['item'] ?? ''
}

beforeEach(() => {
  document.body.innerHTML = ''
  setLanguage('zh')
  setSchema(SCHEMA)
})

it('answers with a digit and goes on to the next item', async () => {
  const field = open(null)
  await press(field, 'a', '1')
  expect(given).toEqual({ a: { result: 'pass' } })
  expect(focused()).toBe('b')
  await press(field, 'b', '3')
  expect(given).toEqual({ a: { result: 'pass' }, b: { result: 'na' } })
})

it('asks what does not comply for its note, and leaves digits in the note alone', async () => {
  const field = open(null)
  await press(field, 'a', '2')
  expect(given).toEqual({ a: { result: 'fail' } })
  expect(document.activeElement?.closest('.note')).not.toBeNull()
  await field.find('[data-item=a] .note input').trigger('keydown', { key: '1' })
  expect(given).toEqual({ a: { result: 'fail' } })
})

it('moves up and down', async () => {
  const field = open(null)
  await press(field, 'b', 'ArrowUp')
  expect(focused()).toBe('a')
  await press(field, 'a', 'ArrowDown')
  expect(focused()).toBe('b')
})

it('answers all others at once, and touches nothing that is answered', async () => {
  const field = open({ b: { result: 'fail', note: '无记录' } })
  await field.find('.answer-rest').trigger('click')
  expect(given).toEqual({ a: { result: 'pass' }, b: { result: 'fail', note: '无记录' }, ads: { result: 'pass' } })
  expect(field.find('.answer-rest').attributes('disabled')).toBeDefined()
})

it('shows each item with its own answers, the good one first', () => {
  const field = open(null)
  const labels = (row: string): string[] => field.findAll(`[data-item=${row}] .choice`).map((choice) => choice.text())
  expect(labels('a')).toEqual(['1 合规', '2 发现问题', '3 不适用'])
  expect(labels('b')).toEqual(['1 否', '2 是', '3 不适用'])
})

function rows(field: VueWrapper): (string | undefined)[] {
  return field.findAll('tbody tr').map((row) => row.attributes('data-item'))
}

it('asks what applies to the enterprise as it was joined, its categories and the stage', async () => {
  const roles: Record<string, Fields> = {
    maker: { roles: ['producer'] },
    shop: { roles: ['medium'], same_as: 'maker' },
    paper: { roles: ['medium'] },
  }
  answer({ record_get: ({ id }) => ({ fields: roles[id] ?? {} }) as never })
  const field = open(null, { enterprise: 'maker', stage: 'production', categories: ['mask'] })
  await flushPromises()
  expect(rows(field)).toEqual(['a', 'b', 'masks'])
  await field.setProps({ values: { enterprise: 'paper', stage: 'online', categories: ['cloth'] } })
  await flushPromises()
  expect(rows(field)).toEqual(['a', 'b', 'c', 'ads'])
  await field.setProps({ values: { enterprise: 'shop', stage: 'production', categories: ['mask'] } })
  await flushPromises()
  expect(rows(field)).toEqual(['a', 'b', 'masks'])
})

it('keeps in sight what was answered, though it is no longer asked', () => {
  expect(rows(open({ duty: { result: 'pass' } }))).toEqual(['a', 'b', 'ads', 'duty'])
})

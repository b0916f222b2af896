import { mount, type VueWrapper } from '@vue/test-utils'
import { beforeEach, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'

import type { Json, SchemaView } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'

import ChecklistField from './ChecklistField.vue'
import { setSchema } from './schema'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const words = (name: string): { zh: string; en: string } => ({ zh: name, en: name })
const item = (code: string, stages: string[] = []) => ({ code, ...words(code), basis: null, stages })

const SCHEMA: SchemaView = {
  kinds: [],
  vocabularies: [
    { id: 'check_result', entries: ['pass', 'fail', 'na'].map((code) => ({ code, ...words(code) })) },
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
      field_sets: [],
      checklist: [item('a'), item('b'), item('c', ['online'])],
      forms: [],
    },
  ],
}

let given: Json = null

function open(modelValue: Json): VueWrapper {
  given = modelValue
  const field: VueWrapper = mount(ChecklistField, {
    props: {
      modelValue,
      campaigns: ['made-up'],
      stage: null,
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
  expect(given).toEqual({ a: { result: 'pass' }, b: { result: 'fail', note: '无记录' }, c: { result: 'pass' } })
  expect(field.find('.answer-rest').attributes('disabled')).toBeDefined()
})

import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { beforeEach, expect, it, vi } from 'vitest'

import type { PlanView } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { answer, asked } from '@/testing/shell'

import ImportWizard from './ImportWizard.vue'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const FILE = [{ token: 'chosen-1', name: '贺兰县.sweep' }]

function plan(): PlanView {
  const counts = {
    revisions: 9,
    new_records: 4,
    changed_records: 2,
    conflicts: 1,
    duplicates: 3,
    refused: 0,
    pending: 0,
    withheld: 0,
    ahead: 0,
    forks: 0,
  }
  const cell = { form: 'f', row: 'r', column: 'c', before: '3', after: '5' }
  const place = { form: 'f', form_title: '统计表', row: 'r', row_label: '质量类', column: 'c', column_label: '立案' }
  return {
    plan: { package: 'p', file: 'f', from: '640122', from_name: '贺兰县局', counts, cells: [cell], cells_in_all: 1, token: 'agreed' },
    places: [place],
  }
}

function open(): VueWrapper {
  return mount(ImportWizard, { global: { plugins: [{ install: useElement }] } })
}

beforeEach(() => setLanguage('zh'))

it('shows what would change, and imports only what was agreed to', async () => {
  answer({ import_plan: plan, import_apply: plan }, FILE)
  const wizard = open()
  await wizard.find('.import').trigger('click')
  await flushPromises()
  expect(wizard.find('[data-count="packages.new"] b').text()).toBe('4')
  expect(wizard.find('.changes tbody').text()).toBe('统计表质量类立案35')
  expect(asked.map((each) => each.action)).toEqual(['import_plan'])
  await wizard.find('.apply').trigger('click')
  await flushPromises()
  expect(asked.at(-1)).toEqual({
    action: 'import_apply',
    input: { file: 'chosen-1', token: 'agreed', confirm_device: false, include_undone: false },
  })
  expect(wizard.emitted('done')).toHaveLength(1)
})

it('lets a new device in only after a person compared its fingerprint', async () => {
  const unknown = { code: 'device-unconfirmed', message: '春风 石桥', remedy: '请核对。', field: null, line: null }
  answer({ import_plan: (input) => (input.confirm_device ? plan() : [unknown]) }, FILE)
  const wizard = open()
  await wizard.find('.import').trigger('click')
  await flushPromises()
  expect(wizard.text()).toContain('春风 石桥')
  expect(wizard.find('.admit').attributes('disabled')).toBeDefined()
  await wizard.find('.compared input').setValue(true)
  await wizard.find('.admit').trigger('click')
  await flushPromises()
  expect(wizard.find('.plan').exists()).toBe(true)
})

it('says why a file is refused and changes nothing', async () => {
  const broken = { code: 'truncated', message: '文件不完整。', remedy: '请重新拷贝。', field: null, line: null }
  answer({ import_plan: () => [broken] }, FILE)
  const wizard = open()
  await wizard.find('.import').trigger('click')
  await flushPromises()
  expect(wizard.find('.problem').text()).toContain('请重新拷贝。')
  expect(wizard.find('.apply').exists()).toBe(false)
  expect(wizard.find('.import').exists()).toBe(true)
})

it('does nothing when no file was chosen', async () => {
  answer({}, [])
  const wizard = open()
  await wizard.find('.import').trigger('click')
  await flushPromises()
  expect(asked).toEqual([])
  expect(wizard.find('.problem').exists()).toBe(false)
})

import { flushPromises, mount } from '@vue/test-utils'
import { beforeEach, expect, it, vi } from 'vitest'

import App from '@/App.vue'
import type { BookStatus, FormState, SchemaView } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { answer, asked, type Answers } from '@/testing/shell'

import { router } from '../frame/router'
import { draftKeeper } from '../records/drafts'
import { keepListState, listStateOf, newListState } from '../records/listState'
import { kindLabel, schema } from '../records/schema'
import { switchBook } from './switchBook'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const FORM: FormState = { fields: { note: '甲' }, campaigns: [], overrides: {}, typed: {} }
const FULL = { code: 'disk-full', message: '磁盘已满。', remedy: '请腾出空间。', field: null, line: null }

let open = 'a'

function book(): BookStatus {
  return { office: '640121', office_name: `office ${open}`, inspector: '张三', device: open, conflicts: 0 } as BookStatus
}

function schemaOf(id: string): SchemaView {
  return { kinds: [{ id: 'visit', zh: `visit of ${id}`, en: '', title: 'note', fields: [] }], vocabularies: [], campaigns: [] }
}

const ANSWERS: Answers = {
  status: () => ({ book: open === '' ? null : book(), today: '2021-05-27', sample: false }),
  schema: () => schemaOf(open),
  journal: () => ({ done: null, undo: null, redo: null }),
  jobs: () => [],
  start: () => ({ recent: [], sample: false }) as never,
  draft_keep: () => ({ id: 'd1', at: 'now' }),
}

beforeEach(() => {
  document.body.innerHTML = ''
  localStorage.clear()
  setLanguage('zh')
  open = 'a'
  answer(ANSWERS)
})

it('shows every page anew, with nothing of the book before', async () => {
  const app = mount(App, { global: { plugins: [{ install: useElement }, router] }, attachTo: document.body })
  await flushPromises()
  await router.push('/help')
  keepListState('visit', { ...newListState(), text: '甲厂' })
  expect([app.find('.menu-foot').text(), kindLabel('visit')]).toEqual([expect.stringContaining('office a'), 'visit of a'])
  await switchBook(async () => (open = 'b'))
  await flushPromises()
  expect([app.find('.menu-foot').text(), kindLabel('visit')]).toEqual([expect.stringContaining('office b'), 'visit of b'])
  expect(listStateOf('visit').text).toBe('')
  expect(router.currentRoute.value.path).toBe('/workbench')
  expect(app.find('.go-back').attributes('disabled')).toBeDefined()
  await switchBook(async () => (open = ''))
  await flushPromises()
  await vi.dynamicImportSettled()
  await flushPromises()
  expect([app.find('.frame').exists(), app.find('.first-start').exists()]).toEqual([false, true])
  app.unmount()
})

it('keeps what is typed in the book it was typed for, and writes it into no other', async () => {
  const keeper = draftKeeper(
    'visit',
    () => null,
    () => FORM,
  )
  keeper.touch()
  await switchBook(async () => void asked.push({ action: 'book_open', input: {} }))
  expect(asked.map((each) => each.action)).toEqual(['draft_keep', 'book_open'])
  answer({ ...ANSWERS, draft_keep: () => [FULL] })
  const full = draftKeeper(
    'visit',
    () => null,
    () => FORM,
  )
  full.touch()
  await switchBook(async () => undefined)
  asked.length = 0
  await full.flush()
  expect(asked).toEqual([])
})

it('stays with the book that is open where no other could be opened', async () => {
  const before = schema.value
  await expect(switchBook(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  await flushPromises()
  expect(schema.value).toBe(before)
})

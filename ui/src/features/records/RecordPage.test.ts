import { enableAutoUnmount, flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter, type Router } from 'vue-router'

import { call, type Beside, type BookStatus, type Fields, type HistoryLine, type RecordRow, type SchemaView } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { answer, asked, hold, tellChanged, tellJournal } from '@/testing/shell'

import { appStatus } from '../book/status'
import { pageActions } from '../frame/pageActions'
import JournalBar from '../journal/JournalBar.vue'
import { inspections } from '../inspections'
import RecordPage from './RecordPage.vue'
import { setSchema } from './schema'
import { handOver, takePrefill } from './prefill'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const words = (name: string): { zh: string; en: string } => ({ zh: name, en: name })

const SCHEMA: SchemaView = {
  kinds: [
    {
      id: 'problem',
      ...words('problem'),
      title: 'description',
      fields: [{ name: 'description', type: 'text', group: 'a', ...words('description') }],
    },
    {
      id: 'inspection',
      ...words('inspection'),
      title: 'place',
      fields: [
        { name: 'place', type: 'text', group: 'a', ...words('place') },
        { name: 'date', type: 'date', group: 'a', ...words('date') },
        { name: 'findings', type: 'text', group: 'a', ...words('findings') },
      ],
    },
  ],
  vocabularies: [],
  campaigns: [],
}

const NOTHING_BESIDE: Beside = { offers: [], related: [] }
const [PAGE] = inspections.kinds

function record(id: string, fields: Fields): RecordRow {
  return {
    id,
    kind: 'inspection',
    office: '640121',
    campaigns: [],
    void: null,
    overrides: {},
    fields,
    titles: {},
    conflicted: [],
  }
}

async function open(id: string | null): Promise<{ page: VueWrapper; router: Router }> {
  if (!PAGE) throw new Error('a page')
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:rest(.*)', component: { template: '<i />' } }],
  })
  await router.push('/')
  const page = mount(RecordPage, {
    props: { noun: inspections, page: PAGE, id, draft: null },
    global: { plugins: [{ install: useElement }, router] },
    attachTo: document.body,
  })
  await flushPromises()
  return { page, router }
}

function value(page: VueWrapper, field: string): string {
  return (page.find(`[data-field=${field}] input`).element as HTMLInputElement).value
}

const QUIET = {
  draft_get: () => null,
  draft_keep: () => ({ id: 'd1', at: 'now' }),
  cells: () => [],
  status: () => ({ book: null, today: '2021-05-27', sample: false }),
  record_beside: () => NOTHING_BESIDE,
}

enableAutoUnmount(afterEach)
beforeEach(() => {
  document.body.innerHTML = ''
  setLanguage('zh')
  setSchema(SCHEMA)
  appStatus.value = { book: { office: '640121' } as BookStatus, today: '2021-05-27', sample: false }
})

describe('a new record', () => {
  it('starts where the last of this office left off, but today', async () => {
    const newest = record('r0', { place: '永宁县', date: '2021-04-01', findings: '无' })
    answer({ ...QUIET, record_rows: () => ({ first: 0, rows: [newest], total: 1 }) })
    const { page } = await open(null)
    expect([value(page, 'place'), value(page, 'date'), value(page, 'findings')]).toEqual(['永宁县', '2021-05-27', ''])
  })

  it('says what the records it starts with are called', async () => {
    const [visit] = SCHEMA.kinds.filter((kind) => kind.id === 'inspection')
    const field = { name: 'place', type: 'ref' as const, to: 'enterprise', required: false, group: 'a', ...words('place') }
    if (visit) setSchema({ ...SCHEMA, kinds: [{ ...visit, fields: [field] }] })
    handOver('inspection', { fields: { place: 'e1' }, campaigns: [], titles: { e1: '甲厂' } })
    answer(QUIET)
    const { page } = await open(null)
    expect(page.find('[data-field=place]').text()).toContain('甲厂')
    expect(page.find('[data-field=place]').text()).not.toContain('e1')
  })

  it('takes nothing over from another office', async () => {
    const theirs = { ...record('r0', { place: '灵武市' }), office: '640181' }
    answer({ ...QUIET, record_rows: () => ({ first: 0, rows: [theirs], total: 1 }) })
    const { page } = await open(null)
    expect(value(page, 'place')).toBe('')
  })

  it('goes on to the next one without going back to the one just saved', async () => {
    answer({
      ...QUIET,
      record_rows: () => ({ first: 0, rows: [], total: 0 }),
      record_save: (input) => ({ record: record('r1', input.fields), errors: [], warnings: [] }),
    })
    const { page, router } = await open(null)
    await page.find('[data-field=place] input').setValue('永宁县')
    await page.find('[data-field=findings] input').setValue('台账不全')
    await page.find('.save-next').trigger('click')
    await flushPromises()
    expect(router.currentRoute.value.path).toBe('/inspections/inspection/new')
    expect([value(page, 'place'), value(page, 'findings')]).toEqual(['永宁县', ''])
  })
})

it('opens another draft in place of the form, which keeps what was typed there and not read yet', async () => {
  const draft = (id: string, findings: string) => ({
    id,
    kind: 'inspection',
    record: null,
    at: '2021-05-27 12:00',
    form: { fields: { findings }, campaigns: [], overrides: {}, typed: {} },
    titles: {},
  })
  answer({
    ...QUIET,
    record_rows: () => ({ first: 0, rows: [], total: 0 }),
    draft_get: ({ id }) => draft(id ?? 'd1', id === 'd2' ? '第二份' : '第一份'),
  })
  const { page } = await open(null)
  await page.find('[data-field=findings] input').setValue('第一份，续')
  await page.find('[data-field=date] input').setValue('2021-02-31')
  await page.setProps({ draft: 'd2' })
  await flushPromises()
  expect([value(page, 'findings'), value(page, 'date')]).toEqual(['第二份', ''])
  expect(page.find('.field-problem').exists()).toBe(false)
  expect(asked.filter((each) => each.action === 'draft_keep').map((each) => each.input)).toMatchObject([
    { id: 'd1', form: { fields: { findings: '第一份，续' }, typed: { date: '2021-02-31' } } },
  ])
})

it('says what was saved though the next one was begun before the answer came', async () => {
  answer({
    ...QUIET,
    record_rows: () => ({ first: 0, rows: [], total: 0 }),
    record_save: (input) => ({ record: record('r1', input.fields), errors: [], warnings: [] }),
  })
  const bar = mount(JournalBar, { global: { plugins: [{ install: useElement }] } })
  const { page } = await open(null)
  await page.find('[data-field=findings] input').setValue('台账不全')
  const release = hold('record_save')
  for (const key of ['s', 'n']) document.dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey: true, cancelable: true }))
  await flushPromises()
  expect(value(page, 'findings')).toBe('')
  const kinds = [{ kind: 'inspection', count: 1 }]
  const entry = {
    id: 1,
    operation: 'new' as const,
    record: { id: 'r1', kind: 'inspection', title: '永宁县' },
    kinds,
    fields: [],
    at: '2021-05-27 09:30',
  }
  tellJournal({ done: entry, undo: entry, redo: null })
  release()
  await flushPromises()
  expect(asked.find((each) => each.action === 'record_save')?.input['fields']).toMatchObject({ findings: '台账不全' })
  expect(bar.find('.journal-words').text()).toBe('已新增：inspection 永宁县')
  expect(bar.find('[data-way=undo]').exists()).toBe(true)
})

describe('a saved record', () => {
  const OFFER = {
    opens: 'problem',
    label: '记入问题清单',
    item: '索证索票',
    preset: { description: '索证索票：缺' },
    campaigns: ['c'],
    existing: null,
  }

  it('offers what comes next, and hands over what it starts with', async () => {
    const from = { ...record('r1', { place: '车间' }), titles: { e1: '甲厂' } }
    answer({ ...QUIET, record_get: () => from, record_beside: () => ({ offers: [OFFER], related: [] }) })
    const { page, router } = await open('r1')
    expect(page.find('.next-steps').text()).toContain('索证索票')
    await page.find('[data-opens=problem] button').trigger('click')
    await flushPromises()
    expect(router.currentRoute.value.path).toBe('/inspections/problem/new')
    expect(takePrefill('problem')).toEqual({
      fields: { description: '索证索票：缺' },
      campaigns: ['c'],
      titles: { e1: '甲厂', r1: '车间' },
    })
    expect(takePrefill('problem')).toBeUndefined()
  })

  it('opens what is there already instead of beginning a second one', async () => {
    const there = { ...OFFER, existing: 'p1' }
    answer({ ...QUIET, record_get: () => record('r1', {}), record_beside: () => ({ offers: [there], related: [] }) })
    const { page, router } = await open('r1')
    await page.find('[data-opens=problem] button').trigger('click')
    await flushPromises()
    expect(router.currentRoute.value.path).toBe('/inspections/problem/p1')
    expect(takePrefill('problem')).toBeUndefined()
  })

  it('offers to whoever types what it has buttons and links for', async () => {
    const [visit] = SCHEMA.kinds.filter((kind) => kind.id === 'inspection')
    const field = { name: 'place', type: 'ref' as const, to: 'enterprise', required: false, group: 'a', ...words('企业') }
    if (visit) setSchema({ ...SCHEMA, kinds: [{ ...visit, fields: [field] }] })
    const cell = { form: 'f/1', form_title: '附件1', row: 'total', row_label: '合计', column: 'filed', column_label: '立案' }
    answer({
      ...QUIET,
      record_get: () => ({ ...record('r1', { place: 'e1' }), titles: { e1: '甲厂' } }),
      record_beside: () => ({ offers: [OFFER], related: [] }),
      cells: () => [cell],
      photos: () => ({ photos: [], most_bytes: 1 }),
      history: () => [],
    })
    const { page, router } = await open('r1')
    const titles = (): string[] => pageActions().map((action) => action.title)
    expect(titles()).toEqual(
      expect.arrayContaining(['打印', '历次填写', '打开甲厂', '记入问题清单', '附件1：合计 · 立案', '作废']),
    )
    const run = async (title: string): Promise<void> => {
      pageActions()
        .find((action) => action.title === title)
        ?.run()
      await flushPromises()
    }
    await run('历次填写')
    expect(asked.some((each) => each.action === 'history')).toBe(true)
    await run('打开甲厂')
    expect(router.currentRoute.value.path).toBe('/enterprises/enterprise/e1')
    await run('附件1：合计 · 立案')
    expect(router.currentRoute.value.query).toEqual({ form: 'f/1', as_of: '2021-05-27', row: 'total', column: 'filed' })
    await run('记入问题清单')
    expect(router.currentRoute.value.path).toBe('/inspections/problem/new')
    expect(takePrefill('problem')?.campaigns).toEqual(['c'])
    page.unmount()
    expect(pageActions()).toEqual([])
  })

  it('is shown as it is elsewhere by now, with what is being typed', async () => {
    let now = record('r1', { place: '车间', findings: '无' })
    answer({ ...QUIET, record_get: () => now, resolve: () => ({}) })
    const { page } = await open('r1')
    await page.find('[data-field=findings] input').setValue('台账不全')
    now = record('r1', { place: '仓库', findings: '整改完毕' })
    tellChanged({ kinds: ['inspection'], records: ['r2'], more: false })
    await call('resolve', { conflict: 'c', keep: 'k' })
    await flushPromises()
    expect(value(page, 'place')).toBe('车间')
    tellChanged({ kinds: ['inspection'], records: ['r1'], more: false })
    await call('resolve', { conflict: 'c', keep: 'k' })
    await flushPromises()
    expect([value(page, 'place'), value(page, 'findings')]).toEqual(['仓库', '台账不全'])
  })

  it('is void where it stands, once its making was taken back', async () => {
    let now = record('r1', { place: '车间' })
    answer({ ...QUIET, record_get: () => now, journal_undo: () => ({}) })
    const { page } = await open('r1')
    expect(page.find('.save').exists()).toBe(true)
    now = { ...now, void: '录入后撤销' }
    await call('journal_undo', { entry: 1 })
    await flushPromises()
    expect(page.find('.voided-bar').text()).toContain('录入后撤销')
    expect(page.find('.save').exists()).toBe(false)
  })

  it('asks once for what stands around it when it has been saved', async () => {
    answer({
      ...QUIET,
      record_get: () => record('r1', { place: '车间' }),
      record_save: (input) => ({ record: record('r1', input.fields), errors: [], warnings: [] }),
    })
    const { page } = await open('r1')
    await page.find('[data-field=findings] input').setValue('台账不全')
    asked.length = 0
    await page.find('.save').trigger('click')
    await flushPromises()
    const counted = (action: string): number => asked.filter((each) => each.action === action).length
    expect(['record_save', 'record_beside', 'cells', 'record_get'].map(counted)).toEqual([1, 1, 1, 0])
  })

  it('links the records that name it', async () => {
    const hit = { id: 'p1', kind: 'problem', title: '缺记录', detail: '2021-05-27', void: false }
    const related = [{ kind: 'problem', field: 'inspection', records: [hit], more: false }]
    answer({ ...QUIET, record_get: () => record('r1', {}), record_beside: () => ({ offers: [], related }) })
    const { page } = await open('r1')
    expect(page.find('.related a').attributes('href')).toBe('/inspections/problem/p1')
  })

  it('is not changed while it is void, and says who voided it and how it comes back', async () => {
    const voided = { author: '李四', office_name: '永宁县局', at: '2021-05-26 09:30' }
    const lifted = record('r1', { place: '甲' })
    answer({
      ...QUIET,
      record_get: () => ({ ...lifted, void: '重复录入', voided }),
      record_restore: () => ({ record: lifted, errors: [], warnings: [] }),
      photos: () => ({ photos: [], most_bytes: 1 }),
    })
    const { page } = await open('r1')
    const bar = page.find('.voided-bar')
    for (const said of ['重复录入', '永宁县局 李四', '2021-05-26 09:30']) expect(bar.text()).toContain(said)
    expect(['.save', '.save-next', '.void'].map((button) => page.find(button).exists())).toEqual([false, false, false])
    expect(page.find('.record-form').attributes('inert')).toBeDefined()
    document.dispatchEvent(new KeyboardEvent('keydown', { key: 's', ctrlKey: true, bubbles: true }))
    await page.find('.restore').trigger('click')
    await flushPromises()
    const reason = document.querySelector<HTMLInputElement>('.restore-reason input, input.restore-reason')
    if (!reason) throw new Error('a reason is asked')
    reason.value = '误作废'
    reason.dispatchEvent(new Event('input'))
    await flushPromises()
    answer({
      ...QUIET,
      record_get: () => lifted,
      record_restore: () => ({ record: lifted, errors: [], warnings: [] }),
      photos: () => ({ photos: [], most_bytes: 1 }),
    })
    document.querySelector<HTMLElement>('.restore-now')?.click()
    await flushPromises()
    expect(asked.filter((each) => each.action === 'record_save')).toEqual([])
    expect(asked.find((each) => each.action === 'record_restore')?.input).toEqual({ id: 'r1', reason: '误作废' })
    expect(page.find('.voided-bar').exists()).toBe(false)
    expect(page.find('.save').exists()).toBe(true)
  })
})

describe('the history of a record', () => {
  const line = (field: string, value: string, shown: boolean, author: string): HistoryLine => ({
    field,
    element: null,
    assigned: {
      revision: `${field}${value}`,
      value,
      author,
      office: '640121',
      device: '1',
      day: '2021-05-26',
      written: '2021-05-26 09:30',
      shown,
    },
    settles: false,
    office_name: '永宁县局',
    titles: {},
  })

  it('shows every field it was ever changed in, in words, and one of them where asked', async () => {
    const history = [
      line('findings', '整改完毕', true, '李四'),
      line('place', '望远镇', true, '张三'),
      line('findings', '台账不全', false, '张三'),
    ]
    answer({
      ...QUIET,
      record_get: () => record('r1', { place: '望远镇', findings: '整改完毕' }),
      photos: () => ({ photos: [], most_bytes: 1 }),
      history: () => history,
    })
    const { page } = await open('r1')
    await page.find('.history-of').trigger('click')
    await flushPromises()
    expect(asked.find((each) => each.action === 'history')?.input).toEqual({ record: 'r1', field: null })
    const texts = (selector: string): string[] =>
      [...document.querySelectorAll(selector)].map((each) => each.textContent?.replace(/\s+/g, ' ').trim() ?? '')
    expect(texts('.record-history h4')).toEqual(['findings 2 次', 'place'])
    const rows = texts('.record-history [data-field=findings] tr')
    expect(rows[0]).toContain('整改完毕 现行')
    expect(rows[1]).toContain('台账不全')
    expect(rows[1]).not.toContain('现行')
    for (const words of ['永宁县局', '张三', '设备 1', '2021-05-26 09:30']) expect(rows[1]).toContain(words)
    page
      .findAllComponents({ name: 'ElSelect' })
      .find((each) => each.classes('only'))
      ?.vm.$emit('update:modelValue', 'place/')
    await flushPromises()
    expect(texts('.record-history h4')).toEqual(['place'])
  })
})

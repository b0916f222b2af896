import { enableAutoUnmount, flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { BalanceView, BatchView, DraftView, Fields, OfferView, RecordRow, SchemaView } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { answer, asked, type Answers } from '@/testing/shell'

import { pageActions } from '../frame/pageActions'
import { setSchema } from '../records/schema'
import { takePrefill } from '../records/prefill'
import BatchPage from './BatchPage.vue'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))
const went = vi.hoisted(() => ({ push: vi.fn() }))
vi.mock('vue-router', async (original) => ({ ...(await original<object>()), useRouter: () => went }))

const words = (name: string): { zh: string; en: string } => ({ zh: name, en: name })

const SCHEMA: SchemaView = {
  kinds: [
    {
      id: 'sample',
      ...words('sample'),
      title: 'number',
      fields: [
        { name: 'number', type: 'text', ...words('number') },
        { name: 'product_name', type: 'text', ...words('product_name') },
        { name: 'enterprise', type: 'ref', to: 'enterprise', ...words('enterprise') },
      ],
    },
    {
      id: 'disposal',
      ...words('disposal'),
      title: 'sample',
      follows: 'sample',
      fields: [
        { name: 'sealed_on', type: 'date', ...words('sealed_on') },
        { name: 'sealed_quantity', type: 'quantity', ...words('sealed_quantity') },
        { name: 'resumed_on', type: 'date', ...words('resumed_on') },
      ],
    },
  ],
  vocabularies: [{ id: 'category', entries: [{ code: 'thing', ...words('物'), unit: '只' }] }],
  campaigns: [],
}

function record(kind: string, fields: Fields, overrides: Record<string, string> = {}): RecordRow {
  return { id: `${kind}-1`, kind, office: '640121', campaigns: [], void: null, overrides, fields, titles: {}, conflicted: [] }
}

const BALANCE: BalanceView = {
  nonconforming: 1000,
  sealed: 700,
  detained: 0,
  flowed: 0,
  flows_uncounted: 0,
  recalled: 0,
  destroyed: 0,
  unaccounted: 300,
  at_large: 0,
  kept: 700,
}

function batch(changes: Partial<BatchView> = {}): BatchView {
  const blocked = {
    code: 'resumed-without-reinspection',
    message: '复查没有合格，不能恢复生产。',
    remedy: '请先复查。',
    field: null,
    line: null,
  }
  return {
    sample: record('sample', { number: 'K2', product_name: '口罩', category: 'thing' }),
    disposal: record('disposal', { sealed_quantity: 700, sealed_on: '2021-05-11' }, { odd: '属实' }),
    others: [],
    balance: BALANCE,
    events: [
      {
        id: 'sampled',
        record: 'sample-1',
        kind: 'sample',
        day: '2021-05-01',
        quantity: null,
        outcome: null,
        words: '',
        handled: null,
      },
      {
        id: 'seal',
        record: 'disposal-1',
        kind: 'disposal',
        day: '2021-05-11',
        quantity: 700,
        outcome: null,
        words: '',
        handled: null,
      },
    ],
    todo: [
      { id: 'account', quantity: 300, due: null, overdue: false, required: true },
      { id: 'reinspect', quantity: null, due: '2021-05-20', overdue: true, required: true },
    ],
    settled: false,
    steps: [
      { id: 'seal', kind: 'disposal', fields: ['sealed_on', 'sealed_quantity'], begun: true, blocked: null },
      { id: 'resume', kind: 'disposal', fields: ['resumed_on'], begun: false, blocked },
    ],
    ...changes,
  }
}

/** The program's drafts: of a record one, of records that are not yet there any number. */
const kept = new Map<string, DraftView>()

function drafts(): Answers {
  const of = (record: string | null): DraftView[] => [...kept.values()].filter((draft) => draft.record === record)
  return {
    drafts: () =>
      [...kept.values()].map(({ id, kind, record, at }) => ({ id, kind, record, at, author: '张三', own: true, title: '' })),
    draft_get: ({ id, record }) => (id === null ? of(record)[0] : kept.get(id)) ?? null,
    draft_keep: ({ id, kind, record, form }) => {
      const own = (record && of(record)[0]?.id) || id || `d${kept.size + 1}`
      kept.set(own, { id: own, kind, record, at: '2021-05-27 09:30', form, titles: {} })
      return { id: own, at: '2021-05-27 09:30' }
    },
    draft_drop: ({ id }) => (kept.delete(id), {}),
  }
}

function draftOf(record: string | null, fields: Fields): void {
  kept.set('d0', {
    id: 'd0',
    kind: 'disposal',
    record,
    at: '2021-05-26 17:00',
    form: { fields, campaigns: [], overrides: {}, typed: {} },
    titles: {},
  })
}

async function take(page: VueWrapper, step: string): Promise<void> {
  await page.find(`[data-step=${step}] button`).trigger('click')
  await flushPromises()
}

const field = (name: string): HTMLInputElement => document.querySelector(`.step-dialog [data-field=${name}] input`)!

async function fill(name: string, text: string): Promise<void> {
  field(name).value = text
  field(name).dispatchEvent(new Event('input'))
  await flushPromises()
}

async function click(selector: string): Promise<void> {
  document.querySelector<HTMLElement>(`.step-dialog ${selector}`)!.click()
  await flushPromises()
}

async function submit(): Promise<void> {
  document.querySelector('.step-dialog form')!.dispatchEvent(new Event('submit'))
  await flushPromises()
}

async function open(shown: BatchView): Promise<VueWrapper> {
  answer({
    batch: () => shown,
    photos: () => ({ photos: [], most_bytes: 1 }),
    record_save: () => ({ record: record('disposal', {}), errors: [], warnings: [] }),
    ...drafts(),
  })
  const page = mount(BatchPage, {
    props: { id: 'sample-1' },
    global: { plugins: [{ install: useElement }], stubs: { RouterLink: { template: '<a><slot /></a>' } } },
    attachTo: document.body,
  })
  await flushPromises()
  return page
}

enableAutoUnmount(afterEach)
beforeEach(() => {
  document.body.innerHTML = ''
  kept.clear()
  setSchema(SCHEMA)
  setLanguage('zh')
})

describe('a nonconforming batch', () => {
  it('says what is unaccounted for, what comes next and what is overdue', async () => {
    const page = await open(batch())
    expect(page.find('.verdict').text()).toContain('还有 300 只去向不明。')
    expect(page.find('[data-part=unaccounted] b').text()).toBe('300')
    expect(page.find('.todo li.first').text()).toContain('查清 300 只的去向')
    expect(page.find('[data-todo=reinspect] .status.danger').text()).toContain('2021-05-20')
    expect(page.findAll('.timeline li').map((each) => each.find('time').text())).toEqual(['2021-05-01', '2021-05-11'])
    expect(page.find('[data-event=seal] b').text()).toBe('700 只')
  })

  it('says too many, and says that nobody has counted', async () => {
    const over = await open(batch({ balance: { ...BALANCE, sealed: 1020, unaccounted: -20 } }))
    expect(over.find('.verdict').text()).toContain('多 20 只')
    expect(over.find('[data-part=excess] b').text()).toBe('20')
    over.unmount()
    const open_ = await open(batch({ balance: { ...BALANCE, nonconforming: null, unaccounted: null } }))
    expect(open_.find('.verdict').text()).toContain('算不出平衡')
  })

  it('keeps 恢复生产 closed before a passed re-inspection, and says why at once', async () => {
    const page = await open(batch())
    const step = page.find('[data-step=resume]')
    expect(step.find('button').attributes('disabled')).toBeDefined()
    expect(step.text()).toContain('复查没有合格，不能恢复生产。')
  })

  it('files the case that the sample prepares, and links one that is there as the second choice', async () => {
    const file = { id: 'file', kind: 'disposal', fields: ['sealed_on'], begun: false, blocked: null }
    const todo = { id: 'file', quantity: null, due: null, overdue: false, required: true }
    const page = await open(batch({ steps: [file], todo: [todo] }))
    const offer: OfferView = {
      opens: 'case',
      label: '立案',
      item: null,
      preset: { enterprise: 'e1', sample: 'sample-1' },
      campaigns: ['c1'],
      existing: null,
    }
    answer({ record_beside: () => ({ offers: [offer], related: [] }), ...drafts() })
    for (const button of ['[data-step=file] button', '[data-todo=file] button']) {
      await page.find(button).trigger('click')
      await flushPromises()
      expect(went.push).toHaveBeenLastCalledWith('/cases/case/new')
      expect(takePrefill('case')).toMatchObject({ fields: { enterprise: 'e1', sample: 'sample-1' }, campaigns: ['c1'] })
      expect(document.querySelector('.step-dialog')).toBeNull()
    }
    await page.find('[data-step=file] .link-case').trigger('click')
    await flushPromises()
    expect(document.querySelector('.step-dialog')).not.toBeNull()
  })

  it('saves a step in just its fields, and keeps what was overridden before', async () => {
    const page = await open(batch())
    await page.find('[data-step=seal] button').trigger('click')
    await flushPromises()
    const quantity = document.querySelector('.step-dialog [data-field=sealed_quantity] input') as HTMLInputElement
    expect(quantity.value).toBe('700')
    quantity.value = '1000'
    quantity.dispatchEvent(new Event('input'))
    await flushPromises()
    ;(document.querySelector('.step-dialog form') as HTMLFormElement).dispatchEvent(new Event('submit'))
    await flushPromises()
    const saved = asked.find((each) => each.action === 'record_save')?.input
    expect(saved).toMatchObject({
      kind: 'disposal',
      id: 'disposal-1',
      fields: { sealed_on: '2021-05-11', sealed_quantity: 1000 },
      overrides: { odd: '属实' },
    })
    expect(asked.filter((each) => each.action === 'batch')).toHaveLength(2)
  })

  it('offers to whoever types the steps that can be taken, and no other', async () => {
    const page = await open(batch())
    expect(pageActions().map((action) => action.key)).toEqual(['step seal', 'sample', 'disposal'])
    pageActions()[0]!.run()
    await flushPromises()
    expect(document.querySelector('.step-dialog [data-field=sealed_quantity]')).not.toBeNull()
    page.unmount()
  })

  it('keeps what is typed in a step while it is typed, and goes on with it', async () => {
    const shown = batch()
    const page = await open(shown)
    await take(page, 'seal')
    await fill('sealed_quantity', '812')
    // The program is killed: what the page would do when it is left is not done.
    await vi.waitFor(() => expect(kept.size).toBe(1), { timeout: 30_000 })
    const [draft] = kept.values()
    expect(draft).toMatchObject({ kind: 'disposal', record: 'disposal-1', form: { fields: { sealed_quantity: 812 } } })
    expect(draft!.form.fields).not.toHaveProperty('sealed_on')
    page.unmount()
    document.body.innerHTML = ''

    const again = await open(shown)
    await take(again, 'seal')
    expect(field('sealed_quantity').value).toBe('812')
    expect(document.querySelector('.draft-bar')!.textContent).toContain('2021-05-27 09:30')
    await submit()
    expect(asked.find((each) => each.action === 'record_save')?.input).toMatchObject({
      fields: { sealed_quantity: 812 },
      draft: draft!.id,
    })
  })

  it('loses nothing when it is closed, and what a person calls off goes', async () => {
    const page = await open(batch())
    await take(page, 'seal')
    await fill('sealed_quantity', '812')
    // Escape or the cross: the tests have no transitions, at whose end the dialog says so.
    page.findComponent({ name: 'ElDialog' }).vm.$emit('close')
    await flushPromises()
    expect(document.querySelector('.step-dialog')).toBeNull()
    await take(page, 'seal')
    expect(field('sealed_quantity').value).toBe('812')
    await click('.draft-bar .danger')
    expect(field('sealed_quantity').value).toBe('700')
    expect(kept.size).toBe(0)
    await fill('sealed_quantity', '815')
    await click('.cancel-step')
    expect(document.querySelector('.step-dialog')).toBeNull()
    expect(kept.size).toBe(0)
    await take(page, 'seal')
    expect(field('sealed_quantity').value).toBe('700')
  })

  it('is closed by a person who calls it off after it could not be saved', async () => {
    const page = await open(batch())
    await take(page, 'seal')
    const full = { code: 'disk-full', message: '磁盘已满。', remedy: '请腾出空间。', field: null, line: null }
    answer({ ...drafts(), record_save: () => [full] })
    await submit()
    expect(document.querySelector('.step-dialog .problem')!.textContent).toContain('磁盘已满。')
    await click('.cancel-step')
    expect(document.querySelector('.step-dialog')).toBeNull()
  })

  it('leaves in the draft what the form of the record left there', async () => {
    draftOf('disposal-1', { resumed_on: '2021-05-25', sealed_quantity: 650 })
    const page = await open(batch())
    await take(page, 'seal')
    expect(field('sealed_quantity').value).toBe('650')
    await fill('sealed_quantity', '660')
    await submit()
    expect(asked.find((each) => each.action === 'record_save')?.input['draft']).toBeNull()
    expect([...kept.values()].map((draft) => draft.form.fields)).toEqual([{ resumed_on: '2021-05-25' }])
  })

  it('finds the draft of a disposal that is not yet there by its sample', async () => {
    draftOf(null, { sample: 'another', sealed_quantity: 1 })
    const page = await open(batch({ disposal: null }))
    await take(page, 'seal')
    expect(field('sealed_quantity').value).toBe('')
    await fill('sealed_quantity', '5')
    page.unmount()
    await flushPromises()
    document.body.innerHTML = ''
    const again = await open(batch({ disposal: null }))
    await take(again, 'seal')
    expect(field('sealed_quantity').value).toBe('5')
    await submit()
    expect(asked.find((each) => each.action === 'record_save')?.input).toMatchObject({
      id: null,
      fields: { sample: 'sample-1', sealed_quantity: 5 },
    })
    expect(kept.get('d0')?.form.fields).toEqual({ sample: 'another', sealed_quantity: 1 })
  })

  it('opens the disposal with the first step', async () => {
    const page = await open(batch({ disposal: null }))
    await page.find('[data-step=seal] button').trigger('click')
    await flushPromises()
    ;(document.querySelector('.step-dialog form') as HTMLFormElement).dispatchEvent(new Event('submit'))
    await flushPromises()
    const saved = asked.find((each) => each.action === 'record_save')?.input
    expect(saved).toMatchObject({ id: null, fields: { sample: 'sample-1' } })
  })
})

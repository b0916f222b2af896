import { enableAutoUnmount, flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { ElMessageBox } from 'element-plus'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { call, type DoubtView, type FilingView, type Problem, type SealingInput } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { CLOSED, FILING, TABLE, filing, sealed, section } from '@/testing/filing'
import { answer, asked, type Answers } from '@/testing/shell'

import { appStatus } from '../book/status'
import { router } from '../frame/router'
import { keepAll } from '../records/drafts'
import { setSchema } from '../records/schema'
import FilingPage from './FilingPage.vue'
import SectionEditor from './SectionEditor.vue'
import { forgetSaid } from './sealings'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

function problem(code: string): Problem {
  return { code, message: `${code}!`, remedy: '', field: null, line: null }
}

const DOUBT: DoubtView = {
  key: 'c1/1/total/filed',
  form: 'c1/1',
  form_title: 'Table',
  row: 'total',
  row_label: 'Total',
  column: 'filed',
  column_label: 'Filed',
  text: '3',
  own: false,
  reason: '',
}

let page: VueWrapper

async function open(view: FilingView | (() => FilingView), tab = '', more: Answers = {}): Promise<VueWrapper> {
  answer({
    filing: () => (typeof view === 'function' ? view() : view),
    filing_form: () => TABLE,
    filing_change: () => ({}),
    filing_review: () => ({}),
    filing_drop: () => ({}),
    filing_seal: () => ({ refusals: [], warnings: [] }),
    trace: () => ({ records: [], total: 2, sum: '3', offices: [] }),
    people: () => ({
      office: '210100',
      office_name: '',
      division: null,
      current: 'Li Mei',
      names: ['Li Mei', 'Wang Qiang'],
      named: [],
      phones: { 'Wang Qiang': '024-2' },
    }),
    drafts: () => [],
    reports: () => [],
    ...more,
  })
  await router.push({ path: `/filings/${FILING}`, query: tab ? { tab } : {} })
  page = mount(FilingPage, {
    props: { id: FILING },
    global: { plugins: [{ install: useElement }, router] },
    attachTo: document.body,
  })
  await flushPromises()
  return page
}

function inputs(action: string): Record<string, unknown>[] {
  return asked.filter((each) => each.action === action).map((each) => each.input)
}

function lastSaid(): SealingInput {
  return inputs('filing').at(-1)?.['sealing'] as SealingInput
}

/** Until what is typed was looked at. */
async function pause(): Promise<void> {
  await vi.advanceTimersByTimeAsync(1000)
  vi.useRealTimers()
  await flushPromises()
}

function agree(): void {
  vi.spyOn(ElMessageBox, 'confirm').mockResolvedValue('confirm' as never)
}

enableAutoUnmount(afterEach)
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})
beforeEach(() => {
  document.body.innerHTML = ''
  URL.createObjectURL ??= () => 'blob:page'
  setLanguage('zh')
  setSchema({ kinds: [], vocabularies: [], campaigns: [] })
  forgetSaid(FILING)
  appStatus.value = { today: '2020-06-09', sample: false, book: { office: '210100', upper_office: '210000' } } as NonNullable<
    typeof appStatus.value
  >
})

it('says what the report is, and shows its tables as they would print, each number open to its records', async () => {
  await open(filing({ late: 70 }))
  expect(page.find('h2').text()).toBe('Weekly')
  expect(page.find('[data-fact=office]').text()).toBe('Shenyang')
  expect(page.find('[data-fact=due]').text()).toBe('2020-06-11 14:00 已迟 1 小时 10 分钟')
  expect(page.findAll('[data-tab]').map((tab) => tab.attributes('data-tab'))).toEqual(['forms', 'words', 'checks', 'seal'])
  expect(page.find('.box[data-row=total][data-column=filed]').classes()).toContain('unsettled')
  await page.find('.box[data-row=total][data-column=closed]').trigger('click')
  await flushPromises()
  expect(inputs('trace')[0]).toMatchObject({
    filling: { form: 'c1/1', as_of: '2020-06-10', office: '210100', date: null },
    row: 'total',
    column: 'closed',
  })
  expect(document.querySelector('.el-drawer__title')?.textContent).toContain('Total · Closed')
})

it('asks once as the book knows the filler, and prints the tables with it', async () => {
  await open(filing({}))
  expect(inputs('filing').map((each) => each['sealing'])).toEqual([
    null,
    expect.objectContaining({ filler: 'Li Mei', phone: '024-1' }),
  ])
  expect(inputs('filing_form').at(-1)?.['sealing']).toMatchObject({ filler: 'Li Mei' })
})

it('keeps words as they are typed, each section by itself, and at once on leaving, by key and before the window closes', async () => {
  await open(filing({ sections: [section({}), section({ id: 'next', zh: '下一步' })] }), 'words')
  const editors = page.findAllComponents(SectionEditor)
  expect(editors.map((each) => each.props('last'))).toEqual(['2 inspected.', '2 inspected.'])
  vi.useFakeTimers()
  editors[0]?.vm.$emit('edited', '一')
  editors[0]?.vm.$emit('edited', '一二')
  expect(inputs('filing_change')).toEqual([])
  await pause()
  const change = { id: FILING, as_of: null, correction: null }
  expect(inputs('filing_change')).toEqual([{ ...change, sections: { measures: '一二' } }])
  expect(page.find('.filing-kept').text()).toBe('已保存')
  editors[1]?.vm.$emit('edited', '三')
  document.dispatchEvent(new KeyboardEvent('keydown', { key: 's', ctrlKey: true, cancelable: true }))
  await flushPromises()
  editors[1]?.vm.$emit('edited', '四')
  await keepAll()
  editors[1]?.vm.$emit('edited', '五')
  page.unmount()
  await flushPromises()
  expect(inputs('filing_change').map((each) => each['sections'])).toEqual([
    { measures: '一二' },
    { next: '三' },
    { next: '四' },
    { next: '五' },
  ])
})

it('keeps what was typed last, however soon a person leaves or the window closes', async () => {
  const words: Answers = { report_words_edited: ({ text }) => ({ pieces: [{ kind: 'text', text }], source: text }) }
  const sections = (): unknown[] => inputs('filing_change').map((each) => each['sections'])
  await open(filing({}), 'words', words)
  await page.find('textarea').setValue('typed')
  await flushPromises()
  expect(sections()).toEqual([])
  page.unmount()
  await flushPromises()
  await keepAll()
  expect(sections()).toEqual([{ measures: 'typed' }])
  await open(filing({}), 'words', words)
  await page.find('textarea').setValue('closing')
  await keepAll()
  expect(sections()).toEqual([{ measures: 'closing' }])
  await page.find('textarea').setValue('reviewed')
  await page.find('[data-tab=seal]').trigger('click')
  await flushPromises()
  await page.find('[data-answer=reviewer]').setValue('Wang Qiang')
  await page.find('.do-review').trigger('submit')
  await flushPromises()
  expect(sections()).toEqual([{ measures: 'closing' }, { measures: 'reviewed' }])
  expect(asked.map((each) => each.action).lastIndexOf('filing_change')).toBeLessThan(
    asked.findIndex((each) => each.action === 'filing_review'),
  )
})

it('takes nothing away from under the hands when the report is read anew', async () => {
  let source = '旧'
  const view = (): FilingView => filing({ sections: [section({ source, pieces: [] })] })
  const tooLong = problem('section-too-long')
  await open(view, 'words', { filing_change: () => [tooLong] as never, conflict_plan: () => [] })
  const editor = page.findComponent(SectionEditor)
  editor.vm.$emit('edited', '很长')
  source = '别处改的'
  document.dispatchEvent(new KeyboardEvent('keydown', { key: 's', ctrlKey: true, cancelable: true }))
  await flushPromises()
  expect(page.find('.problem').text()).toContain('section-too-long!')
  await call('filing_drop', { id: 'another' })
  await flushPromises()
  expect(editor.props('section').source).toBe('旧')
  expect(page.find('.filing-kept').text()).toBe('正在保存…')
})

it('changes the cut-off once it is a day', async () => {
  await open(filing({}))
  vi.useFakeTimers()
  const field = page.find('[data-answer=as_of] input')
  await field.setValue('202006')
  await field.setValue('20200609')
  await pause()
  expect(inputs('filing_change')).toEqual([{ id: FILING, as_of: '2020-06-09', correction: null, sections: {} }])
})

it('lists what does not add up with its cells and records, and takes a reason for it', async () => {
  const check = { key: 'c1/1/closed', form: 'c1/1', form_title: 'Table', error: true, check: CLOSED, found: '', reason: '' }
  await open(filing({ checks: [check], doubts: [DOUBT, { ...DOUBT, key: 'c1/1/quality/filed', own: true }] }), 'checks')
  expect(page.find('[data-tab=checks] .tab-count').text()).toBe('3')
  const row = page.find('[data-check="c1/1/closed"]')
  expect(row.text()).toContain('What is closed was filed')
  expect(row.find('.check-records a').attributes('href')).toBe('#/cases/case/k1')
  expect(row.find('.check-cells button').text()).toBe('Table · Total · Closed：4')
  vi.useFakeTimers()
  await row.find('.reason input').setValue('跨期结案')
  await page.find('[data-doubt="c1/1/total/filed"] input').setValue('县局核实中')
  await pause()
  expect(lastSaid()).toMatchObject({ checks: { 'c1/1/closed': '跨期结案' }, doubts: { 'c1/1/total/filed': '县局核实中' } })
  const own = page.find('[data-doubt="c1/1/quality/filed"]')
  expect([own.find('input').exists(), own.find('a').attributes('href')]).toEqual([false, '#/packages/conflicts'])
  await row.find('.check-cells button').trigger('click')
  await flushPromises()
  expect(inputs('trace')[0]).toMatchObject({ row: 'total', column: 'closed' })
})

it('says what stands in the way, and leads to where each is answered', async () => {
  const check = { key: 'c1/1/closed', form: 'c1/1', form_title: 'Table', error: true, check: CLOSED, found: '', reason: '' }
  const codes = [
    'filing-not-reviewed',
    'check-unexplained',
    'filing-in-conflict',
    'late-unexplained',
    'correction-missing',
    'drafts-open',
  ]
  await open(filing({ checks: [check], late: 5, corrects: [], refusals: codes.map(problem) }), 'seal', {
    drafts: () => [{ id: 'd', kind: 'inspection', record: null, at: '', author: '', own: true, title: '' }],
  })
  const refusal = (code: string): VueWrapper['element'] => page.find(`[data-refusal=${code}]`).element
  expect(page.find('.seal').attributes('disabled')).toBeDefined()
  expect(refusal('filing-in-conflict').querySelector('a')?.getAttribute('href')).toBe('#/packages/conflicts')
  expect(refusal('drafts-open').querySelector('a')?.getAttribute('href')).toBe('#/inspections/inspection')
  refusal('late-unexplained').querySelector('button')?.click()
  await flushPromises()
  expect(document.activeElement?.getAttribute('data-answer')).toBe('late_reason')
  refusal('check-unexplained').querySelector('button')?.click()
  await flushPromises()
  expect(document.activeElement?.closest('[data-answer]')?.getAttribute('data-answer')).toBe('c1/1/closed')
})

it('reviews what was kept, and files it after saying what happens', async () => {
  let view = filing({})
  await open(() => view, 'seal')
  expect(page.find('[data-answer=late_reason]').exists()).toBe(false)
  expect(page.find('[data-answer=clock_reason]').exists()).toBe(false)
  await page.find('[data-answer=reviewer]').setValue(' Wang Qiang ')
  view = filing({ state: 'reviewed', reviewer: 'Wang Qiang' })
  await page.find('.do-review').trigger('submit')
  await flushPromises()
  expect(inputs('filing_review')).toEqual([{ id: FILING, reviewer: 'Wang Qiang' }])
  expect(page.find('.review .status').text()).toBe('Wang Qiang 已审核')
  vi.useFakeTimers()
  await page.find('[data-answer=filler]').setValue('Wang Qiang')
  await page.find('[data-answer=approver]').setValue('Zhao')
  await pause()
  expect(lastSaid(), 'their telephone goes with them').toMatchObject({ filler: 'Wang Qiang', phone: '024-2', approver: 'Zhao' })

  vi.spyOn(ElMessageBox, 'confirm').mockRejectedValueOnce('cancel')
  await page.find('.seal').trigger('click')
  await flushPromises()
  expect(inputs('filing_seal')).toEqual([])
  agree()
  view = sealed({})
  await page.find('.seal').trigger('click')
  await flushPromises()
  expect(vi.mocked(ElMessageBox.confirm).mock.calls.at(-1)?.[0]).toContain('不能再改')
  expect(inputs('filing_seal')[0]).toMatchObject({ id: FILING, sealing: { filler: 'Wang Qiang', approver: 'Zhao', zero: false } })
  expect(page.find('.just-sealed').text()).toContain('已报出')
  expect(page.find('.just-sealed a').attributes('href')).toBe('#/packages/export')
})

it('says why it was not filed after all, and leaves everything as it was', async () => {
  await open(filing({ state: 'reviewed', reviewer: 'Wang Qiang' }), 'seal', {
    filing_seal: () => ({ refusals: [problem('check-unexplained')], warnings: [] }),
  })
  agree()
  await page.find('.seal').trigger('click')
  await flushPromises()
  expect(page.find('.problem').text()).toContain('check-unexplained!')
  expect(page.find('.just-sealed').exists()).toBe(false)
})

it('asks for reasons where it is late or the clock is behind, of a correction only about the clock', async () => {
  await open(filing({ late: 130, clock_behind: 5, unchanged: true, warnings: [problem('zero-not-said')] }), 'seal')
  expect(page.find('[data-answer=late_reason]').attributes('placeholder')).toContain('2 小时 10 分钟')
  expect(page.find('[data-answer=clock_reason]').attributes('placeholder')).toContain('5 分钟')
  expect(page.find('[data-code=zero-not-said]').exists()).toBe(true)
  vi.useFakeTimers()
  await page.find('[data-answer=zero] input').setValue(true)
  await page.find('[data-answer=late_reason]').setValue('停电')
  await pause()
  expect(lastSaid()).toMatchObject({ zero: true, late_reason: '停电' })
  page.unmount()
  await open(filing({ late: 130, corrects: ['018f0000-0000-7000-8000-000000000009'] }), 'seal')
  expect(page.find('[data-answer=late_reason]').exists()).toBe(false)
})

it('shows what a correction corrects, and keeps what it says', async () => {
  const earlier = '018f0000-0000-7000-8000-000000000009'
  await open(filing({ corrects: [earlier], correction: '《统计表》合计 · 立案：3 → 4' }))
  expect(page.find('.filing-links a').attributes('href')).toBe(`#/filings/${earlier}`)
  const text = page.find<HTMLTextAreaElement>('textarea[data-answer=correction]')
  expect(text.element.value).toBe('《统计表》合计 · 立案：3 → 4')
  await text.setValue('补报一案')
  await text.trigger('blur')
  await flushPromises()
  expect(inputs('filing_change')).toEqual([{ id: FILING, as_of: null, correction: '补报一案', sections: {} }])
})

it('drops a draft and goes back to the list, and of a reviewed report only what was changed', async () => {
  await open(filing({}))
  agree()
  await page.find('.drop').trigger('click')
  await flushPromises()
  expect(inputs('filing_drop')).toEqual([{ id: FILING }])
  await vi.waitFor(() => expect(router.currentRoute.value.path).toBe('/filings'), 10_000)
  page.unmount()
  await open(filing({ reviewer: 'Wang Qiang' }))
  expect(page.find('.drop').text()).toBe('放弃改动')
  await page.find('.drop').trigger('click')
  await flushPromises()
  expect(router.currentRoute.value.path).toBe(`/filings/${FILING}`)
})

it('remembers what was said when a person goes to a record and comes back', async () => {
  await open(filing({}), 'seal')
  vi.useFakeTimers()
  await page.find('[data-answer=approver]').setValue('Zhao')
  await pause()
  page.unmount()
  await open(filing({}), 'seal')
  expect(page.find<HTMLInputElement>('[data-answer=approver]').element.value).toBe('Zhao')
  expect(inputs('filing')[0]?.['sealing']).toMatchObject({ approver: 'Zhao' })
})

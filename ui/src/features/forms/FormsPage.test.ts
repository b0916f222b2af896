import { enableAutoUnmount, flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { call, type Actions, type FilledView, type SchemaView } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { answer, asked, hold, tellChanged, type Answers } from '@/testing/shell'

import { appStatus } from '../book/status'
import { campaign } from '../frame/campaign'
import { router } from '../frame/router'
import { setSchema } from '../records/schema'
import FormsPage from './FormsPage.vue'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const SVG = '<svg viewBox="0 0 842 595" xmlns="http://www.w3.org/2000/svg"></svg>'

const FILLED: FilledView = {
  form: 'c1/1',
  title: 'Cases',
  stub: 'Line',
  columns: [
    { id: 'filed', path: ['Filed'] },
    { id: 'closed', path: ['Closed'] },
  ],
  levels: 1,
  header: [],
  rows: [
    { id: 'quality', total: false, cells: ['Quality', '3', '0'] },
    { id: 'total', total: true, cells: ['Total', '3', '0'] },
  ],
  rows_in_all: 2,
  unsettled: [['total', 'filed']],
  pages: [SVG],
  boxes: ['quality', 'total'].flatMap((row, at) =>
    ['', 'filed', 'closed'].map((column, x) => ({ page: 0, row, column, x: 100 * x, y: 100 + 20 * at, width: 100, height: 20 })),
  ),
  unlisted: [],
  warnings: [],
}

const SCHEMA: SchemaView = {
  kinds: [],
  vocabularies: [],
  campaigns: [
    {
      id: 'c1',
      title: 'Sweep',
      title_en: 'Sweep',
      document: '',
      first_day: '2021-03-01',
      last_day: null,
      categories: [],
      field_sets: [],
      checklist: [],
      notes: [
        { zh: 'All lines', en: 'All lines', form: 'c1/1' },
        { zh: 'Of the whole', en: 'Of the whole', form: null },
      ],
      ledgers: [{ id: 'c1/inspections', title: '检查台账', title_en: 'Ledger of inspections', attachment: '' }],
      report_days: [
        { zh: 'Weekly', en: 'Weekly', on: '2021-05-13', cut_off: '2021-05-12', forms: ['c1/1'] },
        { zh: 'Weekly', en: 'Weekly', on: '2021-05-20', cut_off: '2021-05-19', forms: ['c1/1'] },
        { zh: 'Words', en: 'Words', on: '2021-05-20', cut_off: '2021-05-19', forms: [] },
        { zh: 'Other', en: 'Other', on: '2021-05-27', cut_off: '2021-05-26', forms: ['c1/2'] },
      ],
      forms: [{ id: 'c1/1', title: 'Cases', title_en: 'Cases', attachment: '' }],
    },
  ],
}

const FILED = { column: 'filed', label: 'Filed', before: '1', after: '3', by: '＋2', unsettled: false }
const DIFFERENCES: Actions['fill_differences']['out'] = {
  form: 'c1/1',
  title: 'Cases',
  rows: [{ row: 'quality', label: 'Quality', state: 'kept', cells: [FILED] }],
  cells_in_all: 1,
}

async function open(address: string, more: Answers = {}, chosen: { token: string; name: string }[] = []): Promise<VueWrapper> {
  const known: Answers = {
    fill: () => FILLED,
    fill_checks: () => [],
    fill_differences: () => DIFFERENCES,
    trace: () => ({ records: [], total: 0, sum: null, offices: [] }),
    divisions: () => [],
    ...more,
  }
  answer(known, chosen)
  await router.push(address)
  const page = mount(FormsPage, { global: { plugins: [{ install: useElement }, router] }, attachTo: document.body })
  await flushPromises()
  return page
}

function fills(): Record<string, unknown>[] {
  return asked.filter((each) => each.action === 'fill').map((each) => each.input)
}

enableAutoUnmount(afterEach)
beforeEach(() => {
  document.body.innerHTML = ''
  URL.createObjectURL ??= () => 'blob:page'
  setLanguage('en')
  setSchema(SCHEMA)
  campaign.value = ''
  appStatus.value = { today: '2021-05-27', sample: false, book: { office: '640121', office_name: 'County' } } as NonNullable<
    typeof appStatus.value
  >
})

it('fills what the address names, and the first form where it names none', async () => {
  const first = await open('/forms')
  expect(fills()).toEqual([{ form: 'c1/1', as_of: '2021-05-27', office: '640121', date: null }])
  first.unmount()
  setSchema({ ...SCHEMA, campaigns: [] })
  const empty = await open('/forms')
  expect(fills()).toEqual([])
  expect(empty.text()).toContain('no attachments')
  empty.unmount()
  setSchema(SCHEMA)
  const page = await open('/forms?form=c1/1&as_of=2021-05-20&office=640100')
  expect(fills()).toEqual([{ form: 'c1/1', as_of: '2021-05-20', office: '640100', date: null }])
  expect(page.findAll('.box').map((box) => box.attributes('aria-label'))).toEqual(['3', '0', '3', '0'])
})

it('fills again when the cut-off changes, and says so in the address', async () => {
  vi.useFakeTimers()
  const page = await open('/forms?form=c1/1&as_of=2021-05-20')
  await page.find('[data-field=as_of] input').setValue('20210525')
  await page.find('[data-field=as_of] input').setValue('20210526')
  await vi.runAllTimersAsync()
  vi.useRealTimers()
  await flushPromises()
  expect(fills().map((each) => each['as_of'])).toEqual(['2021-05-20', '2021-05-26'])
  expect(router.currentRoute.value.query['as_of']).toBe('2021-05-26')
})

it('marks what is unsettled and what has changed since an earlier day, on the page and in the table', async () => {
  const page = await open('/forms?form=c1/1&as_of=2021-05-20&earlier=2021-05-01')
  expect(asked.find((each) => each.action === 'fill_differences')?.input['earlier']).toBe('2021-05-01')
  const box = (row: string): VueWrapper['element'] => page.find(`.box[data-row=${row}][data-column=filed]`).element
  expect(box('total').classList.contains('unsettled')).toBe(true)
  expect(box('quality').classList.contains('changed')).toBe(true)
  expect(box('quality').getAttribute('title')).toContain('1')
  const change = page.find('.form-changes [data-cell="quality/filed"]')
  expect(change.findAll('td').map((cell) => cell.text())).toEqual(['Quality', 'Filed', '1', '3', '＋2'])
  await page.find('[data-view=cells]').trigger('click')
  expect(page.find('tr[data-row=quality] td[data-column=filed]').classes()).toContain('changed')
  expect(page.find('tr[data-row=total] td[data-column=filed]').classes()).toContain('unsettled')
})

it('opens the cell a link leads to', async () => {
  const page = await open('/forms?form=c1/1&as_of=2021-05-20&row=quality&column=filed')
  expect(page.find('.box[data-row=quality][data-column=filed]').classes()).toContain('asked')
  const trace = asked.find((each) => each.action === 'trace')?.input
  expect([trace?.['row'], trace?.['column'], trace?.['first']]).toEqual(['quality', 'filed', 0])
})

it('is filled anew when records have changed, and the number that is open stays open', async () => {
  let count = '3'
  const cells = (): FilledView['rows'] => [{ id: 'quality', total: false, cells: ['Quality', count, '0'] }]
  const page = await open('/forms?form=c1/1&as_of=2021-05-20', {
    fill: () => ({ ...FILLED, rows: cells() }),
    trace: () => ({ records: [], total: Number(count), sum: count, offices: [] }),
    resolve: () => ({}),
  })
  await page.find('.box[data-row=quality][data-column=filed]').trigger('click')
  await flushPromises()
  expect(document.querySelector('.trace-sum')?.textContent).toContain('Total 3')
  count = '4'
  tellChanged({ kinds: ['case'], records: ['c1'], more: false })
  await call('resolve', { conflict: 'c', keep: 'k' })
  await flushPromises()
  expect(page.find('.box[data-row=quality][data-column=filed]').attributes('aria-label')).toBe('4')
  expect(document.querySelector('.trace-sum')?.textContent).toContain('Total 4')
})

it('shows the cells of a form that is too long for pages', async () => {
  const page = await open('/forms?form=c1/1', { fill: () => ({ ...FILLED, pages: [], boxes: [], rows_in_all: 9000 }) })
  expect(page.find('.filled').exists()).toBe(true)
  expect(page.find('[data-view=pages]').attributes('disabled')).toBeDefined()
  expect(page.text()).toContain('9,000')
})

it('zooms by keyboard and to real size', async () => {
  const page = await open('/forms?form=c1/1')
  await page.find('[data-zoom=real]').trigger('click')
  expect(page.find('.sheet').attributes('style')).toContain('width: 1123px')
  document.dispatchEvent(new KeyboardEvent('keydown', { key: '-', ctrlKey: true, cancelable: true }))
  await flushPromises()
  expect(page.find('.zoom span').text()).toBe('90%')
})

it('saves the same figures by office, of a table and not of a list', async () => {
  const written = { name: 'by office.xlsx', folder: 'out' }
  const page = await open('/forms?form=c1/1&as_of=2021-05-27', { by_office_to_file: () => written }, [
    { token: 't1', name: 'by office.xlsx' },
  ])
  await page.find('.save-by-office').trigger('click')
  await flushPromises()
  const filling = { form: 'c1/1', as_of: '2021-05-27', office: '640121', date: null }
  expect(asked.filter((each) => each.action === 'by_office_to_file').map((each) => each.input)).toEqual([{ filling, out: 't1' }])
  expect(page.text()).toContain('by office.xlsx')
  const list = await open('/forms?form=c1/1&as_of=2021-05-27', { fill: () => ({ ...FILLED, stub: null }) })
  expect(list.find('.save-by-office').exists()).toBe(false)
})

it('calls a row by its label though its heading is blank, and by its words in a list', async () => {
  const shown = async (filled: Partial<FilledView>): Promise<string> => {
    const page = await open('/forms?form=c1/1&as_of=2021-05-20&row=quality&column=filed', {
      fill: () => ({ ...FILLED, ...filled }),
    })
    const title = document.querySelector('.el-drawer__title')?.textContent ?? ''
    expect(page.find('.box[data-row=quality][data-column=filed]').attributes('aria-label')).toBe('3')
    page.unmount()
    document.body.innerHTML = ''
    return title
  }
  expect(await shown({ stub: '' })).toContain('Quality · Filed')
  const rows = [{ id: 'quality', total: false, cells: ['3', '永宁口罩厂'] }]
  const columns = [
    { id: 'filed', path: ['Filed'] },
    { id: 'name', path: ['Name'] },
  ]
  expect(await shown({ stub: null, rows, columns })).toContain('Row 1 永宁口罩厂 · Filed')
})

it('offers the report days of the form, for the cut-off and for the day before', async () => {
  const page = await open('/forms?form=c1/1&as_of=2021-05-19')
  const choices = page.findAllComponents({ name: 'ElSelect' }).filter((each) => each.classes('report-days'))
  const values = choices.map((each) => each.findAllComponents({ name: 'ElOption' }).map((option) => option.props('value')))
  expect(values).toEqual([['2021-05-12', '2021-05-19'], ['2021-05-12']])
  choices[1]?.vm.$emit('change', '2021-05-12')
  await flushPromises()
  expect(router.currentRoute.value.query['earlier']).toBe('2021-05-12')
  expect(page.find('.form-notes').text()).toContain('All lines')
  expect(page.find('.form-notes').text()).not.toContain('Of the whole')
})

it('says what a number comes to and whose records it counts', async () => {
  const offices = [
    { office: '640121', name: 'Yongning', records: 2 },
    { office: '640181', name: 'Lingwu', records: 1 },
  ]
  await open('/forms?form=c1/1&as_of=2021-05-20&row=quality&column=filed', {
    trace: () => ({ records: [], total: 3, sum: '3', offices }),
  })
  const drawer = document.querySelector('.trace-sum')?.textContent ?? ''
  expect(drawer).toContain('Total 3')
  expect(drawer).toContain('Yongning: 2')
})

/** What there is to choose from, under its headings. */
function offered(page: VueWrapper): Record<string, unknown[]> {
  const groups = page.findAllComponents({ name: 'ElOptionGroup' })
  const options = (group: VueWrapper): unknown[] =>
    group.findAllComponents({ name: 'ElOption' }).map((option) => option.props('label') as unknown)
  return Object.fromEntries(groups.map((group) => [group.props('label'), options(group)]))
}

it('offers the ledgers of a campaign below its forms, by keyboard too', async () => {
  const page = await open('/forms?as_of=2021-05-20')
  expect(offered(page)).toEqual({ Sweep: ['Cases'], 'Ledgers · Sweep': ['Ledger of inspections'] })
  const choice = page.find('[data-field=form] input')
  for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) {
    await choice.trigger('keydown', { key, code: key })
    await flushPromises()
  }
  expect(router.currentRoute.value.query['form']).toBe('c1/inspections')
  expect(fills().map((each) => each['form'])).toEqual(['c1/1', 'c1/inspections'])
})

it('opens a ledger by its address, of a campaign that is not looked at, with every day something is reported', async () => {
  campaign.value = 'another'
  const page = await open('/forms?form=c1/inspections&as_of=2021-05-20')
  expect(fills().map((each) => each['form'])).toEqual(['c1/inspections'])
  expect(Object.keys(offered(page))).toEqual(['Sweep', 'Ledgers · Sweep'])
  const days = page.findAllComponents({ name: 'ElSelect' }).find((each) => each.classes('report-days'))
  expect(days?.findAllComponents({ name: 'ElOption' }).map((option) => option.props('value') as unknown)).toEqual([
    '2021-05-12',
    '2021-05-19',
    '2021-05-26',
  ])
})

it('shows a ledger at first where the campaign has no forms', async () => {
  setSchema({ ...SCHEMA, campaigns: SCHEMA.campaigns.map((each) => ({ ...each, forms: [] })) })
  const page = await open('/forms')
  expect(Object.keys(offered(page))).toEqual(['Ledgers · Sweep'])
  expect(fills().map((each) => each['form'])).toEqual(['c1/inspections'])
})

it('opens the number a failed check is about', async () => {
  const page = await open('/forms?form=c1/1&as_of=2021-05-20', {
    fill_checks: () => [
      {
        id: 'closed',
        level: 'error',
        words: 'What is closed was filed',
        problem: { code: 'check-compared', message: 'Total Filed 3', remedy: '', field: null, line: null },
        cells: [
          {
            form: 'c1/1',
            form_title: 'Cases',
            row: 'total',
            row_label: 'Total',
            column: 'filed',
            column_label: 'Filed',
            text: '3',
          },
        ],
        records: [],
        records_in_all: 0,
      },
    ],
  })
  await page.find('.form-checks .check-cells button').trigger('click')
  await flushPromises()
  const trace = asked.find((each) => each.action === 'trace')?.input
  expect([trace?.['row'], trace?.['column']]).toEqual(['total', 'filed'])
  expect(document.querySelector('.el-drawer__title')?.textContent).toContain('Total · Filed')
})

it('never waits for what does not add up, and looks again whenever the form is filled anew', async () => {
  const release = hold('fill_checks')
  const page = await open('/forms?form=c1/1&as_of=2021-05-20', { resolve: () => ({}) })
  const said = (): string => page.find('.form-checks-said').text()
  expect(page.findAll('.box').length).toBe(4)
  expect(page.find('.fill').classes()).not.toContain('is-loading')
  expect(said()).toBe('Checks: looking…')
  release()
  await flushPromises()
  expect(said()).toBe('Checks: nothing amiss')
  const checks = (): unknown[] => asked.filter((each) => each.action === 'fill_checks').map((each) => each.input)
  const filling = { form: 'c1/1', as_of: '2021-05-20', office: '640121', date: null }
  expect(checks()).toEqual([filling])
  tellChanged({ kinds: ['case'], records: ['c1'], more: false })
  await call('resolve', { conflict: 'c', keep: 'k' })
  await flushPromises()
  expect(checks()).toEqual([filling, filling])
})

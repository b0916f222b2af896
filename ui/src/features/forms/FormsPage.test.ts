import { enableAutoUnmount, flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import type { Actions, FilledView, SchemaView } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { answer, asked, type Answers } from '@/testing/shell'

import { desk } from '../book/status'
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
  columns: [{ id: 'filed', path: ['Filed'] }, { id: 'closed', path: ['Closed'] }],
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
      forms: [{ id: 'c1/1', title: 'Cases', title_en: 'Cases', attachment: '' }],
    },
  ],
}

const DIFFERENCES: Actions['fill_differences']['out'] = [{ row: 'quality', column: 'filed', before: '1', after: '3' }]

async function open(address: string, more: Answers = {}): Promise<VueWrapper> {
  answer({
    fill: () => FILLED,
    fill_differences: () => DIFFERENCES,
    trace: () => ({ records: [], total: 0 }),
    divisions: () => [],
    ...more,
  })
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
  desk.value = { today: '2021-05-27', sample: false, book: { office: '640121', office_name: 'County' } } as NonNullable<typeof desk.value>
})

it('fills what the address names, and nothing where it names nothing', async () => {
  const empty = await open('/forms')
  expect(fills()).toEqual([])
  empty.unmount()
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
  expect(page.find('.form-changes tbody').text()).toContain('Quality · Filed')
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

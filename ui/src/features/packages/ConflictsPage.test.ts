import { flushPromises, mount } from '@vue/test-utils'
import { beforeEach, expect, it, vi } from 'vitest'

import { call, type CandidateView, type ConflictLine, type ConflictPage } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { answer, asked } from '@/testing/shell'

import { setSchema } from '../records/schema'
import ConflictsPage from './ConflictsPage.vue'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

function side(revision: string, value: number, office: string, shown: boolean): CandidateView {
  return { revision, value, author: office, office, device: 'd', day: null, written: '2021-05-27 08:00', shown }
}

const LINE: ConflictLine = {
  id: 'conflict-1',
  record: 'record-1',
  kind: 'case',
  office: '640121',
  field: 'penalty_fen',
  element: null,
  guarded: true,
  base: side('0', 100, '640121', false),
  candidates: [side('1', 200, '640121', false), side('2', 300, '640000', true)],
  record_title: '永市监案8号',
  office_name: '永宁县局',
  values: {},
  campaigns: [],
  titles: { 'office=640121': '永宁县局', 'office=640000': '自治区厅' },
  ours: true,
}

function page(...conflicts: ConflictLine[]): ConflictPage {
  const offices = conflicts.length > 0 ? [{ office: '640121', name: '永宁县局', count: conflicts.length }] : []
  return { conflicts, total: conflicts.length, offices }
}

beforeEach(() => {
  setLanguage('zh')
  const fields = [{ name: 'penalty_fen', type: 'money' as const, zh: '罚没', en: 'Penalty' }]
  setSchema({ kinds: [{ id: 'case', zh: '案件', en: 'Case', title: 'number', fields }], vocabularies: [], campaigns: [] })
})

it('shows both sides and what it was, looks before it settles, and keeps what lost in sight', async () => {
  let open = [LINE]
  answer({
    status: () => ({ book: null, today: '2021-05-27', sample: false }),
    conflicts: () => page(...open),
    conflict_plan: () => [],
    resolve: () => {
      open = []
      return {}
    },
    history: () =>
      LINE.candidates.map((assigned) => {
        const { field, element } = LINE
        return { field, element, assigned, settles: false, office_name: null, titles: {} }
      }),
  })
  const appStatus = mount(ConflictsPage, {
    attachTo: document.body,
    global: { plugins: [{ install: useElement }], stubs: { RouterLink: { template: '<a><slot /></a>' } } },
  })
  await flushPromises()
  expect(appStatus.find('.base').text()).toContain('1.00')
  expect(appStatus.find('tr[data-office="640000"]').text()).toContain('现在显示')
  await appStatus.find('tr[data-office="640121"] .keep').trigger('click')
  await flushPromises()
  expect(asked.map((each) => each.action)).not.toContain('resolve')
  expect(appStatus.find('.decision-value').text()).toBe('将保留：2.00')
  await appStatus.find('.confirm-decision').trigger('click')
  await flushPromises()
  expect(asked.find((each) => each.action === 'resolve')?.input).toEqual({ conflict: 'conflict-1', keep: '1' })
  expect(appStatus.find('.done').text()).toContain('永市监案8号')
  expect(appStatus.find('.settled').text()).toContain('3.00')
  expect(appStatus.find('.empty').exists()).toBe(true)
  appStatus.unmount()
})

it('says records, offices, devices and cells in words, and leads to them', async () => {
  const [theirs, ours] = LINE.candidates.map((side, at) => ({ ...side, device: `${at}f3a` }))
  const titles = { ...LINE.titles, 'device=0f3a': '李四，2021-05-20', 'device=1f3a': '' }
  const cell = {
    form: 'nx/1',
    form_title: '附件1',
    row: '10d52fa5',
    row_label: '永宁口罩厂',
    column: 'fine',
    column_label: '罚没',
  }
  let cells = [cell]
  answer({
    status: () => ({ book: null, today: '2021-05-27', sample: false }),
    conflicts: () => page({ ...LINE, candidates: [theirs!, ours!], titles }),
    cells: () => cells,
    resolve: () => ({}),
  })
  const appStatus = mount(ConflictsPage, {
    attachTo: document.body,
    global: {
      plugins: [{ install: useElement }],
      stubs: { RouterLink: { props: ['to'], template: '<a :to="JSON.stringify(to)"><slot /></a>' } },
    },
  })
  await flushPromises()
  await appStatus.find('.show-cells').trigger('click')
  await flushPromises()
  expect(appStatus.find('.group-title a').text()).toBe('永市监案8号')
  const sides = ['640121', '640000'].map((office) => appStatus.find(`tr[data-office="${office}"]`).text())
  expect(sides[0]).toContain('李四，2021-05-20 起用')
  expect(sides[1]).toContain('这台电脑')
  const link = appStatus.find('.conflict-cells a')
  expect(link.text()).toBe('附件1：永宁口罩厂 · 罚没')
  expect(link.attributes('to')).toContain('nx/1')
  cells = [{ ...cell, column_label: '案值' }]
  await call('resolve', { conflict: 'another', keep: '1' })
  await flushPromises()
  expect(appStatus.find('.conflict-cells a').text(), 'as they are by now').toBe('附件1：永宁口罩厂 · 案值')
  for (const raw of ['10d52fa5', '0f3a', 'record-1']) expect(appStatus.text()).not.toContain(raw)
  appStatus.unmount()
})

// Made-up answers of the program for the tests of reports.

import type { FailedCheckView, FilingView, FilledView, SectionView } from '@/bridge'

export const FILING = '018f0000-0000-7000-8000-000000000001'

const SVG = '<svg viewBox="0 0 842 595" xmlns="http://www.w3.org/2000/svg"></svg>'

export const TABLE: FilledView = {
  form: 'c1/1',
  title: 'Table',
  stub: 'Line',
  columns: [
    { id: 'filed', path: ['Filed'] },
    { id: 'closed', path: ['Closed'] },
  ],
  levels: 1,
  header: [],
  rows: [
    { id: 'quality', total: false, cells: ['Quality', '3', '4'] },
    { id: 'total', total: true, cells: ['Total', '3', '4'] },
  ],
  rows_in_all: 2,
  unsettled: [['total', 'filed']],
  pages: [SVG],
  boxes: ['quality', 'total'].flatMap((row, at) =>
    ['filed', 'closed'].map((column, x) => ({ page: 0, row, column, x: 100 * x, y: 100 + 20 * at, width: 100, height: 20 })),
  ),
  unlisted: [],
  warnings: [],
}

export function section(more: Partial<SectionView>): SectionView {
  return {
    id: 'measures',
    zh: 'What was done',
    en: 'Measures',
    hint: 'Say what was done',
    hint_en: 'What was done',
    text: '3 inspected.',
    source: '{figure:inspected} inspected.',
    pieces: [],
    last: '2 inspected.',
    ...more,
  }
}

export const CLOSED: FailedCheckView = {
  id: 'closed',
  level: 'error',
  words: 'What is closed was filed',
  problem: { code: 'check-compared', message: 'Total Closed 4 > Filed 3', remedy: '', field: null, line: null },
  cells: [
    { text: '4', form: 'c1/1', form_title: 'Table', row: 'total', row_label: 'Total', column: 'closed', column_label: 'Closed' },
  ],
  records: [{ id: 'k1', kind: 'case', title: 'Case 8', detail: '', void: false }],
  records_in_all: 1,
}

/** A report that is being written. */
export function filing(more: Partial<FilingView>): FilingView {
  return {
    id: FILING,
    state: 'draft',
    superseded_by: null,
    campaign: 'c1',
    report: 'weekly',
    zh: 'Weekly',
    en: 'Weekly',
    office: '210100',
    office_name: 'Shenyang',
    due: '2020-06-11',
    time: '14:00',
    as_of: '2020-06-10',
    filler: 'Li Mei',
    phone: '024-1',
    reviewer: '',
    approver: '',
    zero: false,
    late_reason: '',
    clock_reason: '',
    corrects: [],
    correction: '',
    late: null,
    clock_behind: null,
    unchanged: false,
    sealed_at: null,
    received_at: null,
    sections: [section({})],
    forms: [{ form: 'c1/1', title: 'Table' }],
    checks: [],
    doubts: [],
    refusals: [],
    warnings: [],
    answers: [],
    may_answer: false,
    own: true,
    ...more,
  }
}

/** The same once it was sealed. */
export function sealed(more: Partial<FilingView>): FilingView {
  return filing({ state: 'sealed', reviewer: 'Wang Qiang', approver: 'Zhao', sealed_at: '2020-06-11 13:05', ...more })
}

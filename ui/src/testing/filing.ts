// Made-up answers of the program for the tests of reports.

import type { FailedCheckView, FilingView, FilledView, SectionView } from '@/bridge'

export const FILING = '018f0000-0000-7000-8000-000000000001'

const SVG = '<svg viewBox="0 0 842 595" xmlns="http://www.w3.org/2000/svg"></svg>'

export const TABLE: FilledView = {
  form: 'c1/1',
  title: '统计表',
  stub: '类别',
  columns: [
    { id: 'filed', path: ['立案'] },
    { id: 'closed', path: ['结案'] },
  ],
  levels: 1,
  header: [],
  rows: [
    { id: 'quality', total: false, cells: ['质量', '3', '4'] },
    { id: 'total', total: true, cells: ['合计', '3', '4'] },
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
    zh: '具体措施',
    en: 'Measures',
    hint: '写采取的措施',
    hint_en: 'What was done',
    text: '检查 3 家。',
    source: '检查 {figure:inspected} 家。',
    pieces: [],
    last: '上周检查 2 家。',
    ...more,
  }
}

export const CLOSED: FailedCheckView = {
  id: 'closed',
  level: 'error',
  words: '结案不多于立案',
  problem: { code: 'check-compared', message: '合计 结案 4 > 立案 3', remedy: '', field: null, line: null },
  cells: [
    { text: '4', form: 'c1/1', form_title: '统计表', row: 'total', row_label: '合计', column: 'closed', column_label: '结案' },
  ],
  records: [{ id: 'k1', kind: 'case', title: '永市监案8号', detail: '', void: false }],
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
    zh: '周报',
    en: 'Weekly',
    office: '210100',
    office_name: '沈阳市局',
    due: '2020-06-11',
    time: '14:00',
    as_of: '2020-06-10',
    filler: '李梅',
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
    forms: [{ form: 'c1/1', title: '统计表' }],
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
  return filing({ state: 'sealed', reviewer: '王强', approver: '赵局', sealed_at: '2020-06-11 13:05', ...more })
}

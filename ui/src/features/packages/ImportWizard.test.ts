import { enableAutoUnmount, flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'

import { call, type ImportBatchView, type FileView, type InboxView, type ReceiptView, type ImportStatus } from '@/bridge'
import { listenForDrops } from '@/shared/drops'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { answer, asked, hold, letGo, tellChanged, type Answers } from '@/testing/shell'

import { useImport } from './importing'
import ImportWizard from './ImportWizard.vue'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const FILES = [
  { token: 'chosen-1', name: '永宁县.sweep' },
  { token: 'chosen-2', name: '灵武市.sweep' },
]
const NONE = {
  revisions: 0,
  new_records: 0,
  changed_records: 0,
  conflicts: 0,
  duplicates: 0,
  refused: 0,
  pending: 0,
  withheld: 0,
  ahead: 0,
  forks: 0,
}
const BROKEN = { code: 'flipped', message: '文件损坏。', remedy: '请重新拷贝。', field: null, line: null }
const CHANGE = {
  form: 'f',
  title: '统计表',
  cells_in_all: 1,
  rows: [
    {
      row: 'r',
      label: '质量类',
      state: 'kept' as const,
      cells: [{ column: 'c', label: '立案', before: '3', after: '5', by: null, unsettled: false }],
    },
  ],
}

function kept(name: string, again = false): InboxView {
  return { key: `key of ${name}`, name, bytes: 9, again }
}

function file(name: string, status: ImportStatus, more: Partial<FileView> = {}): FileView {
  const known = status === 'ready' || status === 'applied'
  return {
    key: `key of ${name}`,
    name,
    bytes: 9,
    status,
    from: known ? { package: name, office: '640121', name: `${name}局`, device: 'd', number: 1, sealed: 0 } : null,
    sender: known ? `${name}局（640121）` : '',
    sealed: null,
    counts: known ? { ...NONE, new_records: 4, conflicts: 1 } : NONE,
    campaigns: [],
    filings: [],
    changes: [],
    problems: [],
    fingerprint: null,
    ...more,
  }
}

function plan(...files: FileView[]): ImportBatchView {
  return { files, changes: [CHANGE], token: 'agreed' }
}

function open(answers: Answers, chosen = FILES): VueWrapper {
  const quiet = { status: () => ({ book: null, today: '2021-05-27', sample: false }), pair_count: () => ({ count: 0 }) }
  answer({ ...quiet, inbox_discard: () => ({}), ...answers }, chosen)
  const page = defineComponent(() => {
    const importing = useImport()
    return () => h(ImportWizard, { importing })
  })
  return mount(page, {
    global: { plugins: [{ install: useElement }], stubs: { RouterLink: { template: '<a><slot /></a>' } } },
  })
}

function copied(): Answers {
  return { inbox_file: ({ file: token }) => kept(FILES.find((each) => each.token === token)?.name ?? '') }
}

async function click(wizard: VueWrapper, css: string): Promise<void> {
  await wizard.find(css).trigger('click')
  await flushPromises()
}

enableAutoUnmount(afterEach)
beforeEach(() => setLanguage('zh'))

it('plans all files together, shows what cells become, and imports only what was agreed to', async () => {
  const receipt: ReceiptView = {
    file: file('永宁县.sweep', 'applied'),
    reported: { conflicting: 1, duplicate: 0, returned: 0 },
    can_answer: true,
  }
  const wizard = open({
    ...copied(),
    import_plan: () => plan(file('永宁县.sweep', 'ready'), file('灵武市.sweep', 'refused', { problems: [BROKEN] })),
    import_apply: () => [receipt],
  })
  await click(wizard, '.import')
  expect(wizard.find('[data-file="永宁县.sweep"] [data-count=new_records]').text()).toBe('4')
  expect(wizard.find('[data-problem="灵武市.sweep"]').text()).toContain('请重新拷贝。')
  expect(wizard.find('[data-cell="r/c"]').text()).toBe('质量类立案35')
  expect(wizard.find('.summary').text()).toContain('另有 1 个文件不导入')
  expect(asked.filter((each) => each.action === 'import_plan')).toHaveLength(1)
  await click(wizard, '.apply')
  const files = ['永宁县.sweep', '灵武市.sweep'].map((name) => ({
    key: `key of ${name}`,
    admit: false,
    include_undone: false,
  }))
  expect(asked.find((each) => each.action === 'import_apply')?.input).toEqual({ files, token: 'agreed' })
  expect(wizard.find('.reported').text()).toContain('1 条与已有内容冲突')
  expect(wizard.find('.answer').exists()).toBe(true)
})

it('lists the filings that come before what cells become', async () => {
  const filing = {
    id: 'f1',
    office: '210100',
    office_name: '沈阳市局',
    report: 'ln-2020/weekly',
    zh: '周报告',
    en: 'Weekly report',
    due: '2020-05-28',
    corrects: true,
    late: 31,
    zero: false,
  }
  const wizard = open({ ...copied(), import_plan: () => plan(file('永宁县.sweep', 'ready', { filings: [filing] })) })
  await click(wizard, '.import')
  const line = wizard.find('[data-filing="f1"]')
  expect(line.text()).toContain('沈阳市局 · 周报告 · 2020-05-28')
  expect(line.text()).toContain('更正')
  expect(line.text()).toContain('迟报 31 分钟')
  expect(line.text()).not.toContain('零报告')
})

it('lets a new device in only after a person said the words are the same', async () => {
  const words = { zh: '春风 石桥', en: 'spring bridge' }
  const wizard = open({
    ...copied(),
    import_plan: (input) =>
      plan(
        input.files.some((each) => each.admit)
          ? file('永宁县.sweep', 'ready')
          : file('永宁县.sweep', 'asking', { fingerprint: words }),
      ),
  })
  await click(wizard, '.import')
  expect(wizard.text()).toContain('春风 石桥')
  expect(wizard.find('.apply').exists()).toBe(false)
  await wizard.find('.compared input').setValue(true)
  await flushPromises()
  expect(wizard.find('.apply').exists(), 'what was decided is looked at first').toBe(false)
  await click(wizard, '.look')
  expect(wizard.find('.apply').exists()).toBe(true)
})

it('takes the same content once and says so', async () => {
  const wizard = open({
    inbox_file: ({ file: token }) => kept('永宁县.sweep', token === 'chosen-2'),
    import_plan: () => plan(file('永宁县.sweep', 'ready')),
  })
  await click(wizard, '.import')
  expect(wizard.find('.said').text()).toContain('灵武市.sweep 与已选的 永宁县.sweep 内容完全相同')
  expect(asked.find((each) => each.action === 'import_plan')?.input['files']).toHaveLength(1)
})

it('goes on with the others when one cannot be read', async () => {
  const gone = { code: 'file-missing', message: '找不到文件。', remedy: '请插好 U 盘。', field: null, line: null }
  const wizard = open({
    inbox_file: ({ file: token }) => (token === 'chosen-1' ? [gone] : kept('灵武市.sweep')),
    import_plan: () => plan(file('灵武市.sweep', 'ready')),
  })
  await click(wizard, '.import')
  expect(wizard.find('.problem').text()).toContain('请插好 U 盘。')
  expect(wizard.find('.apply').text()).toContain('1')
})

it('takes what is let go on it, also while it is busy', async () => {
  const wizard = open({ ...copied(), import_plan: () => plan(file('永宁县.sweep', 'ready'), file('灵武市.sweep', 'ready')) })
  const release = listenForDrops(() => undefined)
  vi.spyOn(document, 'elementFromPoint').mockReturnValue(wizard.find('.drop-hint').element)
  const goOn = hold('inbox_file')
  const at = { x: 0.5, y: 0.5 }
  await letGo({ at, files: FILES.slice(0, 1), others: 0 })
  await letGo({ at, files: FILES.slice(1), others: 0 })
  expect(asked.map((each) => each.action)).toEqual(['inbox_file'])
  goOn()
  await flushPromises()
  const taken = asked.filter((each) => each.action === 'inbox_file').map((each) => each.input['file'])
  expect(taken).toEqual(['chosen-1', 'chosen-2'])
  expect(wizard.find('.apply').text()).toContain('2')
  release()
})

it('does nothing when no file was chosen, and leaves nothing behind when it goes', async () => {
  const wizard = open({}, [])
  await click(wizard, '.import')
  expect(asked).toEqual([])
  const left = open({ ...copied(), import_plan: () => plan(file('永宁县.sweep', 'ready')) })
  await click(left, '.import')
  left.unmount()
  expect(asked.at(-1)?.action).toBe('inbox_discard')
})

it('asks again in the other language what it shows', async () => {
  const wizard = open({ ...copied(), import_plan: () => plan(file('永宁县.sweep', 'ready')) })
  await click(wizard, '.import')
  setLanguage('en')
  await flushPromises()
  expect(asked.filter((each) => each.action === 'import_plan')).toHaveLength(2)
  expect(wizard.find('.apply').text()).toBe('Import 1 file')
})

it('plans anew when another package was taken back meanwhile', async () => {
  let status: ImportStatus = 'ready'
  const wizard = open({
    ...copied(),
    import_plan: () => plan(file('永宁县.sweep', status)),
    resolve: () => ({}),
    undo: () => ({}) as never,
  })
  await click(wizard, '.import')
  expect(wizard.find('.apply').exists()).toBe(true)
  status = 'undone'
  tellChanged({ kinds: ['case'], records: ['c1'], more: false })
  await call('resolve', { conflict: 'c', keep: 'k' })
  await flushPromises()
  expect(asked.filter((each) => each.action === 'import_plan')).toHaveLength(1)
  await call('undo', { package: 'p', token: 't' })
  await flushPromises()
  expect(wizard.find('.apply').exists()).toBe(false)
})

it('saves all receipts into one folder and says what could not be saved', async () => {
  const from = (office: string): FileView['from'] => ({
    package: office,
    office,
    name: `${office}局`,
    device: 'd',
    number: 1,
    sealed: 0,
  })
  const receipt = (office: string): ReceiptView => ({
    file: file(office, 'applied', { from: from(office) }),
    reported: { conflicting: 0, duplicate: 0, returned: 0 },
    can_answer: true,
  })
  const problem = { code: 'disk-full', message: '磁盘满了。', remedy: '请腾出空间。', field: null, line: null }
  const wizard = open(
    {
      ...copied(),
      import_plan: () => plan(file('永宁县.sweep', 'ready')),
      import_apply: () => [receipt('640121'), receipt('640181')],
      pair_count: () => ({ count: 2 }),
      export_all: () => [
        { office: '640121', written: { name: '永宁.sweep', folder: '/media/U盘' }, problems: [] },
        { office: '640181', written: null, problems: [problem] },
      ],
    },
    [FILES[0]!],
  )
  await click(wizard, '.import')
  await click(wizard, '.apply')
  expect(wizard.find('.pairs-found').text()).toContain('2 对')
  await click(wizard, '.answer-all')
  expect(wizard.find('.written-file').text()).toContain('/media/U盘')
  expect(wizard.find('[data-receipt="640121"]').text()).toContain('已写入 永宁.sweep')
  expect(wizard.find('[data-receipt="640181"] .answer').exists()).toBe(true)
  expect(wizard.text()).toContain('磁盘满了。')
})

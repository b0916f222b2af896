import { enableAutoUnmount, flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { ElMessageBox } from 'element-plus'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { PageOfRows, Paste, PastedRow, Preview, Problem, SchemaView } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { answer, asked, hold, type Answers } from '@/testing/shell'

import { setSchema } from '../records/schema'
import { isWrong } from './block'
import PasteButton from './PasteButton.vue'
import PasteDialog from './PasteDialog.vue'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

// Each listens to the keys of the whole page.
enableAutoUnmount(afterEach)

const words = (name: string): { zh: string; en: string } => ({ zh: name, en: name })

const SCHEMA: SchemaView = {
  kinds: [
    {
      id: 'visit',
      ...words('visit'),
      title: 'note',
      fields: [
        { name: 'note', type: 'text', required: true, ...words('note') },
        { name: 'on', type: 'date', ...words('on') },
        { name: 'outcome', type: 'code', of: 'outcome', required: true, ...words('outcome') },
        { name: 'list', type: 'checklist', ...words('list') },
        { name: 'place', type: 'ref', to: 'visit', ...words('place') },
        { name: 'firm', type: 'ref', to: 'firm', ...words('firm') },
      ],
    },
    {
      id: 'firm',
      ...words('firm'),
      title: 'name',
      fields: [
        { name: 'name', type: 'text', required: true, ...words('name') },
        { name: 'outcome', type: 'code', of: 'outcome', required: true, ...words('outcome') },
      ],
    },
  ],
  vocabularies: [
    {
      id: 'outcome',
      entries: [
        { code: 'good', ...words('好') },
        { code: 'bad', ...words('坏') },
      ],
    },
  ],
  campaigns: [],
}

function row(number: number, changes: Partial<PastedRow> = {}): PastedRow {
  const fields = { note: `第${number}户`, on: '2021-03-12' }
  const cells = [`第${number}户`, '44267', '备注']
  return {
    number,
    cells,
    fields,
    state: 'new',
    about: null,
    changes: [],
    update: false,
    note: null,
    unread: [],
    errors: [],
    warnings: [],
    ...changes,
  }
}

function preview(rows: PastedRow[], changes: Partial<Preview> = {}): Preview {
  const of = (state: PastedRow['state']): number => rows.filter((each) => each.state === state).length
  return {
    view: 1,
    sheets: [],
    sheet: null,
    heading: 1,
    heading_last: 1,
    columns: [
      { heading: '说明', field: 'note', unit: null },
      { heading: '日期', field: 'on', unit: null },
      { heading: '备注', field: null, unit: null },
    ],
    rows: { rows, total: rows.length, titles: {} },
    counts: {
      all: rows.length,
      new: of('new'),
      same: of('same'),
      differing: of('differs'),
      updating: rows.filter((each) => each.update).length,
      twice: of('twice'),
      aside: of('aside'),
      left_out: of('left_out'),
      wrong: rows.filter(isWrong).length,
      made: 0,
    },
    differing: rows.filter((each) => each.state === 'differs').map((each) => each.number),
    asked: [],
    gaps: false,
    unmatched: [],
    warnings: [],
    ready: true,
    token: 'shown',
    ...changes,
  }
}

function problem(code: string, field: string | null = null): Problem {
  return { code, message: `${code}。`, remedy: '请改正。', field, line: null }
}

async function open(shown: (input: Paste) => Preview, more: Answers = {}): Promise<VueWrapper> {
  answer({ paste_preview: shown, status: () => [problem('no-book-open')] as never, ...more })
  const dialog = mount(PasteDialog, {
    props: { kind: 'visit' },
    global: { plugins: [{ install: useElement }] },
    attachTo: document.body,
  })
  await flushPromises()
  const area = document.querySelector('.paste-area textarea') as HTMLTextAreaElement
  const event = new Event('paste', { bubbles: true, cancelable: true })
  Object.assign(event, { clipboardData: { getData: () => '说明\t日期\n…' } })
  area.dispatchEvent(event)
  await flushPromises()
  return dialog
}

function all(css: string): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(css)]
}

function applyButton(): HTMLButtonElement {
  return document.querySelector('.paste-apply') as HTMLButtonElement
}

function lastAsked(): Record<string, unknown> {
  return asked.filter((each) => each.action === 'paste_preview').at(-1)?.input ?? {}
}

beforeEach(() => {
  document.body.innerHTML = ''
  setSchema(SCHEMA)
  setLanguage('zh')
})

describe('a pasted block', () => {
  it('is thrown away only by a person who said so', async () => {
    const dialog = await open(() => preview([row(2)]))
    const frame = dialog.findComponent({ name: 'ElDialog' })
    const ways = [
      () => document.querySelector<HTMLElement>('.paste-cancel')!.click(),
      // Escape, the cross and a click beside it all come here.
      () => (frame.props('beforeClose') as () => void)(),
    ]
    for (const [at, way] of ways.entries()) {
      const confirm = vi.spyOn(ElMessageBox, 'confirm')
      if (at === 0) confirm.mockResolvedValueOnce('confirm' as never)
      else confirm.mockRejectedValueOnce('close')
      way()
      await flushPromises()
      expect(confirm).toHaveBeenCalledOnce()
      expect(dialog.emitted('close')).toBeUndefined()
      confirm.mockRestore()
    }
    const confirm = vi.spyOn(ElMessageBox, 'confirm').mockRejectedValueOnce('cancel')
    ways[1]!()
    await flushPromises()
    expect(dialog.emitted('close')).toHaveLength(1)

    // With nothing in it there is nothing to ask.
    confirm.mockClear()
    await dialog
      .findAllComponents({ name: 'ElButton' })
      .find((each) => each.text() === '换一份')!
      .trigger('click')
    await flushPromises()
    ways[0]!()
    await flushPromises()
    expect(confirm).not.toHaveBeenCalled()
    expect(dialog.emitted('close')).toHaveLength(2)
    confirm.mockRestore()
  })

  it('is shown as it was understood, and recorded as it was shown', async () => {
    const applied = vi.fn()
    const dialog = await open(() => preview([row(2), row(3)]), {
      paste_apply: (input) => {
        applied(input)
        return { recorded: 2, updated: 0, made: 0, kept: 0 }
      },
    })
    expect(all('.paste-table tbody tr')).toHaveLength(2)
    // The understood value stands first, what was pasted below it where it differs.
    expect(all('[data-row="2"] td').map((cell) => cell.innerText || cell.textContent?.trim())).toContain('2021-03-12 44267')
    expect(applyButton().disabled).toBe(false)
    applyButton().click()
    await flushPromises()
    const { token, ...sent } = applied.mock.calls[0]?.[0] as Paste
    expect(token).toBe('shown')
    expect({ ...sent, token: null }).toEqual(lastAsked())
    expect(dialog.emitted('done')).toHaveLength(1)
  })

  it('is not recorded while a row is wrong; the row says why, and can be left out', async () => {
    const bad = row(3, {
      unread: [{ column: 1, problem: problem('paste-date', 'on') }],
      errors: [problem('required-missing', 'note')],
    })
    await open((input) => preview([row(2), input.left_out.includes(3) ? row(3, { state: 'left_out' }) : bad]))
    expect(applyButton().disabled).toBe(true)
    expect(all('[data-row="3"] .remarks .status').map((each) => each.textContent)).toEqual([
      'paste-date。请改正。',
      'required-missing。请改正。',
    ])
    expect(all('[data-row="3"] td.unread')).toHaveLength(1)
    ;(document.querySelector('[data-row="3"] input[type=checkbox]') as HTMLInputElement).click()
    await flushPromises()
    expect(lastAsked()['left_out']).toEqual([3])
    expect(applyButton().disabled).toBe(false)
  })

  it('asks a reason for a warning once', async () => {
    const warned = row(2, { warnings: [problem('odd')] })
    const applied = vi.fn()
    await open(() => preview([warned], { warnings: [{ problem: problem('odd'), rows: [2] }] }), {
      paste_apply: (input) => {
        applied(input.reasons)
        return { recorded: 1, updated: 0, made: 0, kept: 0 }
      },
    })
    expect(applyButton().disabled).toBe(true)
    const reason = document.querySelector('[data-code=odd] input') as HTMLInputElement
    reason.value = '核实过'
    reason.dispatchEvent(new Event('input'))
    await flushPromises()
    expect(applyButton().disabled).toBe(false)
    applyButton().click()
    await flushPromises()
    expect(applied).toHaveBeenCalledWith({ odd: '核实过' })
  })

  it('asks once for what every row needs and no column brings', async () => {
    await open(() => preview([row(2)], { asked: ['outcome'] }))
    const field = document.querySelector('.paste-every [data-field=outcome]') as HTMLElement
    ;(field.querySelector('[data-value=bad]') as HTMLElement).click()
    await vi.waitFor(() => expect(lastAsked()['preset']).toEqual({ outcome: 'bad' }))
  })

  it('records nothing anew that was recorded before', async () => {
    await open(() => preview([row(2, { state: 'same' })]))
    expect(applyButton().disabled).toBe(true)
    expect(document.querySelector('[data-row="2"] .remarks')?.textContent).toContain('台账里已有')
  })

  it('offers to name what is blank as the row above does, where a record should be named', async () => {
    const columns = [{ heading: '单位', field: 'place', unit: null }]
    const merged = (): Preview => preview([row(2, { cells: ['甲厂'] }), row(3, { cells: [''] })], { columns, gaps: true })
    const whole = await open(() => preview([row(2), row(3, { cells: [] })]))
    expect(document.querySelector('.paste-downwards')).toBeNull()
    whole.unmount()
    await open(merged)
    ;(document.querySelector('.paste-downwards input') as HTMLInputElement).click()
    await flushPromises()
    expect(lastAsked()['downwards']).toBe(true)
  })

  it('shows what stands otherwise, old and new, and changes it where a person says so', async () => {
    const changes = [
      { field: 'note', old: '旧说明', new: '新说明' },
      { field: 'on', old: null, new: '2021-03-12' },
    ]
    const differing = (update: boolean): PastedRow => row(2, { state: 'differs', about: 'a', changes, update })
    await open((input) => preview([differing(input.update.includes(2)), row(3, { state: 'same' })]))
    expect(applyButton().disabled).toBe(true)
    expect(all('[data-row="2"] [data-change]').map((each) => each.textContent?.replace(/\s+/g, ' ').trim())).toEqual([
      'note：旧说明 → 新说明',
      'on：空 → 2021-03-12',
    ])
    ;(document.querySelector('[data-row="2"] .paste-update input') as HTMLInputElement).click()
    await flushPromises()
    expect(lastAsked()['update']).toEqual([2])
    expect(applyButton().disabled).toBe(false)
    ;(document.querySelector('.paste-update-all input') as HTMLInputElement).click()
    await flushPromises()
    expect(lastAsked()['update']).toEqual([])
  })

  it('says what a column is counted in, and asks where nobody knows', async () => {
    const unit = { words: '箱', tens: null, from: 'heading' as const, choices: [0, 3, 4], money: false }
    const wan = { words: '万元', tens: 4, from: 'above' as const, choices: [0, 4], money: true }
    const columns = [
      { heading: '数量', field: 'note', unit },
      { heading: '罚没', field: 'on', unit: wan },
    ]
    const dialog = await open(() => preview([row(2)], { columns }))
    expect(all('.paste-unit').map((each) => each.textContent)).toEqual(['单位“箱”换算不了，请选择', '单位：万元（表上方写明）'])
    dialog.findAllComponents({ name: 'PasteTable' })[0]!.vm.$emit('unit', 0, 3)
    await flushPromises()
    expect(lastAsked()['units']).toEqual([{ column: 0, tens: 3 }])
  })

  it('leaves totals aside, says why, and takes one a person says is a record', async () => {
    const total = row(3, { state: 'aside', note: problem('paste-row-total'), fields: {}, cells: ['合计'] })
    await open((input) => preview([row(2), input.taken.includes(3) ? row(3) : total]))
    expect(document.querySelector('[data-row="3"] .remarks')?.textContent).toContain('paste-row-total。请改正。')
    expect(applyButton().disabled).toBe(false)
    const box = (): HTMLInputElement => document.querySelector('[data-row="3"] .no input') as HTMLInputElement
    box().click()
    await flushPromises()
    expect(lastAsked()['taken']).toEqual([3])
    box().click()
    await flushPromises()
    expect([lastAsked()['taken'], lastAsked()['left_out']]).toEqual([[], []])
  })

  it('makes the firms nobody knows at once, and keeps what was answered in its place', async () => {
    const text = (name: string, rows: number) => {
      return { field: 'firm', to: 'firm', text: name, rows, several: 0, near: [], makeable: true }
    }
    const columns = [{ heading: '企业', field: 'firm', unit: null }]
    const unmatched = [text('甲厂', 2), text('乙厂', 1), text('丙厂', 1)]
    await open(() => preview([row(2)], { columns, unmatched }))
    const order = (): (string | undefined)[] => all('[data-text]').map((each) => each.dataset['text'])
    expect(order()).toEqual(['甲厂', '乙厂', '丙厂'])
    expect(document.querySelector('.paste-stop')?.textContent).toContain('对不上的 3 个')
    const make = document.querySelector('.paste-make') as HTMLElement
    expect(make.textContent).toContain('一次新增这 3 家')
    make.click()
    await flushPromises()
    expect(lastAsked()['make'], 'not before what a firm needs is said').toEqual([])
    ;(document.querySelector('.paste-making [data-field=outcome] [data-value=good]') as HTMLElement).click()
    const made = [{ kind: 'firm', texts: ['甲厂', '乙厂', '丙厂'], fields: { outcome: 'good' } }]
    await vi.waitFor(() => expect(lastAsked()['make']).toEqual(made))
    expect(all('.paste-made')).toHaveLength(3)
    expect(document.querySelector('.paste-stop')).toBeNull()
    expect(order(), 'where they were').toEqual(['甲厂', '乙厂', '丙厂'])
  })

  it('turns the pages of a long block, and asks for the rows it shows only', async () => {
    const rows = (from: number): PastedRow[] => Array.from({ length: 3 }, (_, at) => row(from + at))
    const turned = vi.fn((input: PageOfRows) => ({ rows: rows(input.first + 2), total: 450, titles: {} }))
    const shown = preview(rows(2), { rows: { rows: rows(2), total: 450, titles: {} } })
    await open(() => shown, { paste_rows: turned })
    ;(document.querySelector('.paste-after') as HTMLElement).click()
    await flushPromises()
    expect(turned).toHaveBeenLastCalledWith({ view: 1, first: 200, only: 'all' })
    expect(document.querySelector('[data-row="202"]')).not.toBeNull()
    expect(document.querySelector('[data-row="2"]')).toBeNull()
  })

  it('takes a block wherever in it the keys are, and asks before another replaces it', async () => {
    await open(() => preview([row(2)]))
    const paste = (text: string, target: EventTarget = document.body): Event => {
      const event = new Event('paste', { bubbles: true, cancelable: true })
      Object.assign(event, { clipboardData: { getData: () => text } })
      target.dispatchEvent(event)
      return event
    }
    const before = asked.length
    expect(paste('一个词').defaultPrevented, 'no block').toBe(false)
    const confirm = vi.spyOn(ElMessageBox, 'confirm').mockRejectedValueOnce('cancel')
    paste('说明\t日期\n乙\t2021-05-01')
    await flushPromises()
    expect([confirm.mock.calls.length, asked.length]).toEqual([1, before])
    confirm.mockResolvedValueOnce('confirm' as never)
    paste('说明\t日期\n乙\t2021-05-01')
    await flushPromises()
    expect(lastAsked()['text']).toBe('说明\t日期\n乙\t2021-05-01')
    confirm.mockRestore()
  })

  it('is sent once more for all that was said while it was being understood', async () => {
    await open((input) => preview([2, 3, 4].map((at) => row(at, input.left_out.includes(at) ? { state: 'left_out' } : {}))))
    const before = asked.filter((each) => each.action === 'paste_preview').length
    const release = hold('paste_preview')
    for (const at of [2, 3, 4]) {
      document.querySelector<HTMLInputElement>(`[data-row="${at}"] input[type=checkbox]`)!.click()
      await flushPromises()
    }
    expect(applyButton().disabled, 'what is shown is behind').toBe(true)
    release()
    await flushPromises()
    const sent = asked.filter((each) => each.action === 'paste_preview').slice(before)
    expect(sent.map((each) => each.input['left_out'])).toEqual([[2], [2, 3, 4]])
    expect(all('[data-state=left_out]')).toHaveLength(3)
  })

  it('says what the program refused', async () => {
    await open(() => [problem('paste-too-long')] as never)
    expect(document.querySelector('.problem')?.textContent).toContain('paste-too-long。')
    expect(document.querySelector('.paste-area')).not.toBeNull()
  })
})

describe('a list that is open', () => {
  function paste(text: string, target: EventTarget): boolean {
    const event = new Event('paste', { bubbles: true, cancelable: true })
    Object.assign(event, { clipboardData: { getData: () => text } })
    target.dispatchEvent(event)
    return event.defaultPrevented
  }

  it('takes a block with Ctrl+V, and leaves a word and a field alone', async () => {
    answer({ paste_preview: () => preview([row(2)]), status: () => [problem('no-book-open')] as never })
    mount(PasteButton, {
      props: { kind: 'visit' },
      global: { plugins: [{ install: useElement }] },
      attachTo: document.body,
    })
    const field = document.body.appendChild(document.createElement('input'))
    expect(paste('一个词', document.body)).toBe(false)
    expect(paste('说明\t日期\n…', field)).toBe(false)
    expect(document.querySelector('.paste-dialog')).toBeNull()
    expect(paste('说明\t日期\n…', document.body)).toBe(true)
    await flushPromises()
    expect(lastAsked()['text']).toBe('说明\t日期\n…')
    expect(document.querySelector('.paste-table')).not.toBeNull()
  })
})

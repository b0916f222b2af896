import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { ElMessageBox } from 'element-plus'
import { beforeEach, describe, expect, it, vi } from 'vitest'

import type { Paste, PastedRow, Preview, Problem, SchemaView } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { answer, asked, type Answers } from '@/testing/shell'

import { setSchema } from '../records/schema'
import PasteDialog from './PasteDialog.vue'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

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
      ],
    },
  ],
  vocabularies: [{ id: 'outcome', entries: [{ code: 'good', ...words('好') }, { code: 'bad', ...words('坏') }] }],
  campaigns: [],
}

function row(number: number, changes: Partial<PastedRow> = {}): PastedRow {
  const fields = { note: `第${number}户`, on: '2021-03-12' }
  const cells = [`第${number}户`, '44267', '备注']
  return { number, cells, fields, again: false, left_out: false, unread: [], errors: [], warnings: [], ...changes }
}

function preview(rows: PastedRow[], changes: Partial<Preview> = {}): Preview {
  return {
    sheets: [],
    sheet: null,
    heading: 1,
    columns: [
      { heading: '说明', field: 'note', ten_thousand: false },
      { heading: '日期', field: 'on', ten_thousand: false },
      { heading: '备注', field: null, ten_thousand: false },
    ],
    rows,
    titles: {},
    unmatched: {},
    warnings: [],
    new_rows: rows.filter((each) => !each.again && !each.left_out).length,
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
    await dialog.findAllComponents({ name: 'ElButton' }).find((each) => each.text() === '换一份')!.trigger('click')
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
        return { recorded: 2, again: 0 }
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
    const bad = row(3, { unread: [{ column: 1, problem: problem('paste-date', 'on') }], errors: [problem('required-missing', 'note')] })
    await open((input) =>
      preview([row(2), input.left_out.includes(3) ? row(3, { left_out: true }) : bad]),
    )
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
        return { recorded: 1, again: 0 }
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
    await open(() => preview([row(2)]))
    const field = document.querySelector('.paste-every [data-field=outcome]') as HTMLElement
    ;(field.querySelector('[data-value=bad]') as HTMLElement).click()
    await vi.waitFor(() => expect(lastAsked()['preset']).toEqual({ outcome: 'bad' }))
  })

  it('records nothing anew that was recorded before', async () => {
    await open(() => preview([row(2, { again: true })], { new_rows: 0 }))
    expect(applyButton().disabled).toBe(true)
    expect(document.querySelector('[data-row="2"] .remarks')?.textContent).toContain('以前录入过')
  })

  it('offers to name what is blank as the row above does, where a record should be named', async () => {
    const columns = [{ heading: '单位', field: 'place', ten_thousand: false }]
    const merged = (): Preview => preview([row(2, { cells: ['甲厂'] }), row(3, { cells: [''] })], { columns })
    await open(() => preview([row(2), row(3, { cells: [] })]))
    expect(document.querySelector('.paste-downwards')).toBeNull()
    document.body.innerHTML = ''
    await open(merged)
    ;(document.querySelector('.paste-downwards input') as HTMLInputElement).click()
    await flushPromises()
    expect(lastAsked()['downwards']).toBe(true)
  })

  it('says what the program refused', async () => {
    await open(() => [problem('paste-too-long')] as never)
    expect(document.querySelector('.problem')?.textContent).toContain('paste-too-long。')
    expect(document.querySelector('.paste-area')).not.toBeNull()
  })
})

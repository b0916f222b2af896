import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { BookStatus, StatusView, JobView, StartView } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { listenForJobs } from '@/shared/jobs'
import { job, progress } from '@/testing/jobs'
import { answer, asked, shell, type Answers } from '@/testing/shell'

import { campaign } from '../frame/campaign'
import FirstStart from './FirstStart.vue'
import { lookForOpened, opened } from './opened'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const START: StartView = { recent: [], sample: false, backups: false }
const DESK = { book: {} as BookStatus, today: '2021-05-27', sample: false } satisfies StatusView
const YONGNING = { code: '640121', name: '宁夏回族自治区银川市永宁县', own: '永宁县', alike: false }
const HELAN = { code: '640122', name: '宁夏回族自治区银川市贺兰县', own: '贺兰县', alike: false }
const INVITATION = {
  id: 'i',
  inviter: '640000',
  inviter_name: '自治区厅',
  invited: '640121',
  invited_name: '永宁县局',
  fingerprint: { zh: '白云 高山', en: 'cloud hill' },
}

let page: VueWrapper

async function open(answers: Answers, files: { token: string; name: string }[] = []): Promise<void> {
  answer({ start: () => START, ...answers }, files)
  page = mount(FirstStart, { global: { plugins: [{ install: useElement }] }, attachTo: document.body })
  await flushPromises()
}

function asking(action: string): Record<string, unknown>[] {
  return asked.filter((each) => each.action === action).map((each) => each.input)
}

const offices = () => [...document.querySelectorAll('.office-list [role=option]')].map((each) => each.textContent)
const field = (name: string) => page.get<HTMLInputElement>(`[data-field=${name}] input`)

beforeEach(() => {
  setLanguage('zh')
  opened.value = []
})
afterEach(() => page.unmount())

describe('a new book', () => {
  const divisions = (input: { text: string }) =>
    [YONGNING, HELAN].filter((each) => each.code.startsWith(input.text) || each.name.includes(input.text))

  it('takes an office by name and proposes what it is called', async () => {
    await open({ divisions, book_create: () => DESK })
    await field('office').setValue('银川')
    await flushPromises()
    expect(offices()).toHaveLength(2)
    expect(field('office').attributes('aria-expanded')).toBe('true')
    await field('office').trigger('keydown', { key: 'ArrowDown' })
    await field('office').trigger('keydown', { key: 'Enter' })
    await flushPromises()
    expect(field('office').element.value).toBe('640122')
    expect(field('name').element.value).toBe('贺兰县市场监督管理局')
    expect(document.activeElement).toBe(field('name').element)
    await field('inspector').setValue(' 张三 ')
    await page.get('form').trigger('submit')
    await flushPromises()
    expect(asking('book_create')).toEqual([{ office: '640122', name: '贺兰县市场监督管理局', inspector: '张三' }])
    expect(page.emitted('opened')).toHaveLength(1)
  })

  it('keeps a name that was typed, whatever office is chosen afterwards', async () => {
    await open({ divisions })
    await field('name').setValue('我们单位')
    await field('office').setValue('640121')
    await flushPromises()
    expect(page.text()).toContain(YONGNING.name)
    expect(field('name').element.value).toBe('我们单位')
  })

  it('goes by a code typed to its end, even before the list knows it', async () => {
    await open({ divisions: () => [YONGNING] })
    await field('office').setValue('永')
    await flushPromises()
    expect(field('office').attributes('aria-expanded')).toBe('true')
    // The list is still that of the beginning.
    void field('office').setValue('640000-01')
    await field('office').trigger('keydown', { key: 'Enter' })
    expect(field('office').element.value).toBe('640000-01')
  })

  it('never takes an entry of a list that belongs to other words', async () => {
    await open({ divisions })
    await field('office').setValue('永宁')
    await flushPromises()
    void field('office').setValue('贺兰')
    await field('office').trigger('keydown', { key: 'Enter' })
    await flushPromises()
    expect(field('office').element.value).toBe('640122')
  })

  it('takes none of the places that fit as well before a person points at one', async () => {
    await open({ divisions: () => [YONGNING, HELAN].map((each) => ({ ...each, alike: true })) })
    await field('office').setValue('x')
    await flushPromises()
    await field('office').trigger('keydown', { key: 'Enter' })
    expect(field('office').element.value).toBe('x')
    expect(document.querySelector('.office-words')?.textContent).toContain('请用 ↑ ↓ 选定')
    expect(offices()).toEqual(['永宁县宁夏回族自治区银川市640121', '贺兰县宁夏回族自治区银川市640122'])
    for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await field('office').trigger('keydown', { key })
    expect(field('office').element.value).toBe('640122')
  })

  it('says at each field what is missing and asks for nothing', async () => {
    await open({ divisions })
    await page.get('form').trigger('submit')
    expect(page.findAll('.field-problem')).toHaveLength(3)
    expect(asking('book_create')).toHaveLength(0)
  })
})

describe('an invitation', () => {
  const file = [{ token: 'chosen-1', name: '永宁县.invite' }]

  it('is joined only once its fingerprint was compared', async () => {
    const joined = { status: DESK, invitation: INVITATION, campaign: 'nx' }
    await open({ invitation_look: () => INVITATION, book_join: () => joined }, file)
    await page.get('[data-way=join]').trigger('click')
    await page.get('[data-field=file] button').trigger('click')
    await flushPromises()
    expect(page.text()).toContain('白云 高山')
    await field('inspector').setValue('张三')
    await page.get('form').trigger('submit')
    expect(asking('book_join')).toHaveLength(0)
    await page.get<HTMLInputElement>('[data-field=compared] input').setValue(true)
    await page.get('form').trigger('submit')
    await flushPromises()
    expect(asking('book_join')).toEqual([{ file: 'chosen-1', words: '白云 高山', inspector: '张三' }])
    expect(page.emitted('opened')).toHaveLength(1)
    expect(campaign.value).toBe('nx')
  })

  it('that was opened by a double click is already chosen', async () => {
    answer({})
    shell.opened = [{ token: 'chosen-7', name: '永宁县.INVITE' }]
    expect(await lookForOpened()).toBe(true)
    await open({ invitation_look: () => INVITATION })
    expect(asking('invitation_look')).toEqual([{ file: 'chosen-7' }])
    expect(page.get('[data-way=join]').attributes('aria-checked')).toBe('true')
  })

  it('that is opened while this screen is shown is chosen too', async () => {
    await open({ invitation_look: () => INVITATION })
    expect(page.get('[data-way=join]').attributes('aria-checked')).toBe('false')
    shell.opened = [{ token: 'chosen-8', name: '永宁县.invite' }]
    expect(await lookForOpened()).toBe(true)
    await flushPromises()
    expect(asking('invitation_look')).toEqual([{ file: 'chosen-8' }])
    expect(page.get('[data-way=join]').attributes('aria-checked')).toBe('true')
  })

  it('that is none is said, and no longer counts as chosen', async () => {
    const problem = { code: 'not-an-invitation', message: '不是邀请', remedy: '请重新选择', field: null, line: null }
    await open({ invitation_look: () => [problem] as never }, file)
    await page.get('[data-way=join]').trigger('click')
    await page.get('[data-field=file] button').trigger('click')
    await flushPromises()
    expect(page.text()).toContain('不是邀请')
    expect(page.text()).not.toContain('永宁县.invite')
  })
})

describe('the sample', () => {
  it('is made with progress, then opened', async () => {
    let state: JobView['state'] = 'running'
    await open({
      sample_make: () => ({ id: 1 }),
      jobs: () => [job({ kind: 'sample', state })],
      sample_open: () => ({ ...DESK, sample: true }),
    })
    const release = listenForJobs()
    await page.get('[data-way=sample]').trigger('click')
    await page.get('form').trigger('submit')
    await flushPromises()
    shell.tell('job', progress({ kind: 'sample', done: 1, total: 2 }))
    await flushPromises()
    expect(page.get('[data-job=sample] progress').attributes('value')).toBe('50')
    state = 'done'
    shell.tell('job', progress({ kind: 'sample', running: false }))
    await vi.waitFor(() => expect(page.emitted('opened')).toHaveLength(1))
    expect(asking('sample_open')).toHaveLength(1)
    release()
  })

  it('that was stopped opens nothing and says so', async () => {
    const problems = [{ code: 'job-stopped', message: '已停止', remedy: '可以重来', field: null, line: null }]
    await open({
      sample_make: () => ({ id: 1 }),
      jobs: () => [job({ kind: 'sample', state: 'stopped', problems })],
    })
    await page.get('[data-way=sample]').trigger('click')
    await page.get('form').trigger('submit')
    await flushPromises()
    expect(page.text()).toContain('已停止')
    expect(page.emitted('opened')).toBeUndefined()
  })
})

it('books opened before are offered first; one that is gone only to forget', async () => {
  const book = { id: 'a', office: '640121', name: '永宁县局', path: '/x/a.book', present: true, sample: false, open: false }
  const gone = { ...book, id: 'b', name: '贺兰县局', present: false }
  let recent = [book, gone]
  await open({
    start: () => ({ ...START, recent }),
    book_reopen: () => DESK,
    book_forget: () => ({ ...START, recent: (recent = [book]) }),
  })
  const [openGone, forgetGone] = page.findAll('.recent-books tbody tr')[1]!.findAll('button')
  expect(openGone!.attributes('disabled')).toBeDefined()
  await forgetGone!.trigger('click')
  await flushPromises()
  expect(asking('book_forget')).toEqual([{ id: 'b' }])
  expect(page.findAll('.recent-books tbody tr')).toHaveLength(1)
  await page.get('.recent-books tbody button').trigger('click')
  await flushPromises()
  expect(page.emitted('opened')).toHaveLength(1)
})

it('a backup becomes a new book, and what that means is said before it opens', async () => {
  await open(
    {
      backup_restore: () => ({ id: 1 }),
      jobs: () => [job({ kind: 'restore', state: 'done', restored: 'new' })],
      book_reopen: () => DESK,
    },
    [{ token: 'chosen-1', name: 'x.book' }],
  )
  await page.get('[data-way=restore]').trigger('click')
  await page.get('[data-field=file] button').trigger('click')
  await flushPromises()
  await page.get('form').trigger('submit')
  await flushPromises()
  expect(asking('backup_restore')).toEqual([{ backup: null, file: 'chosen-1' }])
  expect(asking('book_reopen')).toEqual([{ id: 'new' }])
  expect(page.emitted('opened')).toBeUndefined()
  await page.get('.start').trigger('click')
  expect(page.emitted('opened')).toHaveLength(1)
})

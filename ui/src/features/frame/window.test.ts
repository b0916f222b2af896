import { ElMessageBox } from 'element-plus'
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'

import type { JobView } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { jobs, listenForJobs, running } from '@/shared/jobs'
import { job, progress } from '@/testing/jobs'
import { answer, asked, hold, letGo, shell, type Answers } from '@/testing/shell'

import { opened } from '../book/opened'
import { bookNumber } from '../book/switchBook'
import { draftKeeper } from '../records/drafts'
import { appStatus } from '../book/status'
import ShellEvents from './ShellEvents.vue'
import { restoreRoute } from './restoreRoute'
import { listenForZoom, setZoom, zoom } from './zoom'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

function pages() {
  const routes = ['/', '/packages', '/forms', '/cases'].map((path) => ({ path, component: { template: '<p />' } }))
  return createRouter({ history: createMemoryHistory(), routes })
}

function failed(more: Partial<JobView>): JobView {
  const problems = [{ code: 'disk-full', message: '磁盘已满', remedy: '请腾出空间', field: null, line: null }]
  return job({ kind: 'backup', state: 'failed', asked: false, problems, ...more })
}

let page: VueWrapper | undefined
let release = (): void => undefined

async function open(answers: Answers) {
  const router = pages()
  answer(answers)
  page = mount(ShellEvents, { global: { plugins: [{ install: useElement }, router] } })
  // As whatever shows long work has done by then.
  release = listenForJobs()
  await flushPromises()
  return router
}

beforeEach(() => {
  setLanguage('zh')
  localStorage.clear()
  sessionStorage.clear()
  opened.value = []
  jobs.value = []
  running.value = []
  appStatus.value = null
})
afterEach(() => {
  release()
  page?.unmount()
  page = undefined
  vi.restoreAllMocks()
})

describe('what happens in the background', () => {
  it('is said once, even where the page begins anew', async () => {
    await open({ jobs: () => [failed({})] })
    expect(page!.text()).toContain('磁盘已满')
    page!.unmount()
    await open({ jobs: () => [failed({})] })
    expect(page!.text()).toBe('')
  })

  it.each([{ said: true }, { asked: true }, { state: 'done' as const }])('is not said when %o', async (more) => {
    await open({ jobs: () => [failed(more)] })
    expect(page!.text()).toBe('')
  })
})

describe('the shell', () => {
  it('hands over a package, and the page goes where packages are', async () => {
    appStatus.value = { book: { device: 'd' } as never, today: '', sample: false }
    const router = await open({ jobs: () => [] })
    shell.opened = [{ token: 'chosen-1', name: '永宁县.sweep' }]
    window.dispatchEvent(new Event('sweepbook-opened'))
    await flushPromises()
    expect(router.currentRoute.value.path).toBe('/packages')
    expect(opened.value).toEqual([{ token: 'chosen-1', name: '永宁县.sweep' }])
  })

  it('hands over an invitation, which closes the open book only when a person agrees', async () => {
    appStatus.value = { book: { device: 'd' } as never, today: '', sample: false }
    const before = bookNumber.value
    const confirm = vi.spyOn(ElMessageBox, 'confirm').mockRejectedValueOnce('cancel')
    const closed: string[] = []
    await open({ jobs: () => [], book_close: () => (closed.push('closed'), { book: null, today: '', sample: false }) })
    for (const times of [0, 1]) {
      shell.opened = [{ token: 'chosen-1', name: '永宁县.invite' }]
      window.dispatchEvent(new Event('sweepbook-opened'))
      await flushPromises()
      expect([closed.length, bookNumber.value - before]).toEqual([times, times])
      confirm.mockResolvedValueOnce('confirm' as never)
    }
    expect(opened.value).toEqual([{ token: 'chosen-1', name: '永宁县.invite' }])
  })

  it('closes the window when what is being typed has been kept', async () => {
    await open({ jobs: () => [], draft_keep: () => ({ id: 'd1', at: '2021-05-27 12:00' }) as never })
    const form = { fields: { cause: '涉嫌' }, campaigns: [], overrides: {}, typed: {} }
    const keeper = draftKeeper(
      'case',
      () => null,
      () => form,
    )
    keeper.touch()
    const goOn = hold('draft_keep')
    shell.tell('closing', null)
    await flushPromises()
    expect(asked.filter((each) => each.action === 'draft_keep').map((each) => each.input['form'])).toEqual([form])
    expect(commands()).not.toContain('kept')
    goOn()
    await flushPromises()
    expect(commands().at(-1)).toBe('kept')
    // The next time there is nothing to keep.
    shell.tell('closing', null)
    await flushPromises()
    expect(asked.filter((each) => each.action === 'draft_keep')).toHaveLength(1)
    expect(commands().filter((each) => each === 'kept')).toHaveLength(2)
  })

  it('closes the window all the same when nothing can be kept', async () => {
    const full = { code: 'disk-full', message: '磁盘已满', remedy: '请腾出空间', field: null, line: null }
    await open({ jobs: () => [], draft_keep: () => [full] })
    const keeper = draftKeeper(
      'case',
      () => null,
      () => ({ fields: {}, campaigns: [], overrides: {}, typed: {} }),
    )
    keeper.touch()
    shell.tell('closing', null)
    await flushPromises()
    expect(commands()).toContain('kept')
    keeper.saved()
  })

  it('says what was let go where nothing takes it, and that the window goes nowhere else', async () => {
    await open({ jobs: () => [] })
    document.querySelectorAll('.el-message').forEach((each) => each.remove())
    await letGo({ at: { x: 0, y: 0 }, files: [{ token: 'chosen-1', name: '永宁县.sweep' }], others: 2 })
    shell.tell('refused', null)
    await flushPromises()
    const words = [...document.querySelectorAll('.el-message')].map((each) => each.textContent ?? '')
    expect(words[0]).toContain('这里不接收文件：永宁县.sweep')
    expect(words[1]).toContain('有 2 项不是文件')
    expect(words[2]).toContain('不打开网页')
  })

  it('is told to close only by a person who agreed', async () => {
    await open({ jobs: () => [] })
    shell.tell('job', progress({}))
    await closeButton()
    await press('.leave-stay')
    expect(document.querySelector('.leave')).toBeNull()
    expect(shell.commands.map((each) => each.command)).not.toContain('leave')
    await closeButton()
    await press('.leave-now')
    expect(shell.commands.map((each) => each.command)).toContain('leave')
  })

  it.each(['a request', 'a job'])('is asked about no work that has ended: %s', async (what) => {
    vi.useFakeTimers()
    const work = progress({ id: 9, kind: what === 'a job' ? 'check' : 'request' })
    await open({ jobs: () => [] })
    shell.tell('job', work)
    await closeButton()
    await vi.advanceTimersByTimeAsync(5000)
    expect(asking()).toContain('正在处理，现在关闭吗')
    shell.tell('job', { ...work, running: false })
    await vi.advanceTimersByTimeAsync(1500)
    expect(asking()).toContain('工作已经结束，现在关闭吗')
    expect(
      shell.commands.map((each) => each.command),
      'whether to close is for a person to say',
    ).not.toContain('leave')
    await press('.leave-stay')
    // Asked anew, it is about what is under way then.
    shell.tell('job', { ...work, id: 10 })
    await closeButton()
    expect(asking()).toContain('正在处理，现在关闭吗')
    vi.useRealTimers()
  })
})

function commands(): string[] {
  return shell.commands.map((each) => each.command)
}

async function closeButton(): Promise<void> {
  window.dispatchEvent(new Event('sweepbook-leaving'))
  // The question is read when it is first asked.
  await vi.dynamicImportSettled()
  await flushPromises()
}

function asking(): string {
  return document.querySelector('.leave')?.textContent ?? ''
}

async function press(button: string): Promise<void> {
  document.querySelector<HTMLElement>(`.leave ${button}`)!.click()
  await flushPromises()
}

describe('the window is as it was left', () => {
  it('on the page of this book, and of no other', async () => {
    const router = pages()
    await restoreRoute(router, 'device-a')
    await router.push('/forms')
    const again = pages()
    await restoreRoute(again, 'device-a')
    expect(again.currentRoute.value.path).toBe('/forms')
    const other = pages()
    await restoreRoute(other, 'device-b')
    expect(other.currentRoute.value.path).toBe('/')
    for (const nonsense of ['{', 'null', '[]', '{"device":"device-a","path":"//evil.example"}', '{"device":1}']) {
      localStorage.setItem('sweepbook.page', nonsense)
      const fresh = pages()
      await restoreRoute(fresh, 'device-a')
      expect(fresh.currentRoute.value.fullPath).toBe('/')
    }
  })

  it('at its size, which the keys change step by step', async () => {
    answer({})
    await setZoom(1.5)
    await setZoom(9)
    expect(zoom()).toBe(1.5)
    shell.commands.length = 0
    const release = listenForZoom()
    document.dispatchEvent(new KeyboardEvent('keydown', { key: '+', ctrlKey: true, bubbles: true }))
    document.dispatchEvent(new KeyboardEvent('keydown', { key: '+', bubbles: true }))
    document.dispatchEvent(new KeyboardEvent('keydown', { key: '0', ctrlKey: true, bubbles: true }))
    expect(shell.commands.map((each) => (each.args as { factor: number }).factor)).toEqual([1.5, 1.75, 1])
    release()
    localStorage.setItem('sweepbook.zoom', '37')
    expect(zoom()).toBe(1)
  })
})

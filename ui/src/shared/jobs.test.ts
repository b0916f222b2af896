import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import type { JobView } from '@/bridge'
import { job, progress } from '@/testing/jobs'
import { answer, asked, invoke, shell } from '@/testing/shell'

import { ended, jobs, listenForJobs, loadJobs, request, running } from './jobs'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

let release = (): void => undefined
let known: JobView[] = []

beforeEach(async () => {
  known = []
  running.value = []
  answer({ jobs: () => known })
  release = listenForJobs()
  await flushPromises()
})
afterEach(() => release())

it('forgets no job over an answer that was overtaken', async () => {
  let tell = (_: unknown): void => undefined
  invoke.mockImplementationOnce(() => new Promise((resolve) => (tell = resolve)))
  invoke.mockImplementationOnce(() => Promise.resolve({ ok: [job({})] }))
  const early = loadJobs()
  await loadJobs()
  tell({ ok: [] })
  await early
  expect(jobs.value).toEqual([job({})])
})

it('follows what the program tells, and asks how work in the background ended', async () => {
  known = [job({ kind: 'backup' })]
  shell.tell('job', progress({ kind: 'backup', done: 1, total: 4 }))
  await flushPromises()
  expect(running.value.map((each) => each.done)).toEqual([1])
  expect(jobs.value).toEqual([job({ kind: 'backup' })])
  const waits = ended(1)
  shell.tell('job', progress({ kind: 'backup', done: 3, total: 4 }))
  await flushPromises()
  const before = asked.length
  shell.tell('job', progress({ kind: 'backup', done: 4, total: 4 }))
  await flushPromises()
  expect(asked, 'nothing is asked while it only counts on').toHaveLength(before)
  known = [job({ kind: 'backup', state: 'done', backup: 'a.book' })]
  shell.tell('job', progress({ kind: 'backup', running: false }))
  expect(running.value).toEqual([])
  expect((await waits)?.backup).toBe('a.book')
})

it('waits for nothing that is over or unknown', async () => {
  known = [job({ id: 3, state: 'failed' })]
  expect((await ended(3))?.state).toBe('failed')
  expect(await ended(4)).toBeNull()
})

it('knows the request that is under way, of which there is nothing to ask', async () => {
  const before = asked.length
  shell.tell('job', progress({ id: 7, stage: 'reading' }))
  expect(request.value?.stage).toBe('reading')
  shell.tell('job', progress({ id: 7, running: false }))
  expect(request.value).toBeNull()
  await flushPromises()
  expect(asked).toHaveLength(before)
})

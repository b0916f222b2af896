import { afterEach, expect, it, vi } from 'vitest'

import { job } from '@/testing/jobs'
import { invoke } from '@/testing/shell'

import { jobs, lookAtJobs, stopLooking } from './jobs'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const RUNNING = job({})

afterEach(stopLooking)

it('forgets no job over an answer that was overtaken', async () => {
  let tell = (_: string): void => undefined
  invoke.mockImplementationOnce(() => new Promise((resolve) => (tell = resolve)))
  invoke.mockImplementationOnce(() => Promise.resolve(JSON.stringify({ ok: [RUNNING] })))
  const early = lookAtJobs()
  await lookAtJobs()
  tell(JSON.stringify({ ok: [] }))
  await early
  expect(jobs.value).toEqual([RUNNING])
})

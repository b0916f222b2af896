// Questions sent before the page was read.

import { beforeEach, expect, test, vi } from 'vitest'

import { answer, asked } from '@/testing/shell'

import { sendEarly, written } from './early'
import { Refused, call } from './index'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

beforeEach(() => answer({ job_stop: () => ({}) }))

test('the first who asks is given the answer to what was sent early, the next asks anew', async () => {
  sendEarly(written('job_stop', 'zh', { id: 1 }))
  expect(asked).toHaveLength(1)
  expect(await call('job_stop', { id: 1 })).toEqual({})
  expect(asked).toHaveLength(1)
  await call('job_stop', { id: 1 })
  expect(asked).toHaveLength(2)
})

test('an answer in another language, or to another question, is not taken for it', async () => {
  sendEarly(written('job_stop', 'en', { id: 1 }))
  await call('job_stop', { id: 1 })
  expect(asked).toHaveLength(2)
})

test('whoever asks is told that it was refused', async () => {
  answer({ job_stop: () => [{ code: 'disk-full', message: '磁盘已满。', remedy: '请清理磁盘。' }] as never })
  sendEarly(written('job_stop', 'zh', { id: 1 }))
  await expect(call('job_stop', { id: 1 })).rejects.toThrow(Refused)
  expect(asked).toHaveLength(1)
})

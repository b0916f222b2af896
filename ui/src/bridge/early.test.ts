// Questions sent before the page was read.

import { beforeEach, expect, test, vi } from 'vitest'

import { answer, asked } from '@/testing/shell'

import { sendEarly, written } from './early'
import { Refused, call } from './index'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

beforeEach(() => answer({ cancel: () => ({}) }))

test('the first who asks is given the answer to what was sent early, the next asks anew', async () => {
  sendEarly(written('cancel', 'zh', {}))
  expect(asked).toHaveLength(1)
  expect(await call('cancel', {})).toEqual({})
  expect(asked).toHaveLength(1)
  await call('cancel', {})
  expect(asked).toHaveLength(2)
})

test('an answer in another language, or to another question, is not taken for it', async () => {
  sendEarly(written('cancel', 'en', {}))
  await call('cancel', {})
  expect(asked).toHaveLength(2)
})

test('whoever asks is told that it was refused', async () => {
  answer({ cancel: () => [{ code: 'disk-full', message: '磁盘已满。', remedy: '请清理磁盘。' }] as never })
  sendEarly(written('cancel', 'zh', {}))
  await expect(call('cancel', {})).rejects.toThrow(Refused)
  expect(asked).toHaveLength(1)
})

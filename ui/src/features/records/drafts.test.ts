import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import type { FormState } from '@/bridge'
import { answer, asked } from '@/testing/shell'

import { draftKeeper, PAUSE_MS } from './drafts'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const form = (note: string): FormState => ({ fields: { note }, campaigns: [], overrides: {}, typed: {} })

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('keeps what is typed within the pause, however fast typing goes on', async () => {
  answer({ draft_keep: () => ({ id: 'd1', at: 'now' }) })
  let note = ''
  const keeper = draftKeeper(
    'visit',
    () => null,
    () => form(note),
  )
  for (let at = 0; at < 10; at += 1) {
    note += '字'
    keeper.touch()
    await vi.advanceTimersByTimeAsync(PAUSE_MS / 4)
  }
  expect(asked.length).toBeGreaterThanOrEqual(2)
  await vi.advanceTimersByTimeAsync(PAUSE_MS)
  expect(asked.at(-1)?.input['form']).toEqual(form('字'.repeat(10)))
  expect(asked.slice(1).map((each) => each.input['id'])).toEqual(asked.slice(1).map(() => 'd1'))
  expect(keeper.at.value).toBe('now')
})

it('makes one draft of what is typed while the first is being kept', async () => {
  answer({ draft_keep: (input) => ({ id: input.id ?? 'd1', at: 'now' }) })
  const keeper = draftKeeper(
    'visit',
    () => null,
    () => form('甲'),
  )
  keeper.touch()
  const first = keeper.flush()
  keeper.touch()
  await Promise.all([first, keeper.flush()])
  expect(asked.map((each) => each.input['id'])).toEqual([null, 'd1'])
})

it('says why it cannot keep, and keeps it with the next key', async () => {
  const full = [{ code: 'disk-full', message: '磁盘已满。', remedy: '请腾出空间。', field: null, line: null }]
  answer({ draft_keep: () => full })
  const keeper = draftKeeper(
    'visit',
    () => null,
    () => form('甲'),
  )
  keeper.touch()
  await keeper.flush()
  expect(keeper.trouble.value.map((notice) => notice.code)).toEqual(['disk-full'])
  answer({ draft_keep: () => ({ id: 'd1', at: 'now' }) })
  await keeper.flush()
  expect(asked).toHaveLength(1)
  expect(keeper.trouble.value).toEqual([])
})

it('forgets what a save or a person has done away with', async () => {
  answer({ draft_keep: () => ({ id: 'd1', at: 'now' }), draft_drop: () => ({}) })
  const keeper = draftKeeper(
    'visit',
    () => null,
    () => form('甲'),
  )
  keeper.touch()
  keeper.saved()
  await vi.advanceTimersByTimeAsync(PAUSE_MS * 2)
  expect(asked).toEqual([])
  keeper.touch()
  await keeper.flush()
  await keeper.drop()
  await flushPromises()
  expect(asked.map((each) => each.action)).toEqual(['draft_keep', 'draft_drop'])
  expect(keeper.id.value).toBeNull()
})

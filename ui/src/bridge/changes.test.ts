// What a reply says has changed, and who is woken by it.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { answer, tellChanged } from '@/testing/shell'

import { call, onChange } from './index'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const woken: string[] = []
let leave: (() => void)[] = []

function listen(name: string, ...topics: string[]): void {
  leave.push(onChange(topics, () => woken.push(name)))
}

beforeEach(() => {
  woken.length = 0
  listen('samples', 'records:sample')
  listen('records', 'records')
  listen('packages and conflicts', 'packages', 'conflicts')
  listen('drafts', 'drafts')
  listen('anything', '*')
})
afterEach(() => {
  leave.forEach((each) => each())
  leave = []
})

test.each([
  [['records:sample'], ['samples', 'records', 'anything']],
  [['records:case'], ['records', 'anything']],
  [['records'], ['samples', 'records', 'anything']],
  [
    ['conflicts', 'packages'],
    ['packages and conflicts', 'anything'],
  ],
  [['recordings'], ['anything']],
  [[], []],
])('a reply that says %j wakes %j, each once', async (changed, names) => {
  answer({ resolve: () => ({}) })
  tellChanged(changed)
  await call('resolve', { conflict: 'c', keep: 'k' })
  expect(woken).toEqual(names)
})

test('a reply that does not say is taken to have changed everything, unless its action is known to change less', async () => {
  answer({ resolve: () => ({}), draft_drop: () => ({}), pair_count: () => ({ count: 0 }) })
  await call('pair_count', {})
  expect(woken).toEqual([])
  await call('draft_drop', { id: 'd' })
  expect(woken).toEqual(['drafts', 'anything'])
  woken.length = 0
  await call('resolve', { conflict: 'c', keep: 'k' })
  expect(woken).toEqual(['samples', 'records', 'packages and conflicts', 'drafts', 'anything'])
})

test('what was refused has changed nothing, and who has left is not woken', async () => {
  answer({ resolve: () => [{ code: 'no', message: 'no', remedy: 'wait', field: null, line: null }] })
  await expect(call('resolve', { conflict: 'c', keep: 'k' })).rejects.toThrow()
  expect(woken).toEqual([])
  leave.forEach((each) => each())
  answer({ resolve: () => ({}) })
  await call('resolve', { conflict: 'c', keep: 'k' })
  expect(woken).toEqual([])
})

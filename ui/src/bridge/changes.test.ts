// What a reply says has changed, and who is woken by it.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { answer, tellChanged } from '@/testing/shell'

import { call, onChange } from './index'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const woken: string[] = []
let leave: (() => void)[] = []

function listen(name: string, ...topics: string[]): void {
  leave.push(
    onChange(
      () => topics,
      () => woken.push(name),
    ),
  )
}

beforeEach(() => {
  woken.length = 0
  listen('samples', 'records:sample')
  listen('records', 'records')
  listen('packages and conflicts', 'packages', 'conflicts')
  listen('drafts', 'drafts')
  listen('anything', '*')
  listen('the record', 'record:r1')
})
afterEach(() => {
  leave.forEach((each) => each())
  leave = []
})

const RECORDS = { records: [], more: false }

test('a record that is named wakes whoever shows it, another one does not', async () => {
  answer({ resolve: () => ({}) })
  tellChanged({ kinds: ['case'], records: ['r2'], more: false })
  await call('resolve', { conflict: 'c', keep: 'k' })
  expect(woken).not.toContain('the record')
  tellChanged({ kinds: ['case'], records: ['r2', 'r1'], more: false })
  await call('resolve', { conflict: 'c', keep: 'k' })
  expect(woken.filter((each) => each === 'the record')).toHaveLength(1)
})

test.each([
  [{ ...RECORDS, kinds: ['sample'] }, ['samples', 'records', 'packages and conflicts', 'drafts', 'anything']],
  [{ ...RECORDS, kinds: ['case'] }, ['records', 'packages and conflicts', 'drafts', 'anything']],
  // A name, a campaign, a package: where no record is named, anything may be another.
  [{ ...RECORDS, kinds: [] }, ['samples', 'records', 'packages and conflicts', 'drafts', 'anything', 'the record']],
  // So many that not each is named.
  [{ records: ['r2'], kinds: ['case'], more: true }, ['records', 'packages and conflicts', 'drafts', 'anything', 'the record']],
  [{ ...RECORDS, kinds: [], drafts: true }, ['drafts', 'anything']],
  [
    { ...RECORDS, kinds: ['case'], packages: true },
    ['samples', 'records', 'packages and conflicts', 'drafts', 'anything', 'the record'],
  ],
])('a reply that says %j wakes %j, each once', async (changed, names) => {
  answer({ resolve: () => ({}) })
  tellChanged(changed)
  await call('resolve', { conflict: 'c', keep: 'k' })
  expect(woken).toEqual(names)
})

test('what only looks changes nothing', async () => {
  answer({ pair_count: () => ({ count: 0 }) })
  await call('pair_count', {})
  expect(woken).toEqual([])
})

test('what lies outside the book has changed when it went well', async () => {
  listen('backups', 'backups')
  const refusal = [{ code: 'no', message: 'no', remedy: 'wait', field: null, line: null }]
  answer({ backups_set: () => refusal as never })
  await expect(call('backups_set', { hours: 2, out: null, place: null })).rejects.toThrow()
  expect(woken).toEqual([])
  answer({ backups_set: () => ({}) as never })
  await call('backups_set', { hours: 2, out: null, place: null })
  expect(woken).toEqual(['anything', 'backups'])
})

test('what was written before a refusal has changed', async () => {
  answer({ import_plan: () => [{ code: 'no', message: 'no', remedy: 'wait', field: null, line: null }] })
  tellChanged({ ...RECORDS, kinds: ['case'] })
  await expect(call('import_plan', { files: [] })).rejects.toThrow()
  expect(woken).toEqual(['records', 'packages and conflicts', 'drafts', 'anything'])
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

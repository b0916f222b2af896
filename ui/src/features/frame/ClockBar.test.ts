import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import type { StatusView } from '@/bridge'
import { setLanguage } from '@/shared/i18n'
import { answer, asked } from '@/testing/shell'

import { appStatus } from '../book/status'
import ClockBar from './ClockBar.vue'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const RIGHT: StatusView = { book: null, today: '2021-05-28', sample: false }
const BACK: StatusView = { ...RIGHT, today: '2021-04-28', set_back: { now: '2021-04-28 10:00', saved: '2021-05-28 10:00' } }

let bar: VueWrapper

beforeEach(() => {
  vi.useFakeTimers()
  setLanguage('zh')
})
afterEach(() => {
  bar.unmount()
  vi.useRealTimers()
})

it('stands until the clock is right, and looks no further then', async () => {
  let clock = BACK
  answer({ status: () => clock })
  appStatus.value = RIGHT
  bar = mount(ClockBar)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked).toEqual([])
  expect(bar.text()).toBe('')

  appStatus.value = BACK
  await flushPromises()
  expect(bar.get('[role=status]').text()).toContain('本机时间是 2021-04-28 10:00，早于本台账最近一次保存的 2021-05-28 10:00')
  await vi.advanceTimersByTimeAsync(12_000)
  expect(bar.text()).toContain('请校准系统时间')
  clock = RIGHT
  await vi.advanceTimersByTimeAsync(6_000)
  expect(bar.text()).toBe('')
  const looks = asked.length
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked.length).toBe(looks)
})

it('goes when a person vouches for the clock', async () => {
  answer({ clock_trust: () => RIGHT })
  appStatus.value = BACK
  bar = mount(ClockBar)
  setLanguage('en')
  await flushPromises()
  expect(bar.text()).toContain('This computer says it is 2021-04-28 10:00')
  await bar.get('button').trigger('click')
  await flushPromises()
  expect(bar.text()).toBe('')
})

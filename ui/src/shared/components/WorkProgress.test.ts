import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { call } from '@/bridge'
import { setLanguage } from '@/shared/i18n'
import { running } from '@/shared/jobs'
import { progress } from '@/testing/jobs'
import { answer, asked, hold, shell } from '@/testing/shell'

import WorkProgress from './WorkProgress.vue'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const READING = progress({ id: 5, stage: 'reading', done: 3, total: 9, file: 2, files: 3 })

beforeEach(() => {
  running.value = []
  setLanguage('zh')
  vi.useFakeTimers()
})

afterEach(() => vi.useRealTimers())

async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds)
  await flushPromises()
}

it('says nothing about what is over at once', async () => {
  answer({ jobs: () => [], schema: () => ({ kinds: [], vocabularies: [], campaigns: [] }) })
  const overlay = mount(WorkProgress)
  await call('schema', {})
  await pass(2000)
  expect(overlay.text()).toBe('')
  expect(overlay.find('.work-line').exists()).toBe(false)
})

it('shows how far long work is, stops it once, and goes with it', async () => {
  answer({ jobs: () => [], packages: () => [], job_stop: () => ({}) })
  const release = hold('packages')
  const field = document.body.appendChild(document.createElement('input'))
  field.focus()
  const overlay = mount(WorkProgress, { attachTo: document.body })
  const done = call('packages', {})
  shell.tell('job', READING)
  await pass(399)
  expect(overlay.text()).toBe('')
  await pass(200)
  expect(overlay.find('.work-stage').text()).toBe('正在读入')
  expect(overlay.text()).toContain('第 2 个文件，共 3 个')
  expect(overlay.find('progress').attributes()).toMatchObject({ value: '3', max: '9' })
  const stop = overlay.find('.work-stop')
  expect(document.activeElement).toBe(stop.element)
  await stop.trigger('click')
  shell.tell('job', { ...READING, stopping: true })
  await stop.trigger('click')
  expect(stop.text()).toBe('正在停止…')
  expect(asked.filter((each) => each.action === 'job_stop').map((each) => each.input)).toEqual([{ id: 5 }])
  release()
  await done
  await flushPromises()
  expect(overlay.text()).toBe('')
  expect(document.activeElement).toBe(field)
})

it('never takes the keyboard for work that tells nothing', async () => {
  answer({ jobs: () => [], packages: () => [] })
  const release = hold('packages')
  const overlay = mount(WorkProgress)
  const done = call('packages', {})
  await pass(1000)
  expect(overlay.find('.work-line').text()).toBe('正在处理…')
  expect(overlay.find('.work-cover').exists()).toBe(false)
  release()
  await done
  await flushPromises()
  expect(overlay.text()).toBe('')
})

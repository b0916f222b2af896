import { flushPromises, mount } from '@vue/test-utils'
import { beforeEach, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'

import type { SchemaView } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { answer, asked } from '@/testing/shell'

import { setSchema } from '../records/schema'
import BatchList from './BatchList.vue'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const SCHEMA: SchemaView = {
  kinds: [{ id: 'sample', zh: '抽样', en: 'Sample', title: 'number', fields: [] }],
  vocabularies: [],
  campaigns: [],
}

beforeEach(() => {
  setSchema(SCHEMA)
  setLanguage('zh')
})

it('finds batches by what is typed, asked for once a person pauses', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  answer({ batches: () => ({ batches: [], next: null }) })
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: { template: '<p />' } }] })
  const list = mount(BatchList, { global: { plugins: [{ install: useElement }, router] } })
  await flushPromises()
  await list.get('.search input').setValue('K')
  await list.get('.search input').setValue('K2')
  await vi.advanceTimersByTimeAsync(500)
  await flushPromises()
  expect(asked.filter((each) => each.action === 'batches').map((each) => each.input['text'])).toEqual(['', 'K2'])
  expect(list.get('.empty').text()).toBe('没有符合条件的记录，请换个条件再查。')
  vi.useRealTimers()
})

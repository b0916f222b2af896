import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { call } from '@/bridge'
import { setLanguage } from '@/shared/i18n'
import { answer, asked, tellChanged } from '@/testing/shell'

import NounTabs from '../records/NounTabs.vue'
import { enterprises } from '.'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

enableAutoUnmount(afterEach)
beforeEach(() => setLanguage('zh'))

it('how many pairs wait stands in their tab, and is counted anew when enterprises have changed', async () => {
  let count = 2
  answer({ pair_count: () => ({ count }), resolve: () => ({}) })
  const tabs = mount(NounTabs, {
    props: { noun: enterprises, current: 'enterprise' },
    global: { stubs: { RouterLink: { template: '<a><slot /></a>' } } },
  })
  await flushPromises()
  expect(tabs.find('.tab-count').text()).toBe('2')
  count = 0
  tellChanged({ kinds: ['case'], records: ['c1'], more: false })
  await call('resolve', { conflict: 'c', keep: 'k' })
  tellChanged({ kinds: ['enterprise'], records: ['e1'], more: false })
  await call('resolve', { conflict: 'c', keep: 'k' })
  await flushPromises()
  expect(asked.filter((each) => each.action === 'pair_count')).toHaveLength(2)
  expect(tabs.find('.tab-count').exists()).toBe(false)
})

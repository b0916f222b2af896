import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'

import type { StatusView } from '@/bridge'
import { setLanguage } from '@/shared/i18n'

import { appStatus } from '../book/status'
import ReadOnlyBar from './ReadOnlyBar.vue'

const WRITABLE: StatusView = { book: null, today: '2021-05-28', sample: false }

it('stands for as long as the open book can only be looked at', async () => {
  setLanguage('zh')
  appStatus.value = WRITABLE
  const bar = mount(ReadOnlyBar)
  expect(bar.text()).toBe('')
  appStatus.value = { ...WRITABLE, read_only: { path: '/media/u/a.book' } }
  await bar.vm.$nextTick()
  expect(bar.get('[role=note]').text()).toContain('/media/u/a.book')
  expect(bar.text()).toContain('只能查看')
  setLanguage('en')
  await bar.vm.$nextTick()
  expect(bar.text()).toContain('can only be looked at')
  appStatus.value = WRITABLE
  await bar.vm.$nextTick()
  expect(bar.text()).toBe('')
})

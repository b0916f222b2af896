import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { setLanguage } from '@/shared/i18n'
import { answer, asked } from '@/testing/shell'

import SimilarBox from './SimilarBox.vue'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

beforeEach(() => {
  setLanguage('zh')
  vi.useFakeTimers()
})
afterEach(() => vi.useRealTimers())

it('asks once typing rests, shows what is alike, and lets it be used', async () => {
  const hit = {
    id: 'e1',
    kind: 'enterprise',
    title: '永宁口罩厂',
    detail: '91640121MA0000000X',
    void: false,
    likeness: 'near_name' as const,
  }
  answer({ record_similar: () => [hit] })
  const box = mount(SimilarBox, { props: { kind: 'enterprise', id: null, fields: { name: null } } })
  for (const name of ['永', '永宁', '永宁口罩']) {
    await box.setProps({ fields: { name } })
    await vi.advanceTimersByTimeAsync(50)
  }
  await vi.advanceTimersByTimeAsync(500)
  expect(asked.map((each) => each.input['fields'])).toEqual([{ name: '永宁口罩' }])
  expect(box.text()).toContain('名称相近')
  await box.find('.use').trigger('click')
  expect(box.emitted('use')).toEqual([['e1']])
})

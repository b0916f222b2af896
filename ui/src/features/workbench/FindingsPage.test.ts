import { enableAutoUnmount, flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'

import type { FindingLine } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { answer, asked, type Answers } from '@/testing/shell'

import FindingsPage from './FindingsPage.vue'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const RING: FindingLine = {
  problem: { code: 'ring', message: '2 家企业互相指为同一企业。', remedy: '请确定保留哪一家。', field: null, line: null },
  records: [
    { id: 'e1', kind: 'enterprise', title: '甲厂', voided: false },
    { id: 'e2', kind: 'enterprise', title: '乙厂', voided: true },
    { id: '0190a6e4-0000', kind: null, title: '', voided: false },
  ],
}

async function open(answers: Answers): Promise<VueWrapper> {
  answer(answers)
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)', component: {} }] })
  const page = mount(FindingsPage, { global: { plugins: [router, { install: useElement }] } })
  await flushPromises()
  return page
}

enableAutoUnmount(afterEach)
beforeEach(() => setLanguage('zh'))

it('says what is wrong and what to do, with the records that are here to open', async () => {
  const page = await open({ findings: () => ({ lines: [RING], total: 1 }) })
  const row = page.find('[data-finding=ring]')
  expect(row.text()).toContain('请确定保留哪一家。')
  expect(row.findAll('a').map((each) => each.attributes('href'))).toEqual([
    '/enterprises/enterprise/e1',
    '/enterprises/enterprise/e2',
  ])
  expect(row.text()).toContain('已作废')
  expect(row.text()).toContain('不在本台账的记录 0190a6e4')
})

it('shows more from where it ended', async () => {
  const page = await open({ findings: ({ skip }) => ({ lines: skip === 0 ? [RING, RING] : [RING], total: 3 }) })
  await page.find('.pager button').trigger('click')
  await flushPromises()
  expect(asked.map((each) => each.input['skip'])).toEqual([0, 2])
  expect(page.findAll('[data-finding]')).toHaveLength(3)
  expect(page.find('.pager').exists()).toBe(false)
})

it('says so when there is nothing', async () => {
  const page = await open({ findings: () => ({ lines: [], total: 0 }) })
  expect(page.find('.empty').text()).toBe('没有需要核对的事项。')
})

import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import type { DraftLine } from '@/bridge'
import { setLanguage } from '@/shared/i18n'
import { answer, asked } from '@/testing/shell'

import DraftList from './DraftList.vue'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))
const went = vi.hoisted(() => ({ push: vi.fn(async () => undefined) }))
vi.mock('vue-router', () => ({ useRouter: () => went }))

enableAutoUnmount(afterEach)
beforeEach(() => {
  setLanguage('zh')
  went.push.mockClear()
})

it("says whose a draft is, and goes on with another's only once it is taken over", async () => {
  const line = (id: string, author: string, own: boolean): DraftLine => ({
    id,
    kind: 'case',
    record: null,
    at: '2021-05-27 09:30',
    author,
    own,
    title: id,
  })
  answer({
    drafts: () => [line('mine', '王强', true), line('hers', '李梅', false), line('old', '', false)],
    draft_take: ({ id }) => ({ id, at: '' }),
  })
  const list = mount(DraftList, { props: { path: 'cases', kind: 'case' } })
  await flushPromises()
  await list.find('.drafts-toggle').trigger('click')
  const row = (id: string) => list.find(`[data-draft=${id}]`)
  expect(['mine', 'hers', 'old'].map((id) => row(id).find('.draft-author').text())).toEqual([
    '本人的草稿',
    '李梅的草稿',
    '没有记下是谁的草稿',
  ])
  expect(['mine', 'hers'].map((id) => row(id).find('.danger').exists())).toEqual([true, false])
  await row('hers').find('.link').trigger('click')
  await flushPromises()
  expect(asked.slice(-2)).toEqual([
    { action: 'draft_take', input: { id: 'hers' } },
    { action: 'drafts', input: { kind: 'case' } },
  ])
  expect(went.push).toHaveBeenLastCalledWith({ path: '/cases/case/new', query: { draft: 'hers' } })
  await row('mine').find('.link').trigger('click')
  expect(asked.filter((each) => each.action === 'draft_take')).toHaveLength(1)
  answer({ draft_take: () => [{ code: 'draft-of-own', message: '您自己也有一份', remedy: '先保存', field: null, line: null }] })
  went.push.mockClear()
  await row('hers').find('.link').trigger('click')
  await flushPromises()
  expect(list.find('.problem').text()).toContain('您自己也有一份')
  expect(went.push).not.toHaveBeenCalled()
})

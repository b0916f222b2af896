import { enableAutoUnmount, flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createMemoryHistory, createRouter, type Router } from 'vue-router'

import type { Problem } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'

import WarningReasons from './WarningReasons.vue'

const TAKEN: Problem = {
  code: 'identifier-taken',
  message: '“案号”永市监罚〔2021〕5号 已经登记在案件“甲厂 2021-04-01”上。',
  remedy: '请打开那一条核对。',
  field: 'number',
  line: null,
  other: { kind: 'case', id: 'c1' },
}

const SHORT: Problem = { code: 'list-short', message: '只有 1 名。', remedy: '请补全。', field: 'inspectors', line: null }

let router: Router

async function open(warnings: Problem[]): Promise<VueWrapper> {
  router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)', component: {} }] })
  const page = mount(WarningReasons, {
    props: { warnings, reasons: {} },
    global: { plugins: [router, { install: useElement }] },
  })
  await flushPromises()
  return page
}

enableAutoUnmount(afterEach)
beforeEach(() => setLanguage('zh'))

it('opens the record a warning names', async () => {
  const page = await open([TAKEN, SHORT])
  const [taken, short] = page.findAll('.warning-row')
  expect(taken?.text()).toContain('甲厂 2021-04-01')
  expect(short?.find('a').exists()).toBe(false)
  await taken?.find('a').trigger('click')
  await flushPromises()
  expect(router.currentRoute.value.path).toBe('/cases/case/c1')
})

it('keeps two warnings of one kind apart, with one reason for both', async () => {
  const decision: Problem = { ...TAKEN, message: '“处罚决定书文号”已经登记在案件“乙厂”上。', other: { kind: 'case', id: 'c2' } }
  const page = await open([TAKEN, decision])
  expect(page.findAll('.warning-row a').map((each) => each.attributes('href'))).toEqual(['/cases/case/c1', '/cases/case/c2'])
  await page.find('.warning-row input').setValue('同案两个当事人')
  expect(page.emitted('reason')?.at(-1)).toEqual(['identifier-taken', '同案两个当事人'])
})

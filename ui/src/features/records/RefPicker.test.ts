import { flushPromises, mount } from '@vue/test-utils'
import { defineComponent, ref } from 'vue'
import { beforeEach, expect, it, vi } from 'vitest'

import type { RecordRow, SchemaView } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { answer, asked } from '@/testing/shell'

import RefPicker from './RefPicker.vue'
import { setSchema } from './schema'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const words = (name: string): { zh: string; en: string } => ({ zh: name, en: name })

const SCHEMA: SchemaView = {
  kinds: [
    {
      id: 'shop',
      ...words('店'),
      title: 'name',
      fields: [
        { name: 'name', type: 'text', required: true, group: 'a', ...words('name') },
        { name: 'code', type: 'uscc', group: 'a', ...words('code') },
      ],
    },
  ],
  vocabularies: [{ id: 'group', entries: [{ code: 'a', ...words('A') }] }],
  campaigns: [],
}

const SAVED: RecordRow = {
  id: 's1',
  kind: 'shop',
  office: '640121',
  campaigns: [],
  void: null,
  overrides: {},
  fields: { name: '洁安店' },
  titles: {},
  conflicted: [],
}

beforeEach(() => {
  document.body.innerHTML = ''
  setSchema(SCHEMA)
  setLanguage('zh')
})

it('begins a new record from what was typed, by keyboard alone, and goes on once it is saved', async () => {
  answer({
    search: () => [],
    draft_get: () => null,
    record_similar: () => [{ id: 's9', kind: 'shop', title: '洁安分店', detail: '', likeness: 'near_name', void: false }],
    record_check: () => ({ errors: [], warnings: [] }),
    record_save: () => ({ record: SAVED, revision: 'r1', errors: [], warnings: [] }),
  })
  const chosen = ref<string[]>([])
  const Page = defineComponent({
    components: { RefPicker },
    setup: () => ({ chosen }),
    template: `<form><RefPicker kind="shop" :chosen="chosen" :titles="{}" :campaigns="[]" label="shop" @choose="chosen = $event" />
      <input class="after" /></form>`,
  })
  const page = mount(Page, { global: { plugins: [{ install: useElement }] }, attachTo: document.body })
  const field = page.find<HTMLInputElement>('.pick-input')
  field.element.focus()
  await field.setValue('洁安店')
  await flushPromises()
  expect(document.querySelector('.pick-new')?.textContent).toContain('＋ 新增店“洁安店”')
  await field.trigger('keydown', { key: 'Enter' })
  await flushPromises()
  const dialog = (): HTMLElement | null => document.querySelector('.el-dialog')
  expect(dialog()?.querySelector<HTMLInputElement>('[data-field=name] input')?.value).toBe('洁安店')
  expect(asked.filter((each) => each.action === 'record_similar')).toHaveLength(1)
  expect(dialog()?.querySelector('.similar')?.textContent).toContain('洁安分店')
  expect(document.querySelector('.pick-list')).toBeNull()
  dialog()?.querySelector<HTMLElement>('.dialog-footer .el-button--primary')?.click()
  await flushPromises()
  expect(dialog()).toBeNull()
  expect(chosen.value).toEqual(['s1'])
  expect(page.find('.pick-one').text()).toBe('洁安店')
  expect(document.querySelector('.pick-list')).toBeNull()
  expect(document.activeElement).toBe(page.find('.after').element)
})

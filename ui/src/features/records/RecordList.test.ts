import { enableAutoUnmount, flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'

import { call, type RecordRow, type SchemaView } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { answer, asked, tellChanged } from '@/testing/shell'

import type { KindPage, Noun } from './pages'
import RecordList from './RecordList.vue'
import { setSchema } from './schema'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const words = (name: string): { zh: string; en: string } => ({ zh: name, en: name })

const SCHEMA: SchemaView = {
  kinds: [
    {
      id: 'shop',
      ...words('店'),
      title: 'name',
      columns: ['name'],
      fields: [{ name: 'name', type: 'text', group: 'a', ...words('name') }],
    },
    { id: 'visit', ...words('次'), title: 'note', fields: [{ name: 'note', type: 'text', group: 'a', ...words('note') }] },
  ],
  vocabularies: [],
  campaigns: [],
}
const PAGE: KindPage = { kind: 'shop', filters: [], carry: [], today: [] }
const NOUN: Noun = { path: 'shops', label: 'menu.enterprises', kinds: [PAGE] }

function shop(name: string): RecordRow {
  return {
    id: name,
    kind: 'shop',
    office: '640121',
    campaigns: [],
    void: null,
    overrides: {},
    fields: { name },
    titles: {},
    conflicted: [],
  }
}

const saved: RecordRow[] = []

async function open(): Promise<VueWrapper> {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:rest(.*)', component: { template: '<i />' } }],
  })
  const page = mount(RecordList, {
    props: { noun: NOUN, page: PAGE },
    global: { plugins: [{ install: useElement }, router] },
    attachTo: document.body,
  })
  await flushPromises()
  return page
}

async function save(name: string, kind: string): Promise<void> {
  tellChanged({ kinds: [kind], records: [], more: false })
  await call('record_save', { kind: 'shop', id: null, fields: { name }, campaigns: [], overrides: {}, void: null })
  await flushPromises()
}

enableAutoUnmount(afterEach)
beforeEach(() => {
  document.body.innerHTML = ''
  setLanguage('zh')
  setSchema(SCHEMA)
  saved.splice(0, saved.length, shop('甲店'))
  answer({
    drafts: () => [],
    record_rows: ({ first }) => ({ first, rows: [...saved], total: saved.length }),
    record_save: ({ fields }) => {
      const record = shop(String(fields['name']))
      saved.push(record)
      return { record, errors: [], warnings: [] }
    },
  })
})

it('shows what was saved anywhere, without being told to', async () => {
  const page = await open()
  expect(page.find('.total').text()).toContain('1')
  await save('乙店', 'shop')
  expect(page.find('.total').text()).toContain('2')
  expect(page.text()).toContain('乙店')
})

it('is not asked for again when another kind was saved', async () => {
  await open()
  asked.length = 0
  await save('乙店', 'visit')
  // Its draft may be gone; the list stays as it is.
  expect(asked.map((each) => each.action)).toEqual(['record_save', 'drafts'])
})

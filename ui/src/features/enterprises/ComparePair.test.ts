import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'

import type { ComparedView, Fields, SchemaView } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage, t } from '@/shared/i18n'
import { answer } from '@/testing/shell'

import { setSchema } from '../records/schema'
import ComparePair from './ComparePair.vue'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const words = (name: string): { zh: string; en: string } => ({ zh: name, en: name })

const SCHEMA: SchemaView = {
  kinds: [
    {
      id: 'enterprise',
      ...words('enterprise'),
      title: 'name',
      fields: [
        { name: 'name', type: 'text', ...words('name') },
        { name: 'address', type: 'text', ...words('address') },
        { name: 'phone', type: 'text', ...words('phone') },
        { name: 'same_as', type: 'ref', to: 'enterprise', ...words('same_as') },
      ],
    },
    { id: 'inspection', ...words('inspection'), title: 'name', fields: [] },
  ],
  vocabularies: [],
  campaigns: [],
}

function side(id: string, fields: Fields, count: number, writable = true): ComparedView {
  const records = count > 0 ? [{ kind: 'inspection', count }] : []
  const record = { id, kind: 'enterprise', office: '640121', campaigns: [], void: null, overrides: {}, fields }
  return { ...record, titles: {}, conflicted: [], office_name: '', records, writable }
}

async function compare(left: ComparedView, right: ComparedView): Promise<VueWrapper> {
  answer({ compare: () => ({ left, right }) })
  const page = mount(ComparePair, {
    props: { left: left.id, right: right.id, busy: false },
    global: { plugins: [{ install: useElement }] },
    attachTo: document.body,
  })
  await flushPromises()
  return page
}

function kept(page: VueWrapper): string | undefined {
  const chosen = page.findAll('input[type=radio]').find((each) => (each.element as HTMLInputElement).checked)
  return chosen?.attributes('data-keep')
}

beforeEach(() => {
  document.body.innerHTML = ''
  setSchema(SCHEMA)
  setLanguage('zh')
})

describe('two enterprises side by side', () => {
  it('shows what either has, marks what differs, and never the join itself', async () => {
    const page = await compare(side('a', { name: 'A', address: 'x' }, 1), side('b', { name: 'A', address: 'y' }, 0))
    expect(page.findAll('tr[data-field]').map((row) => row.attributes('data-field'))).toEqual(['name', 'address'])
    expect(page.find('tr[data-field=name]').classes()).not.toContain('differs')
    expect(page.find('tr[data-field=address]').classes()).toContain('differs')
    expect(page.find('.records-row').text()).toContain('inspection 1')
    expect(page.find('.records-row').text()).toContain(t('pairs.records.none'))
  })

  it('keeps the one with more records unless a person says otherwise', async () => {
    const page = await compare(side('a', { name: 'A' }, 1), side('b', { name: 'A' }, 7))
    expect(kept(page)).toBe('b')
    await page.find('.merge').trigger('click')
    expect(page.emitted('join')).toEqual([['a', 'b']])
    await page.find('[data-keep=a]').setValue(true)
    await page.find('.merge').trigger('click')
    expect(page.emitted('join')?.[1]).toEqual(['b', 'a'])
  })

  it('joins only what this office may write', async () => {
    const page = await compare(side('a', { name: 'A' }, 0, false), side('b', { name: 'A' }, 7))
    expect(kept(page)).toBe('a')
    expect(page.find('[data-keep=b]').attributes('disabled')).toBeDefined()
    const locked = await compare(side('a', { name: 'A' }, 0, false), side('b', { name: 'A' }, 7, false))
    expect(kept(locked)).toBeUndefined()
    expect(locked.find('.merge').attributes('disabled')).toBeDefined()
    expect(locked.text()).toContain(t('pairs.locked'))
    await locked.find('.merge').trigger('click')
    expect(locked.emitted('join')).toBeUndefined()
  })
})

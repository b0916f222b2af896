import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'

import type { Field, Json } from '@/bridge'

import NamedLinks from './NamedLinks.vue'

const stubs = { RouterLink: { props: ['to'], template: '<a :href="to"><slot /></a>' } }

function links(field: Partial<Field>, value: Json, titles: Record<string, string> = {}): string[][] {
  const shown = mount(NamedLinks, { props: { field: field as Field, value, titles }, global: { stubs } })
  return shown.findAll('a').map((link) => [link.attributes('href') ?? '', link.text()])
}

it('leads from a field to every record it names, and to nothing else', () => {
  expect(links({ type: 'ref', to: 'enterprise' }, 'e1', { e1: '甲厂' })).toEqual([['/enterprises/enterprise/e1', '→ 甲厂']])
  expect(links({ type: 'refs', to: 'enterprise' }, ['e1', 'e2'], { e1: '甲厂', e2: '乙厂' }).map((link) => link[1])).toEqual([
    '→ 甲厂',
    '→ 乙厂',
  ])
  expect(links({ type: 'ref', to: 'enterprise' }, null)).toEqual([])
  expect(links({ type: 'ref', to: '*' }, 'x')).toEqual([])
  expect(links({ type: 'text' }, 'e1')).toEqual([])
})

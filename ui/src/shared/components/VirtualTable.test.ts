import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { beforeEach, expect, it, vi } from 'vitest'
import { h } from 'vue'

import VirtualTable from './VirtualTable.vue'

// A window 800 pixels tall: eighteen rows of 38 below the head, with what stays free under the table.
beforeEach(() => {
  vi.stubGlobal('innerHeight', 38 * 19 + 30)
  document.body.innerHTML = ''
})

function open(total: number): VueWrapper {
  return mount(VirtualTable<string>, {
    props: { total, rowAt: (index: number) => `row ${index + 1}`, widths: [1], label: 'rows' },
    slots: { head: () => h('th', 'n'), row: ({ row }: { row: string }) => h('td', row) },
    attachTo: document.body,
  })
}

function shown(table: VueWrapper): string[] {
  return table.findAll('tbody td').map((cell) => cell.text())
}

async function press(table: VueWrapper, ...keys: string[]): Promise<void> {
  for (const key of keys) await table.find('table').trigger('keydown', { key })
  await flushPromises()
}

async function scrollTo(table: VueWrapper, part: number): Promise<void> {
  const frame = table.find('.virtual')
  const space = frame
    .find('div')
    .attributes('style')
    ?.match(/height: ([\d.]+)px/)?.[1]
  const height = frame.attributes('style')?.match(/height: ([\d.]+)px/)?.[1]
  frame.element.scrollTop = Math.round(part * (Number(space) - Number(height) + 1))
  await frame.trigger('scroll')
}

it('draws only what is in view, and says where it stands among all', async () => {
  const table = open(1_000_000)
  await flushPromises()
  expect(shown(table)).toHaveLength(18)
  expect(table.find('table').attributes('aria-rowcount')).toBe('1000001')
  expect(table.find('tbody tr').attributes('aria-rowindex')).toBe('2')
  const space = Number(
    table
      .find('.virtual > div')
      .attributes('style')
      ?.match(/height: ([\d.]+)px/)?.[1],
  )
  expect(space).toBeLessThan(16_000_000)
})

it('maps the scrollbar to row numbers, to the very last', async () => {
  const table = open(1_000_000)
  await flushPromises()
  await scrollTo(table, 1)
  expect(shown(table).at(-1)).toBe('row 1000000')
  expect(table.findAll('tbody tr').at(-1)?.attributes('aria-rowindex')).toBe('1000001')
  await scrollTo(table, 0.5)
  expect(shown(table)[0]).toBe('row 499992')
  await scrollTo(table, 0)
  expect(shown(table)[0]).toBe('row 1')
})

it('goes by keyboard to any row and opens it', async () => {
  const table = open(1_000_000)
  await flushPromises()
  await press(table, 'ArrowDown', 'ArrowDown', 'Enter')
  expect(table.emitted('open')).toEqual([[2]])
  await press(table, 'End')
  expect(shown(table).at(-1)).toBe('row 1000000')
  await press(table, 'PageUp', 'ArrowUp')
  await press(table, 'Enter')
  expect(table.emitted('open')?.at(-1)).toEqual([999_980])
  const current = table.find('table').attributes('aria-activedescendant')
  expect(table.find(`[id="${current}"]`).text()).toBe('row 999981')
  await press(table, 'Home')
  expect(shown(table)[0]).toBe('row 1')
})

it('goes there too where its current row belongs to another', async () => {
  const table = mount(VirtualTable<string>, {
    props: {
      total: 1000,
      current: 0,
      rowAt: (index: number) => `row ${index + 1}`,
      widths: [1],
      label: 'rows',
      'onUpdate:current': (row: number) => void table.setProps({ current: row }),
    },
    slots: { head: () => h('th', 'n'), row: ({ row }: { row: string }) => h('td', row) },
    attachTo: document.body,
  })
  await flushPromises()
  await press(table as unknown as VueWrapper, 'End')
  expect(shown(table as unknown as VueWrapper).at(-1)).toBe('row 1000')
  expect(table.find('tr.current').text()).toBe('row 1000')
})

it('turns single rows by wheel where a pixel of the scrollbar is more than a row', async () => {
  const table = open(1_000_000)
  await flushPromises()
  await table.find('.virtual').trigger('wheel', { deltaY: 76 })
  expect(shown(table)[0]).toBe('row 3')
  await table.find('.virtual').trigger('wheel', { deltaY: 19 })
  await table.find('.virtual').trigger('wheel', { deltaY: 19 })
  expect(shown(table)[0]).toBe('row 4')
  await table.find('.virtual').trigger('wheel', { deltaY: -5000 })
  expect(shown(table)[0]).toBe('row 1')
})

it('has no scrollbar and no empty rows where everything fits', async () => {
  const table = open(3)
  await flushPromises()
  expect(shown(table)).toEqual(['row 1', 'row 2', 'row 3'])
  await press(table, 'End', 'PageDown', 'Enter')
  expect(table.emitted('open')).toEqual([[2]])
  await table.setProps({ total: 2 })
  await flushPromises()
  expect(shown(table)).toEqual(['row 1', 'row 2'])
})

it('asks for the rows that came into view', async () => {
  const table = open(1000)
  await flushPromises()
  expect(table.emitted('range')?.at(-1)).toEqual([0, 18])
  await press(table, 'End')
  expect(table.emitted('range')?.at(-1)).toEqual([982, 1000])
})

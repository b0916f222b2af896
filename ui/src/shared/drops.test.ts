import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, useTemplateRef } from 'vue'

import { letGo, shell } from '@/testing/shell'

import { guardDrops, listenForDrops, useDropZone, type Astray } from './drops'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const FILE = { token: 'chosen-1', name: '永宁县.sweep' }

describe('files let go in the window', () => {
  const taken: string[] = []
  const strayed: Astray[] = []
  let release: () => void
  let page: VueWrapper

  const Zone = defineComponent({
    props: { name: { type: String, required: true } },
    setup(props) {
      const element = useTemplateRef<HTMLElement>('element')
      const over = useDropZone(
        () => element.value,
        (files) => taken.push(...files.map((file) => `${props.name} ${file.token}`)),
      )
      return () => h('div', { ref: 'element', class: [props.name, { over: over.value }] }, h('p', 'here'))
    },
  })

  beforeEach(() => {
    taken.length = strayed.length = 0
    release = listenForDrops((astray) => strayed.push(astray))
    page = mount(
      { render: () => [h(Zone, { name: 'left' }), h(Zone, { name: 'right' }), h('p', { class: 'cover' })] },
      { attachTo: document.body },
    )
  })
  afterEach(() => {
    page.unmount()
    release()
    vi.restoreAllMocks()
  })

  function under(selector: string | null): void {
    vi.spyOn(document, 'elementFromPoint').mockImplementation((x, y) => {
      expect([x, y]).toEqual([window.innerWidth * 0.25, window.innerHeight * 0.5])
      return selector === null ? null : page.element.parentElement!.querySelector(selector)
    })
  }

  const at = { x: 0.25, y: 0.5 }

  it('go to the zone they are over, which shows that it takes them', async () => {
    under('.left p')
    shell.tell('dragging', at)
    await flushPromises()
    expect([page.find('.left').classes(), page.find('.right').classes()]).toEqual([['left', 'over'], ['right']])
    await letGo({ at, files: [FILE], others: 0 })
    expect(taken).toEqual(['left chosen-1'])
    expect(strayed).toEqual([])
    expect(page.find('.left').classes()).toEqual(['left'])
  })

  it.each(['.cover', null])('are said where nothing takes them: %s', async (selector) => {
    under(selector)
    await letGo({ at, files: [FILE], others: 1 })
    expect(taken).toEqual([])
    expect(strayed).toEqual([{ files: [FILE], others: 1 }])
  })

  it('are no folders or addresses, which no zone takes', async () => {
    under('.right')
    await letGo({ at, files: [], others: 2 })
    await letGo({ at, files: [FILE], others: 1 })
    expect(taken).toEqual(['right chosen-1'])
    expect(strayed).toEqual([
      { files: [], others: 2 },
      { files: [], others: 1 },
    ])
  })

  it('leave no mark once they are gone, and no zone that has gone takes any', async () => {
    under('.left p')
    shell.tell('dragging', at)
    shell.tell('dragged', null)
    await flushPromises()
    expect(page.find('.left').classes()).toEqual(['left'])
    page.unmount()
    vi.spyOn(document, 'elementFromPoint').mockReturnValue(document.body)
    await letGo({ at, files: [FILE], others: 0 })
    expect(strayed).toHaveLength(1)
  })
})

describe('the web view', () => {
  let release: () => void
  beforeEach(() => (release = guardDrops()))
  afterEach(() => release())

  function dragged(name: string, types: string[]): Event {
    const transfer = { types, dropEffect: 'none' }
    const event = Object.assign(new Event(name, { bubbles: true, cancelable: true }), { dataTransfer: transfer })
    document.body.dispatchEvent(event)
    return event
  }

  it.each(['Files', 'text/uri-list', 'text/x-moz-url'])('does not go to what is let go: %s', (type) => {
    for (const name of ['dragenter', 'dragover', 'drop']) expect(dragged(name, [type]).defaultPrevented).toBe(true)
  })

  it('moves text about as before', () => {
    expect(dragged('dragover', ['text/plain', 'text/html']).defaultPrevented).toBe(false)
    expect(dragged('drop', ['text/plain']).defaultPrevented).toBe(false)
  })
})

import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, ref } from 'vue'

import { useElement } from './element'
import {
  focusFirstField,
  focusStops,
  freeEscape,
  guardComposing,
  isFocusFree,
  moveOnEnter,
  useShortcuts,
  type Shortcuts,
} from './keys'

function key(target: HTMLElement, init: KeyboardEventInit & { keyCode?: number }): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init })
  if (init.keyCode !== undefined) Object.defineProperty(event, 'keyCode', { value: init.keyCode })
  target.dispatchEvent(event)
  return event
}

describe('moving on', () => {
  let form: HTMLFormElement

  beforeEach(() => {
    document.body.innerHTML = `<form>
      <input id="a"><input id="off" disabled><textarea id="b"></textarea>
      <span id="c" data-stop tabindex="0"></span><span data-stop tabindex="-1"></span>
      <div class="el-input-tag"><input id="d"></div><input id="e" aria-expanded="true"><button id="f">x</button>
    </form>`
    form = document.querySelector('form')!
    form.addEventListener('keydown', (event) => moveOnEnter(event, form), true)
  })

  const at = (id: string): HTMLElement => document.getElementById(id)!

  it('stops at every field that takes input, in order', () => {
    expect(focusStops(form).map((stop) => stop.id)).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('goes to the next field on Enter', () => {
    at('a').focus()
    const event = key(at('a'), { key: 'Enter' })
    expect(document.activeElement?.id).toBe('b')
    expect(event.defaultPrevented).toBe(true)
    at('c').focus()
    key(at('c'), { key: 'Enter' })
    expect(document.activeElement?.id).toBe('d')
  })

  it.each([
    ['a long text keeps its line break', 'b', ''],
    ['a list takes its entry first', 'd', '张三'],
    ['an open list takes its choice', 'e', ''],
    ['a button is pressed', 'f', ''],
  ])('%s', (_, id, value) => {
    const stop = at(id)
    if (stop instanceof HTMLInputElement) stop.value = value
    stop.focus()
    key(stop, { key: 'Enter' })
    expect(document.activeElement?.id).toBe(id)
  })

  it('a list with nothing left to take moves on', () => {
    at('d').focus()
    key(at('d'), { key: 'Enter' })
    expect(document.activeElement?.id).toBe('e')
  })
})

describe('composing', () => {
  let release: () => void
  let heard: ReturnType<typeof vi.fn<(event: Event) => void>>
  let field: HTMLInputElement

  beforeEach(() => {
    release = guardComposing()
    document.body.innerHTML = '<input>'
    field = document.querySelector('input')!
    heard = vi.fn<(event: Event) => void>()
    field.addEventListener('keydown', heard)
  })
  afterEach(() => release())

  it('keeps Enter and Esc from the page while it lasts', () => {
    field.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }))
    key(field, { key: 'Enter' })
    key(field, { key: 'Escape' })
    key(field, { key: 'Process', keyCode: 229 })
    expect(heard).not.toHaveBeenCalled()
  })

  it('swallows the Enter that ended it, and no later one', () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    field.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }))
    field.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }))
    const stray = key(field, { key: 'Enter' })
    expect(heard).not.toHaveBeenCalled()
    expect(stray.defaultPrevented).toBe(true)
    vi.advanceTimersByTime(500)
    key(field, { key: 'Enter' })
    expect(heard).toHaveBeenCalledTimes(1)
    vi.useRealTimers()
  })

  it('lets ordinary keys through', () => {
    key(field, { key: 'Enter' })
    key(field, { key: 'a' })
    expect(heard).toHaveBeenCalledTimes(2)
  })
})

describe('shortcuts', () => {
  const heard: string[] = []
  const listener = (name: string, keys: (keyof Shortcuts)[]) =>
    defineComponent({
      setup: () => {
        useShortcuts(Object.fromEntries(keys.map((key) => [key, () => heard.push(`${name} ${key}`)])))
        return () => null
      },
    })
  const press = (key: string, target: HTMLElement = document.body): void => {
    target.dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey: true, bubbles: true, cancelable: true }))
  }

  it('go to what came up last, and to what is under it once that is gone', () => {
    heard.length = 0
    const page = mount(listener('page', ['save', 'undo']))
    const dialog = mount(listener('dialog', ['save']))
    press('s')
    press('z')
    dialog.unmount()
    press('s')
    page.unmount()
    press('s')
    expect(heard).toEqual(['dialog save', 'page undo', 'page save'])
  })

  it('leave the page by Escape only where no dialog was closed by it', () => {
    heard.length = 0
    const overlay = document.body.appendChild(document.createElement('div'))
    overlay.className = 'el-overlay'
    const close = (): void => overlay.remove()
    // The dialog hears the key before the page does, and is gone by then.
    document.addEventListener('keydown', close)
    const page = mount(listener('page', ['leave']))
    press('Escape')
    expect(heard).toEqual([])
    document.removeEventListener('keydown', close)
    press('Escape')
    page.unmount()
    press('Escape')
    expect(heard).toEqual(['page leave'])
  })

  it('leave Ctrl+Z to the text it is pressed in', () => {
    heard.length = 0
    const page = mount(listener('page', ['undo']))
    const input = document.body.appendChild(document.createElement('input'))
    press('z', input)
    press('z')
    page.unmount()
    expect(heard).toEqual(['page undo'])
  })

  it('take nothing back under a dialog, bring back by either key, and go back and forward with Alt', () => {
    heard.length = 0
    const page = mount(listener('page', ['undo', 'redo', 'back', 'forward']))
    const keys: [string, KeyboardEventInit][] = [
      ['z', { ctrlKey: true }],
      ['Z', { ctrlKey: true, shiftKey: true }],
      ['y', { ctrlKey: true }],
      ['ArrowLeft', { altKey: true }],
      ['ArrowRight', { altKey: true }],
    ]
    const all = (): void => {
      for (const [key, held] of keys)
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key, ...held, bubbles: true, cancelable: true }))
    }
    const overlay = document.body.appendChild(document.createElement('div'))
    overlay.className = 'el-overlay'
    all()
    expect(heard).toEqual([])
    overlay.remove()
    all()
    page.unmount()
    expect(heard).toEqual(['page undo', 'page redo', 'page redo', 'page back', 'page forward'])
  })
})

it('knows whether anybody has the focus', () => {
  document.body.innerHTML = '<main tabindex="-1"><h2 tabindex="-1"></h2></main><button></button>'
  expect(isFocusFree()).toBe(true)
  document.querySelector('main')?.focus()
  expect(isFocusFree()).toBe(true)
  document.querySelector('h2')?.focus()
  expect(isFocusFree()).toBe(true)
  document.querySelector('button')?.focus()
  expect(isFocusFree()).toBe(false)
  document.querySelector('button')?.remove()
  expect(isFocusFree()).toBe(true)
})

it('stands in the first field of a dialog, and where it was once that is closed', async () => {
  document.body.innerHTML = ''
  const release = focusFirstField()
  const open = ref(false)
  const page = mount(
    defineComponent({
      setup: () => ({ open }),
      template: `<div><button id="opener">x</button>
        <el-dialog v-model="open"><button>y</button><input id="first"><input></el-dialog></div>`,
    }),
    { global: { plugins: [{ install: useElement }] }, attachTo: document.body },
  )
  const opener = document.getElementById('opener')!
  opener.focus()
  open.value = true
  await vi.waitFor(() => expect(document.activeElement?.id).toBe('first'))
  open.value = false
  await flushPromises()
  await vi.waitFor(() => expect(document.activeElement).toBe(opener))
  page.unmount()
  release()
})

describe('Escape in a list of the kit', () => {
  it('reaches the page once the list is closed, and only then', () => {
    document.body.innerHTML = '<form><div class="el-select"><input role="combobox" aria-expanded="false"></div></form>'
    const input = document.querySelector('input')!
    input.addEventListener('keydown', (event) => event.stopPropagation())
    const heard: string[] = []
    const listen = (event: KeyboardEvent): void => void heard.push(event.key)
    document.addEventListener('keydown', listen)
    const release = freeEscape()
    key(input, { key: 'Escape' })
    expect(heard).toEqual(['Escape'])
    input.setAttribute('aria-expanded', 'true')
    key(input, { key: 'Escape' })
    key(input, { key: 'a' })
    expect(heard).toEqual(['Escape'])
    release()
    document.removeEventListener('keydown', listen)
  })
})

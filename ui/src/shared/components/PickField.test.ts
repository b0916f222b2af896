import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { defineComponent, ref } from 'vue'
import { beforeEach, describe, expect, it } from 'vitest'

import { setLanguage } from '@/shared/i18n'
import { moveOnEnter } from '@/shared/keys'

import ListField from './ListField.vue'
import PickField, { type Pick } from './PickField.vue'

const PLACES: Pick[] = [
  { id: '640122', title: '贺兰县' },
  { id: '130730', title: '怀来县' },
]

/** Answers are given when the test says so, as a slow program would. */
let waiting: { text: string; give: (found: Pick[]) => void }[] = []

function find(text: string): Promise<Pick[]> {
  return new Promise((give) => waiting.push({ text, give }))
}

async function answerAll(): Promise<void> {
  const asked = waiting
  waiting = []
  for (const { text, give } of asked) give(text === '' ? PLACES : PLACES.filter((place) => place.title.includes(text)))
  await flushPromises()
}

function open(more: Record<string, unknown> = {}) {
  const chosen = ref<string[]>([])
  const created: string[] = []
  const said: (string | null)[] = []
  const Page = defineComponent({
    components: { PickField },
    setup: () => ({ chosen, created, said, find, more, moveOnEnter, titleOf: (id: string) => `no. ${id}` }),
    template: `<div><form @keydown.capture="moveOnEnter($event, $event.currentTarget)">
      <PickField :chosen="chosen" :find="find" :title-of="titleOf" label="place" v-bind="more"
        @choose="chosen = $event" @create="created.push($event)" @unreadable="said.push($event)" />
      <input class="after" />
    </form></div>`,
  })
  const page = mount(Page, { attachTo: document.body })
  page.find<HTMLInputElement>('.pick-input').element.focus()
  return { page, chosen, created, said }
}

function field(page: VueWrapper) {
  return page.find<HTMLInputElement>('.pick-input')
}

function lines(): string[] {
  return [...document.querySelectorAll('.pick-list li')].map((line) => line.textContent?.trim() ?? '')
}

async function press(page: VueWrapper, ...keys: string[]): Promise<void> {
  for (const key of keys) await field(page).trigger('keydown', { key })
  await flushPromises()
}

beforeEach(() => {
  document.body.innerHTML = ''
  setLanguage('zh')
  waiting = []
})

describe('a list that is typed into', () => {
  it('gives Enter what was found for the text that stands there, not for what stood there before', async () => {
    const { page, chosen } = open()
    await field(page).trigger('mousedown')
    await answerAll()
    expect(lines()).toEqual(['贺兰县', '怀来县'])
    await field(page).setValue('怀')
    await press(page, 'Enter')
    expect(chosen.value).toEqual([])
    await answerAll()
    expect(chosen.value).toEqual(['130730'])
    expect(page.find('.pick-one').text()).toBe('怀来县')
    expect(lines()).toEqual([])
  })

  it('goes on with the next Enter and takes nothing back', async () => {
    const { page, chosen } = open({ several: true })
    await field(page).setValue('贺')
    await answerAll()
    await press(page, 'Enter')
    expect(chosen.value).toEqual(['640122'])
    expect(document.activeElement).toBe(field(page).element)
    await press(page, 'Enter')
    expect(chosen.value).toEqual(['640122'])
    expect(document.activeElement).toBe(page.find('.after').element)
  })

  it('opens by Enter where something must be chosen, and is passed over where nothing must', async () => {
    const must = open({ 'aria-required': true })
    await press(must.page, 'Enter')
    await answerAll()
    expect(lines()).toEqual(['贺兰县', '怀来县'])
    await press(must.page, 'ArrowDown', 'Enter', 'Enter')
    expect(must.chosen.value).toEqual(['640122'])
    expect(document.activeElement).toBe(must.page.find('.after').element)
    must.page.unmount()
    const may = open()
    await press(may.page, 'Enter')
    expect(document.activeElement).toBe(may.page.find('.after').element)
  })

  it('closes by Escape and keeps what was typed; the next Escape belongs to the page', async () => {
    const { page } = open()
    const heard: string[] = []
    page.element.addEventListener('keydown', (event: KeyboardEvent) => heard.push(event.key))
    await field(page).setValue('贺')
    await answerAll()
    await press(page, 'Escape')
    expect([lines(), heard]).toEqual([[], []])
    expect(field(page).element.value).toBe('贺')
    await press(page, 'Escape')
    expect(heard).toEqual(['Escape'])
  })

  it('says of text that was left that it is nothing yet, keeps it, and begins with it what is not there', async () => {
    const { page, created, said } = open({
      create: (typed: string) => `new ${typed}`,
      untaken: (typed: string) => `${typed} is not chosen`,
    })
    await field(page).setValue('洁安厂')
    await answerAll()
    expect(lines()[0]).toBe('new 洁安厂')
    await field(page).trigger('blur')
    expect(said.at(-1)).toBe('洁安厂 is not chosen')
    expect(field(page).element.value).toBe('洁安厂')
    await press(page, 'ArrowDown', 'Enter')
    expect(created).toEqual(['洁安厂'])
    expect(lines()).toEqual([])
  })

  it('begins with a text that was kept, and says so', () => {
    const { page, said } = open({ typed: '洁安厂', untaken: (typed: string) => `${typed} is not chosen` })
    expect(field(page).element.value).toBe('洁安厂')
    expect(said).toEqual(['洁安厂 is not chosen'])
  })

  it('takes none of several that fit as well before a person points at it', async () => {
    const { page, chosen } = open()
    await field(page).setValue('h')
    waiting.at(-1)?.give(PLACES.map((place) => ({ ...place, alike: true })))
    await flushPromises()
    await press(page, 'Enter')
    expect(chosen.value).toEqual([])
    expect(lines().at(-1)).toContain('请用 ↑ ↓ 选定')
    await press(page, 'ArrowDown', 'ArrowDown', 'Enter')
    expect(chosen.value).toEqual(['130730'])
  })

  it('takes the last one off by Backspace, and counts a text that needs no list', async () => {
    const { page, chosen } = open({ counts: (typed: string) => /^\d{6}-\d\d$/.test(typed) })
    await field(page).setValue('640122-01')
    await press(page, 'Enter')
    await answerAll()
    expect(chosen.value).toEqual(['640122-01'])
    await press(page, 'Backspace')
    expect(chosen.value).toEqual([])
  })
})

it('lets a code that was taken be typed on, and asks no list about one that is whole', async () => {
  const { page, chosen } = open({ written: true, counts: (typed: string) => /^\d{6}(-\d\d)?$/.test(typed) })
  await field(page).setValue('贺')
  await answerAll()
  await press(page, 'Enter')
  expect(field(page).element.value).toBe('640122')
  await field(page).setValue('640122-01')
  expect([chosen.value, waiting, lines()]).toEqual([['640122-01'], [], []])
  await field(page).trigger('blur')
  expect(field(page).element.value).toBe('640122-01')
})

it('finds in a list that is at hand what begins so before what holds it', async () => {
  const options = ['a mask', 'mask', 'glove'].map((label) => ({ value: label, label }))
  const list = mount(ListField, { props: { options, modelValue: [], label: 'category' }, attachTo: document.body })
  await list.find('input').setValue('mask')
  await flushPromises()
  expect(lines()).toEqual(['mask', 'a mask'])
  await list.find('input').trigger('keydown', { key: 'Enter' })
  await flushPromises()
  expect(list.emitted('update:modelValue')).toEqual([[['mask']]])
})

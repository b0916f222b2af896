import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, nextTick, ref } from 'vue'

import { Refused, call } from '@/bridge'
import { answer, tellChanged } from '@/testing/shell'

import { useCommand, usePages, useQuery, type Command, type Pages, type Query } from './asking'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const NOTICE = { code: 'no', message: 'no', remedy: 'wait', field: null, line: null }

interface Waiting {
  about: string
  give: (answer: string) => void
  refuse: () => void
}

describe('a question', () => {
  const about = ref('a')
  let waiting: Waiting[] = []
  let query: Query<string>
  let page: VueWrapper

  beforeEach(() => {
    about.value = 'a'
    waiting = []
    const ask = (): Promise<string> =>
      new Promise((give, refuse) => waiting.push({ about: about.value, give, refuse: () => refuse(new Refused([NOTICE])) }))
    page = mount(
      defineComponent(() => {
        query = useQuery(ask, { about: () => about.value, on: ['records:sample'] })
        return () => h('p')
      }),
    )
  })
  afterEach(() => page.unmount())

  it('is asked at once, and again when it is about something else', async () => {
    expect([query.answer.value, query.busy.value]).toEqual([null, true])
    waiting[0]!.give('one')
    await flushPromises()
    expect([query.answer.value, query.busy.value]).toEqual(['one', false])
    about.value = 'b'
    await nextTick()
    expect(waiting.map((each) => each.about)).toEqual(['a', 'b'])
    expect([query.answer.value, query.busy.value]).toEqual(['one', true])
  })

  it('is asked again when what it rests on has changed, for as long as the page is there', async () => {
    answer({ resolve: () => ({}) })
    const change = async (kind: string): Promise<void> => {
      tellChanged({ kinds: [kind], records: [], more: false })
      await call('resolve', { conflict: 'c', keep: 'k' })
    }
    waiting[0]!.give('one')
    await change('case')
    expect(waiting).toHaveLength(1)
    await change('sample')
    expect(waiting).toHaveLength(2)
    waiting[1]!.give('two')
    await flushPromises()
    expect(query.answer.value).toBe('two')
    page.unmount()
    await change('sample')
    expect(waiting).toHaveLength(2)
  })

  it('takes no answer that was overtaken, and no refusal', async () => {
    about.value = 'b'
    await nextTick()
    about.value = 'c'
    await nextTick()
    waiting[2]!.give('three')
    await flushPromises()
    waiting[0]!.give('one')
    waiting[1]!.refuse()
    await flushPromises()
    expect([query.answer.value, query.busy.value, query.failure.value]).toEqual(['three', false, []])
  })

  it('keeps what it knows, and says what went wrong until it goes well', async () => {
    waiting[0]!.give('one')
    await flushPromises()
    void query.refetch()
    waiting[1]!.refuse()
    await flushPromises()
    expect([query.answer.value, query.failure.value]).toEqual(['one', [NOTICE]])
    void query.refetch()
    expect(query.failure.value).toEqual([NOTICE])
    waiting[2]!.give('three')
    await flushPromises()
    expect([query.answer.value, query.failure.value]).toEqual(['three', []])
  })

  it('is let go with its page', async () => {
    page.unmount()
    waiting[0]!.give('one')
    await flushPromises()
    expect(query.answer.value).toBe(null)
  })
})

describe('a list that comes a page at a time', () => {
  const about = ref('a')
  let rows: string[] = []
  let asked: number[] = []
  let list: Pages<string[]>
  let page: VueWrapper

  beforeEach(async () => {
    about.value = 'a'
    rows = ['1', '2', '3', '4', '5']
    asked = []
    page = mount(
      defineComponent(() => {
        list = usePages(
          async (before) => {
            asked.push(before.flat().length)
            return rows.slice(before.flat().length, before.flat().length + 2)
          },
          (pages) => pages.flat().length >= rows.length,
          { about: () => about.value, on: ['records:sample'] },
        )
        return () => h('p')
      }),
    )
    await flushPromises()
  })
  afterEach(() => page.unmount())

  it('goes on where it ended', async () => {
    await list.more()
    expect([list.pages.value, asked]).toEqual([
      [
        ['1', '2'],
        ['3', '4'],
      ],
      [0, 2],
    ])
  })

  it('is read anew as far as it was shown, or as it still goes', async () => {
    await list.more()
    await list.more()
    rows = ['1', '3', '4']
    answer({ resolve: () => ({}) })
    tellChanged({ kinds: ['sample'], records: [], more: false })
    await call('resolve', { conflict: 'c', keep: 'k' })
    await flushPromises()
    expect(list.pages.value).toEqual([['1', '3'], ['4']])
  })

  it('begins with the first page of another question', async () => {
    await list.more()
    about.value = 'b'
    await flushPromises()
    expect(list.pages.value).toEqual([['1', '2']])
  })
})

describe('a command', () => {
  async function fail({ run }: Command): Promise<void> {
    await run(() => Promise.reject(new Refused([NOTICE])))
  }

  it('is busy while it lasts, and says how it failed until the next begins', async () => {
    const command = useCommand()
    await fail(command)
    expect([command.busy.value, command.failure.value]).toEqual([false, [NOTICE]])
    const done = command.run(() => Promise.resolve())
    expect([command.busy.value, command.failure.value]).toEqual([true, []])
    await done
    expect(command.busy.value).toBe(false)
  })

  it('that is read anew says it until it goes well', async () => {
    const command = useCommand({ lasting: true })
    await fail(command)
    const done = command.run(() => Promise.resolve())
    expect(command.failure.value).toEqual([NOTICE])
    await done
    expect(command.failure.value).toEqual([])
  })
})

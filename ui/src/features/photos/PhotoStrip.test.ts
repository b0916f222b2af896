import { enableAutoUnmount, flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { PhotoView } from '@/bridge'
import { listenForDrops } from '@/shared/drops'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { answer, asked, hold, letGo, type Answers } from '@/testing/shell'

import PhotoStrip from './PhotoStrip.vue'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

let number = 0

function photo(changes: Partial<PhotoView> = {}): PhotoView {
  number += 1
  return {
    id: `p${number}`,
    name: `照片${number}.jpg`,
    sha256: `hash${number}`,
    taken_on: null,
    bytes: 1000,
    void: null,
    held: true,
    author: '张三',
    added_on: '2021-05-27',
    ...changes,
  }
}

async function open(photos: PhotoView[], more: Answers = {}): Promise<VueWrapper> {
  answer(
    {
      photos: () => ({ photos, most_bytes: 100 }),
      photo_get: (input) => ({ url: `data:image/jpeg;base64,${input.id}${input.longest ?? 'whole'}` }),
      photo_add: () => ({ photo: photo(), known: false }),
      photo_add_file: () => ({ photo: photo(), known: false }),
      ...more,
    },
    [{ token: 'picked-1', name: '门头.jpg' }],
  )
  const strip = mount(PhotoStrip, {
    props: { of: 'r1' },
    global: { plugins: [{ install: useElement }] },
    attachTo: document.body,
  })
  await flushPromises()
  return strip
}

function sent(action: string): Record<string, unknown>[] {
  return asked.filter((each) => each.action === action).map((each) => each.input)
}

const label = (): File => new File(['abc'], '合格证.jpg', { type: 'image/jpeg' })

// A strip that stays listens on for what is pasted.
enableAutoUnmount(afterEach)

beforeEach(() => {
  document.body.innerHTML = ''
  setLanguage('zh')
})
afterEach(() => vi.restoreAllMocks())

describe('the photos of a record', () => {
  it('shows small ones, and voided ones only when asked', async () => {
    const strip = await open([photo(), photo({ void: '拍错了' })])
    expect(strip.findAll('.photo')).toHaveLength(1)
    expect(strip.find('.photo img').attributes('src')).toContain('base64,')
    expect(sent('photo_get').every((input) => typeof input['longest'] === 'number')).toBe(true)
    await strip.find('.photo-foot input').setValue(true)
    await flushPromises()
    expect(strip.findAll('.photo')).toHaveLength(2)
    expect(strip.findAll('.photo')[1]?.text()).toContain('已作废')
  })

  it('asks for a picture once, however often it is shown', async () => {
    const same = photo()
    ;(await open([same])).unmount()
    await open([same])
    expect(sent('photo_get')).toEqual([])
  })

  it('adds what is let go on it or chosen, in the order of the files', async () => {
    const strip = await open([])
    const release = listenForDrops(() => undefined)
    vi.spyOn(document, 'elementFromPoint').mockReturnValue(strip.find('.photo-foot').element)
    const goOn = hold('photo_add_file')
    const at = { x: 0.5, y: 0.5 }
    await letGo({
      at,
      files: [
        { token: 'chosen-1', name: '1.jpg' },
        { token: 'chosen-2', name: '2.png' },
      ],
      others: 0,
    })
    // While they are on their way.
    await letGo({ at, files: [{ token: 'chosen-3', name: '3.jpg' }], others: 0 })
    expect(strip.find('.photo-add').text()).toContain('0/3')
    goOn()
    await flushPromises()
    expect(sent('photo_add_file')).toEqual(['1', '2', '3'].map((at) => ({ of: 'r1', file: `chosen-${at}` })))
    expect(sent('photos').length).toBeGreaterThan(1)
    await strip.find('.photo-add').trigger('click')
    await flushPromises()
    expect(sent('photo_add_file').at(-1)).toEqual({ of: 'r1', file: 'picked-1' })
    release()
  })

  it('adds what is pasted, and leaves pasted text alone', async () => {
    await open([])
    const field = document.body.appendChild(document.createElement('input'))
    const paste = (files: File[], text = '', target: HTMLElement = document.body): Event => {
      const event = new Event('paste', { bubbles: true, cancelable: true })
      Object.assign(event, { clipboardData: { files, getData: () => text } })
      target.dispatchEvent(event)
      return event
    }
    expect(paste([]).defaultPrevented).toBe(false)
    // Cells of a spreadsheet come as text and as a picture of themselves.
    expect(paste([label()], '4980', field).defaultPrevented).toBe(false)
    expect(paste([label()]).defaultPrevented).toBe(true)
    await vi.waitFor(() => expect(sent('photo_add')).toHaveLength(1))
  })

  it('says of each file why it was not added, and adds the others', async () => {
    const refusal = {
      code: 'photo-not-a-picture',
      message: '这个文件不是照片。',
      remedy: '请重新选择。',
      field: null,
      line: null,
    }
    const strip = await open([], {
      photo_add_file: (input) => (input.file === 'chosen-1' ? [refusal] : { photo: photo(), known: false }),
    })
    const release = listenForDrops(() => undefined)
    vi.spyOn(document, 'elementFromPoint').mockReturnValue(strip.element)
    const files = ['病毒.jpg', '合格证.jpg'].map((name, at) => ({ token: `chosen-${at + 1}`, name }))
    await letGo({ at: { x: 0, y: 0 }, files, others: 0 })
    expect(strip.find('.problem').text()).toContain('病毒.jpg 这个文件不是照片。怎么办：请重新选择。')
    expect(sent('photo_add_file').map((input) => input['file'])).toEqual(['chosen-1', 'chosen-2'])
    release()
  })

  it('does not send what is pasted and too large', async () => {
    const strip = await open([])
    const large = new File(['x'.repeat(101)], '大.jpg', { type: 'image/jpeg' })
    const event = new Event('paste', { bubbles: true, cancelable: true })
    document.body.dispatchEvent(Object.assign(event, { clipboardData: { files: [large], getData: () => '' } }))
    await flushPromises()
    expect(strip.find('.problem').text()).toContain('大.jpg')
    expect(sent('photo_add')).toEqual([])
  })
})

describe('one photo, large', () => {
  async function look(photos: PhotoView[], more: Answers = {}): Promise<VueWrapper> {
    const strip = await open(photos, more)
    await strip.find('.photo').trigger('click')
    await flushPromises()
    return strip
  }

  function face(): HTMLElement {
    return document.querySelector('.viewer-face') as HTMLElement
  }

  it('is leafed through with the arrows', async () => {
    const photos = [photo(), photo(), photo()]
    await look(photos)
    const seen = (): string => document.querySelector('.viewer-face img')?.getAttribute('src') ?? ''
    expect(seen()).toContain(`${photos[0]?.id}whole`)
    face().dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft' }))
    await flushPromises()
    expect(seen()).toContain(`${photos[2]?.id}whole`)
    face().dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight' }))
    await flushPromises()
    expect(seen()).toContain(`${photos[0]?.id}whole`)
  })

  it('is voided with a reason only, and keeps what was overridden', async () => {
    const saved = vi.fn()
    const row = { overrides: { odd: '属实' } } as never
    await look([photo()], {
      record_get: () => row,
      record_save: (input) => {
        saved(input)
        return { record: row, errors: [], warnings: [] }
      },
    })
    const press = async (css: string): Promise<void> => {
      ;(document.querySelector(css) as HTMLElement).click()
      await flushPromises()
    }
    await press('.void-photo')
    const button = (): HTMLButtonElement => document.querySelector('.viewer-tools .el-button--danger') as HTMLButtonElement
    expect(button().disabled).toBe(true)
    const reason = document.querySelector('.viewer-reason input') as HTMLInputElement
    reason.value = '拍错了'
    reason.dispatchEvent(new Event('input'))
    await flushPromises()
    expect(button().disabled).toBe(false)
    ;(button().closest('form') as HTMLFormElement).dispatchEvent(new Event('submit'))
    await flushPromises()
    expect(saved.mock.calls[0]?.[0]).toMatchObject({ kind: 'attachment', void: '拍错了', overrides: { odd: '属实' }, fields: {} })
  })
})

import { enableAutoUnmount, flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { PhotoView } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { answer, asked, type Answers } from '@/testing/shell'

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
  answer({
    photos: () => ({ photos, most_bytes: 100 }),
    photo_get: (input) => ({ url: `data:image/jpeg;base64,${input.id}${input.longest ?? 'whole'}` }),
    photo_add: () => ({ photo: photo(), known: false }),
    ...more,
  })
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

function brings(files: File[]): { files: File[]; types: string[] } {
  return { files, types: ['Files'] }
}

const label = (): File => new File(['abc'], '合格证.jpg', { type: 'image/jpeg' })

// A strip that stays listens on for what is pasted.
enableAutoUnmount(afterEach)

beforeEach(() => {
  document.body.innerHTML = ''
  setLanguage('zh')
})

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

  it('adds what is dropped on it, in the order of the files', async () => {
    const strip = await open([])
    await strip.trigger('drop', { dataTransfer: brings([label(), new File(['x'], '2.png')]) })
    await vi.waitFor(() => expect(sent('photo_add')).toHaveLength(2))
    expect(sent('photo_add')[0]).toEqual({ of: 'r1', name: '合格证.jpg', content: btoa('abc') })
    await vi.waitFor(() => expect(strip.emitted('changed')).toHaveLength(1))
  })

  it('adds what is pasted, and leaves pasted text alone', async () => {
    await open([])
    const field = document.body.appendChild(document.createElement('input'))
    const paste = (files: File[], text = '', target: HTMLElement = document.body): Event => {
      const event = new Event('paste', { bubbles: true, cancelable: true })
      Object.assign(event, { clipboardData: { ...brings(files), getData: () => text } })
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
    const refusal = { code: 'photo-not-a-picture', message: '这个文件不是照片。', remedy: '请重新选择。', field: null, line: null }
    const strip = await open([], {
      photo_add: (input) => (input.name === '病毒.jpg' ? [refusal] : { photo: photo(), known: false }),
    })
    const large = new File(['x'.repeat(101)], '大.jpg')
    await strip.trigger('drop', { dataTransfer: brings([new File(['x'], '病毒.jpg'), large, label()]) })
    await vi.waitFor(() => expect(strip.findAll('.problem [data-code]')).toHaveLength(2))
    expect(strip.find('.problem').text()).toContain('病毒.jpg 这个文件不是照片。怎么办：请重新选择。')
    expect(strip.find('.problem').text()).toContain('大.jpg')
    expect(sent('photo_add').map((input) => input['name'])).toEqual(['病毒.jpg', '合格证.jpg'])
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

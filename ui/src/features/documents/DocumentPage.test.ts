import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'

import type { Problem } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { answer, asked } from '@/testing/shell'

import DocumentPage from './DocumentPage.vue'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))
vi.mock('vue-router', () => ({ useRouter: () => ({ back: vi.fn() }) }))

const SVG = '<svg viewBox="0 0 595 842" xmlns="http://www.w3.org/2000/svg"></svg>'
const OF = { document: 'inspection', id: 'r1' }
const shown = { title: 'T', name: 'N', pages: [SVG, SVG], unsettled: false }
const refusal: Problem[] = [{ code: 'viewer-missing', message: 'no viewer', remedy: 'save it', field: null, line: null }]

async function open(): Promise<VueWrapper> {
  const page = mount(DocumentPage, { props: OF, global: { plugins: [{ install: useElement }] }, attachTo: document.body })
  await flushPromises()
  return page
}

beforeEach(() => {
  document.body.innerHTML = ''
  setLanguage('zh')
})

describe('a document before it is printed', () => {
  it('shows every page and hands the same document to the printer', async () => {
    answer({ document_pages: () => shown, print_pages: () => ({}) })
    const page = await open()
    expect(page.findAll('.sheet img')).toHaveLength(2)
    await page.find('.print').trigger('click')
    await flushPromises()
    expect(asked.at(-1)).toEqual({ action: 'print_pages', input: { pages: { document: OF } } })
  })

  it('says what to do where nothing can show a PDF, and leaves the pages', async () => {
    answer({ document_pages: () => shown, print_pages: () => refusal })
    const page = await open()
    await page.find('.print').trigger('click')
    await flushPromises()
    expect(page.find('.problem').text()).toContain('save it')
    expect(page.findAll('.sheet img')).toHaveLength(2)
  })

  it('writes the file a person chose, and none where nobody chose', async () => {
    answer({ document_pages: () => shown, document_to_file: () => ({ name: 'x.pdf', folder: '/media/U盘' }) }, [
      { token: 'chosen-1', name: 'x.pdf' },
    ])
    const page = await open()
    await page.find('.save-pdf').trigger('click')
    await flushPromises()
    expect(asked.at(-1)).toEqual({ action: 'document_to_file', input: { of: OF, out: 'chosen-1' } })
    expect(page.find('.done').text()).toContain('x.pdf')
    expect(page.find('.done').text()).toContain('/media/U盘')
    answer({ document_pages: () => shown })
    await page.find('.save-pdf').trigger('click')
    await flushPromises()
    expect(asked).toEqual([])
  })
})

// Element Plus is read after the first screen. A part of it that stands there nevertheless would be an unknown element, and a
// module of it that is read before would make the page's first file twice as large.

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { mount } from '@vue/test-utils'
import { useLocale } from 'element-plus'
import { describe, expect, it } from 'vitest'
import { createApp, defineComponent, h, nextTick } from 'vue'

import { useElement } from './element'
import { setLanguage } from './i18n'
import { lendKit, withKit } from './kit'

const SRC = join(import.meta.dirname, '..')

/** The files of the page that are read with its main file. */
function firstFiles(): Map<string, string> {
  const read = new Map<string, string>()
  const next = [join(SRC, 'main.ts')]
  for (let file = next.pop(); file !== undefined; file = next.pop()) {
    if (read.has(file)) continue
    const text = readFileSync(file, 'utf8')
    read.set(file, text)
    for (const [, from] of text.matchAll(/^(?:import|export|\}) (?!type )(?:[^'\n]*?\bfrom )?'([^']+)'$/gm)) {
      const path = from?.startsWith('@/') ? join(SRC, from.slice(2)) : join(dirname(file), from ?? '')
      const found = [path, `${path}.ts`, join(path, 'index.ts')].find((each) => /\.(ts|vue)$/.test(each) && existsSync(each))
      if (found && from?.match(/^[.@]\/|^\.\./)) next.push(found)
    }
  }
  return read
}

describe('what is read with the page', () => {
  const files = firstFiles()

  it('is the first screen', () => {
    expect([...files.keys()]).toEqual(
      expect.arrayContaining(
        ['App.vue', 'features/frame/AppFrame.vue', 'features/workbench/WorkbenchPage.vue'].map((each) => join(SRC, each)),
      ),
    )
  })

  it('names no part of the kit and imports nothing of it but its styles', () => {
    const named = [...files].filter(([, text]) => /<el-/.test(text))
    const imported = [...files].filter(([, text]) => /from 'element-plus|from '[^']*shared\/element'/.test(text))
    expect([...named, ...imported].map(([file]) => file)).toEqual([])
  })
})

it('a part that uses the kit comes once the kit stands, its styles before our own', async () => {
  const own = document.head.appendChild(document.createElement('style'))
  const app = createApp({})
  lendKit(app)
  const part = withKit(() => Promise.resolve('part'))()
  const [styles] = document.head.children
  expect([styles?.getAttribute('rel'), styles?.nextElementSibling]).toEqual(['stylesheet', own])
  styles?.dispatchEvent(new Event('load'))
  expect([await part, app.component('ElDialog') !== undefined]).toEqual(['part', true])
  own.remove()
  styles?.remove()
})

it('the kit speaks the language of the page', async () => {
  const words = defineComponent(() => {
    const { t } = useLocale()
    return () => h('p', t('el.messagebox.confirm'))
  })
  setLanguage('zh')
  const page = mount(words, { global: { plugins: [{ install: useElement }] } })
  expect(page.text()).toBe('确定')
  setLanguage('en')
  await nextTick()
  expect(page.text()).toBe('OK')
})

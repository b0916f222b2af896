// A part that no page registered is an unknown element: it shows its words and does nothing.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'
import { createApp } from 'vue'

import { useElement } from './element'

describe('the parts of Element Plus', () => {
  it('are registered wherever a page names one', () => {
    const app = createApp({})
    useElement(app)
    const src = join(import.meta.dirname, '..')
    const pages = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.vue'))
    const named = new Set(pages.flatMap((file) => readFileSync(join(src, file), 'utf8').match(/(?<=<)el-[a-z-]+/g) ?? []))
    const name = (tag: string) => tag.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase())
    expect(named.size).toBeGreaterThan(10)
    expect([...named].filter((tag) => !app.component(name(tag)))).toEqual([])
  })
})

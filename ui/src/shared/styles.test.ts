// Styles are not scoped, so that pages share one look; a class that one room styles must then be that room's alone.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

const SOURCE = join(import.meta.dirname, '..')

function selectors(text: string): string[] {
  return [...text.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(/([^{};]+)\{/g)].flatMap((rule) => (rule[1] ?? '').split(','))
}

/** The class each selector begins with: whose element it is about. */
function begins(text: string): Set<string> {
  return new Set(selectors(text).flatMap((selector) => /^\s*\.([\w-]+)/.exec(selector)?.[1] ?? []))
}

describe('styles', () => {
  it('of one room do not reach into another', () => {
    const sheets = join(SOURCE, 'shared/styles')
    const shared = begins(
      readdirSync(sheets)
        .map((file) => readFileSync(join(sheets, file), 'utf8'))
        .join('\n'),
    )
    const rooms = new Map<string, Set<string>>()
    for (const file of readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })) {
      if (!/\.(vue|css)$/.test(file)) continue
      const text = readFileSync(join(SOURCE, file), 'utf8')
      const css = file.endsWith('.css')
        ? text
        : [...text.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)].map((part) => part[1]).join('\n')
      const room = /^features\/[^/]+/.exec(file)?.[0] ?? 'shared'
      for (const name of begins(css)) {
        if (!shared.has(name)) rooms.set(name, (rooms.get(name) ?? new Set()).add(room))
      }
    }
    const styledTwice = [...rooms]
      .filter(([, owners]) => owners.size > 1)
      .map(([name, owners]) => `${name}: ${[...owners].join(', ')}`)
    expect(styledTwice).toEqual([])
  })
})

import { beforeEach, expect, it } from 'vitest'

import { focusPage } from './focusPage'

beforeEach(() => {
  document.body.innerHTML = '<h2>elsewhere</h2><main class="page" tabindex="-1"></main>'
})

it('gives the keys to the heading of the page, where it has one', () => {
  const page = document.querySelector('main')!
  focusPage()
  expect(document.activeElement).toBe(page)
  page.innerHTML = '<h2>record</h2><h2>part</h2>'
  focusPage()
  expect(document.activeElement?.textContent).toBe('record')
})

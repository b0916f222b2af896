import { afterEach, beforeEach, expect, it } from 'vitest'

import { guardDrops } from './drops'

let release: () => void
beforeEach(() => (release = guardDrops()))
afterEach(() => release())

function drop(types: string[]): { event: Event; transfer: { types: string[]; dropEffect: string } } {
  const transfer = { types, dropEffect: 'copy' }
  const event = Object.assign(new Event('drop', { bubbles: true, cancelable: true }), { dataTransfer: transfer })
  return { event, transfer }
}

it('keeps the page when a file is dropped beside what takes it', () => {
  const { event, transfer } = drop(['Files'])
  document.body.dispatchEvent(event)
  expect(event.defaultPrevented).toBe(true)
  expect(transfer.dropEffect).toBe('none')
})

it('leaves text, and what was taken, alone', () => {
  const text = drop(['text/plain'])
  document.body.dispatchEvent(text.event)
  expect(text.event.defaultPrevented).toBe(false)
  const taken = drop(['Files'])
  taken.event.preventDefault()
  document.body.dispatchEvent(taken.event)
  expect(taken.transfer.dropEffect).toBe('copy')
})

import { expect, it } from 'vitest'

import { pixels, stepped } from './zoom'

it('shows a page at real size at 100 %', () => {
  // A4 upright is 595.28 × 841.89 points, which is 210 × 297 millimetres.
  expect(pixels(595.28, 100)).toBe(794)
  expect(pixels(595.28, 50)).toBe(397)
})

it('steps on from between two steps, and stops at both ends', () => {
  expect(stepped(100, true)).toBe(110)
  expect(stepped(87, true)).toBe(90)
  expect(stepped(87, false)).toBe(75)
  expect(stepped(400, true)).toBe(400)
  expect(stepped(25, false)).toBe(25)
})

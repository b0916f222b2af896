import { expect, it } from 'vitest'

import { readWhole, readYuan, showWhole, showYuan } from './numbers'

it.each([
  ['0', 0],
  ['12', 1200],
  ['12.3', 1230],
  ['12.34', 1234],
  ['0.07', 7],
  ['1,234.56', 123456],
  ['１２．５元', 1250],
  // 0.1 + 0.2 territory: through a floating-point number this would be 11499999999.
  ['114999999.99', 11499999999],
  ['1.15', 115],
])('reads %s yuan as %i fen', (typed, fen) => expect(readYuan(typed)).toBe(fen))

it.each(['12.345', '-1', '1.2.3', '.5', 'abc', '', '1e3'])('knows no amount %s', (typed) => expect(readYuan(typed)).toBeNull())

it.each([
  [0, '0.00'],
  [7, '0.07'],
  [1230, '12.30'],
  [123456789, '1,234,567.89'],
])('shows %i fen as %s', (fen, shown) => {
  expect(showYuan(fen)).toBe(shown)
  expect(readYuan(shown)).toBe(fen)
})

it('reads and shows whole numbers', () => {
  expect(readWhole('1,000')).toBe(1000)
  expect(readWhole('１２')).toBe(12)
  expect(readWhole('1.5')).toBeNull()
  expect(readWhole('-1')).toBeNull()
  expect(readWhole('12只')).toBeNull()
  expect(showWhole(1234567)).toBe('1,234,567')
})

import { expect, it } from 'vitest'

import { readDecimal, readWhole, readYuan, showDecimal, showWhole, showYuan } from './numbers'

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

it.each([
  ['1.5', 6, 1_500_000],
  ['0.000001', 6, 1],
  ['1.234567', 6, 1_234_567],
  ['12,345', 6, 12_345_000_000],
  ['１．５', 4, 15_000],
  ['7', 0, 7],
  // Through a floating-point number this would be 1150000.0000000002 or so.
  ['1.150000', 6, 1_150_000],
])('reads %s with %i decimals as %i', (typed, decimals, exact) => {
  expect(readDecimal(typed, decimals)).toBe(exact)
  expect(readDecimal(showDecimal(exact, decimals), decimals)).toBe(exact)
})

it.each([
  ['1.2345678', 6],
  ['1.2340000', 6],
  ['1.23456', 4],
  ['1.5', 0],
  ['1.', 6],
  ['.5', 6],
  ['-1', 6],
  ['1234567890', 6],
])('knows no %s with %i decimals', (typed, decimals) => expect(readDecimal(typed, decimals)).toBeNull())

it.each([
  [0, 6, '0'],
  [1, 6, '0.000001'],
  [12_345_600_000, 6, '12,345.6'],
  [1_500_000, 6, '1.5'],
  [15_000, 4, '1.5'],
  [1_234, 0, '1,234'],
])('shows %i with %i decimals as %s', (exact, decimals, shown) => expect(showDecimal(exact, decimals)).toBe(shown))

// Whole numbers and money as typed and as shown. Money is stored in fen (分) and typed in yuan (元); nothing passes
// through a floating-point number.

import { toHalfWidth } from './dates'

/** A whole number from 0 up, or null when the text is none. */
export function readWhole(typed: string): number | null {
  const text = toHalfWidth(typed).replace(/[\s,]/g, '')
  if (!/^\d{1,15}$/.test(text)) return null
  return Number(text)
}

const MOST_DIGITS = 15

/** A number with at most so many decimals, as the integer it is of the smallest part; null when the text is none. */
export function readDecimal(typed: string, decimals: number): number | null {
  const text = toHalfWidth(typed).replace(/[\s,]/g, '')
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text)
  if (!match?.[1]) return null
  const rest = match[2] ?? ''
  if (rest.length > decimals || match[1].length + decimals > MOST_DIGITS) return null
  return Number(match[1] + rest.padEnd(decimals, '0'))
}

/** An integer of the smallest part in the unit it is so many decimals of, with no more decimals than it has. */
export function showDecimal(value: number, decimals: number): string {
  const digits = String(Math.abs(value)).padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const rest = digits.slice(digits.length - decimals).replace(/0+$/, '')
  return `${value < 0 ? '-' : ''}${showWhole(Number(whole))}${rest === '' ? '' : `.${rest}`}`
}

/** Yuan with at most two decimals, as fen; null when the text is no amount of money. */
export function readYuan(typed: string): number | null {
  return readDecimal(toHalfWidth(typed).trim().replace(/元$/, ''), 2)
}

export function showWhole(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** Fen as yuan with two decimals: 123456 → 1,234.56. */
export function showYuan(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(3, '0')
  return `${fen < 0 ? '-' : ''}${showWhole(Number(digits.slice(0, -2)))}.${digits.slice(-2)}`
}

// Whole numbers and money as typed and as shown. Money is stored in fen (分) and typed in yuan (元); nothing passes
// through a floating-point number.

import { toHalfWidth } from './dates'

/** A whole number from 0 up, or null when the text is none. */
export function readWhole(typed: string): number | null {
  const text = toHalfWidth(typed).replace(/[\s,]/g, '')
  if (!/^\d{1,15}$/.test(text)) return null
  return Number(text)
}

/** Yuan with at most two decimals, as fen; null when the text is no amount of money. */
export function readYuan(typed: string): number | null {
  const text = toHalfWidth(typed).replace(/[\s,]/g, '').replace(/元$/, '')
  const match = /^(\d{1,13})(?:\.(\d{1,2}))?$/.exec(text)
  if (!match) return null
  return Number(match[1] + (match[2] ?? '').padEnd(2, '0'))
}

export function showWhole(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** Fen as yuan with two decimals: 123456 → 1,234.56. */
export function showYuan(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(3, '0')
  return `${fen < 0 ? '-' : ''}${showWhole(Number(digits.slice(0, -2)))}.${digits.slice(-2)}`
}

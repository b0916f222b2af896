// Plain calendar dates as text, YYYY-MM-DD. No time zones and no Date arithmetic across them.

/** What a person typed as a date, in the form it is stored; null when it is no date that exists. */
export function readDate(typed: string): string | null {
  const text = toHalfWidth(typed).trim()
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(text) ?? /^(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?$/.exec(text)
  if (!match) return null
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  if (year < 1900 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null
  return `${match[1]}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

/** What a person typed as a time of day, as HH:MM; null when there is no such time. */
export function readTime(typed: string): string | null {
  const match = /^(\d{1,2})\s*[:.时]?\s*(\d{2})\s*分?$/.exec(toHalfWidth(typed).trim())
  if (!match) return null
  const [hour, minute] = [Number(match[1]), Number(match[2])]
  if (hour > 23 || minute > 59) return null
  return `${String(hour).padStart(2, '0')}:${match[2]}`
}

/** Full-width digits, letters and marks as people type them with a Chinese keyboard on, made half-width. */
export function toHalfWidth(text: string): string {
  return text.replace(/[！-～]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/\u3000/g, ' ')
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

// The code of an office, as it is typed.

const OFFICE = /^\d{6}(-\d{2})*$/

export function isOffice(text: string): boolean {
  return OFFICE.test(text)
}

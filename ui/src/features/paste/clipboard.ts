// When what is on the clipboard is a block of cells, as spreadsheet programs put it there.

/** A text of several cells; `null` for any other. */
export function blockOf(text: string): string | null {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '')
  return lines.some((line) => line.includes('\t')) ? text : null
}

// The way of a dropped file into the book's inbox. A drop gives bytes and no path, so they are carried over in pieces; a
// file chosen in the program's own dialog is copied by the program itself.

import { call, Refused, type InboxView } from '@/bridge'
import { t } from '@/shared/i18n'

/** Small enough that a piece is answered at once, large enough that a package takes few. */
const PIECE = 1 << 20
/** The most arguments a function may be called with, by a wide margin. */
const STRETCH = 0x8000

/** `step` hears how much is over, and ends it by saying no; then the answer is null and nothing is kept. */
export async function carry(file: File, step: (done: number) => boolean): Promise<InboxView | null> {
  let offset = 0
  for (;;) {
    if (!step(offset)) return null
    const piece = await read(file, offset)
    const kept = await call('inbox_bytes', { name: file.name, offset, bytes: inBase64(piece), total: file.size })
    if (kept) return kept
    offset += piece.length
  }
}

/** What was dropped is read only now, and may have gone with its stick: that is refused by the browser, or reads as nothing. */
async function read(file: File, offset: number): Promise<Uint8Array> {
  const piece = await file.slice(offset, offset + PIECE).arrayBuffer().catch(() => null)
  if (piece && (piece.byteLength > 0 || offset >= file.size)) return new Uint8Array(piece)
  const message = t('import.gone', { name: file.name })
  throw new Refused([{ code: 'file-gone', message, remedy: t('import.gone.remedy'), field: null, line: null }])
}

export function inBase64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += STRETCH) text += String.fromCharCode(...bytes.subarray(at, at + STRETCH))
  return btoa(text)
}

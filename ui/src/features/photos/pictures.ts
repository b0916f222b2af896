// Small pictures, asked for once while a book is open: content under a hash never changes.

import { ref, watch, type Ref } from 'vue'

import { call, type PhotoView } from '@/bridge'
import { t } from '@/shared/i18n'

import { forgetWithBook } from '../book/switchBook'

const SMALL = 320
const MOST_KEPT = 400

const kept = new Map<string, string>()
forgetWithBook(() => kept.clear())

/** A small picture's address; empty where the content is none that can be shown. */
async function smallOf(photo: PhotoView): Promise<string> {
  const known = kept.get(photo.sha256)
  if (known !== undefined) return known
  let url = ''
  try {
    url = (await call('photo_get', { id: photo.id, longest: SMALL })).url
  } catch {
    // The tile says that there is nothing to see; opening it says why.
  }
  const oldest = kept.keys().next().value
  if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest)
  if (url !== '') kept.set(photo.sha256, url)
  return url
}

export function nameOf(photo: PhotoView): string {
  return photo.name === '' ? t('photos.unnamed') : photo.name
}

/** The small pictures of a row of photos by their hash, as they come: one after the other, since each takes the program a
 *  moment and other requests must not wait for a row of them. */
export function useSmall(photos: () => PhotoView[]): Ref<Record<string, string>> {
  const small = ref<Record<string, string>>({})
  let drawing = false
  async function draw(): Promise<void> {
    if (drawing) return
    drawing = true
    for (let next; (next = photos().find((photo) => photo.held && small.value[photo.sha256] === undefined));) {
      small.value[next.sha256] = await smallOf(next)
    }
    drawing = false
  }
  watch(photos, draw, { immediate: true })
  return small
}

// What a person reads in the window, in English; the same keys as the Chinese catalogue, checked by a test.

import type { Key } from './index'

import { batches } from './en/batches'
import { book } from './en/book'
import { common } from './en/common'
import { forms } from './en/forms'
import { frame } from './en/frame'
import { packages } from './en/packages'
import { paste } from './en/paste'
import { photos } from './en/photos'
import { records } from './en/records'
import { settings } from './en/settings'

export const en: Record<Key, string> = {
  ...batches,
  ...book,
  ...common,
  ...forms,
  ...frame,
  ...packages,
  ...paste,
  ...photos,
  ...records,
  ...settings,
}

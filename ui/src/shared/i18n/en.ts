// What a person reads in the window, in English; the same keys as the Chinese catalogue, checked by a test.

import type { Key } from './index'

import { book } from './en/book'
import { common } from './en/common'
import { documents } from './en/documents'
import { dossier } from './en/dossier'
import { forms } from './en/forms'
import { frame } from './en/frame'
import { packages } from './en/packages'
import { records } from './en/records'
import { settings } from './en/settings'

export const en: Record<Key, string> = {
  ...book,
  ...common,
  ...documents,
  ...dossier,
  ...forms,
  ...frame,
  ...packages,
  ...records,
  ...settings,
}

// What a person reads in the window, in English; the same keys as the Chinese catalogue, checked by a test.

import type { Key } from './index'

import { batches } from './en/batches'
import { book } from './en/book'
import { common } from './en/common'
import { documents } from './en/documents'
import { dossier } from './en/dossier'
import { filings } from './en/filings'
import { forms } from './en/forms'
import { frame } from './en/frame'
import { help } from './en/help'
import { journal } from './en/journal'
import { packages } from './en/packages'
import { paste } from './en/paste'
import { photos } from './en/photos'
import { readback } from './en/readback'
import { records } from './en/records'
import { settings } from './en/settings'
import { workbench } from './en/workbench'
import { tables } from './en/tables'
import { words } from './en/words'
import { work } from './en/work'

export const en: Record<Key, string> = {
  ...batches,
  ...book,
  ...common,
  ...documents,
  ...dossier,
  ...filings,
  ...forms,
  ...frame,
  ...help,
  ...journal,
  ...packages,
  ...paste,
  ...photos,
  ...readback,
  ...records,
  ...settings,
  ...workbench,
  ...tables,
  ...words,
  ...work,
}

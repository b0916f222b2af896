// What a person reads in the window, in Chinese. Labels of fields and vocabularies come from the program.

import { batches } from './zh/batches'
import { book } from './zh/book'
import { common } from './zh/common'
import { documents } from './zh/documents'
import { dossier } from './zh/dossier'
import { filings } from './zh/filings'
import { forms } from './zh/forms'
import { frame } from './zh/frame'
import { help } from './zh/help'
import { journal } from './zh/journal'
import { packages } from './zh/packages'
import { paste } from './zh/paste'
import { photos } from './zh/photos'
import { readback } from './zh/readback'
import { records } from './zh/records'
import { settings } from './zh/settings'
import { workbench } from './zh/workbench'
import { tables } from './zh/tables'
import { words } from './zh/words'
import { work } from './zh/work'

export const zh = {
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
} as const

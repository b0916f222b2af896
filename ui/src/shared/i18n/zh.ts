// What a person reads in the window, in Chinese. Labels of fields and vocabularies come from the program.

import { book } from './zh/book'
import { common } from './zh/common'
import { documents } from './zh/documents'
import { dossier } from './zh/dossier'
import { forms } from './zh/forms'
import { frame } from './zh/frame'
import { packages } from './zh/packages'
import { records } from './zh/records'
import { settings } from './zh/settings'

export const zh = {
  ...book,
  ...common,
  ...documents,
  ...dossier,
  ...forms,
  ...frame,
  ...packages,
  ...records,
  ...settings,
} as const

// What a person reads in the window, in Chinese. Labels of fields and vocabularies come from the program.

import { batches } from './zh/batches'
import { book } from './zh/book'
import { common } from './zh/common'
import { forms } from './zh/forms'
import { frame } from './zh/frame'
import { packages } from './zh/packages'
import { paste } from './zh/paste'
import { photos } from './zh/photos'
import { records } from './zh/records'
import { settings } from './zh/settings'

export const zh = {
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
} as const

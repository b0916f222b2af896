// What a person reads in the window, in Chinese. Labels of fields and vocabularies come from the program.

import { book } from './zh/book'
import { common } from './zh/common'
import { forms } from './zh/forms'
import { frame } from './zh/frame'
import { packages } from './zh/packages'
import { records } from './zh/records'
import { settings } from './zh/settings'
import { work } from './zh/work'

export const zh = {
  ...book,
  ...common,
  ...forms,
  ...frame,
  ...packages,
  ...records,
  ...settings,
  ...work,
} as const

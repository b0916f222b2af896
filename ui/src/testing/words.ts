// Tests speak either language at once.

import { addWords } from '@/shared/i18n'
import { en } from '@/shared/i18n/en'

addWords('en', en)

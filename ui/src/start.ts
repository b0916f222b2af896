// Sends the page's first questions, then reads the page.

import { sendEarly, written } from './bridge/early'
import { keptLanguage } from './shared/i18n/kept'

for (const action of ['schema', 'status']) sendEarly(written(action, keptLanguage(), {}))

void import('./main')

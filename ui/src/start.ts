// Sends what App.vue asks first, then reads the page.

import { sendEarly, written } from './bridge/early'
import { keptLanguage } from './shared/i18n/kept'

for (const action of ['schema', 'status'] as const) sendEarly(written(action, keptLanguage(), {}))

// What the page waits for is read beside it.
if (keptLanguage() === 'en') void import('./shared/i18n/en')
void import('./main')

// Shows the page.

import { createApp } from 'vue'

import './shared/styles/index.css'

import App from './App.vue'
import { router } from './features/frame/router'
import { beginsElsewhere } from './features/frame/restoreRoute'
import { guardDrops } from './shared/drops'
import { language, readWords, setLanguage } from './shared/i18n'
import { focusFirstField, freeEscape, guardComposing } from './shared/keys'
import { kit, lendKit } from './shared/kit'

guardComposing()
freeEscape()
focusFirstField()
guardDrops()

async function show(): Promise<void> {
  await readWords(language.value)
  setLanguage(language.value)
  const app = createApp(App)
  lendKit(app)
  app.use(router)
  app.mount('#app')
  // The first screen does without it, any other does not.
  if (beginsElsewhere()) void kit()
}

void show()

// Shows the page.

import { createApp } from 'vue'

// The kit's own styles come first, so that ours decide.
import { useElement } from './shared/element'
import './shared/styles/index.css'

import App from './App.vue'
import { router } from './features/frame/router'
import { guardDrops } from './shared/drops'
import { language, setLanguage } from './shared/i18n'
import { focusFirstField, freeEscape, guardComposing } from './shared/keys'

guardComposing()
freeEscape()
focusFirstField()
guardDrops()
setLanguage(language.value)

const app = createApp(App)
useElement(app)
app.use(router)
app.mount('#app')

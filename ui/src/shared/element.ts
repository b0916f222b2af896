// The parts of Element Plus the pages use, each with its own style sheet: extracted CSS only, because the window's
// content security policy drops whatever a script writes into the page.

import 'element-plus/theme-chalk/base.css'
import 'element-plus/es/components/alert/style/css'
import 'element-plus/es/components/button/style/css'
import 'element-plus/es/components/checkbox/style/css'
import 'element-plus/es/components/config-provider/style/css'
import 'element-plus/es/components/dialog/style/css'
import 'element-plus/es/components/drawer/style/css'
import 'element-plus/es/components/input/style/css'
import 'element-plus/es/components/input-tag/style/css'
import 'element-plus/es/components/message/style/css'
import 'element-plus/es/components/message-box/style/css'
import 'element-plus/es/components/option/style/css'
import 'element-plus/es/components/radio-button/style/css'
import 'element-plus/es/components/radio-group/style/css'
import 'element-plus/es/components/select/style/css'
import 'element-plus/es/components/step/style/css'
import 'element-plus/es/components/steps/style/css'

import {
  ElAlert,
  ElButton,
  ElCheckbox,
  ElConfigProvider,
  ElDialog,
  ElDrawer,
  ElInput,
  ElInputTag,
  ElOption,
  ElRadio,
  ElSelect,
  ElStep,
  ElSteps,
} from 'element-plus'
import type { App } from 'vue'

const PARTS = [
  ElAlert,
  ElButton,
  ElCheckbox,
  ElConfigProvider,
  ElDialog,
  ElDrawer,
  ElInput,
  ElInputTag,
  ElOption,
  ElRadio,
  ElSelect,
  ElStep,
  ElSteps,
]

export function useElement(app: App): void {
  for (const part of PARTS) app.use(part)
}

// The parts of Element Plus the pages use. Nothing of it stands on the first screen, so that it is read after that: by whatever
// uses it, through `shared/kit`.

import {
  ElAlert,
  ElButton,
  ElCheckbox,
  ElDialog,
  ElDrawer,
  ElInput,
  ElInputTag,
  ElOption,
  ElRadio,
  ElSelect,
  ElStep,
  ElSteps,
  messageConfig,
  provideGlobalConfig,
} from 'element-plus'
import en from 'element-plus/es/locale/lang/en'
import zhCn from 'element-plus/es/locale/lang/zh-cn'
import { reactive, watch, type App } from 'vue'

import { language } from './i18n'

export { ElMessage, ElMessageBox } from 'element-plus'

const PARTS = [
  ElAlert,
  ElButton,
  ElCheckbox,
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

/** What was done is said at the lower edge, where it covers nothing that is looked at. */
const MESSAGES = { placement: 'bottom' as const, offset: 76 }

// Its own words are those of the page's language, also in what it shows outside the page.
const config = reactive({ locale: zhCn })
watch(language, (now) => (config.locale = now === 'zh' ? zhCn : en), { immediate: true, flush: 'sync' })

export function useElement(app: App): void {
  for (const part of PARTS) app.use(part)
  provideGlobalConfig(config, app, true)
  Object.assign(messageConfig, MESSAGES)
}

// Printing: the program writes the very pages one sees as PDF and shows them in the system's viewer, which knows the
// printers. The page itself is never printed.

import { ElMessage } from 'element-plus'

import { call, type PagesOf } from '@/bridge'

import { t } from './i18n'

/** Opens a filled form or a document for printing. Throws `Refused` where nothing can show it. */
export async function openForPrinting(pages: PagesOf): Promise<void> {
  await call('print_pages', { pages })
  ElMessage({ type: 'success', message: t('print.shown'), duration: 4000, customClass: 'print-message' })
}

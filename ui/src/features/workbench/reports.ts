// How a report day reads.

import type { FormView, ReportDay } from '@/bridge'
import { labelOf, language, t } from '@/shared/i18n'

import type { Words } from './due'

export function daysTo(day: ReportDay): Words {
  const time = day.time ?? ''
  if (day.days === 0 && day.stage === 'past') return { words: t('reports.past.today', { time }), tone: 'wait' }
  if (day.days === 0) return { words: time ? t('reports.today.time', { time }) : t('reports.today'), tone: 'danger' }
  if (day.days < 0) return { words: t('reports.past', { days: -day.days }), tone: day.days >= -7 ? 'wait' : 'plain' }
  const words =
    day.working_days === null
      ? t('reports.left', { days: day.days })
      : t('reports.left.working', { days: day.days, working: day.working_days })
  return { words, tone: day.days <= 3 ? 'wait' : 'plain' }
}

/** A form by its attachment number, where the document gives it one. */
export function shortName(form: FormView): string {
  const number = /\d+/.exec(form.attachment)?.[0]
  if (form.attachment && language.value === 'zh') return form.attachment
  return number ? t('reports.attachment', { number }) : labelOf({ zh: form.title, en: form.title_en })
}

/** The page of a form, filled for the report's cut-off. */
export function formAddress(form: string, asOf: string): { path: string; query: Record<string, string> } {
  return { path: '/forms', query: { form, as_of: asOf } }
}

// How far a report is, and how late, in words.

import type { AnswerView, FilingState, ReportLine } from '@/bridge'
import { t, type Key } from '@/shared/i18n'

export interface Toned {
  words: string
  tone: string
}

const STATES: Record<FilingState, { label: Key; tone: string }> = {
  none: { label: 'filings.state.none', tone: 'plain' },
  draft: { label: 'filings.state.draft', tone: 'wait' },
  reviewed: { label: 'filings.state.reviewed', tone: 'wait' },
  sealed: { label: 'filings.state.sealed', tone: 'good' },
  accepted: { label: 'filings.state.accepted', tone: 'good' },
  returned: { label: 'filings.state.returned', tone: 'danger' },
  several: { label: 'filings.state.several', tone: 'danger' },
}

export const ALL_STATES = Object.keys(STATES) as FilingState[]

/** Nothing of it has gone up yet. */
export function isOpen(state: FilingState): boolean {
  return state === 'none' || state === 'draft' || state === 'reviewed'
}

export function stateWords(state: FilingState): Toned {
  const { label, tone } = STATES[state]
  return { words: t(label), tone }
}

const HOUR = 60
const DAY = 24 * HOUR

/** Minutes in words, by the two largest units: of what is days late nobody asks for the minutes. */
export function spanWords(minutes: number): string {
  const days = Math.floor(minutes / DAY)
  const hours = Math.floor((minutes % DAY) / HOUR)
  const rest = minutes % HOUR
  const parts = [
    days > 0 ? t('filings.days', { count: days }) : '',
    hours > 0 ? t('filings.hours', { count: hours }) : '',
    days === 0 && (rest > 0 || hours === 0) ? t('filings.minutes', { count: rest }) : '',
  ]
  return parts.filter(Boolean).join(' ')
}

/** How late a report is, or was; or how long there is. */
export function lateWords({ state, late, days, time }: Pick<ReportLine, 'state' | 'late' | 'days' | 'time'>): Toned {
  if (!isOpen(state)) {
    return late === null
      ? { words: t('filings.on_time'), tone: 'good' }
      : { words: t('filings.was_late', { by: spanWords(late) }), tone: 'wait' }
  }
  if (late !== null) return { words: t('filings.is_late', { by: spanWords(late) }), tone: 'danger' }
  if (days === 0) return { words: time === null ? t('reports.today') : t('reports.today.time', { time }), tone: 'danger' }
  return { words: t('reports.left', { days }), tone: days <= 3 ? 'wait' : 'plain' }
}

/** The day with its hour. */
export function dueWords({ due, time }: { due: string; time: string | null }): string {
  return [due, time].filter(Boolean).join(' ')
}

export function answerWords(answer: AnswerView): Toned {
  const accepted = answer.decision === 'accepted'
  const words = t(accepted ? 'filings.answer.accepted' : 'filings.answer.returned', { office: answer.office_name, on: answer.on })
  return { words, tone: accepted ? 'good' : 'danger' }
}

/** The desk where a report of those below is collected. */
export function deskAddress({ campaign, report, due }: { campaign: string; report: string; due: string }): string {
  return `/filings/collect/${encodeURIComponent(campaign)}/${encodeURIComponent(report)}/${due}`
}

// How a due list reads: the words of a group and of a line's days, and the colour beside them. What is due, and when, comes
// from the program.

import type { DueGroup, DueGroupView, DueLine } from '@/bridge'
import { t, type Key } from '@/shared/i18n'

/** Lines of a group shown before a person asks for all. */
export const FIRST_LINES = 5

const GROUPS: Record<DueGroup, Key> = {
  problem: 'due.group.problem',
  recheck: 'due.group.recheck',
  reinspection: 'due.group.reinspection',
  result: 'due.group.result',
  publication: 'due.group.publication',
  review: 'due.group.review',
  disposal: 'due.group.disposal',
  announcement: 'due.group.announcement',
  sharing: 'due.group.sharing',
  flow: 'due.group.flow',
  recall: 'due.group.recall',
  handover: 'due.group.handover',
  supervision: 'due.group.supervision',
  look_back: 'due.group.look_back',
  expiry: 'due.group.expiry',
}

export interface Words {
  words: string
  tone: 'danger' | 'wait' | 'plain'
}

export function groupTitle(group: DueGroupView): string {
  return t(GROUPS[group.group], { term: group.term ?? 0 })
}

/** What stands beside a group's title: how many are over, and how many are not yet. */
export function groupCounts(group: DueGroupView): Words[] {
  if (group.group === 'review') return [{ words: t('due.waiting', { count: group.total }), tone: 'wait' }]
  const counts: Words[] = []
  if (group.overdue > 0) counts.push({ words: t('due.overdue', { count: group.overdue }), tone: 'danger' })
  const soon = group.total - group.overdue
  if (soon > 0) counts.push({ words: t('due.soon', { count: soon }), tone: 'wait' })
  return counts
}

export function daysLeft(line: DueLine): Words {
  if (line.days === null) return { words: t('due.days.none'), tone: 'plain' }
  if (line.days < 0) return { words: t('due.days.over', { days: -line.days }), tone: 'danger' }
  if (line.days === 0) return { words: t('due.days.today'), tone: 'danger' }
  return { words: t('due.days.left', { days: line.days }), tone: 'wait' }
}

/** All groups together, for the heading of the list. */
export function sums(groups: DueGroupView[]): { overdue: number; soon: number; waiting: number } {
  const sum = { overdue: 0, soon: 0, waiting: 0 }
  for (const group of groups) {
    if (group.group === 'review') {
      sum.waiting += group.total
    } else {
      sum.overdue += group.overdue
      sum.soon += group.total - group.overdue
    }
  }
  return sum
}

/** Whether the office is worth a column: some line is of an office below. */
export function showsOffices(groups: DueGroupView[], own: string): boolean {
  return groups.some((group) => group.page.lines.some((line) => line.office !== own))
}

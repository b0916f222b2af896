// The words of steps, of what happened and of what is left to do, by the ids the program sends.

import type { Fields, TodoView } from '@/bridge'
import { t, type Key } from '@/shared/i18n'
import { showWhole } from '@/shared/numbers'

import { unitOf } from '../records/schema'

const TODO: Record<string, Key> = {
  stop_sale: 'batches.todo.stop_sale',
  count: 'batches.todo.count',
  account: 'batches.todo.account',
  trace: 'batches.todo.trace',
  recall: 'batches.todo.recall',
  rectify: 'batches.todo.rectify',
  reinspect: 'batches.todo.reinspect',
  destroy: 'batches.todo.destroy',
  file: 'batches.todo.file',
  resume: 'batches.todo.resume',
}

const STEP: Record<string, Key> = {
  stop_sale: 'batches.step.stop_sale',
  count: 'batches.step.count',
  seal: 'batches.step.seal',
  detain: 'batches.step.detain',
  trace: 'batches.step.trace',
  recall: 'batches.step.recall',
  rectify: 'batches.step.rectify',
  reinspect: 'batches.step.reinspect',
  destroy: 'batches.step.destroy',
  file: 'batches.step.file',
  transfer: 'batches.step.transfer',
  resume: 'batches.step.resume',
  announce: 'batches.step.announce',
  describe: 'batches.step.describe',
}

const EVENT: Record<string, Key> = {
  sampled: 'batches.event.sampled',
  reported: 'batches.event.reported',
  delivered: 'batches.event.delivered',
  objected: 'batches.event.objected',
  retested: 'batches.event.retested',
  stop_sale: 'batches.event.stop_sale',
  seal: 'batches.event.seal',
  detain: 'batches.event.detain',
  trace: 'batches.event.trace',
  recall: 'batches.event.recall',
  rectify: 'batches.event.rectify',
  reinspect: 'batches.event.reinspect',
  destroy: 'batches.event.destroy',
  file: 'batches.event.file',
  transfer: 'batches.event.transfer',
  resume: 'batches.event.resume',
  announce: 'batches.event.announce',
  assisted: 'batches.event.assisted',
}

/** The steps that do what is left to do; most are called alike. */
const DOES: Record<string, string[]> = { account: ['seal', 'detain', 'trace'] }

export function stepsFor(todo: TodoView): string[] {
  return DOES[todo.id] ?? [todo.id]
}

function known(words: Record<string, Key>, id: string, args: Record<string, string> = {}): string {
  const key = words[id]
  return key ? t(key, args) : id
}

export function stepWords(id: string): string {
  return known(STEP, id)
}

export function eventWords(id: string): string {
  return known(EVENT, id)
}

export function todoWords(todo: TodoView, sample: Fields): string {
  return known(TODO, todo.id, { count: showWhole(todo.quantity ?? 0), unit: unitOf(sample) })
}

/** When it is due, in words; empty where it never is. */
export function dueWords(todo: TodoView): string {
  if (todo.due === null) return ''
  return t(todo.overdue ? 'batches.overdue' : 'batches.due', { day: todo.due })
}

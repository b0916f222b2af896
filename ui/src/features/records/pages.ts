// Which kinds of record stand under which entry of the menu, and how their lists look. Each feature brings its own.

import type { Component, Ref } from 'vue'

import type { Key } from '@/shared/i18n'

export interface KindPage {
  kind: string
  /** Code fields offered in the filter bar. */
  filters: string[]
  /** Fields the next new record starts with, taken from the one just saved. */
  carry: string[]
  /** Fields filled in with today's date on a new record. */
  today: string[]
  /** Begun from another record's page only. */
  fromRecord?: boolean
  /** What stands in place of the plain list. */
  list?: Component
  /** The document that is printed of one record, where there is one. */
  document?: string
}

export interface Noun {
  path: string
  label: Key
  /** The tab of the page that stands at the path itself, where that is no list. */
  first?: Key
  kinds: KindPage[]
  /** Pages beside the lists, after them; `waiting` counts what waits there, for the component that says so. */
  pages?: { path: string; label: Key; waiting?: () => Ref<number> }[]
}

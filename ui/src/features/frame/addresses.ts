// Where each kind of record is shown, for links from anywhere.

import { ASIDE, NOUNS } from './nouns'

/** Reports are no list of records: they are written, sealed and opened on pages of their own. */
const FILING = 'submission'

/** The list of a kind. */
export function listOf(kind: string): string | null {
  if (kind === FILING) return '/filings'
  const noun = [...NOUNS, ...ASIDE].find((each) => each.kinds.some((page) => page.kind === kind))
  return noun ? `/${noun.path}/${kind}` : null
}

/** The page of a record; with `new` in place of its id, the form of a new one. */
export function addressOf(kind: string, id: string): string | null {
  const list = listOf(kind)
  return list === null ? null : `${list}/${id}`
}

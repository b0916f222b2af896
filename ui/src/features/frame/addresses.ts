// Where a record is shown, for links from anywhere; knows no page, so that any page may ask.

import { NOUNS } from './nouns'

/** The page under which a kind of record is shown; null for a kind that has none. */
export function addressOf(kind: string, id: string): string | null {
  const noun = NOUNS.find((each) => each.kinds.some((page) => page.kind === kind))
  return noun ? `/${noun.path}/${kind}/${id}` : null
}

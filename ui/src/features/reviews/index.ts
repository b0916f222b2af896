// 退回意见: what an upper office has to say about a record, and the answer. They travel with packages, and stand beside them.

import type { Noun } from '../records/pages'

export const reviews: Noun = {
  path: 'packages',
  label: 'menu.packages',
  first: 'menu.packages.exchange',
  kinds: [{ kind: 'review', filters: ['state'], carry: [], today: [], fromRecord: true }],
}

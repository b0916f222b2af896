// 外部门数字: figures another department reports without records. They stand beside the attachments they add to.

import type { Noun } from '../records/pages'

export const declared: Noun = {
  path: 'forms',
  label: 'menu.forms',
  first: 'menu.forms',
  kinds: [
    {
      kind: 'declared',
      filters: ['source'],
      carry: ['form', 'row', 'as_of', 'source'],
      today: ['as_of'],
    },
  ],
  pages: [{ path: '/forms/read', label: 'read.title' }],
}

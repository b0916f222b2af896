// 附件: reached from the record they belong to.

import type { Noun } from '../records/pages'

export const attachments: Noun = {
  path: 'attachments',
  label: 'menu.attachments',
  kinds: [{ kind: 'attachment', filters: [], carry: [], today: [], fromRecord: true }],
}

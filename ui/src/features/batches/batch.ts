// Which sample's batch a record is about: a nonconforming sample its own, a disposal that of its sample.

import type { RecordRow } from '@/bridge'

export function batchOf({ kind, id, fields }: RecordRow): string | null {
  if (kind === 'sample') return fields['result'] === 'nonconforming' ? id : null
  return kind === 'disposal' && typeof fields['sample'] === 'string' ? fields['sample'] : null
}

// Long work as the program tells of it, for tests.

import type { JobView } from '@/bridge'

export function job(more: Partial<JobView>): JobView {
  return {
    id: 1,
    kind: 'check',
    state: 'running',
    asked: true,
    done: 0,
    of: 0,
    problems: [],
    said: false,
    checked: null,
    backup: null,
    second: false,
    restored: null,
    ...more,
  }
}

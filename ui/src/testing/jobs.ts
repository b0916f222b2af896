// Long work as the program tells of it, for tests.

import type { JobProgress, JobView } from '@/bridge'

export function job(more: Partial<JobView>): JobView {
  return {
    id: 1,
    kind: 'check',
    state: 'running',
    asked: true,
    problems: [],
    said: false,
    checked: null,
    backup: null,
    second: false,
    restored: null,
    ...more,
  }
}

export function progress(more: Partial<JobProgress>): JobProgress {
  return {
    id: 1,
    kind: 'request',
    asked: true,
    running: true,
    stage: null,
    done: 0,
    total: 0,
    file: 0,
    files: 0,
    stopping: false,
    ...more,
  }
}

// Long work under way: the request the page waits for, and what goes on in the background. The program tells how far each has
// come; how one in the background ended is asked once it has.

import { computed, shallowRef } from 'vue'

import { call, onShell, type JobKind, type JobProgress, type JobView } from '@/bridge'

/** Everything under way. */
export const running = shallowRef<readonly JobProgress[]>([])

/** Of each kind of work in the background the last one begun. */
export const jobs = shallowRef<readonly JobView[]>([])

/** The request the page waits for, where it tells how far it has come. */
export const request = computed(() => running.value.find((job) => job.kind === 'request') ?? null)

const waiting = new Map<number, ((job: JobView | null) => void)[]>()
let asked = 0
let heard = 0

/** Asks what there is, and how it ended. */
export async function loadJobs(): Promise<void> {
  const mine = ++asked
  const next = await call('jobs', {}).catch(() => null)
  // An answer that was overtaken does not know of what began meanwhile.
  if (!next || mine < heard) return
  heard = mine
  jobs.value = next
  for (const [id, tell] of [...waiting]) {
    const job = next.find((each) => each.id === id) ?? null
    if (job?.state === 'running') continue
    waiting.delete(id)
    tell.forEach((each) => each(job))
  }
}

function hear(progress: JobProgress): void {
  const others = running.value.filter((job) => job.id !== progress.id)
  running.value = progress.running ? [...others, progress] : others
  const known = jobs.value.some((job) => job.id === progress.id)
  if (progress.kind !== 'request' && (!known || !progress.running)) void loadJobs()
}

/** Listens to what the program tells of long work, until the returned function is called. */
export function listenForJobs(): () => void {
  const stop = onShell('job', hear)
  void loadJobs()
  return stop
}

/** Waits until the job has ended; null where it is not known any more. */
export function ended(id: number): Promise<JobView | null> {
  return new Promise((resolve) => {
    waiting.set(id, [...(waiting.get(id) ?? []), resolve])
    // It may be over already.
    void loadJobs()
  })
}

export function jobOf(kind: JobKind) {
  return computed(() => jobs.value.find((job) => job.kind === kind) ?? null)
}

export async function stopJob(id: number): Promise<void> {
  await call('job_stop', { id })
}

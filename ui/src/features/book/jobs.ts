// Long work in the background: what is under way, how far it is, how it ended. One place asks for it, for every page.

import { computed, shallowRef } from 'vue'

import { call, type JobKind, type JobView } from '@/bridge'

const LIVELY_MS = 250
const QUIET_MS = 5000

export const jobs = shallowRef<JobView[]>([])

let timer: ReturnType<typeof setTimeout> | undefined
let waiting: (() => void)[] = []
let asked = 0
let heard = 0

/** Asks now, then keeps asking: often while something is under way, else now and then. */
export async function lookAtJobs(): Promise<void> {
  clearTimeout(timer)
  const mine = ++asked
  const next = await call('jobs', {}).catch(() => null)
  // An answer that was overtaken does not know of what began meanwhile.
  if (next && mine > heard) {
    heard = mine
    jobs.value = next
  }
  const lively = jobs.value.some((job) => job.state === 'running')
  clearTimeout(timer)
  timer = setTimeout(lookAtJobs, lively ? LIVELY_MS : QUIET_MS)
  const told = waiting
  waiting = []
  told.forEach((tell) => tell())
}

export function stopLooking(): void {
  clearTimeout(timer)
  timer = undefined
}

/** Waits until the job has ended; null where it is not known any more. */
export async function ended(id: number): Promise<JobView | null> {
  await lookAtJobs()
  for (;;) {
    const job = jobs.value.find((each) => each.id === id)
    if (!job || job.state !== 'running') return job ?? null
    await new Promise<void>((resolve) => waiting.push(resolve))
  }
}

export function jobOf(kind: JobKind) {
  return computed(() => jobs.value.find((job) => job.kind === kind) ?? null)
}

export async function stopJob(id: number): Promise<void> {
  await call('job_stop', { id })
  await lookAtJobs()
}

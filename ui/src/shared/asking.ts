// Asking the program: what is shown of its answers, and what it is told to do. Refusals stay in words until things go well.

import { onScopeDispose, ref, shallowRef, toValue, watch, type MaybeRefOrGetter, type Ref, type ShallowRef } from 'vue'

import { onChange, type Problem, type Topic } from '@/bridge'

import { noticesOf } from './problems'

export interface Query<T> {
  /** The last answer; null until there is one. */
  answer: ShallowRef<T | null>
  busy: Ref<boolean>
  failure: Ref<Problem[]>
  /** Asks once more. What was answered stays until the new answer is there. */
  refetch: () => Promise<void>
}

export interface QueryOptions {
  /** What the question depends on: when it is another one, it is asked again. */
  about?: () => unknown
  /** What the answer rests on in the book: when something of it has changed, it is asked again. */
  on?: MaybeRefOrGetter<readonly Topic[]>
}

/**
 * Asks at once, and again whenever the question or what it rests on is another. Only the answer to the last question counts,
 * and none once the page is gone.
 */
export function useQuery<T>(ask: () => Promise<T>, { about = () => null, on = [] }: QueryOptions = {}): Query<T> {
  const answer = shallowRef<T | null>(null)
  const busy = ref(false)
  const failure = ref<Problem[]>([])
  let latest = 0

  async function refetch(): Promise<void> {
    const mine = ++latest
    busy.value = true
    try {
      const next = await ask()
      if (mine !== latest) return
      answer.value = next
      failure.value = []
    } catch (error) {
      if (mine === latest) failure.value = noticesOf(error)
    } finally {
      if (mine === latest) busy.value = false
    }
  }

  watch(about, refetch, { immediate: true })
  useChanges(on, () => void refetch())
  onScopeDispose(() => (latest += 1))
  return { answer, busy, failure, refetch }
}

export interface Pages<P> extends Omit<Query<P[]>, 'answer' | 'refetch'> {
  /** Those that are shown, in their order; null until the first is there. */
  pages: ShallowRef<P[] | null>
  /** Asks for the next one. */
  more: () => Promise<void>
}

/**
 * A list that comes a page at a time. Asked again, as much of it is read as was shown; of another question, the first page.
 * What comes next follows from the pages before; `ends` tells the last one.
 */
export function usePages<P>(
  ask: (before: readonly P[]) => Promise<P>,
  ends: (pages: readonly P[]) => boolean,
  options: QueryOptions = {},
): Pages<P> {
  let wanted = 1
  /** What the next page goes after, where only that is asked for. */
  let shown: P[] = []
  if (options.about) watch(options.about, () => (wanted = 1), { flush: 'sync' })

  const { answer, busy, failure, refetch } = useQuery(async () => {
    const pages = shown
    shown = []
    do pages.push(await ask(pages))
    while (pages.length < wanted && !ends(pages))
    return pages
  }, options)

  async function more(): Promise<void> {
    shown = [...(answer.value ?? [])]
    wanted = shown.length + 1
    await refetch()
  }

  return { pages: answer, busy, failure, more }
}

/** Does something whenever something of this has changed, for as long as the page is there. */
export function useChanges(topics: MaybeRefOrGetter<readonly Topic[]>, wake: () => void): void {
  onScopeDispose(onChange(() => toValue(topics), wake))
}

export interface Command {
  busy: Ref<boolean>
  failure: Ref<Problem[]>
  run: (action: () => Promise<void>) => Promise<void>
}

/**
 * What a page is busy with, and what came of it when it failed: the words of the last attempt, none while one is under way.
 * `lasting` words stay until an attempt has gone well, so that a page that is read anew does not jump.
 */
export function useCommand({ lasting = false } = {}): Command {
  const busy = ref(false)
  const failure = ref<Problem[]>([])

  async function run(action: () => Promise<void>): Promise<void> {
    busy.value = true
    if (!lasting) failure.value = []
    try {
      await action()
      if (lasting) failure.value = []
    } catch (error) {
      failure.value = noticesOf(error)
    } finally {
      busy.value = false
    }
  }

  return { busy, failure, run }
}

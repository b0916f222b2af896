import { expect, it, vi } from 'vitest'
import type { Router } from 'vue-router'

import { goBack } from './back'

function router(back: unknown): { push: ReturnType<typeof vi.fn>; back: ReturnType<typeof vi.fn> } & Router {
  const options = { history: { state: { back } } }
  return { push: vi.fn(async () => undefined), back: vi.fn(), options } as unknown as ReturnType<typeof router>
}

it('goes to where one came from, and to the list where one came from nowhere', () => {
  const came = router('/inspections/problem/p1')
  goBack(came, '/list')
  expect([came.back.mock.calls.length, came.push.mock.calls]).toEqual([1, []])
  const began = router(null)
  goBack(began, '/list')
  expect([began.back.mock.calls.length, began.push.mock.calls]).toEqual([0, [['/list']]])
})

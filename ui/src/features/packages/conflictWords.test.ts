import { beforeEach, expect, it } from 'vitest'

import type { Kind } from '@/bridge'
import { setLanguage } from '@/shared/i18n'

import { setSchema } from '../records/schema'
import { fieldWords, typedHere, valueWords } from './conflictWords'

const KIND: Kind = {
  id: 'case',
  zh: '案件',
  en: 'Case',
  title: 'number',
  fields: [
    { name: 'penalty_fen', type: 'money', zh: '罚没', en: 'Penalty' },
    { name: 'roles', type: 'set', of: 'role', zh: '角色', en: 'Roles' },
    {
      name: 'flows',
      type: 'objects',
      zh: '流向',
      en: 'Flows',
      members: [
        { name: 'division', type: 'division', zh: '行政区划', en: 'Division' },
        { name: 'quantity', type: 'quantity', zh: '数量', en: 'Quantity' },
      ],
    },
  ],
}

beforeEach(() => {
  setLanguage('zh')
  const role = { id: 'role', entries: [{ code: 'seller', zh: '销售', en: 'seller' }] }
  const result = { id: 'check_result', entries: [{ code: 'pass', zh: '符合', en: 'pass' }] }
  setSchema({ kinds: [KIND], vocabularies: [role, result], campaigns: [] })
})

it('says each side in the words of its field', () => {
  const money = { kind: 'case', field: 'penalty_fen', element: null }
  expect(fieldWords(money)).toBe('罚没')
  expect(valueWords(money, 1234500, {})).toBe('12,345.00')
  expect(valueWords(money, null, {})).toBe('（未填写）')
  expect(typedHere(money)?.name).toBe('penalty_fen')
})

it('says an element of a set, a void and an answer on the checklist', () => {
  const element = { kind: 'case', field: 'roles', element: 'seller' }
  expect(fieldWords(element)).toBe('角色 · 销售')
  expect(valueWords(element, true, {})).toBe('选入')
  expect(valueWords(element, false, {})).toBe('不选')
  expect(typedHere(element), 'an element is kept or not, never typed').toBeUndefined()
  const voided = { kind: 'case', field: 'void', element: null }
  expect(fieldWords(voided)).toBe('作废')
  expect(valueWords(voided, null, {})).toBe('不作废')
  expect(valueWords(voided, '重复录入', {})).toBe('重复录入')
  const answer = { kind: 'case', field: 'checklist', element: '1' }
  expect(valueWords(answer, { result: 'pass', note: '已看' }, {})).toBe('符合 · 已看')
})

it('says what objects hold, and why a warning was passed over', () => {
  const flows = { kind: 'case', field: 'flows', element: null }
  const value = [{ division: '640121', quantity: 1200 }, { quantity: 5 }]
  expect(valueWords(flows, value, { '640121': '永宁县' })).toBe('行政区划 永宁县、数量 1,200；数量 5')
  const reason = { kind: 'case', field: 'overrides', element: 'uscc-check' }
  expect(fieldWords(reason)).toBe('保存时对提示说明的理由')
  expect(valueWords(reason, '执照如此', {})).toBe('执照如此')
})

it('shows what a newer book wrote as it is', () => {
  const unknown = { kind: 'case', field: 'moon_phase', element: null }
  expect(fieldWords(unknown)).toBe('moon_phase')
  expect(valueWords(unknown, 'full', {})).toBe('full')
})

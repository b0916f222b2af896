import { ElMessageBox } from 'element-plus'
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Component } from 'vue'

import type { BackupsView, JobView, KeysView, PeopleView } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { job } from '@/testing/jobs'
import { answer, asked, type Answers } from '@/testing/shell'

import { bookNumber } from '../book/switchBook'
import BackupSettings from './BackupSettings.vue'
import KeySettings from './KeySettings.vue'
import PeopleSettings from './PeopleSettings.vue'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

let page: VueWrapper

async function open(part: Component, answers: Answers, files: { token: string; name: string }[] = []): Promise<void> {
  answer({ status: () => ({ book: null, today: '2021-05-27', sample: false }), ...answers }, files)
  page = mount(part, { global: { plugins: [{ install: useElement }] } })
  await flushPromises()
}

function asking(action: string): Record<string, unknown>[] {
  return asked.filter((each) => each.action === action).map((each) => each.input)
}

beforeEach(() => setLanguage('zh'))
afterEach(() => {
  page.unmount()
  vi.restoreAllMocks()
})

describe('people', () => {
  const PEOPLE: PeopleView = {
    office: '640121',
    office_name: '永宁县局',
    division: '宁夏回族自治区银川市永宁县',
    current: '张三',
    names: ['张三', '李四'],
    named: [],
    phones: { 张三: '0951-1234567' },
  }

  it('are switched, added and taken off the list', async () => {
    let now = PEOPLE
    await open(PeopleSettings, { people: () => now, people_set: ({ names, current }) => (now = { ...PEOPLE, names, current }) })
    await page.get('[data-person="李四"] button').trigger('click')
    await flushPromises()
    await page.get<HTMLInputElement>('[data-field=added]').setValue('王五')
    await page.get('form').trigger('submit')
    await flushPromises()
    await page.findAll('[data-person="张三"] button')[1]!.trigger('click')
    await flushPromises()
    expect(asking('people_set')).toEqual([
      { names: ['张三', '李四'], current: '李四' },
      { names: ['张三', '李四', '王五'], current: '李四' },
      { names: ['李四', '王五'], current: '李四' },
    ])
    expect(page.get<HTMLInputElement>('[data-field=added]').element.value).toBe('')
  })

  it('have a telephone, printed where the table asks for it', async () => {
    let now = PEOPLE
    await open(PeopleSettings, {
      people: () => now,
      phone_set: ({ name, phone }) => (now = { ...PEOPLE, phones: { ...PEOPLE.phones, [name]: phone } }),
    })
    const phone = (name: string) => page.get<HTMLInputElement>(`[data-person="${name}"] [data-field=phone]`)
    expect([phone('张三').element.value, phone('李四').element.value]).toEqual(['0951-1234567', ''])
    await phone('李四').setValue('13800000000')
    await flushPromises()
    expect(asking('phone_set')).toEqual([{ name: '李四', phone: '13800000000' }])
    expect(phone('李四').element.value).toBe('13800000000')
  })

  it('of an office nothing came from give it the name its tables print', async () => {
    const named = [{ office: '640121-01', name: '杨和所' }]
    let now = PEOPLE
    await open(PeopleSettings, { people: () => now, office_name: () => (now = { ...PEOPLE, named }) })
    await page.get<HTMLInputElement>('[data-field=other-office]').setValue('640121-01')
    await page.get<HTMLInputElement>('[data-field=other-name]').setValue('杨和所')
    await page.get('.name-office').trigger('submit')
    await flushPromises()
    expect(asking('office_name')).toEqual([{ office: '640121-01', name: '杨和所' }])
    expect(page.get('[data-named="640121-01"]').text()).toContain('杨和所')
    expect(page.get('[role=status]').text()).toContain('杨和所')
  })

  it('whose name is refused stay in the field, with the reason', async () => {
    const problem = { code: 'inspector-name-wrong', message: '姓名过长', remedy: '请改', field: null, line: null }
    await open(PeopleSettings, { people: () => PEOPLE, people_set: () => [problem] as never })
    await page.get<HTMLInputElement>('[data-field=added]').setValue('长'.repeat(60))
    await page.get('form').trigger('submit')
    await flushPromises()
    expect(page.text()).toContain('姓名过长')
    expect(page.get<HTMLInputElement>('[data-field=added]').element.value).toHaveLength(60)
  })
})

describe('the recovery sheet', () => {
  const KEYS: KeysView = { device: '3f2a', fingerprint: { zh: '白云', en: 'cloud' }, sheet: null }

  it('is written only after the warning was agreed to', async () => {
    await open(KeySettings, { keys_look: () => KEYS, keys: () => ({ name: 'a.txt', folder: '/media/U盘' }) }, [
      { token: 'chosen-1', name: 'a.txt' },
    ])
    expect(page.text()).toContain('还没有写出过')
    const confirm = vi.spyOn(ElMessageBox, 'confirm')
    confirm.mockRejectedValueOnce('cancel')
    await page.get('[data-do=sheet]').trigger('click')
    await flushPromises()
    expect(asking('keys')).toEqual([])
    confirm.mockResolvedValueOnce('confirm' as never)
    await page.get('[data-do=sheet]').trigger('click')
    await flushPromises()
    expect(asking('keys')).toEqual([{ out: 'chosen-1' }])
    expect(asking('keys_look')).toHaveLength(2)
    expect(page.get('[role=status]').text()).toContain('a.txt')
  })

  it('is not for a second device', async () => {
    await open(KeySettings, { keys_look: () => ({ ...KEYS, fingerprint: null }) })
    expect(page.find('[data-do=sheet]').exists()).toBe(false)
    expect(page.text()).toContain('第二台设备')
  })
})

describe('backups', () => {
  const BACKUPS: BackupsView = {
    folder: '/x/backups',
    usual: true,
    second: '/media/stick',
    second_present: false,
    second_at: null,
    hours: 2,
    hours_offered: [1, 2, 4, 8],
    backups: [
      { name: 'good.book', office: '640121', at: '2021-05-27 12:00', bytes: 123456, revisions: 7, own: true },
      { name: 'bad.book', office: '640121', at: '2021-05-26 12:00', bytes: 9, revisions: null, own: true },
    ],
  }
  const done = job({ kind: 'restore', state: 'done', restored: 'new' })

  it('that cannot be read are said and not restored', async () => {
    await open(BackupSettings, { backups: () => BACKUPS })
    const bad = page.get('[data-backup="bad.book"]')
    expect(bad.text()).toContain('读不出来')
    expect(bad.get('button').attributes('disabled')).toBeDefined()
    expect(page.get('[data-field=second]').text()).toContain('现在不在')
  })

  it('become a new book, which is opened when a person wants', async () => {
    const before = bookNumber.value
    vi.spyOn(ElMessageBox, 'confirm').mockResolvedValue('confirm' as never)
    await open(BackupSettings, {
      backups: () => BACKUPS,
      backup_restore: () => ({ id: 1 }),
      jobs: () => [done],
      book_reopen: () => ({ book: null, today: '', sample: false }),
    })
    await page.get('[data-backup="good.book"] button').trigger('click')
    await flushPromises()
    expect(asking('backup_restore')).toEqual([{ backup: 'good.book', file: null }])
    expect(asking('book_reopen')).toEqual([{ id: 'new' }])
    expect(bookNumber.value).toBe(before + 1)
  })

  it('go where a person chooses', async () => {
    await open(BackupSettings, { backups: () => BACKUPS, backups_set: () => BACKUPS }, [{ token: 'chosen-3', name: 'stick' }])
    const [change, remove] = page.get('[data-field=second]').findAll('button')
    await change!.trigger('click')
    await flushPromises()
    await remove!.trigger('click')
    await flushPromises()
    expect(asking('backups_set')).toEqual([
      { hours: null, out: 'chosen-3', place: 'second' },
      { hours: null, out: null, place: 'second' },
    ])
    expect(asking('backups')).toHaveLength(3)
  })

  it('that fail say why', async () => {
    const problems = [{ code: 'disk-full', message: '磁盘已满', remedy: '请腾出空间', field: null, line: null }]
    const failed: JobView = { ...done, kind: 'backup', state: 'failed', restored: null, problems }
    await open(BackupSettings, { backups: () => BACKUPS, backup_now: () => ({ id: 1 }), jobs: () => [failed] })
    await page.get('[data-do=backup]').trigger('click')
    await flushPromises()
    expect(page.text()).toContain('磁盘已满')
    expect(page.text()).toContain('请腾出空间')
  })
})

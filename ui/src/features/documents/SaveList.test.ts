import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'

import { useElement } from '@/shared/element'
import { setLanguage } from '@/shared/i18n'
import { answer, asked } from '@/testing/shell'

import SaveList from './SaveList.vue'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))

const WRITTEN = { name: 'list.csv', folder: '/media/U盘' }

function open(props: InstanceType<typeof SaveList>['$props']): VueWrapper {
  return mount(SaveList, { props, global: { plugins: [{ install: useElement }] } })
}

beforeEach(() => setLanguage('zh'))

describe('a list that is saved', () => {
  it('is written by the program to the file a person chose', async () => {
    answer({}, [{ token: 'chosen-1', name: 'list.csv' }])
    const save = vi.fn(async () => WRITTEN)
    const list = open({ title: '案件', save })
    await list.find('.save-list-csv').trigger('click')
    await flushPromises()
    expect(save).toHaveBeenCalledWith('chosen-1')
    expect(list.text()).toContain('/media/U盘')
  })

  it('goes out in the words of the page where only the page has them, and nowhere where nobody chose', async () => {
    answer({ table_to_file: () => WRITTEN }, [{ token: 'chosen-1', name: 'list.xlsx' }])
    const table = (): { columns: string[]; rows: (string | number)[][] } => ({ columns: ['a', 'b'], rows: [['=1', 2]] })
    const list = open({ title: '清单', table })
    await list.find('.save-list-xlsx').trigger('click')
    await flushPromises()
    expect(asked.at(-1)).toEqual({
      action: 'table_to_file',
      input: { title: '清单', columns: ['a', 'b'], rows: [['=1', 2]], out: 'chosen-1' },
    })
    answer({ table_to_file: () => WRITTEN })
    await list.find('.save-list-csv').trigger('click')
    await flushPromises()
    expect(asked).toEqual([])
  })
})

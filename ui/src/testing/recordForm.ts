// A form of a record by itself, as a page has it open, for tests.

import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { defineComponent, h } from 'vue'

import type { RecordRow } from '@/bridge'
import { useRecordForm, type FormStart } from '@/features/records/recordForm'
import RecordForm from '@/features/records/RecordForm.vue'
import { useElement } from '@/shared/element'

const saves = new WeakMap<object, () => Promise<RecordRow | null>>()

export async function openForm(start: FormStart): Promise<VueWrapper> {
  const page = defineComponent({
    setup() {
      const form = useRecordForm(start)
      saves.set(page, form.save)
      return () => h(RecordForm, { form, inDialog: start.brief })
    },
  })
  const wrapper = mount(page, { global: { plugins: [{ install: useElement }] }, attachTo: document.body })
  saves.set(wrapper, () => saves.get(page)?.() ?? Promise.resolve(null))
  await flushPromises()
  return wrapper
}

/** Saves it; true when the record is in the book. */
export async function saveForm(form: VueWrapper): Promise<boolean> {
  const saved = await saves.get(form)?.()
  await flushPromises()
  return saved !== null && saved !== undefined
}

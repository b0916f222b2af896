// What is typed in a field and cannot be read as its value yet, by the field's place in the form. It is part of the draft.

import { inject, provide, reactive, type InjectionKey } from 'vue'

export interface Typed {
  texts: Record<string, string>
  /** Null: nothing unreadable is typed there any more. */
  put: (place: string, text: string | null) => void
}

const KEY: InjectionKey<() => Typed> = Symbol('typed')

export function typedTexts(changed: () => void): Typed {
  const texts = reactive<Record<string, string>>({})
  return {
    texts,
    put: (place, text) => {
      if ((texts[place] ?? null) === text) return
      if (text === null) delete texts[place]
      else texts[place] = text
      changed()
    },
  }
}

/** For the inputs below: those of the form that is shown when they are made. */
export function provideTyped(of: () => Typed): void {
  provide(KEY, of)
}

export function useTyped(): Typed {
  return inject(KEY, () => ({ texts: {}, put: () => undefined }), false)()
}

// Whose records a form makes, for what is begun inside it: an enterprise entered from an inspection belongs to its office.

import { inject, provide, type InjectionKey } from 'vue'

const OWNER: InjectionKey<() => string> = Symbol('owner')

export function provideOwner(office: () => string): void {
  provide(OWNER, office)
}

/** Blank for this office's own. */
export function ownerAround(): string {
  return inject(OWNER, () => '')()
}

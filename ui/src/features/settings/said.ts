// One thing a person asks for at a time: busy while it lasts, and refusals in words afterwards.

import { ref } from 'vue'

import { useCommand } from '@/shared/asking'

export function useSaidCommand() {
  const { busy, failure, run: tried } = useCommand()
  const said = ref('')

  /** Does it; what it returns is said when it has gone well. */
  function run(act: () => Promise<string | void>): Promise<void> {
    said.value = ''
    return tried(async () => void (said.value = (await act()) ?? ''))
  }

  return { busy, failure, said, run }
}

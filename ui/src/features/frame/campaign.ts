// The campaign a person is working on: new records count for it, lists show what counts for it. Empty for all of them.

import { ref, watch } from 'vue'

const KEPT = 'sweepbook.campaign'

export const campaign = ref(localStorage.getItem(KEPT) ?? '')

watch(campaign, (id) => localStorage.setItem(KEPT, id))

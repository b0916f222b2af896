// 抽检 · 后处理: samples, and what was done about each nonconforming batch.

import { defineAsyncComponent } from 'vue'

import type { Noun } from '../records/pages'

export const samples: Noun = {
  path: 'samples',
  label: 'menu.samples',
  kinds: [
    {
      kind: 'sample',
      filters: ['category', 'authority', 'result'],
      carry: ['category', 'sampled_on', 'samplers', 'place', 'stage', 'authority', 'province', 'lab'],
      today: ['sampled_on'],
    },
    {
      kind: 'disposal',
      filters: ['reinspection'],
      carry: [],
      today: [],
      list: defineAsyncComponent(() => import('../batches/BatchList.vue')),
    },
  ],
}

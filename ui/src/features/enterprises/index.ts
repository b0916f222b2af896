// 企业档案: enterprises and their products.

import type { Noun } from '../records/pages'
import { usePairCount } from './pairs'

export const enterprises: Noun = {
  path: 'enterprises',
  label: 'menu.enterprises',
  kinds: [
    {
      kind: 'enterprise',
      filters: ['roles', 'status', 'scale'],
      carry: ['division', 'area'],
      today: [],
      document: 'dossier',
    },
    {
      kind: 'product',
      filters: ['category', 'standard_level'],
      carry: ['enterprise', 'category'],
      today: [],
    },
  ],
  pages: [{ path: '/enterprises/pairs', label: 'pairs.title', waiting: usePairCount }],
}

// Addresses of the pages, after the hash: the window has no server that could answer a path.

import { createRouter, createWebHashHistory, type RouteRecordRaw } from 'vue-router'

import FormsPage from '../forms/FormsPage.vue'
import ManualPage from '../help/ManualPage.vue'
import PackagesPage from '../packages/PackagesPage.vue'
import NounPage from '../records/NounPage.vue'
import RecordPage from '../records/RecordPage.vue'
import SettingsPage from '../settings/SettingsPage.vue'
import { NOUNS } from './nouns'

function recordRoutes(): RouteRecordRaw[] {
  return NOUNS.flatMap((noun): RouteRecordRaw[] => [
    { path: `/${noun.path}`, redirect: `/${noun.path}/${noun.kinds[0]?.kind}` },
    {
      path: `/${noun.path}/:kind`,
      component: NounPage,
      props: (route) => ({ noun, kind: route.params['kind'] }),
      meta: { menu: noun.path },
    },
    ...noun.kinds.flatMap((page): RouteRecordRaw[] => [
      {
        path: `/${noun.path}/${page.kind}/new`,
        component: RecordPage,
        props: { noun, page, id: null },
        meta: { menu: noun.path, kind: page.kind, leaf: 'new' },
      },
      {
        path: `/${noun.path}/${page.kind}/:id`,
        component: RecordPage,
        props: (route) => ({ noun, page, id: route.params['id'] }),
        meta: { menu: noun.path, kind: page.kind, leaf: 'record' },
      },
    ]),
  ])
}

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/', redirect: '/enterprises' },
    ...recordRoutes(),
    { path: '/forms', component: FormsPage, meta: { menu: 'forms' } },
    { path: '/packages', component: PackagesPage, meta: { menu: 'packages' } },
    { path: '/settings', component: SettingsPage, meta: { menu: 'settings' } },
    { path: '/help', component: ManualPage, meta: { menu: 'help' } },
    { path: '/:rest(.*)', redirect: '/enterprises' },
  ],
})

/** The page under which a kind of record is shown, for links from anywhere. */
export function addressOf(kind: string, id: string): string | null {
  const noun = NOUNS.find((each) => each.kinds.some((page) => page.kind === kind))
  return noun ? `/${noun.path}/${kind}/${id}` : null
}

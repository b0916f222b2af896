// Addresses of the pages, after the hash: the window has no server that could answer a path.

import { createRouter, createWebHashHistory, type RouteRecordRaw } from 'vue-router'

import BatchPage from '../batches/BatchPage.vue'
import DocumentPage from '../documents/DocumentPage.vue'
import EnterprisePage from '../enterprises/EnterprisePage.vue'
import PairsPage from '../enterprises/PairsPage.vue'
import FormsPage from '../forms/FormsPage.vue'
import ManualPage from '../help/ManualPage.vue'
import ConflictsPage from '../packages/ConflictsPage.vue'
import ExportPage from '../packages/ExportPage.vue'
import OfficesPage from '../packages/OfficesPage.vue'
import PackagesPage from '../packages/PackagesPage.vue'
import NounPage from '../records/NounPage.vue'
import RecordPage from '../records/RecordPage.vue'
import SettingsPage from '../settings/SettingsPage.vue'
import FindingsPage from '../workbench/FindingsPage.vue'
import WorkbenchPage from '../workbench/WorkbenchPage.vue'
import { ASIDE, NOUNS } from './nouns'

function recordRoutes(): RouteRecordRaw[] {
  return [...NOUNS, ...ASIDE].flatMap((noun): RouteRecordRaw[] => [
    ...(noun.first ? [] : [{ path: `/${noun.path}`, redirect: `/${noun.path}/${noun.kinds[0]?.kind}` }]),
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
        props: (route) => ({ noun, page, id: null, draft: route.query['draft'] ?? null }),
        meta: { menu: noun.path, kind: page.kind, leaf: 'new' },
      },
      {
        path: `/${noun.path}/${page.kind}/:id`,
        component: RecordPage,
        props: (route) => ({ noun, page, id: route.params['id'], draft: null }),
        meta: { menu: noun.path, kind: page.kind, leaf: 'record' },
      },
    ]),
  ])
}

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/', redirect: '/workbench' },
    { path: '/workbench', component: WorkbenchPage, meta: { menu: 'workbench' } },
    { path: '/workbench/findings', component: FindingsPage, meta: { menu: 'workbench' } },
    { path: '/enterprises/pairs', component: PairsPage, meta: { menu: 'enterprises' } },
    ...['', '/edit'].map(
      (tab): RouteRecordRaw => ({
        path: `/enterprises/enterprise/:id([0-9a-f-]{36})${tab}`,
        component: EnterprisePage,
        props: (route) => ({ id: route.params['id'], editing: tab !== '' }),
        meta: { menu: 'enterprises', kind: 'enterprise', leaf: tab === '' ? 'dossier' : 'record' },
      }),
    ),
    ...recordRoutes(),
    {
      path: '/samples/batches/:id',
      component: BatchPage,
      props: (route) => ({ id: route.params['id'] }),
      meta: { menu: 'samples', kind: 'disposal', leaf: 'record' },
    },
    {
      path: '/print/:document/:id',
      component: DocumentPage,
      props: (route) => ({ document: route.params['document'], id: route.params['id'] }),
      meta: { menu: 'print', leaf: 'print' },
    },
    { path: '/forms', component: FormsPage, meta: { menu: 'forms' } },
    { path: '/packages', component: PackagesPage, meta: { menu: 'packages' } },
    { path: '/packages/export', component: ExportPage, meta: { menu: 'packages' } },
    { path: '/packages/conflicts', component: ConflictsPage, meta: { menu: 'packages' } },
    { path: '/packages/offices', component: OfficesPage, meta: { menu: 'packages' } },
    { path: '/settings', component: SettingsPage, meta: { menu: 'settings' } },
    { path: '/help', component: ManualPage, meta: { menu: 'help' } },
    { path: '/:rest(.*)', redirect: '/workbench' },
  ],
})

export { addressOf } from './addresses'

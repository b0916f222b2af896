// Addresses of the pages, after the hash: the window has no server that could answer a path.

import { createRouter, type RouteRecordRaw } from 'vue-router'

import { withKit } from '@/shared/kit'

import WorkbenchPage from '../workbench/WorkbenchPage.vue'
import { hashHistory } from './history'
import { ASIDE, NOUNS } from './nouns'

// Each page but the first is read when it is gone to, so that the window opens with the one it shows.
const BatchPage = withKit(() => import('../batches/BatchPage.vue'))
const DocumentPage = withKit(() => import('../documents/DocumentPage.vue'))
const EnterprisePage = withKit(() => import('../enterprises/EnterprisePage.vue'))
const PairsPage = withKit(() => import('../enterprises/PairsPage.vue'))
const CollectPage = withKit(() => import('../filings/CollectPage.vue'))
const FilingPage = withKit(() => import('../filings/FilingPage.vue'))
const FilingsPage = withKit(() => import('../filings/FilingsPage.vue'))
const FormsPage = withKit(() => import('../forms/FormsPage.vue'))
const ManualPage = withKit(() => import('../help/ManualPage.vue'))
const ConflictsPage = withKit(() => import('../packages/ConflictsPage.vue'))
const ExportPage = withKit(() => import('../packages/ExportPage.vue'))
const OfficesPage = withKit(() => import('../packages/OfficesPage.vue'))
const PackagesPage = withKit(() => import('../packages/PackagesPage.vue'))
const ReadPage = withKit(() => import('../readback/ReadPage.vue'))
const NounPage = withKit(() => import('../records/NounPage.vue'))
const RecordPage = withKit(() => import('../records/RecordPage.vue'))
const SettingsPage = withKit(() => import('../settings/SettingsPage.vue'))
const FindingsPage = withKit(() => import('../workbench/FindingsPage.vue'))

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
  history: hashHistory(),
  routes: [
    { path: '/', redirect: '/workbench' },
    { path: '/workbench', component: WorkbenchPage, meta: { menu: 'workbench' } },
    { path: '/workbench/findings', component: FindingsPage, meta: { menu: 'workbench' } },
    { path: '/enterprises/pairs', component: PairsPage, meta: { menu: 'enterprises' } },
    ...['', '/edit'].map((tab): RouteRecordRaw => ({
      path: `/enterprises/enterprise/:id([0-9a-f-]{36})${tab}`,
      component: EnterprisePage,
      props: (route) => ({ id: route.params['id'], editing: tab !== '' }),
      meta: { menu: 'enterprises', kind: 'enterprise', leaf: tab === '' ? 'dossier' : 'record' },
    })),
    ...recordRoutes(),
    {
      path: '/samples/batches/:id',
      component: BatchPage,
      props: (route) => ({ id: route.params['id'] }),
      meta: { menu: 'samples', kind: 'disposal', leaf: 'batch' },
    },
    {
      path: '/print/:document/:id',
      component: DocumentPage,
      props: (route) => ({ document: route.params['document'], id: route.params['id'] }),
      meta: { menu: 'print', leaf: 'print' },
    },
    { path: '/forms', component: FormsPage, meta: { menu: 'forms' } },
    { path: '/forms/read', component: ReadPage, meta: { menu: 'forms' } },
    { path: '/filings', component: FilingsPage, meta: { menu: 'filings' } },
    {
      path: '/filings/collect/:campaign/:report/:due',
      component: CollectPage,
      props: (route) => ({ campaign: route.params['campaign'], report: route.params['report'], due: route.params['due'] }),
      meta: { menu: 'filings', leaf: 'collect' },
    },
    {
      path: '/filings/:id([0-9a-f-]{36})',
      component: FilingPage,
      props: (route) => ({ id: route.params['id'] }),
      meta: { menu: 'filings', leaf: 'filing' },
    },
    { path: '/packages', component: PackagesPage, meta: { menu: 'packages' } },
    { path: '/packages/export', component: ExportPage, meta: { menu: 'packages' } },
    { path: '/packages/conflicts', component: ConflictsPage, meta: { menu: 'packages' } },
    { path: '/packages/offices', component: OfficesPage, meta: { menu: 'packages' } },
    { path: '/settings', component: SettingsPage, meta: { menu: 'settings' } },
    { path: '/help', component: ManualPage, meta: { menu: 'help' } },
    { path: '/:rest(.*)', redirect: '/workbench' },
  ],
})

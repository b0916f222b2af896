import { enableAutoUnmount, flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { DossierView as Dossier, EventView, Fields, OfferView, OwnedPhoto, RecordRow, SchemaView } from '@/bridge'
import { useElement } from '@/shared/element'
import { setLanguage, t } from '@/shared/i18n'
import { answer, asked } from '@/testing/shell'

import RefPicker from '../records/RefPicker.vue'
import { campaign } from '../frame/campaign'
import { pageActions } from '../frame/pageActions'
import { listStateOf } from '../records/listState'
import { takePrefill } from '../records/prefill'
import { setSchema } from '../records/schema'
import DossierView from './DossierView.vue'

vi.mock('@tauri-apps/api/core', () => import('@/testing/shell'))
const went = vi.hoisted(() => ({ push: vi.fn(async () => undefined) }))
vi.mock('vue-router', () => ({ useRouter: () => went }))

const words = (name: string): { zh: string; en: string } => ({ zh: name, en: name })

const SCHEMA: SchemaView = {
  kinds: [
    {
      id: 'enterprise',
      ...words('enterprise'),
      title: 'name',
      fields: [
        { name: 'name', type: 'text', group: 'a', ...words('Name') },
        { name: 'phone', type: 'text', group: 'a', ...words('Phone') },
      ],
    },
    {
      id: 'inspection',
      ...words('inspection'),
      title: 'date',
      fields: [{ name: 'enterprise', type: 'ref', to: 'enterprise', ...words('enterprise') }],
    },
    { id: 'product', ...words('product'), title: 'name', fields: [] },
  ],
  vocabularies: [{ id: 'group', entries: [{ code: 'a', ...words('Group A') }] }],
  campaigns: [],
}

function record(id: string, fields: Fields): RecordRow {
  const common = { kind: 'enterprise', office: '640121', campaigns: [], void: null, overrides: {} }
  return { id, ...common, fields, titles: {}, conflicted: [] }
}

function event(day: string, words: string): EventView {
  return { record: `r-${day}`, kind: 'inspection', day, what: 'w', words, office: '640121', office_name: 'o' }
}

function dossier(change: Partial<Dossier> = {}): Dossier {
  return {
    enterprise: record('e1', { name: 'Factory' }),
    joined: [],
    products: [],
    open_problems: [],
    attachments: [],
    totals: {
      kinds: [
        { kind: 'inspection', count: 3 },
        { kind: 'product', count: 9 },
      ],
      nonconforming_samples: 0,
      open_problems: 2,
      penalty_fen: 1234560,
    },
    timeline: { events: [event('2021-03-12', 'newest')], next: null, total: 1 },
    most_shown: 200,
    ...change,
  }
}

const NOTHING = { offers: [], related: [] }

async function open(id = 'e1'): Promise<VueWrapper> {
  const stubs = { RouterLink: { props: ['to'], template: '<a :href="to"><slot /></a>' } }
  const page = mount(DossierView, {
    props: { id },
    global: { plugins: [{ install: useElement }], stubs },
    attachTo: document.body,
  })
  await flushPromises()
  return page
}

enableAutoUnmount(afterEach)
beforeEach(() => {
  document.body.innerHTML = ''
  went.push.mockClear()
  setSchema(SCHEMA)
  setLanguage('zh')
})

describe("an enterprise's file", () => {
  it('shows what is filled in, and counts what happened, not what it makes', async () => {
    answer({ dossier: () => dossier(), record_beside: () => NOTHING })
    const page = await open()
    expect(page.find('h2').text()).toBe('Factory')
    expect(page.findAll('[data-section=data] .fact').map((each) => each.attributes('data-field'))).toEqual(['name'])
    const figures = page.findAll('.figures li').map((each) => each.text())
    expect(figures).toEqual(['3inspection', `2${t('dossier.open')}`, `12,345.60${t('dossier.penalty')}`])
    expect(page.find('[data-section=joined]').exists()).toBe(false)
  })

  it('offers to whoever types to join it, to print it, and to open what it shows', async () => {
    const products = [{ ...record('p1', { name: 'Mask' }), kind: 'product' }]
    answer({ dossier: () => dossier({ products }), record_beside: () => NOTHING })
    const page = await open()
    const offered = pageActions()
    expect(offered.map((action) => action.key)).toEqual(['print', 'join', 'record 0'])
    offered[2]!.run()
    offered[0]!.run()
    expect(went.push.mock.calls.map((each: unknown[]) => each[0])).toEqual(['/enterprises/product/p1', '/print/dossier/e1'])
    offered[1]!.run()
    await flushPromises()
    expect(document.querySelector('.join-other')).not.toBeNull()
    page.unmount()
  })

  it('goes on through a long timeline from where it stopped', async () => {
    answer({
      dossier: () => dossier({ timeline: { events: [event('2021-03-12', 'newest')], next: 'k/1/2', total: 2 } }),
      record_beside: () => NOTHING,
      timeline: () => ({ events: [event('', 'oldest')], next: null, total: 2 }),
    })
    const page = await open()
    await page.find('.more-events').trigger('click')
    await flushPromises()
    expect(asked.at(-1)).toEqual({ action: 'timeline', input: { id: 'e1', after: 'k/1/2', limit: 200 } })
    const days = page.findAll('.events tbody tr').map((row) => row.find('td').text())
    expect(days).toEqual(['2021-03-12', t('dossier.timeline.undated')])
    expect(page.find('.more-events').exists()).toBe(false)
  })

  it('takes a join back where this office may, and says whose file was opened', async () => {
    const joined = (id: string, writable: boolean) => ({ ...record(id, { name: id }), office_name: 'o', writable })
    let split = false
    answer({
      dossier: () => dossier({ joined: split ? [] : [joined('e2', true), joined('e3', false)] }),
      record_beside: () => NOTHING,
      enterprise_split: () => {
        split = true
        return {}
      },
    })
    const page = await open('e2')
    expect(page.find('.joined-note').text()).toContain('e2')
    expect(page.findAll('[data-section=joined] tbody tr').map((row) => row.find('.split').exists())).toEqual([true, false])
    await page.find('.split').trigger('click')
    await flushPromises()
    const done = asked.filter((each) => !['photos', 'record_beside'].includes(each.action))
    expect(done.map((each) => each.action)).toEqual(['dossier', 'enterprise_split', 'dossier'])
    expect(done[1]?.input).toEqual({ id: 'e2' })
    expect(page.find('[data-section=joined]').exists()).toBe(false)
  })

  it('is where its records begin, for the campaign that is chosen', async () => {
    const offer: OfferView = {
      opens: 'inspection',
      label: '新增检查',
      item: null,
      preset: { enterprise: 'e1' },
      campaigns: ['old'],
      existing: null,
    }
    answer({ dossier: () => dossier(), record_beside: () => ({ offers: [offer], related: [] }) })
    campaign.value = 'c1'
    const page = await open()
    await page.find('[data-opens=inspection]').trigger('click')
    expect(went.push).toHaveBeenLastCalledWith('/inspections/inspection/new')
    const start = takePrefill('inspection')
    expect(start).toMatchObject({ fields: { enterprise: 'e1' }, campaigns: ['c1'], onTop: true })
    expect(start?.titles['e1']).toBe('Factory')
    campaign.value = ''
  })

  it('opens the list of what a figure counts', async () => {
    answer({ dossier: () => dossier(), record_beside: () => NOTHING })
    const page = await open()
    await page.findAll('.figures .figure')[0]!.trigger('click')
    expect(went.push).toHaveBeenLastCalledWith('/inspections/inspection')
    expect(listStateOf('inspection')).toMatchObject({
      enterprise: 'e1',
      enterpriseTitle: 'Factory',
      everyCampaign: true,
      text: '',
      chosen: {},
    })
  })

  it('shows the photos of its inspections as such, each with the way to its record', async () => {
    const photo = {
      id: 'f1',
      name: '车间.jpg',
      sha256: 'aa',
      taken_on: null,
      bytes: 1,
      void: null,
      held: true,
      author: '张三',
      added_on: '2021-05-27',
    }
    const owned = (of: string, of_kind: string): OwnedPhoto => ({
      photo: { ...photo, id: `${of}-f` },
      of,
      of_kind,
      of_title: `title ${of}`,
    })
    const attachments = [owned('e1', 'enterprise'), owned('i1', 'inspection'), owned('e2', 'enterprise')]
    answer({
      dossier: () => dossier({ attachments }),
      record_beside: () => NOTHING,
      photos: () => ({ photos: [], most_bytes: 1 }),
      photo_get: () => ({ url: 'data:,x' }),
    })
    const page = await open()
    const titles = page.findAll('.owned-photos').map((each) => [each.attributes('data-photos'), each.find('h3').text()])
    expect(titles).toEqual([
      ['inspection', `${t('dossier.photos.of', { kind: 'inspection' })}1`],
      ['enterprise', `${t('dossier.photos.joined')}1`],
    ])
    expect(page.find('[data-photos=inspection] a').attributes('href')).toBe('/inspections/inspection/i1')
    expect(page.find('[data-photos=inspection] img').attributes('src')).toBe('data:,x')
  })

  it('says why it cannot show a file', async () => {
    answer({ dossier: () => [{ code: 'enterprise-unknown', message: 'unknown', remedy: 'do', field: null, line: null }] })
    const page = await open()
    expect(page.find('.problem').text()).toContain('unknown')
  })
})

describe('joining with any other enterprise', () => {
  const compared = (id: string) => ({ ...record(id, { name: id }), office_name: 'o', records: [], writable: true })

  async function choosing(other: () => Dossier, id: string): Promise<VueWrapper> {
    let first = true
    answer({
      dossier: () => {
        if (!first) return other()
        first = false
        return dossier()
      },
      record_beside: () => NOTHING,
      search: () => [],
      photos: () => ({ photos: [], most_bytes: 1 }),
      compare: ({ left, right }) => ({ left: compared(left), right: compared(right) }),
      enterprise_join: () => ({}),
      status: () => ({ book: null }) as never,
    })
    const page = await open()
    await page.find('.join').trigger('click')
    await flushPromises()
    page.findComponent(RefPicker).vm.$emit('choose', [id])
    await flushPromises()
    return page
  }

  it('compares the two, joins them and opens the file of the one kept', async () => {
    await choosing(() => dossier({ enterprise: record('e9', { name: 'Other' }) }), 'e9')
    expect(asked.filter((each) => each.action === 'compare').map((each) => each.input)).toEqual([{ left: 'e1', right: 'e9' }])
    document.querySelector<HTMLInputElement>('[data-keep=e9]')?.click()
    await flushPromises()
    document.querySelector<HTMLElement>('.compare-pair .merge')?.click()
    await flushPromises()
    expect(asked.find((each) => each.action === 'enterprise_join')?.input).toEqual({ member: 'e1', kept: 'e9' })
    expect(went.push).toHaveBeenCalledWith('/enterprises/enterprise/e9')
  })

  it.each([
    ['itself', 'e1', dossier(), 'pairs.join.self' as const, 'Factory'],
    ['what is joined to it', 'e2', dossier(), 'pairs.join.already' as const, 'Factory'],
    [
      'what is joined to a third',
      'e2',
      dossier({ enterprise: record('e3', { name: 'Third' }) }),
      'pairs.join.elsewhere' as const,
      'Third',
    ],
    [
      'what is void',
      'e2',
      dossier({ enterprise: { ...record('e2', { name: 'Gone' }), void: 'double' } }),
      'pairs.join.void' as const,
      'Gone',
    ],
  ])('refuses %s in words', async (_, id, found, key, name) => {
    await choosing(() => found, id)
    expect(document.querySelector('.join-other [role=alert]')?.textContent).toBe(t(key, { name }))
    expect(asked.some((each) => each.action === 'compare')).toBe(false)
  })
})

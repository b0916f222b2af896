// Generated from the program's own types (crate app, module desk). Do not edit: `cargo test -p sweepbook-app`
// says when it is stale, and with SWEEPBOOK_UPDATE=1 writes it anew.

import type { Fields, Kind, Vocabulary } from '../schema'

/**
 * A book at a glance.
 */
export type BookStatus = { path: string, office: string, office_name: string, inspector: string, device: string, 
/**
 * Unvoided records by kind.
 */
records: Array<KindCount>, 
/**
 * Records no package has carried yet.
 */
unsent: number, conflicts: number, 
/**
 * Things across records that a person should look at.
 */
findings: number, 
/**
 * Revisions that wait for a parent, were quarantined or withheld.
 */
set_aside: number, upper_office: string | null, 
/**
 * Lines that are missing: what waits for them names no other place to ask.
 */
gaps: Array<GapView>, };

/**
 * A printed cell on its page, in the page's own units from its upper left corner.
 */
export type BoxView = { page: number, row: string, 
/**
 * Empty for the column of row labels.
 */
column: string, x: number, y: number, width: number, height: number, };

export type CampaignView = { id: string, title: string, title_en: string, 
/**
 * 文号.
 */
document: string, first_day: string, last_day: string | null, categories: Array<string>, field_sets: Array<string>, checklist: Array<ChecklistItemView>, forms: Array<FormView>, };

export type CandidateView = { revision: string, value: unknown, author: string, device: string, 
/**
 * The day it was written, in China.
 */
day: string | null, 
/**
 * Shown until a person decides.
 */
shown: boolean, };

export type CellChange = { form: string, row: string, column: string, 
/**
 * Blank where there was no such row.
 */
before: string, after: string, };

/**
 * A cell that counts a record, in words.
 */
export type CellPlace = { form: string, form_title: string, row: string, row_label: string, column: string, column_label: string, };

export type CellsOf = { id: string, as_of: string, };

export type ChecklistItemView = { code: string, zh: string, en: string, basis: string | null, stages: Array<string>, };

export type ColumnView = { id: string, path: Array<string>, };

export type ComparedView = { office_name: string, 
/**
 * Records of its own, by kind.
 */
records: Array<KindTally>, 
/**
 * Whether this office may join it to another: the record belongs to it or to one below.
 */
writable: boolean, 
/**
 * Titles by id, and names of divisions by code.
 */
titles: { [key in string]: string }, 
/**
 * Fields with an open conflict.
 */
conflicted: Array<string>, id: string, kind: string, office: string, campaigns: Array<string>, void: string | null, overrides: { [key in string]: string }, fields: Fields, };

export type Comparison = { left: ComparedView, right: ComparedView, };

export type ConflictLine = { record_title: string, id: string, record: string, kind: string, office: string, field: string, 
/**
 * The element of a set or checklist, where it is about one.
 */
element: string | null, 
/**
 * Some loaded form reads the field: the cells it touches are marked until this is settled.
 */
guarded: boolean, candidates: Array<CandidateView>, };

export type CreateBook = { office: string, name: string, inspector: string, };

export type DeskView = { 
/**
 * The open book; none on the first start.
 */
book: BookStatus | null, 
/**
 * Today in China.
 */
today: string, };

export type DivisionView = { code: string, name: string, };

export type DocumentOf = { 
/**
 * Its id; null for the one that records of this kind have.
 */
document: string | null, 
/**
 * The record it is about.
 */
id: string, };

export type DocumentView = { title: string, 
/**
 * What its file is called, without an ending.
 */
name: string, 
/**
 * The pages as SVG.
 */
pages: Array<string>, 
/**
 * Rests on conflicts nobody has decided; the pages say so.
 */
unsettled: boolean, };

export type DossierView = { 
/**
 * The one that stays, whichever of the joined ones was asked for.
 */
enterprise: RecordRow, 
/**
 * Those joined to it.
 */
joined: Array<JoinedView>, products: Array<RecordRow>, open_problems: Array<RecordRow>, attachments: Array<RecordRow>, totals: TotalsView, timeline: TimelinePage, 
/**
 * Lists longer than this are cut to their newest.
 */
most_shown: number, };

export type EnterpriseOf = { id: string, };

/**
 * Something that happened to an enterprise.
 */
export type EventView = { record: string, kind: string, 
/**
 * Blank where none of the record's days is known.
 */
day: string, 
/**
 * What kind of step it is.
 */
what: string, words: string, office: string, office_name: string, };

export type Export = { 
/**
 * Null for the office that invited this one.
 */
to: string | null, out: string, };

/**
 * A package that was sealed, after it was read back.
 */
export type Exported = { package: string, to: string, to_name: string, file: string, revisions: number, records: number, bytes: number, 
/**
 * What the receiver compares when this book is not known to it yet.
 */
fingerprint: FingerprintView | null, };

export type ExportedView = { name: string, exported: Exported, };

export type FillForm = { form: string, as_of: string, 
/**
 * Null for the book's own office.
 */
office: string | null, 
/**
 * The printed date; null for the cut-off.
 */
date: string | null, };

export type FilledView = { form: string, title: string, 
/**
 * The header of the column of row labels; null for a list.
 */
stub: string | null, columns: Array<ColumnView>, levels: number, header: Array<HeaderView>, rows: Array<RowView>, 
/**
 * Row and column of every cell on an open conflict.
 */
unsettled: Array<[string, string]>, 
/**
 * The pages as SVG.
 */
pages: Array<string>, boxes: Array<BoxView>, warnings: Array<Problem>, };

export type FindDivision = { 
/**
 * Part of the full name, or the beginning of the code.
 */
text: string, limit: number, };

export type FingerprintView = { zh: string, en: string, };

export type FormView = { id: string, title: string, title_en: string, 
/**
 * 附件 1, or blank.
 */
attachment: string, };

/**
 * Part of a stream that has not arrived, both ends included.
 */
export type GapView = { device: string, 
/**
 * The office whose records it carries.
 */
office: string, first: number, last: number, };

export type GetRecord = { id: string, };

export type HeaderView = { text: string, level: number, column: number, rows: number, columns: number, };

export type Hit = { id: string, kind: string, title: string, 
/**
 * What tells it from its like: a credit code, or its day.
 */
detail: string, };

export type Import = { file: string, 
/**
 * The token of the plan a person agreed to; null while looking.
 */
token: string | null, 
/**
 * The sender's device is new and a person has compared its fingerprint.
 */
confirm_device: boolean, include_undone: boolean, };

/**
 * An invitation file, as it was given or taken.
 */
export type InvitationView = { id: string, inviter: string, inviter_name: string, invited: string, invited_name: string, 
/**
 * What both sides read to each other.
 */
fingerprint: FingerprintView, };

export type Invite = { office: string, name: string, out: string, };

export type JoinBook = { file: string, inspector: string, };

export type JoinEnterprises = { member: string, 
/**
 * The one that stays.
 */
kept: string, };

export type Joined = { desk: DeskView, invitation: InvitationView, };

export type JoinedView = { office_name: string, 
/**
 * Whether this office may take the join back.
 */
writable: boolean, 
/**
 * Titles by id, and names of divisions by code.
 */
titles: { [key in string]: string }, 
/**
 * Fields with an open conflict.
 */
conflicted: Array<string>, id: string, kind: string, office: string, campaigns: Array<string>, void: string | null, overrides: { [key in string]: string }, fields: Fields, };

export type KindCount = { kind: string, live: number, voided: number, };

export type KindTally = { kind: string, count: number, };

export type ListRecords = { kind: string, 
/**
 * Codes that fields must hold, by field.
 */
codes: { [key in string]: string }, 
/**
 * Words to find enterprises by; blank for all. Only for the kind that has names of its own to be found by.
 */
text: string, enterprise: string | null, campaign: string | null, with_voided: boolean, after: number | null, limit: number, };

/**
 * No question, or no answer beyond that it was done.
 */
export type Nothing = Record<string, never>;

export type OpenBook = { file: string, };

export type PackageLine = { office_name: string, 
/**
 * The day it came or went, in China.
 */
day: string, package: string, incoming: boolean, office: string, device: string, at: number, state: string, file: string, counts: PlanCounts, };

/**
 * Whose pages.
 */
export type PagesOf = { "form": FillForm } | { "document": DocumentOf };

export type PairView = { left: RecordRow, right: RecordRow, 
/**
 * `uscc` or `name`: what is equal. Null for a pair set apart.
 */
reason: string | null, };

export type PairsView = { pairs: Array<PairView>, total: number, 
/**
 * What a person found to be two, remembered in this book only.
 */
apart: Array<PairView>, };

/**
 * What importing would do, or did.
 */
export type Plan = { package: string, file: string, from: string, from_name: string, counts: PlanCounts, 
/**
 * Every printed cell that becomes another one; of each form at most the first 500.
 */
cells: Array<CellChange>, cells_in_all: number, 
/**
 * Passing this to the import makes it refuse if the book has changed since.
 */
token: string, };

export type PlanCounts = { revisions: number, new_records: number, changed_records: number, conflicts: number, duplicates: number, 
/**
 * Quarantined lines: a wrong type in a known field.
 */
refused: number, pending: number, 
/**
 * Revisions an earlier undo withheld.
 */
withheld: number, 
/**
 * Revisions whose clock is more than a day ahead.
 */
ahead: number, 
/**
 * Numbers written twice by a restored copy.
 */
forks: number, };

export type PlanView = { plan: Plan, 
/**
 * The words of each of the plan's cells, in the same order.
 */
places: Array<CellPlace>, };

export type PrintPages = { pages: PagesOf, };

/**
 * A notice put into words.
 */
export type Problem = { code: string, message: string, 
/**
 * What to do next.
 */
remedy: string, 
/**
 * The field it stands at, where it is about one.
 */
field: string | null, 
/**
 * The line of the file, where it is about one.
 */
line: number | null, };

export type RecordPage = { records: Array<RecordRow>, 
/**
 * Pass as `after` for the next page.
 */
next: number | null, total: number, };

/**
 * A record with what the page needs to show it: the words behind its references and divisions, and its open conflicts.
 */
export type RecordRow = { 
/**
 * Titles by id, and names of divisions by code.
 */
titles: { [key in string]: string }, 
/**
 * Fields with an open conflict.
 */
conflicted: Array<string>, id: string, kind: string, office: string, campaigns: Array<string>, void: string | null, overrides: { [key in string]: string }, fields: Fields, };

export type Resolve = { conflict: string, 
/**
 * The revision whose value holds.
 */
keep: string, };

export type RowView = { id: string, total: boolean, 
/**
 * As printed, the stub first where there is one.
 */
cells: Array<string>, };

export type SaveRecord = { kind: string, 
/**
 * Null for a new record.
 */
id: string | null, 
/**
 * An absent field is left alone, null clears.
 */
fields: Fields, 
/**
 * Null leaves them as they are.
 */
campaigns: Array<string> | null, overrides: { [key in string]: string }, void: string | null, };

/**
 * Saved, or not saved because of errors, or of warnings that nobody gave a reason for.
 */
export type Saved = { record: RecordRow | null, errors: Array<Problem>, warnings: Array<Problem>, };

export type SchemaView = { kinds: Kind[], vocabularies: Vocabulary[], campaigns: Array<CampaignView>, };

export type Search = { kind: string, text: string, limit: number, };

export type SetApart = { left: string, right: string, 
/**
 * False forgets it again.
 */
apart: boolean, };

export type TimelineOf = { id: string, 
/**
 * `next` of the page before; null for the newest.
 */
after: string | null, limit: number, };

export type TimelinePage = { 
/**
 * The newest first.
 */
events: Array<EventView>, 
/**
 * Pass as `after` for the next page.
 */
next: string | null, total: number, };

export type TotalsView = { kinds: Array<KindTally>, nonconforming_samples: number, open_problems: number, penalty_fen: number, };

export type TraceCell = { filling: FillForm, row: string, column: string, };

export type TwoEnterprises = { left: string, right: string, };

export type Undo = { package: string, };

export type WriteDocument = { of: DocumentOf, out: string, };

export type WriteFile = { out: string, };

export type WriteForm = { filling: FillForm, out: string, };

export type Written = { name: string, };


export interface Actions {
  status: { in: Nothing; out: DeskView }
  book_create: { in: CreateBook; out: DeskView }
  book_open: { in: OpenBook; out: DeskView }
  book_join: { in: JoinBook; out: Joined }
  schema: { in: Nothing; out: SchemaView }
  divisions: { in: FindDivision; out: Array<DivisionView> }
  keys: { in: WriteFile; out: Written }
  record_list: { in: ListRecords; out: RecordPage }
  record_get: { in: GetRecord; out: RecordRow }
  record_save: { in: SaveRecord; out: Saved }
  search: { in: Search; out: Array<Hit> }
  fill: { in: FillForm; out: FilledView }
  fill_to_file: { in: WriteForm; out: Written }
  document_pages: { in: DocumentOf; out: DocumentView }
  document_to_file: { in: WriteDocument; out: Written }
  dossier: { in: EnterpriseOf; out: DossierView }
  timeline: { in: TimelineOf; out: TimelinePage }
  pairs: { in: Nothing; out: PairsView }
  compare: { in: TwoEnterprises; out: Comparison }
  enterprise_join: { in: JoinEnterprises; out: Nothing }
  enterprise_split: { in: EnterpriseOf; out: Nothing }
  pair_set_apart: { in: SetApart; out: Nothing }
  print_pages: { in: PrintPages; out: Nothing }
  trace: { in: TraceCell; out: Array<RecordRow> }
  cells: { in: CellsOf; out: Array<CellPlace> }
  export: { in: Export; out: ExportedView }
  import_plan: { in: Import; out: PlanView }
  import_apply: { in: Import; out: PlanView }
  undo: { in: Undo; out: PlanCounts }
  packages: { in: Nothing; out: Array<PackageLine> }
  invite: { in: Invite; out: InvitationView }
  conflicts: { in: Nothing; out: Array<ConflictLine> }
  resolve: { in: Resolve; out: Nothing }
}

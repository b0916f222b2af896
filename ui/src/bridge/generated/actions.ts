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

export type ChartsView = { 
/**
 * 数据截至.
 */
as_of: string, 
/**
 * Offices with anything, by code.
 */
coverage: Array<CoverageRow>, 
/**
 * Lines with a case, the most cases first.
 */
lines: Array<LineRow>, 
/**
 * The campaign's categories.
 */
categories: Array<ResultRow>, 
/**
 * Weeks from Monday, without the empty ones at either end.
 */
weeks: Array<WeekRow>, };

export type ChecklistItemView = { code: string, zh: string, en: string, basis: string | null, stages: Array<string>, };

export type ColumnView = { id: string, path: Array<string>, };

export type ConflictLine = { record_title: string, id: string, record: string, kind: string, office: string, field: string, 
/**
 * The element of a set or checklist, where it is about one.
 */
element: string | null, 
/**
 * Some loaded form reads the field: the cells it touches are marked until this is settled.
 */
guarded: boolean, candidates: Array<CandidateView>, };

/**
 * Enterprises inspected of those registered.
 */
export type CoverageRow = { office: string, name: string, registered: number, inspected: number, 
/**
 * `57.89%`; none where nothing is registered.
 */
rate: string | null, };

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

export type DueGroup = "problem" | "recheck" | "reinspection" | "result" | "publication" | "review";

/**
 * Everything of one kind that is overdue or due within [`SOON_DAYS`].
 */
export type DueGroupView = { group: DueGroup, 
/**
 * How many there are in all, and how many of them are overdue.
 */
total: number, overdue: number, 
/**
 * Days of the term, where the term is not a day the record names.
 */
term: number | null, page: DuePage, };

export type DueLine = { 
/**
 * The record to open.
 */
id: string, kind: string, 
/**
 * What it is: a number, a description, what was found. Blank where the record says nothing.
 */
title: string, 
/**
 * Whom it is about; blank where that is not known.
 */
enterprise: string, office: string, office_name: string, 
/**
 * The day the record names, or its term runs from; for a remark, the day it was written.
 */
since: string | null, 
/**
 * None where no day is set.
 */
due: string | null, 
/**
 * Days left; negative when over.
 */
days: number | null, 
/**
 * 暂定: a day on the way lies in a year whose holiday notice is not known.
 */
provisional: boolean, };

export type DuePage = { 
/**
 * The most overdue first.
 */
lines: Array<DueLine>, 
/**
 * Pass as `after` for the next page; none at the end.
 */
next: string | null, };

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

export type FindingLine = { problem: Problem, 
/**
 * The one to correct first.
 */
records: Array<RecordName>, };

export type FindingsPage = { lines: Array<FindingLine>, total: number, };

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

export type Joined = { desk: DeskView, invitation: InvitationView, };

export type KindCount = { kind: string, live: number, voided: number, };

/**
 * Cases of one line.
 */
export type LineRow = { code: string, zh: string, en: string, filed: number, closed: number, };

export type ListRecords = { kind: string, 
/**
 * Codes that fields must hold, by field.
 */
codes: { [key in string]: string }, 
/**
 * Words to find enterprises by; blank for all. Only for the kind that has names of its own to be found by.
 */
text: string, enterprise: string | null, campaign: string | null, with_voided: boolean, after: number | null, limit: number, };

export type MoreDue = { campaign: string | null, group: DueGroup, 
/**
 * Where the last page ended.
 */
after: string, };

/**
 * No question, or no answer beyond that it was done.
 */
export type Nothing = Record<string, never>;

export type OfCampaign = { 
/**
 * Null where a person chose none.
 */
campaign: string | null, };

export type OpenBook = { file: string, };

export type PackageLine = { office_name: string, 
/**
 * The day it came or went, in China.
 */
day: string, package: string, incoming: boolean, office: string, device: string, at: number, state: string, file: string, counts: PlanCounts, };

export type PeriodView = { first_day: string, last_day: string | null, 
/**
 * The first day is 1; 0 and below before it.
 */
day: number, 
/**
 * Days left after today; negative once the last day has passed.
 */
left: number | null, phases: Array<PhaseView>, };

export type PhaseStage = "past" | "now" | "later";

export type PhaseView = { zh: string, en: string, from: string, to: string | null, stage: PhaseStage, };

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

/**
 * A record by its name. One that is not in this book has no kind.
 */
export type RecordName = { id: string, kind: string | null, title: string, voided: boolean, };

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

/**
 * One day one report is due.
 */
export type ReportDay = { report: string, zh: string, en: string, 
/**
 * Who reports to whom, in the words of the document.
 */
from: string, to: string, 
/**
 * The forms that go with it; none for a written report.
 */
forms: Array<FormView>, on: string, 
/**
 * `HH:MM`, where the document names an hour.
 */
time: string | null, 
/**
 * The last day the forms count, unless a person says otherwise.
 */
cut_off: string, 
/**
 * From today to the day; negative once it has passed.
 */
days: number, 
/**
 * Of them, working days, the day itself included; not counted far ahead.
 */
working_days: number | null, 
/**
 * `now` on the day itself, until its hour.
 */
stage: PhaseStage, 
/**
 * By the holiday notice (or, where it is not known, the weekend) nobody works that day.
 */
rest_day: boolean, 
/**
 * 暂定: the holiday notice of that year is not known.
 */
provisional: boolean, };

export type Resolve = { conflict: string, 
/**
 * The revision whose value holds.
 */
keep: string, };

/**
 * Batches sampled of one category, and those of them that do not conform.
 */
export type ResultRow = { code: string, zh: string, en: string, batches: number, nonconforming: number, rate: string | null, };

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

export type SkipFindings = { 
/**
 * How many are shown already.
 */
skip: number, };

export type TaskFigure = { zh: string, en: string, value: number, 
/**
 * The value is money, in fen.
 */
money: boolean, };

export type TaskView = { id: string, zh: string, en: string, 
/**
 * None where the document does not measure the task.
 */
done: TaskFigure | null, of: TaskFigure | null, 
/**
 * `57.89%`; none without a denominator, or over nothing.
 */
rate: string | null, 
/**
 * The same in hundredths of a percent, for the length of the bar: from 0 to 10000.
 */
share: number | null, };

export type TraceCell = { filling: FillForm, row: string, column: string, };

export type Undo = { package: string, };

/**
 * A time of the year the document orders watched.
 */
export type WatchView = { zh: string, en: string, 
/**
 * `MM-DD`.
 */
from: string, to: string, 
/**
 * 0 while it lasts, else the days until it begins.
 */
days: number, };

export type WeekRow = { 
/**
 * Monday and Sunday.
 */
from: string, to: string, inspections: number, samples: number, cases: number, };

/**
 * What is shown, and the days that go with it.
 */
export type WorkbenchView = { 
/**
 * The campaign whose days, tasks and charts are shown.
 */
campaign: string, 
/**
 * Whether a person chose it; otherwise it was taken by today's date and the records.
 */
chosen: boolean, 
/**
 * The book holds no record yet.
 */
empty: boolean, period: PeriodView, reports: Array<ReportDay>, watch: Array<WatchView>, };

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
  workbench: { in: OfCampaign; out: WorkbenchView }
  workbench_due: { in: OfCampaign; out: Array<DueGroupView> }
  workbench_due_more: { in: MoreDue; out: DuePage }
  workbench_tasks: { in: OfCampaign; out: Array<TaskView> }
  workbench_charts: { in: OfCampaign; out: ChartsView }
  findings: { in: SkipFindings; out: FindingsPage }
}

//! What a campaign file says. A new campaign needs no code: everything a form counts or prints is named here.

use domain::{Date, OfficeCode, OfficeLevel};
use serde::{Deserialize, Serialize};

pub use crate::checklist::{ANSWERS, ChecklistItem};
pub use crate::checks::{Check, Level, Present};
pub use crate::condition::Condition;
pub use crate::figure::{Figure, InPeriod, Matched, Measure, Task, ToDo};
pub use crate::sections::{Part, Quote, Section};

/// 专项行动: one issued document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Campaign {
    pub id: String,
    /// Of two files of one campaign the one with the greater revision holds.
    #[serde(default = "first_revision")]
    pub revision: u32,
    pub title: String,
    #[serde(default)]
    pub title_en: String,
    /// 文号, such as 宁市监发〔2021〕24号; empty where the source names none.
    #[serde(default)]
    pub document: String,
    pub issuers: Vec<String>,
    /// The code of the issuers' own place: whoever is not below it, or above it, has nothing to do with the campaign.
    #[serde(default)]
    pub place: Option<OfficeCode>,
    #[serde(default)]
    pub issued_on: Option<Date>,
    pub first_day: Date,
    /// The campaign's last day ends nothing: records after it still count up to the cut-off.
    #[serde(default)]
    pub last_day: Option<Date>,
    /// Enterprises established on or after this day are new.
    #[serde(default)]
    pub new_since: Option<Date>,
    /// What the text decides and this file had to read one way, for the next reader.
    #[serde(default)]
    pub notes: Vec<Note>,
    #[serde(default)]
    pub field_sets: Vec<String>,
    pub categories: Vec<CategoryUse>,
    #[serde(default, rename = "phase")]
    pub phases: Vec<Phase>,
    #[serde(default, rename = "checklist")]
    pub checklist: Vec<ChecklistItem>,
    #[serde(default, rename = "report")]
    pub reports: Vec<Report>,
    #[serde(default, rename = "watch")]
    pub watch_days: Vec<WatchDay>,
    #[serde(default, rename = "figure")]
    pub figures: Vec<Figure>,
    #[serde(default, rename = "task")]
    pub tasks: Vec<Task>,
    #[serde(default, rename = "form")]
    pub forms: Vec<Form>,
    /// Entries this campaign adds to open vocabularies.
    #[serde(default, rename = "vocabulary")]
    pub vocabularies: Vec<domain::schema::Vocabulary>,
    /// The lists every campaign has, but for those it has a form of its own in place of.
    #[serde(skip)]
    pub ledgers: Vec<Form>,
}

fn one() -> u32 {
    1
}

fn is_one(number: &u32) -> bool {
    *number == 1
}

/// A file that says nothing is the first of its campaign.
fn first_revision() -> u32 {
    1
}

/// Something the text leaves open, and how it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "NoteLine")]
pub struct Note {
    pub zh: String,
    pub en: String,
    /// The form it is about; none for the campaign as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
}

/// A note as files spell it: its words alone, or a table.
#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum NoteLine {
    Words(String),
    Table {
        zh: String,
        #[serde(default)]
        en: String,
        #[serde(default)]
        form: Option<String>,
    },
}

impl From<NoteLine> for Note {
    fn from(line: NoteLine) -> Self {
        match line {
            NoteLine::Words(zh) => Note { zh, en: String::new(), form: None },
            NoteLine::Table { zh, en, form } => Note { zh, en, form },
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryUse {
    pub category: String,
    #[serde(default)]
    pub varieties: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    pub id: String,
    pub zh: String,
    #[serde(default)]
    pub en: String,
    pub from: Date,
    #[serde(default)]
    pub to: Option<Date>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    pub id: String,
    pub zh: String,
    #[serde(default)]
    pub en: String,
    pub schedule: Schedule,
    pub from: String,
    pub to: String,
    /// The forms that go with it; empty for a written report.
    #[serde(default)]
    pub forms: Vec<String>,
    /// The title of the letter it goes out as, `{office}` and `{as_of_cn}` filled in, with line feeds where its lines end if
    /// it does not fit one. Blank for the office, the campaign and the report.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The levels whose offices owe it, and the one that collects it; neither where `outside` says so or the file is silent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from_level: Vec<OfficeLevel>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_level: Option<OfficeLevel>,
    /// It goes to somebody outside the offices that exchange packages: reminded of and printed, never collected.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub outside: bool,
    /// What it says in words, in order.
    #[serde(default, rename = "section", skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<Section>,
}

impl Report {
    /// Whether offices of a level owe it; where the document names no level, all do.
    pub fn is_owed_by(&self, level: OfficeLevel) -> bool {
        self.from_level.is_empty() || self.from_level.contains(&level)
    }
}

/// When a report is due. Weekly ones: ISO weekday 1 (Monday) to 7, the hour, and the cut-off as days before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "every", rename_all = "snake_case", deny_unknown_fields)]
pub enum Schedule {
    /// With `before` the text says 前: due before the day's end, and counted up to the day before.
    Once {
        on: Date,
        #[serde(default)]
        before: bool,
    },
    Week {
        weekday: u8,
        time: String,
        cut_off_days_before: u8,
        from: Date,
        to: Date,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WatchDay {
    pub zh: String,
    #[serde(default)]
    pub en: String,
    /// `MM-DD` of the first and last day of the period, both included.
    pub from: String,
    pub to: String,
}

/// 附件表: an official table, or a list in our own layout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// `<campaign>/<number or name>`, such as `nx-2021-24/1`.
    pub id: String,
    pub title: String,
    #[serde(default)]
    pub title_en: String,
    /// 附件 1; empty for a list of our own layout.
    #[serde(default)]
    pub attachment: String,
    pub page: Page,
    /// Lines above the table; see [`Line`].
    #[serde(default)]
    pub head: Vec<Line>,
    /// Lines below the table.
    #[serde(default)]
    pub foot: Vec<Line>,
    pub body: Body,
    #[serde(rename = "column")]
    pub columns: Vec<Column>,
    /// 勾稽: what must hold of it once it is filled.
    #[serde(default, rename = "check", skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// `A4` or `A3`.
    pub paper: String,
    pub landscape: bool,
}

impl Page {
    /// Millimetres between the margins. A table that asks for more is made narrower, its letters with it.
    pub fn room(&self) -> u32 {
        match (self.paper.as_str(), self.landscape) {
            ("A3", true) => 390,
            ("A3", false) => 257,
            (_, true) => 267,
            (_, false) => 170,
        }
    }
}

/// A line of the head or foot: text at the left, the middle and the right. `{office}`, `{campaign}` (its title), `{date}`
/// (2021年5月27日), `{as_of}` and `{as_of_cn}` are filled in, `{filler}`, `{phone}`, `{reviewer}` and `{approver}` (填报人, 电话,
/// 审核人, 签发人) where they are known, else a line to write on; `{seal}` keeps room for the seal.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    #[serde(default)]
    pub left: String,
    #[serde(default)]
    pub centre: String,
    #[serde(default)]
    pub right: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Body {
    /// Fixed rows, counted figures.
    Statistics {
        /// What heads the column of row labels.
        #[serde(default)]
        stub: String,
        stub_width: u32,
        /// Which field names the row, by kind: `{ case = "line", inspection = "line" }`. A set names several rows.
        by: std::collections::BTreeMap<String, String>,
        rows: Vec<Row>,
    },
    /// One row per record.
    List {
        of: String,
        /// The date field that places a record in the window; none for a register.
        #[serde(default)]
        event: Option<String>,
        #[serde(default, rename = "where")]
        conditions: Vec<Condition>,
        /// Records of other kinds that must point here: at least one that meets these.
        #[serde(default)]
        having: Vec<Having>,
        /// Records of other kinds that must not point here: fewer than these.
        #[serde(default)]
        without: Vec<Having>,
        /// Field names, most significant first; the record's id decides at last.
        sort: Vec<String>,
    },
}

/// A row of a statistics form, by the codes it takes; `rest` takes every code no other row takes; `total` sums what its rows
/// count; `once` counts what any row takes, without doubling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    pub id: String,
    pub label: String,
    #[serde(default)]
    pub codes: Vec<String>,
    #[serde(default)]
    pub rest: bool,
    #[serde(default)]
    pub total: bool,
    #[serde(default)]
    pub once: bool,
}

impl Row {
    /// Whether it is made of the other rows.
    pub fn is_of_rows(&self) -> bool {
        self.total || self.once
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Having {
    pub kind: String,
    /// How many of them there must be.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub at_least: u32,
    #[serde(default, rename = "where")]
    pub conditions: Vec<Condition>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    pub id: String,
    /// The header from the outermost group down to the column's own words. Neighbours that share a group's words share its
    /// cell; the deepest column sets the number of levels, and shallower ones span the rest downwards.
    pub header: Vec<String>,
    /// Millimetres at full size.
    pub width: u32,
    pub cell: CellRule,
    /// How a number is written.
    #[serde(default)]
    pub unit: Unit,
    /// How many decimals a number in 万 or 万元 has; none trims the zeros at its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u32>,
    /// Statistics: figures declared for these columns of the row count in this one too, which then is not declared again.
    #[serde(default)]
    pub declared_with: Vec<String>,
    /// The cell is blank unless these hold (lists).
    #[serde(default, rename = "only")]
    pub only_if: Vec<Condition>,
}

impl Campaign {
    pub fn figure(&self, id: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.id == id)
    }

    /// What a task has still to do; none where the document does not measure it, or measures something else.
    pub fn to_do(&self, task: &Task) -> Option<ToDo<'_>> {
        if let Some(open) = &task.open {
            return self.figure(open).filter(|figure| figure.can_be_listed()).map(ToDo::Counted);
        }
        let (done, of) = (self.figure(task.done.as_deref()?)?, self.figure(task.of.as_deref()?)?);
        (of.can_be_listed() && done.is_among(of)).then_some(ToDo::Between { of, done })
    }

    /// English words that a file leaves out are its Chinese ones.
    pub(crate) fn complete(mut self) -> Self {
        let fill = |zh: &str, en: &mut String| {
            if en.is_empty() {
                zh.clone_into(en);
            }
        };
        fill(&self.title, &mut self.title_en);
        self.notes.iter_mut().for_each(|note| fill(&note.zh, &mut note.en));
        self.phases.iter_mut().for_each(|phase| fill(&phase.zh, &mut phase.en));
        self.checklist.iter_mut().for_each(|item| fill(&item.zh, &mut item.en));
        for report in &mut self.reports {
            fill(&report.zh, &mut report.en);
            for section in &mut report.sections {
                fill(&section.zh, &mut section.en);
                fill(&section.hint, &mut section.hint_en);
            }
        }
        self.watch_days.iter_mut().for_each(|watch| fill(&watch.zh, &mut watch.en));
        self.figures.iter_mut().for_each(|figure| fill(&figure.zh, &mut figure.en));
        self.tasks.iter_mut().for_each(|task| fill(&task.zh, &mut task.en));
        for form in &mut self.forms {
            fill(&form.title, &mut form.title_en);
            form.checks.iter_mut().for_each(|check| fill(&check.zh, &mut check.en));
        }
        self
    }
}

/// How a counted integer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// As it is.
    #[default]
    One,
    /// 万: pieces / 10,000, half up to at most 4 decimals, trailing zeros trimmed.
    TenThousand,
    /// 万元: fen / 1,000,000, likewise.
    TenThousandYuan,
}

impl Unit {
    /// How many decimals of the unit the stored integer reaches.
    pub fn decimals(self) -> u32 {
        match self {
            Unit::One => 0,
            Unit::TenThousand => 4,
            Unit::TenThousandYuan => 6,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum CellRule {
    /// Statistics: a figure, counted for the row, with conditions of the column's own beside the figure's.
    Figure {
        id: String,
        #[serde(default, rename = "where")]
        conditions: Vec<Condition>,
    },
    /// Statistics: the sum of other columns of the row. Refuses declared figures.
    SumOf(Vec<String>),
    /// Statistics: part / whole of two other columns in percent, two decimals, `—` over nothing. Refuses declared figures.
    Rate { part: String, whole: String },
    /// List: 1, 2, 3 …
    RowNumber,
    /// List: a field as it prints: codes by label, divisions by name, lists and sets joined by 、, booleans 是 / 否.
    /// `enterprise.name`, `product.standard` and the like follow a reference.
    Field(String),
    /// List: √ where the yes-or-no field holds `when`.
    Tick { field: String, when: bool },
    /// List: distinct values of a field of records that point here, sorted, joined by 、.
    Collect {
        kind: String,
        field: String,
        #[serde(default, rename = "where")]
        conditions: Vec<Condition>,
    },
    /// List: how many records point here.
    Count {
        kind: String,
        #[serde(default, rename = "where")]
        conditions: Vec<Condition>,
    },
    /// List: a text put together from several records, by its name in `domain::compose`.
    Composed(String),
}

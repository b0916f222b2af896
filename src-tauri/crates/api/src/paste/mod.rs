//! A pasted block as the page sends it, and as it is shown before anything is recorded: what was understood of all of it, and
//! its rows page by page.

pub(crate) mod shown;
use shown::Shown;

#[cfg(test)]
mod tests;
mod view;

use std::collections::BTreeMap;
use std::path::PathBuf;

use domain::schema::FieldType;
use domain::{Fields, Notice};
use serde::Deserialize;
use ts_rs::TS;

use crate::Backend;
use crate::files::ChosenFile;

use app::failure::Outcome;
use app::messages::Language;
use app::paste::{self, Block, Row, State};
use app::session::Reading;

pub use view::{PageOfRows, Pasted, PastedRows, Preview, RowSort};
use view::{PastedColumn, UnmatchedText, asked, column, counts, doubts, is_of, number, row};

/// Rows of a page.
const MOST_ROWS: u32 = 200;

/// The same request shows a block and records it; recording also says what was shown.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Paste {
    pub kind: String,
    /// The clipboard's text, or else a chosen file.
    pub text: Option<String>,
    #[ts(type = "string | null")]
    #[serde(default)]
    pub file: Option<ChosenFile>,
    pub sheet: Option<String>,
    /// The row the heading of the block begins with; 0 for none, null to find it.
    pub heading: Option<u32>,
    /// The row it ends with; null to find it.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub heading_last: Option<u32>,
    pub columns: Vec<ChosenColumn>,
    pub units: Vec<ChosenUnit>,
    /// A blank cell that should name a record names the one above, as merged cells do.
    pub downwards: bool,
    /// What every new record holds where its own cell is blank.
    #[ts(type = "Fields")]
    pub preset: Fields,
    pub campaigns: Vec<String>,
    /// Whose records new ones are; null for this office's own.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub office: Option<String>,
    /// What names begin with that no column names; behind it stand the office and the line.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub numbered: Option<String>,
    /// Which record a text means, by field and text.
    pub meant: BTreeMap<String, BTreeMap<String, String>>,
    /// Records to be made of texts that name none.
    pub make: Vec<MakeRecords>,
    pub left_out: Vec<u32>,
    /// Rows taken though they look like totals or remarks.
    pub taken: Vec<u32>,
    /// Rows whose record is changed to what they say.
    pub update: Vec<u32>,
    /// Why a warning is passed over, by its code.
    pub reasons: BTreeMap<String, String>,
    /// Of what was shown; null to be shown it.
    pub token: Option<String>,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ChosenColumn {
    /// From 0.
    pub column: u32,
    /// Null leaves the column out.
    pub field: Option<String>,
}

/// What the numbers of a column are counted in, as a power of ten of the field's own unit.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ChosenUnit {
    /// From 0.
    pub column: u32,
    pub tens: u32,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MakeRecords {
    pub kind: String,
    /// As the cells have them.
    pub texts: Vec<String>,
    /// What each of them holds beside its name.
    #[ts(type = "Fields")]
    pub fields: Fields,
}

impl Paste {
    pub(crate) fn into_block(self) -> Outcome<(Block, Option<String>)> {
        let paste = self;
        let make =
            paste.make.into_iter().map(|make| paste::Make { kind: make.kind, texts: make.texts, fields: make.fields });
        let block = Block {
            kind: paste.kind,
            text: paste.text,
            file: paste.file.map(PathBuf::from),
            sheet: paste.sheet,
            heading: paste.heading,
            heading_last: paste.heading_last,
            columns: paste.columns.into_iter().map(|chosen| (chosen.column, chosen.field)).collect(),
            units: paste.units.into_iter().map(|chosen| (chosen.column, chosen.tens)).collect(),
            downwards: paste.downwards,
            preset: paste.preset,
            campaigns: paste.campaigns,
            office: paste.office.as_deref().map(str::parse).transpose()?,
            numbered: paste.numbered,
            meant: paste.meant,
            make: make.collect(),
            left_out: paste.left_out.into_iter().collect(),
            taken: paste.taken.into_iter().collect(),
            update: paste.update.into_iter().collect(),
            reasons: paste.reasons,
        };
        Ok((block, paste.token))
    }
}

fn page(session: &Reading, shown: &Shown, first: u32, sort: RowSort, language: Language) -> Outcome<PastedRows> {
    let of_sort: Vec<&Row> = shown.rows.iter().filter(|row| is_of(row, sort)).collect();
    let rows: Vec<&Row> = of_sort.iter().copied().skip(first as usize).take(MOST_ROWS as usize).collect();
    let titles = session.pasted_titles(&shown.kind, &rows, shown.names.clone())?;
    Ok(PastedRows {
        rows: rows.into_iter().map(|each| row(each, language)).collect(),
        total: number(of_sort.len()),
        titles,
    })
}

pub fn preview(backend: &mut Backend, input: Paste, language: Language) -> Outcome<Preview> {
    let (block, _) = input.into_block()?;
    let mut tell = backend.jobs().of_request();
    let understood = backend.session_mut()?.preview_paste(&block, &mut tell)?;
    let counts = counts(&understood);
    let asked = asked(&understood);
    let warnings = doubts(&understood.rows, language);
    let differing = understood.rows.iter().filter(|row| row.state == State::Differs && !row.changes.is_empty());
    let differing: Vec<u32> = differing.map(|row| row.number).collect();
    let view = backend.pasted.as_ref().map_or(0, |shown| shown.view.wrapping_add(1));
    let session = backend.session()?;
    let kind = session.library().schema().kind(&block.kind);
    let to = |field: &str| match kind.and_then(|kind| kind.field(field)).map(|field| &field.ty) {
        Some(FieldType::Ref { to }) => to.clone(),
        _ => String::new(),
    };
    let unmatched = understood.unmatched.into_iter().map(|each| UnmatchedText {
        to: to(&each.field),
        field: each.field,
        text: each.text,
        rows: each.rows,
        several: number(each.several),
        near: each.near,
        makeable: each.makeable,
    });
    let ready = counts.wrong == 0 && warnings.is_empty() && counts.new + counts.updating > 0;
    let columns: Vec<PastedColumn> = understood.columns.iter().map(|each| column(kind, each)).collect();
    let unmatched = unmatched.collect();
    let shown = Shown { view, kind: block.kind.clone(), rows: understood.rows, names: understood.names };
    let rows = page(session, &shown, 0, RowSort::All, language)?;
    backend.pasted = Some(shown);
    Ok(Preview {
        view,
        sheets: understood.sheets,
        sheet: understood.sheet,
        heading: understood.heading.0,
        heading_last: understood.heading.1,
        columns,
        rows,
        counts,
        differing,
        asked,
        gaps: understood.has_gaps,
        unmatched,
        warnings,
        ready,
        token: understood.token,
    })
}

/// Further rows of what was shown last.
pub fn rows(backend: &mut Backend, input: PageOfRows, language: Language) -> Outcome<PastedRows> {
    let session = backend.session()?;
    let shown = backend.pasted.as_ref().filter(|shown| shown.view == input.view);
    let shown = shown.ok_or_else(|| Notice::new("paste-changed"))?;
    page(session, shown, input.first, input.only, language)
}

pub fn apply(backend: &mut Backend, input: Paste, _: Language) -> Outcome<Pasted> {
    let (block, token) = input.into_block()?;
    let mut tell = backend.jobs().of_request();
    let done = backend.session_mut()?.apply_paste(&block, token.as_deref().unwrap_or_default(), &mut tell)?;
    backend.pasted = None;
    let counts = counts(&done);
    Ok(Pasted {
        recorded: counts.new,
        updated: counts.updating,
        made: counts.made,
        kept: counts.same + counts.twice + counts.differing - counts.updating,
    })
}

//! Blank forms, and forms that come back as spreadsheets: what a file was understood as, in the form's shape.

use std::collections::BTreeMap;

use app::failure::{Outcome, Problem};
use app::messages::Language;
use app::readback::figures::{CellState, ColumnGroup, ReadCell, ReadFigures};
use app::readback::{Doubts, How, ReadBack, ReadList, ReadRequest};
use app::session::Reading;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Backend;
use crate::files::ChosenFile;
use crate::forms::{ColumnView, HeaderView};
use crate::views::Written;

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WriteBlank {
    pub form: String,
    /// Null for this office's own.
    pub office: Option<String>,
    #[ts(type = "string")]
    pub out: ChosenFile,
}

/// The same request shows a file and stores it; storing also says what was shown.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReadFile {
    #[ts(type = "string")]
    pub file: ChosenFile,
    pub sheet: Option<String>,
    /// Null to recognise it.
    pub form: Option<String>,
    /// Null for the office it names, else this one.
    pub office: Option<String>,
    /// Null for the day it names.
    pub as_of: Option<String>,
    /// The department of each group of columns, by the words of the group.
    pub sources: BTreeMap<String, String>,
    pub how: Option<How>,
    /// Why a warning is passed over, by its code.
    pub reasons: BTreeMap<String, String>,
    /// Of what was shown; null to be shown it.
    pub token: Option<String>,
}

#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReadView {
    Figures(Box<ReadFiguresView>),
    List(Box<ReadListView>),
}

#[derive(Debug, Serialize, TS)]
pub struct ReadFiguresView {
    pub form: String,
    pub title: String,
    pub office: String,
    pub office_name: String,
    pub as_of: String,
    pub stub: Option<String>,
    pub columns: Vec<ColumnView>,
    pub levels: u32,
    pub header: Vec<HeaderView>,
    pub rows: Vec<ReadRowView>,
    pub groups: Vec<GroupView>,
    /// What a typed figure means where something is counted already has to be said.
    pub asks_how: bool,
    /// What is not understood, and what does not agree.
    pub remarks: Vec<Problem>,
    /// Warnings that need a reason, once each.
    pub doubts: Vec<Problem>,
    /// Figures that are stored.
    pub changes: u32,
    /// There is something to store, and everything that is asked but reasons has been said.
    pub ready: bool,
    pub token: String,
}

#[derive(Debug, Serialize, TS)]
pub struct GroupView {
    /// Blank for the columns of a form without groups.
    pub words: String,
    pub source: Option<String>,
    pub suggested: Option<String>,
    pub asked: bool,
}

#[derive(Debug, Serialize, TS)]
pub struct ReadRowView {
    pub id: String,
    pub label: String,
    pub total: bool,
    /// None where the sheet has no such row.
    pub cells: Vec<ReadCellView>,
}

#[derive(Debug, Serialize, TS)]
pub struct ReadCellView {
    pub printed: String,
    pub typed: String,
    pub state: ReadCellState,
}

#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReadCellState {
    Blank,
    Same,
    /// Declared already.
    Stands,
    Changed,
    /// A total or a rate that agrees.
    Agrees,
    Differs,
    Unread,
}

/// A list, to be shown by what pastes lists.
#[derive(Debug, Serialize, TS)]
pub struct ReadListView {
    pub form: String,
    pub title: String,
    pub campaign: String,
    pub kind: String,
    pub office: String,
    pub office_name: String,
    pub sheet: Option<String>,
    pub heading: u32,
    pub heading_last: u32,
    /// The field of each of the sheet's columns, from 0; null is left out.
    pub columns: Vec<(u32, Option<String>)>,
    pub numbered: Option<String>,
    /// Columns that become nothing, because the form composes them.
    pub composed: Vec<String>,
    pub remarks: Vec<Problem>,
}

#[derive(Debug, Serialize, TS)]
pub struct StoredFigures {
    pub recorded: u32,
    pub updated: u32,
}

impl ReadFile {
    fn into_request(self) -> Outcome<(ReadRequest, Option<String>)> {
        let request = ReadRequest {
            file: self.file.into(),
            sheet: self.sheet,
            form: self.form,
            office: self.office.as_deref().map(str::parse).transpose()?,
            as_of: self.as_of.as_deref().map(str::parse).transpose()?,
            sources: self.sources,
            how: self.how,
            reasons: self.reasons,
        };
        Ok((request, self.token))
    }
}

pub fn blank(session: &Reading, input: WriteBlank, _: Language) -> Outcome<Written> {
    let office = input.office.as_deref().map(str::parse).transpose()?;
    session.write_blank(&input.form, office.as_ref(), &input.out)?;
    Ok(Written::at(&input.out))
}

pub fn preview(backend: &mut Backend, input: ReadFile, language: Language) -> Outcome<ReadView> {
    let (request, _) = input.into_request()?;
    let (read, doubts) = backend.session_mut()?.preview_read(&request)?;
    Ok(match read {
        ReadBack::Figures(figures) => ReadView::Figures(Box::new(figures_view(*figures, doubts, &request, language))),
        ReadBack::List(list) => ReadView::List(Box::new(list_view(*list, language))),
    })
}

pub fn apply(backend: &mut Backend, input: ReadFile, _: Language) -> Outcome<StoredFigures> {
    let (request, token) = input.into_request()?;
    let stored = backend.session_mut()?.apply_read(&request, token.as_deref().unwrap_or_default())?;
    Ok(StoredFigures { recorded: stored.new as u32, updated: stored.updated as u32 })
}

fn in_words(notices: &[domain::Notice], language: Language) -> Vec<Problem> {
    notices.iter().map(|notice| Problem::of(notice, language)).collect()
}

fn figures_view(read: ReadFigures, doubts: Doubts, request: &ReadRequest, language: Language) -> ReadFiguresView {
    let changes = app::readback::figures::count(&read, |state| *state == CellState::Changed);
    let open = app::readback::figures::open_groups(&read).len();
    let group = |group: ColumnGroup| GroupView {
        words: group.words,
        source: group.source,
        suggested: group.suggested,
        asked: group.asked,
    };
    let cell = |cell: ReadCell| ReadCellView {
        printed: cell.printed,
        typed: cell.typed,
        state: match cell.state {
            CellState::Blank => ReadCellState::Blank,
            CellState::Same => ReadCellState::Same,
            CellState::Stands => ReadCellState::Stands,
            CellState::Changed => ReadCellState::Changed,
            CellState::Agrees => ReadCellState::Agrees,
            CellState::Differs(_) => ReadCellState::Differs,
            CellState::Unread(_) => ReadCellState::Unread,
        },
    };
    let rows = read.rows.into_iter().map(|row| ReadRowView {
        id: row.id,
        label: row.label,
        total: row.total,
        cells: row.cells.into_iter().map(cell).collect(),
    });
    ReadFiguresView {
        form: read.form,
        title: read.filled.title,
        office: read.office.to_string(),
        office_name: read.office_name,
        as_of: read.as_of.to_string(),
        stub: read.filled.stub.map(|stub| stub.header),
        levels: read.filled.header.levels,
        header: read.filled.header.cells.into_iter().map(HeaderView::from).collect(),
        columns: read.filled.columns.into_iter().map(ColumnView::from).collect(),
        rows: rows.collect(),
        groups: read.groups.into_iter().map(group).collect(),
        asks_how: read.asks_how,
        remarks: in_words(&read.remarks, language),
        ready: changes > 0 && open == 0 && (request.how.is_some() || !read.asks_how),
        doubts: in_words(&doubts, language),
        changes: u32::try_from(changes).unwrap_or(u32::MAX),
        token: read.token,
    }
}

fn list_view(read: ReadList, language: Language) -> ReadListView {
    ReadListView {
        form: read.form,
        title: read.title,
        campaign: read.campaign,
        kind: read.kind,
        office: read.office.to_string(),
        office_name: read.office_name,
        sheet: read.sheet,
        heading: read.heading.0,
        heading_last: read.heading.1,
        columns: read.columns.into_iter().collect(),
        numbered: read.numbered,
        composed: read.composed,
        remarks: in_words(&read.remarks, language),
    }
}

//! A pasted block as the page sends it, and as it is shown before anything is recorded.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use domain::schema::FieldType;
use domain::{Fields, Notice};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Desk;
use super::records::{add_division, add_title};
use crate::failure::{Failure, Outcome, Problem};
use crate::messages::Language;
use crate::paste::{Block, Row, Scale, Understood};

/// The same request shows a block and records it; recording also says what was shown.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct Paste {
    pub kind: String,
    /// The clipboard's text, or else a chosen file.
    pub text: Option<String>,
    #[ts(type = "string | null")]
    pub file: Option<PathBuf>,
    pub sheet: Option<String>,
    /// The row that heads the block; 0 for none, null to find it.
    pub heading: Option<u32>,
    pub columns: Vec<ChosenColumn>,
    /// A blank cell that should name a record names the one above, as merged cells do.
    pub downwards: bool,
    /// What every row holds where its own cell is blank.
    #[ts(type = "Fields")]
    pub preset: Fields,
    pub campaigns: Vec<String>,
    /// Which record a text means, by field and text.
    pub meant: BTreeMap<String, BTreeMap<String, String>>,
    pub left_out: Vec<u32>,
    /// Why a warning is passed over, by its code.
    pub reasons: BTreeMap<String, String>,
    /// Of what was shown; null to be shown it.
    pub token: Option<String>,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct ChosenColumn {
    /// From 0.
    pub column: u32,
    /// Null leaves the column out.
    pub field: Option<String>,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct Preview {
    pub sheets: Vec<String>,
    pub sheet: Option<String>,
    pub heading: u32,
    pub columns: Vec<PastedColumn>,
    pub rows: Vec<PastedRow>,
    /// Titles by id and names of divisions by code, for what the cells name.
    pub titles: BTreeMap<String, String>,
    /// Texts that name no record, or several, by field.
    pub unmatched: BTreeMap<String, Vec<String>>,
    /// Warnings without a reason, once each, with the rows they stand at.
    pub warnings: Vec<Doubt>,
    /// Rows that would be recorded.
    pub new_rows: u32,
    /// Nothing is wrong, and every warning has its reason.
    pub ready: bool,
    pub token: String,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct PastedColumn {
    pub heading: String,
    pub field: Option<String>,
    /// Its numbers are counted in ten thousands.
    pub ten_thousand: bool,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct PastedRow {
    pub number: u32,
    pub cells: Vec<String>,
    /// What was understood.
    #[ts(type = "Fields")]
    pub fields: Fields,
    /// It was recorded before, and is left as it stands.
    pub again: bool,
    pub left_out: bool,
    pub unread: Vec<UnreadCell>,
    pub errors: Vec<Problem>,
    pub warnings: Vec<Problem>,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct UnreadCell {
    pub column: u32,
    pub problem: Problem,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct Doubt {
    pub problem: Problem,
    pub rows: Vec<u32>,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct Pasted {
    pub recorded: u32,
    /// Rows recorded before.
    pub again: u32,
}

impl From<Paste> for (Block, Option<String>) {
    fn from(paste: Paste) -> Self {
        let block = Block {
            kind: paste.kind,
            text: paste.text,
            file: paste.file,
            sheet: paste.sheet,
            heading: paste.heading,
            columns: paste.columns.into_iter().map(|chosen| (chosen.column, chosen.field)).collect(),
            downwards: paste.downwards,
            preset: paste.preset,
            campaigns: paste.campaigns,
            meant: paste.meant,
            left_out: paste.left_out,
            reasons: paste.reasons,
        };
        (block, paste.token)
    }
}

fn row(row: Row, language: Language) -> PastedRow {
    let in_words = |notices: &[Notice]| notices.iter().map(|notice| Problem::of(notice, language)).collect();
    let unread =
        |(column, notice): &(u32, Notice)| UnreadCell { column: *column, problem: Problem::of(notice, language) };
    PastedRow {
        unread: row.unread.iter().map(unread).collect(),
        errors: in_words(&row.errors),
        warnings: in_words(&row.warnings),
        number: row.number,
        cells: row.cells,
        fields: row.fields,
        again: row.again,
        left_out: row.left_out,
    }
}

/// Each code once, in the order of the rows.
fn doubts(rows: &[Row], language: Language) -> Vec<Doubt> {
    let mut doubts: Vec<Doubt> = Vec::new();
    for row in rows {
        for notice in &row.warnings {
            match doubts.iter_mut().find(|doubt| doubt.problem.code == notice.code) {
                Some(doubt) => doubt.rows.push(row.number),
                None => doubts.push(Doubt { problem: Problem::of(notice, language), rows: vec![row.number] }),
            }
        }
    }
    doubts
}

pub fn preview(desk: &mut Desk, input: Paste, language: Language) -> Outcome<Preview> {
    let (block, _) = input.into();
    let understood = desk.session_mut()?.preview_paste(&block)?;
    let session = desk.session()?;
    let kind = session.library.schema().kind(&block.kind);
    let mut titles = BTreeMap::new();
    let mut unmatched: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let is_reference = |name: &str| {
        let field = kind.and_then(|kind| kind.field(name));
        field.is_some_and(|field| matches!(field.ty, FieldType::Ref { .. }))
    };
    session.book.read::<_, Failure>(|reader| {
        for row in &understood.rows {
            for (name, value) in row.fields.iter().filter_map(|(name, value)| Some((name, value.as_str()?))) {
                let ty = kind.and_then(|kind| kind.field(name)).map(|field| &field.ty);
                match ty {
                    Some(FieldType::Ref { .. }) if !titles.contains_key(value) => {
                        add_title(session, reader, value, &mut titles)?;
                    }
                    Some(FieldType::Division) => add_division(session, value, &mut titles),
                    _ => {}
                }
            }
            for (column, _) in &row.unread {
                let field = understood.columns.get(*column as usize).and_then(|column| column.field.as_deref());
                let text = row.cells.get(*column as usize).map(|text| text.trim());
                if let (Some(field), Some(text)) = (field.filter(|field| is_reference(field)), text) {
                    unmatched.entry(field.to_owned()).or_default().insert(text.to_owned());
                }
            }
        }
        Ok(())
    })?;
    let new_rows = understood.new_rows();
    let Understood { sheets, sheet, heading, columns, rows, token } = understood;
    let settled = rows.iter().all(|row| row.unread.is_empty() && row.errors.is_empty() && row.warnings.is_empty());
    let column = |column: crate::paste::Column| PastedColumn {
        heading: column.heading,
        field: column.field,
        ten_thousand: column.scale == Scale::TenThousand,
    };
    Ok(Preview {
        sheets,
        sheet,
        heading,
        columns: columns.into_iter().map(column).collect(),
        warnings: doubts(&rows, language),
        rows: rows.into_iter().map(|each| row(each, language)).collect(),
        titles,
        unmatched: unmatched.into_iter().map(|(field, texts)| (field, texts.into_iter().collect())).collect(),
        new_rows: u32::try_from(new_rows).unwrap_or(u32::MAX),
        ready: settled && new_rows > 0,
        token,
    })
}

pub fn apply(desk: &mut Desk, input: Paste, _: Language) -> Outcome<Pasted> {
    let (block, token) = input.into();
    let done = desk.session_mut()?.apply_paste(&block, token.as_deref().unwrap_or_default())?;
    let again = done.rows.iter().filter(|row| row.again).count();
    Ok(Pasted {
        recorded: u32::try_from(done.new_rows()).unwrap_or(u32::MAX),
        again: u32::try_from(again).unwrap_or(u32::MAX),
    })
}

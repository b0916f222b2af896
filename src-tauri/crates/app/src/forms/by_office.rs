//! 分地区汇总表: one row of a statistics form for the office's own records, then for each office below it that is known.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use campaign::answers::Answers;
use campaign::model::{Body, Form, Row};
use domain::{Notice, OfficeCode};
use forms::OfficeLine;
use store::Reader;
use store::figures::Owners;

use super::{FillRequest, Filled};
use crate::failure::{Failure, Outcome};
use crate::session::Reading;

/// The office's own records.
const OWN: &str = "本级";

impl Reading {
    /// A statistics form with a line for each office, of one of its rows; without one, of its total, or of its only row.
    pub fn fill_by_office(&self, request: &FillRequest, row: Option<&str>) -> Outcome<Filled> {
        self.read::<_, Failure>(|reader| {
            let (campaign, form) = self.form(&request.form)?;
            let row = row_of(form, row)?;
            let filling = self.filling(reader, request)?;
            let mut filled = self.fill_in(reader, request)?;
            if let Some(unnamed) = filled.unnamed {
                return Err(unnamed.into());
            }
            let schema = self.library().schema();
            let Answers::Statistics { cells: all, .. } = reader.fill(schema, campaign, form, &filling)? else {
                return Err(no_statistics(form));
            };
            let shown = highest_below(reader, &filling.office)?;
            let known = RefCell::new(HashMap::new());
            let line_of = |code: &str| {
                *known.borrow_mut().entry(code.to_owned()).or_insert_with(|| {
                    let owner = code.parse::<OfficeCode>();
                    let at = owner.ok().and_then(|owner| shown.iter().position(|office| office.covers(&owner)));
                    at.map_or(0, |at| at + 1)
                })
            };
            let owners = Owners { groups: shown.len() + 1, of: &line_of };
            let groups = reader.fill_by_office(schema, campaign, form, &filling, &owners)?;
            let mut lines = Vec::with_capacity(groups.len());
            for (at, cells) in groups.into_iter().enumerate() {
                let (office, name) = match at.checked_sub(1) {
                    None => (filling.office.clone(), OWN.to_owned()),
                    Some(below) => (shown[below].clone(), self.name_of(reader, &shown[below])?),
                };
                lines.push(OfficeLine { office: office.to_string(), name, cells });
            }
            filled.form = forms::by_office(form, row, filled.form, &lines, &all);
            Ok(filled)
        })
    }
}

fn no_statistics(form: &Form) -> Failure {
    Notice::new("by-office-of-a-list").with("form", &form.id).into()
}

fn row_of<'f>(form: &'f Form, named: Option<&str>) -> Outcome<&'f Row> {
    let Body::Statistics { rows, .. } = &form.body else { return Err(no_statistics(form)) };
    let chosen = match named {
        Some(id) => rows.iter().find(|row| row.id == id),
        None => {
            let of_rows = rows.iter().find(|row| row.total).or_else(|| rows.iter().find(|row| row.once));
            of_rows.or(if rows.len() == 1 { rows.first() } else { None })
        }
    };
    chosen.ok_or_else(|| {
        let known: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        let notice = Notice::new("by-office-row").with("form", &form.id).with("value", named.unwrap_or_default());
        notice.with("known", known.join(" ")).into()
    })
}

/// Offices below that were heard of, but for those below another one of them.
fn highest_below(reader: &Reader, office: &OfficeCode) -> Outcome<Vec<OfficeCode>> {
    let mut known: BTreeSet<OfficeCode> = reader.offices()?.into_iter().map(|row| row.code).collect();
    known.extend(reader.office_names()?.into_iter().map(|(code, _)| code));
    known.retain(|code| code != office && office.covers(code));
    let highest = |code: &&OfficeCode| !known.iter().any(|other| other != *code && other.covers(code));
    Ok(known.iter().filter(highest).cloned().collect())
}

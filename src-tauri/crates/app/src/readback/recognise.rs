//! Which form a sheet is, by its header tree: the words over each column, read from above to below. Merged cells, line breaks,
//! blanks, full and half width do not matter; the order of the columns does not either.

use std::collections::{BTreeSet, HashMap};

use campaign::Library;
use campaign::model::{Body, Campaign, Form};
use domain::Notice;

use crate::failure::Outcome;
use crate::paste::heading::levels;
use crate::paste::table::Table;
use crate::paste::words::plain;
use crate::readback::sheets::Sheets;

/// Rows a header may end on, and how many it may take.
const HEADER_WITHIN: usize = 40;
const MOST_LEVELS: usize = 6;
/// A sheet with this share of a form's columns, in percent, is meant to be that form.
const ALIKE: usize = 60;

/// A sheet and the form it is.
pub struct Found<'a> {
    pub campaign: &'a Campaign,
    pub form: &'a Form,
    /// Its place among the tables.
    pub table: usize,
    /// Places of the header's rows.
    pub header: (usize, usize),
    /// The sheet's column of each column of the form.
    pub columns: Vec<usize>,
    /// Sheet columns whose words are none of the form.
    pub unknown: Vec<(usize, String)>,
}

/// How well a sheet is a form.
struct Fit<'a> {
    found: Found<'a>,
    /// Columns of the form the sheet has.
    known: usize,
    missing: Vec<String>,
    titled: bool,
}

impl Fit<'_> {
    fn whole(&self) -> bool {
        self.missing.is_empty()
    }

    /// The greater the better.
    fn score(&self) -> (bool, bool, usize, isize, isize) {
        let rows = self.found.header.1 - self.found.header.0;
        (self.whole(), self.titled, self.known, -(self.found.unknown.len() as isize), -(rows as isize))
    }
}

/// The form of one of the sheets. `wanted` is the one a person says it is; a blank form says so itself.
pub fn recognise<'a>(library: &'a Library, sheets: &Sheets, wanted: Option<&str>) -> Outcome<Found<'a>> {
    if let (Some(wanted), Some(origin)) = (wanted, &sheets.origin)
        && origin.form != wanted
        && library.form(&origin.form).is_some()
    {
        let title = |id: &str| library.form(id).map(|(_, form)| form.title.clone()).unwrap_or_default();
        let other = Notice::new("read-other-form").with("form", wanted).with("title", title(wanted));
        return Err(other.with("other", &origin.form).with("other_title", title(&origin.form)).into());
    }
    let wanted = wanted.or(sheets.origin.as_ref().map(|origin| origin.form.as_str()));
    if let Some(wanted) = wanted
        && library.form(wanted).is_none()
    {
        let known: Vec<&str> = library.forms().map(|(_, form)| form.id.as_str()).collect();
        return Err(Notice::new("form-unknown").with("value", wanted).with("known", known.join(", ")).into());
    }
    let mut fits: Vec<Fit> = Vec::new();
    for (at, table) in sheets.tables.iter().enumerate() {
        let headers = headers_of(table);
        for (campaign, form) in library.forms().filter(|(_, form)| wanted.is_none_or(|wanted| form.id == wanted)) {
            let best = headers.iter().map(|header| fit(campaign, form, at, table, header)).max_by_key(Fit::score);
            fits.extend(best.filter(|fit| fit.known > 0));
        }
    }
    let Some(best) = fits.iter().map(Fit::score).max() else { return Err(unrecognised(library, wanted)) };
    let mut best: Vec<Fit> = fits.into_iter().filter(|fit| fit.score() == best).collect();
    // Of equal ones, that of the campaign the sheet names.
    let names = |fit: &Fit| {
        above(&sheets.tables[fit.found.table], &fit.found).any(|text| text.contains(&plain(&fit.found.campaign.title)))
    };
    if best.len() > 1 && best.iter().any(names) {
        best.retain(names);
    }
    let one = best.remove(0);
    let columns = one.found.form.columns.len();
    if one.known * 100 < columns * ALIKE || columns > 1 && one.known < 2 {
        return Err(unrecognised(library, wanted));
    }
    if !one.whole() {
        let changed = Notice::new("read-heading-changed").with("form", &one.found.form.id);
        let changed = changed.with("title", &one.found.form.title).with("missing", one.missing.join("、"));
        let unknown: Vec<&str> = one.found.unknown.iter().map(|(_, words)| words.as_str()).collect();
        return Err(changed
            .with("unknown", if unknown.is_empty() { "—".to_owned() } else { unknown.join("、") })
            .into());
    }
    if !best.is_empty() {
        let mut ids = vec![one.found.form.id.clone()];
        ids.extend(best.iter().map(|fit| fit.found.form.id.clone()));
        return Err(Notice::new("read-form-several").with("forms", ids.join("、")).into());
    }
    Ok(one.found)
}

fn unrecognised(library: &Library, wanted: Option<&str>) -> crate::failure::Failure {
    match wanted.and_then(|wanted| library.form(wanted)) {
        Some((_, form)) => Notice::new("read-not-this-form").with("form", &form.id).with("title", &form.title).into(),
        None => Notice::new("read-form-unknown").into(),
    }
}

/// Some rows read as a header.
struct Header {
    rows: (usize, usize),
    /// The sheet's columns by all their words; one that stands twice is no column's.
    columns: HashMap<String, Option<usize>>,
    /// Of each sheet column, its words as they stand.
    shown: Vec<String>,
}

fn headers_of(table: &Table) -> Vec<Header> {
    let mut headers = Vec::new();
    for last in 0..table.rows.len().min(HEADER_WITHIN) {
        for first in last.saturating_sub(MOST_LEVELS - 1)..=last {
            let rows = levels(table, first, last);
            let mut columns: HashMap<String, Option<usize>> = HashMap::new();
            let mut shown = Vec::new();
            for column in 0..table.width() {
                let mut words: Vec<&str> =
                    rows.iter().map(|row| row[column].as_str()).filter(|text| !text.is_empty()).collect();
                words.dedup();
                let path = plain(&words.concat());
                if !path.is_empty() {
                    columns.entry(path).and_modify(|known| *known = None).or_insert(Some(column));
                }
                shown.push(words.join(" · "));
            }
            headers.push(Header { rows: (first, last), columns, shown });
        }
    }
    headers
}

fn fit<'a>(campaign: &'a Campaign, form: &'a Form, at: usize, table: &Table, header: &Header) -> Fit<'a> {
    let mut columns = Vec::new();
    let mut missing = Vec::new();
    for column in &form.columns {
        match header.columns.get(&plain(&column.header.concat())).copied().flatten() {
            Some(place) => columns.push(place),
            None => missing.push(column.header.join(" · ")),
        }
    }
    let taken: BTreeSet<usize> = columns.iter().copied().collect();
    let known = taken.len();
    let stub = match &form.body {
        Body::Statistics { stub, .. } => Some(plain(stub)),
        Body::List { .. } => None,
    };
    let is_stub = |words: &String| stub.as_ref().is_some_and(|stub| plain(words) == *stub);
    let strange = header.shown.iter().enumerate().filter(|(_, words)| !words.is_empty() && !is_stub(words));
    let unknown = strange.filter(|(column, _)| !taken.contains(column));
    let unknown = unknown.map(|(column, words)| (column, words.clone())).collect();
    let found = Found { campaign, form, table: at, header: header.rows, columns, unknown };
    let title = plain(&form.title);
    let titled = above(table, &found).any(|text| text.contains(&title));
    Fit { found, known, missing, titled }
}

/// What stands above the header, as texts are compared.
fn above<'t>(table: &'t Table, found: &Found) -> impl Iterator<Item = String> + use<'t> {
    table.rows[..found.header.0].iter().flat_map(|(_, cells)| cells).map(|cell| plain(cell))
}

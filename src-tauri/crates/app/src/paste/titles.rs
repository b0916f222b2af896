//! What the rows of a block refer to, by the names a person reads.

use std::collections::BTreeMap;

use domain::Value;
use domain::schema::{FieldType, Kind};
use store::Reader;

use super::block::{Row, State};
use crate::failure::{Failure, Outcome};
use crate::records::rows::{add_division, add_title};
use crate::session::Reading;

impl Reading {
    /// `titles`, and beside them those of the records, by id, and of the divisions, by code, that rows about a kind speak of.
    pub fn pasted_titles(
        &self,
        kind: &str,
        rows: &[&Row],
        mut titles: BTreeMap<String, String>,
    ) -> Outcome<BTreeMap<String, String>> {
        let kind = self.library().schema().kind(kind);
        self.read::<_, Failure>(|reader| {
            for row in rows {
                let changed =
                    row.changes.iter().flat_map(|change| [(&change.field, &change.old), (&change.field, &change.new)]);
                for (name, value) in row.fields.iter().chain(changed) {
                    name_of(self, reader, kind, name, value, &mut titles)?;
                }
                if matches!(row.state, State::Same | State::Differs) {
                    add_title(self, reader, &row.id.to_string(), &mut titles)?;
                }
            }
            Ok(titles)
        })
    }
}

fn name_of(
    session: &Reading,
    reader: &Reader,
    kind: Option<&Kind>,
    name: &str,
    value: &Value,
    titles: &mut BTreeMap<String, String>,
) -> Outcome<()> {
    let Some(text) = value.as_str() else { return Ok(()) };
    match kind.and_then(|kind| kind.field(name)).map(|field| &field.ty) {
        Some(FieldType::Ref { .. }) if !titles.contains_key(text) => add_title(session, reader, text, titles)?,
        Some(FieldType::Division) => add_division(session, text, titles),
        _ => {}
    }
    Ok(())
}

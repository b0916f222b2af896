//! Numbers that stand for one thing: a credit code, a case's number, a sampling sheet's. Which fields hold such a number is data
//! (`identifies` in the schema); here is when two of them are the same.

use crate::ids::OfficeCode;
use crate::record::Record;
use crate::schema::{Field, FieldType, Identifies, Kind};
use crate::value::Fields;
use crate::{spelling, uscc};

/// What a warning about a number that stands already is called, and so the reason that passes it over.
pub const TAKEN: &str = "identifier-taken";

/// What a number is told from others by: the same text exactly where two numbers are one. `None` for a blank one, and for a
/// field whose texts identify nothing.
pub fn key(kind: &str, field: &Field, office: &OfficeCode, number: &str) -> Option<String> {
    let within = match field.rules.identifies? {
        Identifies::Book => "",
        Identifies::Office => office.as_str(),
    };
    let number = match field.ty {
        FieldType::Uscc => uscc::normalise(number),
        _ => spelling::compared(number),
    };
    (!number.is_empty()).then(|| format!("{kind}.{}\n{within}\n{number}", field.name))
}

/// The fields of a kind that identify, with what the number that a record of this office holds in each is told by. `fields` may
/// be slots as well. A voided record's numbers count for nothing; that is for the caller to ask.
pub fn keys<'a>(
    kind: &'a Kind,
    office: &'a OfficeCode,
    fields: &'a Fields,
) -> impl Iterator<Item = (&'a Field, String)> {
    let identifying = kind.fields.iter().filter(|field| field.rules.identifies.is_some());
    identifying
        .filter_map(move |field| Some((field, key(&kind.id, field, office, fields.get(&field.name)?.as_str()?)?)))
}

/// Whether a person said of a record that its number may stand on another one too.
pub fn passed_over(record: &Record) -> bool {
    record.overrides.get(TAKEN).is_some_and(|reason| !reason.trim().is_empty())
}

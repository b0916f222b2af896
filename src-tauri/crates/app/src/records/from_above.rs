//! Records that only an office above writes and the record's own office answers (退回意见). Which kinds those are, the schema
//! says; a form is held to it here.

use domain::schema::{FromAbove, Kind};
use domain::{Notice, OfficeCode, Record, RecordId, Value};
use store::Reader;

use crate::failure::Outcome;
use crate::records::{Context, RecordInput};

impl Context {
    /// Whose a new record of such a kind is: the office of the record it is about, so that it travels there and can be answered.
    /// Refused unless that office is below this one. `None` for any other kind.
    pub(crate) fn owner_below(&self, reader: &Reader, input: &RecordInput) -> Outcome<Option<OfficeCode>> {
        let Some((kind, from_above)) = self.kind_from_above(input) else { return Ok(None) };
        let about = input.fields.get(&from_above.about).and_then(Value::as_str);
        let Some(about) = about.and_then(|id| id.parse::<RecordId>().ok()) else { return Ok(None) };
        let Some(about) = reader.record(about)? else { return Ok(None) };
        if !is_above(&self.office, &about.office) {
            let notice = Notice::new("written-above").with("field", &from_above.about);
            return Err(notice.with("zh", &kind.zh).with("en", &kind.en).with("office", &about.office).into());
        }
        Ok(Some(about.office))
    }

    /// An office changes nothing but its answer in what was written to it from above.
    pub(crate) fn check_only_answered(&self, input: &RecordInput, before: &Record) -> Outcome<()> {
        let Some((kind, from_above)) = self.kind_from_above(input) else { return Ok(()) };
        let answer = kind.field(&from_above.answer);
        let other = input.fields.iter().find(|(name, value)| **name != from_above.answer && before.get(name) != *value);
        let voids = input.void.as_ref().is_some_and(|void| *void != before.void);
        if is_above(&self.office, &before.office) || !voids && other.is_none() {
            return Ok(());
        }
        let notice = Notice::new("answered-below").with("zh", &kind.zh).with("en", &kind.en);
        let label = |pick: fn(&domain::schema::Field) -> &String| answer.map(pick).cloned().unwrap_or_default();
        Err(notice.with("answer_zh", label(|field| &field.zh)).with("answer_en", label(|field| &field.en)).into())
    }

    fn kind_from_above(&self, input: &RecordInput) -> Option<(&Kind, &FromAbove)> {
        let kind = self.library.schema().kind(&input.kind)?;
        Some((kind, kind.from_above.as_ref()?))
    }
}

/// Above, and not the same.
pub(crate) fn is_above(upper: &OfficeCode, lower: &OfficeCode) -> bool {
    upper != lower && upper.covers(lower)
}

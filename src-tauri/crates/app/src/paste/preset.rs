//! A value said once for every row, as it would stand in a cell.

use domain::schema::{Field, Kind};
use domain::{Notice, RecordId, Value};

use super::read::{Cell, CellReader, Names};
use super::units::Units;
use crate::failure::Outcome;
use crate::session::Reading;

/// Records by their ids, divisions by their codes.
struct ByCode<'a>(&'a Reading);

impl Names for ByCode<'_> {
    fn record(&self, _: &Field, _: &str, text: &str) -> Result<Value, Notice> {
        text.parse::<RecordId>().map(|id| Value::Text(id.to_string()))
    }

    fn division(&self, text: &str) -> Option<String> {
        self.0.library().divisions().exists(text).then(|| text.to_owned())
    }
}

impl Reading {
    pub fn typed_value(&self, kind: &str, field: &str, text: &str) -> Outcome<Value> {
        let schema = self.library().schema();
        let unknown = || Notice::new("kind-unknown").with("value", kind);
        let kind: &Kind = schema.kind(kind).ok_or_else(unknown)?;
        let unknown = || Notice::new("field-unknown").with("field", field).with("zh", &kind.zh).with("en", &kind.en);
        let field = kind.field(field).ok_or_else(unknown)?;
        let units = Units::of(schema);
        let reading = CellReader { schema, units: &units, names: &ByCode(self), from_1904: false };
        let value = reading.read(field, Cell { text, exact: None, unit: None, own: None })?;
        Ok(value.unwrap_or(Value::Null))
    }
}

//! 空表: a form to be filled in by whoever has no program.

use std::path::Path;

use campaign::answers::{Answers, Filling};
use campaign::model::{Body, CellRule, Column};
use domain::schema::{FieldType, Kind};
use domain::{Date, Notice, OfficeCode};
use forms::{Entry, blank_xlsx};

use crate::failure::{Failure, Outcome};
use crate::files::write_whole;
use crate::offices::owners::check_owner;
use crate::session::Reading;

impl Reading {
    /// Writes a blank form for an office, this one's own without one.
    pub fn write_blank(&self, form: &str, office: Option<&OfficeCode>, to: &Path) -> Outcome<()> {
        let unknown = || {
            let known: Vec<&str> = self.library().forms().map(|(_, form)| form.id.as_str()).collect();
            Failure::new(Notice::new("form-unknown").with("value", form).with("known", known.join(", ")))
        };
        if to.extension().is_none_or(|ending| !ending.eq_ignore_ascii_case("xlsx")) {
            return Err(Notice::new("blank-output-unknown").with("path", to.display()).into());
        }
        let (campaign, form) = self.library().form(form).ok_or_else(unknown)?;
        let office = office.unwrap_or(self.office()).clone();
        let name = self.read::<_, Failure>(|reader| {
            check_owner(reader, self.office(), &office)?;
            self.name_of(reader, &office)
        })?;
        let today: Date = self.clock().today();
        let filling = Filling { office_name: name, ..Filling::to_count(&form.id, office, today) };
        let (answers, entries) = match &form.body {
            Body::Statistics { .. } => {
                let (cells, unsettled, at_most) = Default::default();
                (Answers::Statistics { cells, unsettled, at_most }, Vec::new())
            }
            Body::List { of, .. } => {
                let kind = self.library().schema().kind(of);
                let kind = kind.ok_or_else(|| Notice::new("kind-unknown").with("value", of))?;
                let entries = form.columns.iter().map(|column| self.entry(kind, column)).collect();
                (Answers::List { rows: Vec::new(), unsettled: Default::default() }, entries)
            }
        };
        let filled = forms::fill(campaign, form, &filling, &answers)?;
        write_whole(to, &blank_xlsx(campaign, form, &filled, &entries, self.now_utc())?, true)
    }

    fn entry(&self, kind: &Kind, column: &Column) -> Entry {
        let schema = self.library().schema();
        let labels = |vocabulary: &str| {
            let known = schema.vocabulary(vocabulary).map(|known| known.entries.as_slice()).unwrap_or_default();
            Entry::Choice(known.iter().map(|entry| entry.zh.clone()).collect())
        };
        let path = match &column.cell {
            CellRule::RowNumber => return Entry::RowNumber,
            CellRule::Tick { .. } => return Entry::Choice(vec!["√".to_owned()]),
            CellRule::Field(path) => path,
            // Put together from several records: nothing can be read back from it, but people note it here.
            _ => return Entry::Text,
        };
        let field = match path.split_once('.') {
            None => kind.field(path),
            Some((own, rest)) => match kind.field(own).map(|field| &field.ty) {
                Some(FieldType::Ref { to }) => schema.kind(to).and_then(|kind| kind.field(rest)),
                _ => None,
            },
        };
        match field.map(|field| &field.ty) {
            Some(FieldType::Code { of }) => labels(of),
            Some(FieldType::Bool) => Entry::Choice(vec!["是".to_owned(), "否".to_owned()]),
            Some(FieldType::Date) => Entry::Day,
            Some(FieldType::Integer | FieldType::Quantity) => Entry::Whole,
            Some(FieldType::Money) => Entry::Amount,
            _ => Entry::Text,
        }
    }
}

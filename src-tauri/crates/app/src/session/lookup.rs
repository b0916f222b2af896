//! What validation may ask of the book and the campaigns.

use std::cell::RefCell;

use campaign::Library;
use campaign::answers::Filling;
use campaign::model::{Campaign, CellRule, Form};
use domain::schema::Field;
use domain::validate::{CampaignFacts, Cell, CellFacts, Lookup, Source};
use domain::{Date, OfficeCode, Record, RecordId};
use store::{Reader, StoreError, Writer};

use crate::failure::Outcome;

/// What validation may ask of the book and the campaigns.
pub(crate) struct BookLookup<'a> {
    reader: &'a Reader<'a>,
    library: &'a Library,
    today: Date,
    /// The first read that failed. Validation has no errors of a disk: what it concluded from such a read is worth nothing.
    failed: RefCell<Option<StoreError>>,
}

impl<'a> BookLookup<'a> {
    /// What `judge` finds, unless the book could not be read while it did.
    pub fn judged<T>(
        writer: &'a Writer<'a>,
        library: &'a Library,
        today: Date,
        judge: impl FnOnce(&dyn Lookup) -> T,
    ) -> Outcome<T> {
        let lookup = BookLookup { reader: writer, library, today, failed: RefCell::default() };
        let found = judge(&lookup);
        match lookup.failed.into_inner() {
            Some(error) => Err(error.into()),
            None => Ok(found),
        }
    }

    fn read<T: Default>(&self, read: Result<T, StoreError>) -> T {
        read.unwrap_or_else(|error| {
            self.failed.borrow_mut().get_or_insert(error);
            T::default()
        })
    }
}

impl Lookup for BookLookup<'_> {
    fn record(&self, id: RecordId) -> Option<Record> {
        self.read(self.reader.record(id))
    }

    fn referring(&self, kind: &str, field: &str, target: RecordId) -> Vec<Record> {
        self.read(self.reader.referring(kind, field, target))
    }

    fn identified(&self, kind: &str, field: &Field, office: &OfficeCode, number: &str) -> Vec<Record> {
        self.read(self.reader.identified(kind, field, office, number))
    }

    fn division_name(&self, code: &str) -> Option<String> {
        self.library.divisions().full_name(code)
    }

    fn today(&self) -> Date {
        self.today
    }

    fn campaign(&self, id: &str) -> Option<CampaignFacts> {
        self.library.campaign_facts(id)
    }

    fn declared(&self, office: &OfficeCode, cell: Cell, source: &str) -> Vec<Record> {
        self.read(self.reader.declared_in(office, cell.form, cell.row, cell.column, source))
    }

    fn recorded(&self, office: &OfficeCode, cell: Cell, source: &str, as_of: Date) -> Option<Record> {
        let (campaign, form) = self.library.form(cell.form)?;
        let schema = self.library.schema();
        let coded = match Source::of(schema, schema.kind(kind_counted(campaign, form, cell.column)?)?)? {
            Source::Field(field) => Some((field, source)),
            Source::Department(department) if department == source => None,
            Source::Department(_) => return None,
        };
        let filling = Filling::to_count(&form.id, office.clone(), as_of);
        let first = self.reader.first_counted(schema, campaign, form, &filling, (cell.row, cell.column), coded);
        self.record(self.read(first)?)
    }

    fn form_cell(&self, form: &str, row: &str, column: &str) -> Option<CellFacts> {
        self.library.cell_facts(form, row, column)
    }
}

/// The kind of the records that a column counts by itself.
fn kind_counted<'a>(campaign: &'a Campaign, form: &Form, column: &str) -> Option<&'a str> {
    let column = form.columns.iter().find(|known| known.id == column)?;
    let CellRule::Figure { id, .. } = &column.cell else { return None };
    campaign.figures.iter().find(|figure| figure.id == *id).map(|figure| figure.kind.as_str())
}

#[cfg(test)]
mod tests {
    use std::io::{Seek, SeekFrom, Write};
    use std::path::Path;

    use serde_json::json;
    use store::Book;

    use super::*;
    use crate::{Clock, Failure, NewBook, Writing};

    const PAGE: u64 = 4096;
    const ENTERPRISE: &str = "00000000-0000-4000-8000-000000000001";

    fn with_page_gone(book: &Path, copy: &Path, page: u64) {
        std::fs::copy(book, copy).unwrap();
        let mut file = std::fs::OpenOptions::new().write(true).open(copy).unwrap();
        file.seek(SeekFrom::Start(page * PAGE)).unwrap();
        file.write_all(&[0xff; PAGE as usize]).unwrap();
    }

    #[test]
    fn a_book_that_cannot_be_read_is_an_error_and_never_a_record_that_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let book = folder.path().join("a.book");
        let new = NewBook {
            path: book.clone(),
            office: "640121".parse().unwrap(),
            name: "永宁县局".to_owned(),
            inspector: None,
        };
        // 2021-05-27, noon in China.
        let clock = Clock::Fixed(1_622_088_000_000);
        let mut session = Writing::create(&new, &[], clock).unwrap();
        let inspection = |n: u32| {
            json!({"kind": "inspection", "id": format!("00000000-0000-4000-8000-{n:012}"), "campaigns": ["nx-2021-24"],
                "fields": {"enterprise": ENTERPRISE, "date": "2021-04-01", "inspectors": ["张三", "李四"],
                    "line": "quality", "department": "market", "categories": ["mask"], "outcome": "normal"}})
        };
        let enterprise = json!({"kind": "enterprise", "id": ENTERPRISE, "campaigns": ["nx-2021-24"],
            "fields": {"name": "甲厂", "roles": ["producer"]}});
        let lines = format!("{enterprise}\n{}\n", inspection(2));
        session.load(&mut lines.as_bytes(), true, &mut |_| {}).unwrap();
        let library = session.shared_library();
        drop(session);

        let id: RecordId = ENTERPRISE.parse().unwrap();
        let damaged = folder.path().join("damaged.book");
        let ask = |path: &Path| -> Outcome<(bool, usize)> {
            Book::open(path)?.dry_run::<_, Failure>(|writer| {
                BookLookup::judged(writer, &library, clock.today(), |lookup| {
                    let referring = lookup.referring("inspection", "enterprise", id);
                    (lookup.record(id).is_some(), referring.len())
                })
            })
        };
        assert_eq!(ask(&book), Ok((true, 1)));
        let mut unreadable = Vec::new();
        for page in 1..std::fs::metadata(&book).unwrap().len() / PAGE {
            with_page_gone(&book, &damaged, page);
            match ask(&damaged) {
                Ok(found) => assert_eq!(found, (true, 1), "page {page}"),
                Err(_) => unreadable.push(page),
            }
        }
        assert!(!unreadable.is_empty());

        // What a person saves on such a book fails with what is wrong with the book, and is not kept.
        let refusals: Vec<String> = unreadable
            .into_iter()
            .filter_map(|page| {
                with_page_gone(&book, &damaged, page);
                let mut session = Writing::open(&damaged, &[], clock).ok()?;
                let text = inspection(3).to_string();
                Some(session.load(&mut text.as_bytes(), true, &mut |_| {}).err()?.code().to_owned())
            })
            .collect();
        assert!(!refusals.is_empty() && refusals.iter().all(|code| code == "book-damaged"), "{refusals:?}");
    }
}

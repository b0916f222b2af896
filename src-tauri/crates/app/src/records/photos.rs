//! Photos of a record: added, listed, shown and written to a file. Content is stored once by its hash; taking a photo away
//! is voiding its record, like any other.

use std::path::Path;

use domain::clock::day_in_china;
use domain::{Fields, Notice, Record, RecordId, Value};
use exchange::Hash32;
use serde::Serialize;
use store::Reader;
use ts_rs::TS;

use crate::failure::{Failure, Outcome};
use crate::files::write_whole;
use crate::records::picture::{self, StoredPicture};
use crate::records::{Context, RecordInput};
use crate::session::{Reading, Writing};

/// Characters of a file's name that are kept.
const LONGEST_NAME: usize = 200;

/// A photo of a record, new or already there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoAdded {
    pub photo: RecordId,
    /// The record had this very photo before.
    pub known: bool,
}

#[derive(Debug, Serialize, TS)]
pub struct PhotoView {
    pub id: String,
    pub name: String,
    pub sha256: String,
    pub taken_on: Option<String>,
    pub bytes: i64,
    pub void: Option<String>,
    /// The content is in this book; of a record that came ahead of its photo it is not.
    pub held: bool,
    /// Who added it, and on which day.
    pub author: String,
    pub added_on: String,
}

pub(crate) fn photo_view(reader: &Reader, record: Record) -> Outcome<PhotoView> {
    let first = reader.revisions(record.id)?.into_iter().next().map(|stored| stored.revision);
    let text = |field: &str| record.text(field).unwrap_or_default().to_owned();
    let hash: Option<Hash32> = text("sha256").parse().ok();
    Ok(PhotoView {
        id: record.id.to_string(),
        name: text("name"),
        sha256: text("sha256"),
        taken_on: record.date("taken_on").map(|day| day.to_string()),
        bytes: record.int("bytes").unwrap_or(0),
        held: hash.map(|hash| reader.has_attachment(&hash.0)).transpose()?.unwrap_or(false),
        author: first.as_ref().map(|revision| revision.author.clone()).unwrap_or_default(),
        added_on: first.map(|revision| day_in_china(revision.clock.millis).to_string()).unwrap_or_default(),
        void: record.void,
    })
}

impl Reading {
    /// One photo, as it is listed.
    pub fn photo(&self, id: RecordId) -> Outcome<PhotoView> {
        let record = self.record(id)?;
        self.read(|reader| photo_view(reader, record))
    }

    /// The photos of a record as they were added, voided ones included.
    pub fn photo_list(&self, of: RecordId) -> Outcome<Vec<PhotoView>> {
        let records = self.photos(of)?;
        self.read::<_, Failure>(|reader| records.into_iter().map(|record| photo_view(reader, record)).collect())
    }

    /// The attachments of a record as they were added, voided ones included.
    pub fn photos(&self, of: RecordId) -> Outcome<Vec<Record>> {
        // Ids of this program begin with the time they were made.
        Ok(self.read(|reader| reader.referring("attachment", "of", of))?)
    }

    /// What a photo's record refers to, once its content has arrived.
    pub fn photo_content(&self, photo: RecordId) -> Outcome<Vec<u8>> {
        let record = self.record(photo)?;
        let missing = || Notice::new("photo-missing").with("name", record.text("name").unwrap_or_default());
        let sha256: Hash32 = record.text("sha256").and_then(|text| text.parse().ok()).ok_or_else(missing)?;
        let content = self.read::<_, Failure>(|reader| Ok(reader.attachment(&sha256.0)?))?;
        content.ok_or_else(|| missing().into())
    }

    /// Writes a photo as it is kept.
    pub fn write_photo(&self, photo: RecordId, to: &Path) -> Outcome<()> {
        write_whole(to, &self.photo_content(photo)?, true)
    }
}

impl Writing {
    /// Adds a photo to a record that is in the book. It belongs to the record's office, so that it goes where the record goes.
    pub fn add_photo(&mut self, of: RecordId, name: &str, bytes: &[u8]) -> Outcome<PhotoAdded> {
        let owner = self.record(of)?;
        let StoredPicture { bytes, taken_on } = picture::keep(bytes)?;
        let sha256 = Hash32::of(&bytes);
        let known = self.photos(of)?.into_iter().find(|photo| {
            let same = photo.text("sha256").is_some_and(|text| text == sha256.to_string());
            same && photo.void.is_none()
        });
        if let Some(photo) = known {
            return Ok(PhotoAdded { photo: photo.id, known: true });
        }
        let photo = RecordId(uuid::Uuid::now_v7());
        let mut fields = Fields::from([
            ("of".to_owned(), Value::text(of.to_string())),
            ("mime".to_owned(), Value::text(picture::MIME)),
            ("bytes".to_owned(), Value::Int(bytes.len() as i64)),
            ("sha256".to_owned(), Value::text(sha256.to_string())),
        ]);
        fields.extend(plain_name(name).map(|name| ("name".to_owned(), Value::Text(name))));
        // A camera whose clock runs ahead says nothing about the day.
        let day = taken_on.filter(|day| *day <= self.clock().today());
        fields.extend(day.map(|day| ("taken_on".to_owned(), Value::text(day.to_string()))));
        let input = RecordInput {
            kind: "attachment".to_owned(),
            office: Some(owner.office.to_string()),
            fields,
            ..RecordInput::default()
        };
        let now = self.clock().millis();
        let context = Context::of(self);
        self.transact::<_, Failure>(|writer| {
            context.write(writer, photo, &input, None, now)?;
            writer.put_attachment(sha256.0, &bytes)?;
            writer.flush()?;
            let (errors, _) = context.judge(writer, photo, None)?;
            if errors.is_empty() { Ok(()) } else { Err(errors.into()) }
        })?;
        Ok(PhotoAdded { photo, known: false })
    }
}

/// The last part of a file's name, without what cannot be shown.
fn plain_name(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let unshown =
        |c: &char| c.is_control() || matches!(c, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}');
    let plain: String = last.chars().filter(|c| !unshown(c)).take(LONGEST_NAME).collect();
    Some(plain.trim().to_owned()).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::books::NewBook;
    use crate::clock::Clock;

    const SIDEWAYS: &[u8] = include_bytes!("../../../../../tests/fixtures/photos/sideways.jpg");

    #[test]
    fn content_of_two_records_is_stored_once() {
        let folder = tempfile::tempdir().unwrap();
        let new = NewBook {
            path: folder.path().join("a.book"),
            office: "640121".parse().unwrap(),
            name: "永宁县市场监督管理局".to_owned(),
            inspector: None,
        };
        // 2021-05-27, noon in China.
        let mut session = Writing::create(&new, &[], Clock::Fixed(1_622_088_000_000)).unwrap();
        let factory =
            serde_json::json!({ "kind": "enterprise", "fields": { "name": "银川永宁口罩厂", "roles": ["producer"] } });
        let factory = session.save(serde_json::from_value(factory).unwrap(), true).unwrap().record;
        let photo = session.add_photo(factory, "1.jpg", SIDEWAYS).unwrap().photo;
        // A photo can be of anything that is recorded, a photo too.
        let of_photo = session.add_photo(photo, "2.jpg", SIDEWAYS).unwrap();
        assert!(!of_photo.known);
        assert_eq!(session.photo(photo).unwrap().sha256, session.photo(of_photo.photo).unwrap().sha256);
        let kept = session.read::<_, Failure>(|reader| {
            let mut kept = Vec::new();
            for mark in reader.streams()? {
                for run in reader.runs(&mark.device, &mark.office, 1)? {
                    kept.extend(reader.attachments_of(&run)?);
                }
            }
            Ok(kept)
        });
        assert_eq!(kept.unwrap().len(), 1);
    }
}

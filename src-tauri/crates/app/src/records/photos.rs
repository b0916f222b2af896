//! Photos of a record: added, listed, shown and written to a file. Content is stored once by its hash; taking a photo away
//! is voiding its record, like any other.

use std::path::Path;

use domain::{Fields, Notice, RecordId, Value};
use exchange::Hash32;

use crate::failure::{Failure, Outcome};
use crate::files::write_whole;
use crate::records::picture::{self, Kept};
use crate::records::{Context, Draft};
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

impl Reading {
    /// The attachments of a record as they were added, voided ones included.
    pub fn photos(&self, of: RecordId) -> Outcome<Vec<domain::Record>> {
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
        let Kept { bytes, taken_on } = picture::keep(bytes)?;
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
        let draft =
            Draft { kind: "attachment".to_owned(), office: Some(owner.office.to_string()), fields, ..Draft::default() };
        let now = self.clock().millis();
        let context = Context::of(self);
        self.transact::<_, Failure>(|writer| {
            context.write(writer, photo, &draft, None, now)?;
            writer.put_attachment(sha256.0, &bytes)?;
            writer.settle()?;
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

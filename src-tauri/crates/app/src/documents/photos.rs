//! The photos of a document: which, in what order, and the words under each. What is printed is a copy no larger than paper
//! shows, drawn one at a time, so that a file of many photos takes no more memory than its pages.

use domain::{Record, RecordId};
use exchange::Hash32;
use forms::document::{Annex, Photo};

use super::layout::PhotosLayout;
use super::parts::{Assembly, in_words};
use crate::failure::Outcome;
use crate::records::picture;
use crate::words::day_of;

/// Ten pages of them.
const MOST_PRINTED: usize = 60;
/// The longer side of what is printed, in pixels: 80 mm at about 250 dots an inch.
const LONGEST_SIDE: u32 = 800;
/// Characters of a photo's name and of a record's title under it.
const LONGEST_WORDS: usize = 48;

impl Assembly<'_> {
    /// Unvoided photos: an enterprise's newest first, as they are listed; a record's own as they were taken.
    pub fn annex(&self, layout: &PhotosLayout) -> Outcome<Option<Annex>> {
        let photos = match &self.dossier {
            Some(dossier) => dossier.attachments.clone(),
            None => self.photos_of(layout)?,
        };
        if photos.is_empty() {
            return Ok(None);
        }
        let mut printed = Vec::new();
        for (at, photo) in photos.iter().take(MOST_PRINTED).enumerate() {
            printed.push(Photo { picture: self.picture(layout, photo)?, lines: self.lines(at, photo)? });
        }
        let left = photos.len() - printed.len();
        let note = if left == 0 { String::new() } else { layout.more.replace("{count}", &left.to_string()) };
        Ok(Some(Annex { heading: layout.heading.clone(), photos: printed, note }))
    }

    fn photos_of(&self, layout: &PhotosLayout) -> Outcome<Vec<Record>> {
        let reader = self.words.reader;
        let mut owners = vec![self.record.id];
        for (kind, field) in &layout.with {
            let others = reader.referring(kind, field, self.record.id)?;
            owners.extend(others.iter().filter(|other| other.void.is_none()).map(|other| other.id));
        }
        let mut photos = Vec::new();
        for owner in owners {
            photos.extend(reader.referring("attachment", "of", owner)?);
        }
        photos.retain(|photo| photo.void.is_none());
        Ok(photos)
    }

    fn picture(&self, layout: &PhotosLayout, photo: &Record) -> Outcome<Result<std::sync::Arc<[u8]>, String>> {
        let sha256: Option<Hash32> = photo.text("sha256").and_then(|text| text.parse().ok());
        let content = sha256.map(|sha256| self.words.reader.attachment(&sha256.0)).transpose()?.flatten();
        Ok(match content.map(|content| picture::smaller(&content, LONGEST_SIDE)) {
            Some(Ok(drawn)) => Ok(drawn.into()),
            Some(Err(_)) => Err(layout.broken.clone()),
            None => Err(layout.missing.clone()),
        })
    }

    /// Its number and name, the record it belongs to, and the day it was taken.
    fn lines(&self, at: usize, photo: &Record) -> Outcome<Vec<String>> {
        let name = shortened(&self.words.of(photo, "name")?);
        let mut lines = vec![format!("{}．{name}", at + 1)];
        let owner = photo.reference("of").map(|id: RecordId| self.words.reader.record(id)).transpose()?.flatten();
        if let Some(owner) = owner {
            let schema = self.words.session.library().schema();
            let day = schema.kind(&owner.kind).map_or("", |kind| day_of(kind, &owner));
            let title = shortened(&self.words.of(photo, "of")?);
            let title = if title == day { String::new() } else { title };
            let words = [self.words.kind(&owner.kind), in_words(day), title];
            lines.push(words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join("　"));
        }
        if let Some(day) = photo.date("taken_on") {
            lines.push(format!("拍摄于{}", in_words(&day.to_string())));
        }
        Ok(lines)
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_WORDS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

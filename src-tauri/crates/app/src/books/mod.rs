//! Making, opening, checking and copying a book.

pub mod backups;
pub mod people;

use std::path::{Path, PathBuf};

use domain::findings::Finding;
use domain::{Notice, OfficeCode};
use exchange::{OfficeKeys, SigningKey};
use serde::{Deserialize, Serialize};
use store::{Book, CheckReport, ProgressSink, ReadOnlyBook};
use ts_rs::TS;

use crate::clock::Clock;
use crate::failure::{Failure, Outcome};
use crate::names::office_name;
use crate::offices::relation::uppers;
use crate::session::{Reading, Writing, meta};

/// A book to be made.
#[derive(Debug, Clone)]
pub struct NewBook {
    pub path: PathBuf,
    pub office: OfficeCode,
    pub name: String,
    pub inspector: Option<String>,
}

/// A book at a glance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct BookStatus {
    pub path: String,
    pub office: String,
    pub office_name: String,
    pub inspector: String,
    pub device: String,
    /// Unvoided records by kind.
    pub records: Vec<KindCount>,
    /// Records no package has carried yet.
    pub unsent: u64,
    pub conflicts: u64,
    /// Revisions that wait for a parent, were quarantined or withheld.
    pub set_aside: u64,
    pub upper_office: Option<String>,
    /// Lines that are missing: what waits for them names no other place to ask.
    pub gaps: Vec<GapView>,
}

/// Part of a stream that has not arrived, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct GapView {
    pub device: String,
    /// The office whose records it carries.
    pub office: String,
    pub first: u64,
    pub last: u64,
}

/// A revision that is kept but does not count, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AsideView {
    pub record: String,
    /// `pending`, `withheld`, `quarantined` or `disputed`.
    pub state: &'static str,
    pub why: Option<Notice>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct KindCount {
    pub kind: String,
    pub live: u64,
    pub voided: u64,
}

/// A book that was opened on this computer, or made from a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recent {
    #[serde(with = "crate::names::as_text")]
    pub path: PathBuf,
    pub office: String,
    pub name: String,
}

impl Reading {
    /// How many records of each kind there are.
    pub fn counts(&self) -> Outcome<Vec<KindCount>> {
        let counts = self.read(|reader| reader.counts())?;
        Ok(counts.into_iter().map(|(kind, (live, voided))| KindCount { kind, live, voided }).collect())
    }

    pub fn status(&self) -> Outcome<BookStatus> {
        self.read::<_, Failure>(|reader| {
            let records =
                reader.counts()?.into_iter().map(|(kind, (live, voided))| KindCount { kind, live, voided }).collect();
            Ok(BookStatus {
                path: self.path().display().to_string(),
                office: self.office().to_string(),
                office_name: self.office_name().to_owned(),
                inspector: self.author().to_owned(),
                device: self.device().to_string(),
                records,
                unsent: reader.unsent_records()?,
                conflicts: reader.conflict_count()?,
                set_aside: reader.set_aside()?.len() as u64,
                upper_office: match uppers(reader)?.as_slice() {
                    [upper] => Some(upper.code.to_string()),
                    _ => None,
                },
                gaps: reader
                    .gaps()?
                    .into_iter()
                    .map(|gap| GapView {
                        device: gap.device.to_string(),
                        office: gap.office.to_string(),
                        first: gap.first,
                        last: gap.last,
                    })
                    .collect(),
            })
        })
    }

    /// Revisions that are kept but do not count: they wait for a parent, were withheld by an undo, or are refused.
    pub fn set_aside(&self) -> Outcome<Vec<AsideView>> {
        let aside = self.read(|reader| reader.set_aside())?;
        Ok(aside
            .into_iter()
            .map(|aside| AsideView {
                record: aside.record.to_string(),
                state: match aside.state {
                    store::RevisionState::Folded => "folded",
                    store::RevisionState::Pending => "pending",
                    store::RevisionState::Withheld => "withheld",
                    store::RevisionState::Quarantined => "quarantined",
                    store::RevisionState::Disputed => "disputed",
                },
                why: aside.why,
            })
            .collect())
    }

    /// What merged books broke across records: computed from what stands, shown until someone corrects it.
    pub fn findings(&self) -> Outcome<Vec<Finding>> {
        Ok(self.read(|reader| reader.findings())?)
    }

    pub fn digest(&self) -> Outcome<String> {
        Ok(self.read(|reader| reader.digest())?)
    }

    /// Rebuilds everything from the log and compares.
    pub fn check(&self, tell: &mut dyn FnMut(u64, u64)) -> Outcome<CheckReport> {
        Ok(self.book().check(tell)?)
    }

    /// When it was last saved, in milliseconds by the clock of the time.
    pub fn last_saved(&self) -> Outcome<Option<u64>> {
        Ok(self.read(|reader| reader.last_saved())?)
    }

    pub fn backup(&self, to: &Path) -> Outcome<()> {
        Ok(store::backup(self.book(), to)?)
    }
}

impl Writing {
    /// Makes a book with new keys, and opens it.
    pub fn create(new: &NewBook, campaign_dirs: &[PathBuf], clock: Clock) -> Outcome<Writing> {
        let library = campaign::Library::load(campaign_dirs)?;
        if !library.divisions().exists(new.office.division()) {
            return Err(Notice::new("division-unknown").with("value", &new.office).into());
        }
        let name = office_name(&new.name)?;
        let inspector = new.inspector.as_deref().map(crate::names::person).transpose()?;
        let (keys, recovery) = OfficeKeys::generate()?;
        let device = SigningKey::generate()?;
        let certificate = keys.certify(&new.office, &device.public())?;
        let mut book = Book::create(&new.path)?;
        let written = book.transact::<_, Failure>(|writer| {
            writer.set_meta(meta::OFFICE, new.office.as_str())?;
            writer.set_meta(meta::OFFICE_NAME, &name)?;
            if let Some(inspector) = &inspector {
                writer.set_meta(meta::INSPECTOR, inspector)?;
            }
            writer.set_meta(meta::DEVICE_KEY, &device.to_text())?;
            writer.set_meta(meta::ROOT_KEY, &keys.root.to_text())?;
            writer.set_meta(meta::AGE_KEY, &keys.age.to_text())?;
            writer.set_meta(meta::RECOVERY_KEY, &recovery.to_text())?;
            writer.set_meta(meta::CERTIFICATE, &serde_json::to_string(&certificate).unwrap_or_default())?;
            writer.set_meta(meta::ROSTER, "1")?;
            writer.set_meta(meta::DEVICES, &serde_json::to_string(&[device.public().to_text()]).unwrap_or_default())?;
            Ok(())
        });
        if let Err(failure) = written {
            drop(book);
            // Nothing was recorded in it yet, and a book without an office could never be opened.
            let _ = std::fs::remove_file(&new.path);
            return Err(failure);
        }
        Writing::of_book(book, campaign_dirs, clock, true)
    }

    /// A person says that the clock is right which says `now`: it was the last save that was made by a wrong one.
    pub fn trust_clock(&mut self, now: u64) -> Outcome<()> {
        self.transact::<_, Failure>(|writer| Ok(writer.trust_clock(now)?))?;
        Ok(())
    }
}

/// Rebuilds everything of one state of a book from its log and compares, while the book goes on being written. `progress` may
/// end it.
pub fn check_open_book(path: &Path, progress: &mut ProgressSink) -> Outcome<CheckReport> {
    Ok(ReadOnlyBook::open(path)?.check(progress)?)
}

/// What `check` found, each with what to do.
pub fn findings(report: &CheckReport) -> Vec<Notice> {
    report
        .findings
        .iter()
        .map(|finding| match finding {
            store::Finding::File(detail) => Notice::new("book-damaged").with("detail", detail),
            store::Finding::LineAltered { n, id } => Notice::new("line-altered").with("n", n).with("id", id),
            store::Finding::RecordDiffers { record } => Notice::new("record-differs").with("record", record),
            store::Finding::StreamDiffers { device, office } => {
                Notice::new("stream-differs").with("device", device).with("office", office)
            }
        })
        .collect()
}

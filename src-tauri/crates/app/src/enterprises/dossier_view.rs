//! 企业档案 with every name a person reads.

use domain::{Record, RecordId};
use serde::Serialize;
use store::Reader;
use ts_rs::TS;

use crate::enterprises::dossier::{KindTally, MOST_SHOWN, TimelinePage, may_write, tallies};
use crate::failure::{Failure, Outcome};
use crate::messages::Language;
use crate::records::photos::{PhotoView, photo_view};
use crate::records::rows::{RecordRow, in_full, row};
use crate::session::Reading;
use crate::words::{Words, title_of};

/// Events that come with a dossier; the rest is asked for page by page.
const FIRST_EVENTS: u32 = 50;

#[derive(Debug, Serialize, TS)]
pub struct DossierView {
    /// The one that stays, whichever of the joined ones was asked for.
    pub enterprise: RecordRow,
    /// Those joined to it.
    pub joined: Vec<JoinedView>,
    pub products: Vec<RecordRow>,
    pub open_problems: Vec<RecordRow>,
    /// Photos of its records and of what happened to it.
    pub attachments: Vec<OwnedPhoto>,
    pub totals: TotalsView,
    pub timeline: TimelinePage,
    /// Lists longer than this are cut to their newest.
    pub most_shown: u32,
}

#[derive(Debug, Serialize, TS)]
pub struct JoinedView {
    #[serde(flatten)]
    #[ts(flatten)]
    pub row: RecordRow,
    pub office_name: String,
    /// Whether this office may take the join back.
    pub writable: bool,
}

#[derive(Debug, Serialize, TS)]
pub struct OwnedPhoto {
    pub photo: PhotoView,
    /// The record it is of.
    pub of: String,
    pub of_kind: String,
    pub of_title: String,
}

#[derive(Debug, Serialize, TS)]
pub struct TotalsView {
    pub kinds: Vec<KindTally>,
    pub nonconforming_samples: u64,
    pub open_problems: u64,
    pub penalty_fen: i64,
}

fn rows(session: &Reading, reader: &Reader, records: Vec<Record>) -> Outcome<Vec<RecordRow>> {
    records.into_iter().map(|record| row(session, reader, record)).collect()
}

/// Each photo with the record it is of; one whose record is not here is nobody's.
fn owned(session: &Reading, reader: &Reader, records: Vec<Record>) -> Outcome<Vec<OwnedPhoto>> {
    let mut found = Vec::new();
    for photo in records {
        let Some(of) = photo.reference("of").map(|id| reader.record(id)).transpose()?.flatten() else { continue };
        let of_title = title_of(session, reader, &of)?;
        let photo = photo_view(reader, photo)?;
        found.push(OwnedPhoto { photo, of: of.id.to_string(), of_kind: of.kind, of_title });
    }
    Ok(found)
}

impl Reading {
    pub fn dossier_view(&self, id: RecordId, language: Language) -> Outcome<DossierView> {
        self.read::<_, Failure>(|reader| {
            let dossier = self.dossier(reader, id)?;
            let words = Words { session: self, reader, language };
            let timeline = self.timeline_in(&words, &dossier.members, None, FIRST_EVENTS)?;
            let joined = dossier.joined.into_iter().map(|record| {
                let (writable, office_name) = (may_write(self, &record.office), self.name_of(reader, &record.office)?);
                Ok(JoinedView { row: row(self, reader, record)?, office_name, writable })
            });
            Ok(DossierView {
                joined: joined.collect::<Outcome<Vec<_>>>()?,
                enterprise: in_full(self, row(self, reader, dossier.enterprise)?),
                products: rows(self, reader, dossier.products)?,
                open_problems: rows(self, reader, dossier.open_problems)?,
                attachments: owned(self, reader, dossier.attachments)?,
                totals: TotalsView {
                    kinds: tallies(dossier.totals.kinds),
                    nonconforming_samples: dossier.totals.nonconforming_samples,
                    open_problems: dossier.totals.open_problems,
                    penalty_fen: dossier.totals.penalty_fen,
                },
                timeline,
                most_shown: MOST_SHOWN,
            })
        })
    }
}

//! 企业档案 as the page shows it, and the two halves of a doubtful pair side by side.

use app::enterprises::dossier::{MOST_SHOWN, TimelinePage, may_write};
use app::enterprises::joins::own_records;
use app::failure::{Failure, Outcome};
use app::messages::Language;
use app::session::Reading;
use app::words::Words;
use app::words::title_of;
use domain::{Record, RecordId};
use serde::{Deserialize, Serialize};
use store::Reader;
use ts_rs::TS;

use crate::rows::{RecordRow, in_full, row};
use crate::views::Nothing;
use crate::{Backend, photos};

/// Events that come with a dossier; the rest is asked for page by page.
const FIRST_EVENTS: u32 = 50;

/// Pairs are shown up to this many; what is decided makes room for more.
const MOST_PAIRS: usize = 200;

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct EnterpriseOf {
    pub id: String,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
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
#[ts(export_to = "bridge.ts")]
pub struct JoinedView {
    #[serde(flatten)]
    #[ts(flatten)]
    pub row: RecordRow,
    pub office_name: String,
    /// Whether this office may take the join back.
    pub writable: bool,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct OwnedPhoto {
    pub photo: photos::PhotoView,
    /// The record it is of.
    pub of: String,
    pub of_kind: String,
    pub of_title: String,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct KindTally {
    pub kind: String,
    #[ts(type = "number")]
    pub count: u64,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct TotalsView {
    pub kinds: Vec<KindTally>,
    #[ts(type = "number")]
    pub nonconforming_samples: u64,
    #[ts(type = "number")]
    pub open_problems: u64,
    #[ts(type = "number")]
    pub penalty_fen: i64,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct TimelineOf {
    pub id: String,
    /// `next` of the page before; null for the newest.
    pub after: Option<String>,
    pub limit: u32,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct PairsView {
    pub pairs: Vec<PairView>,
    #[ts(type = "number")]
    pub total: u64,
    /// What a person found to be two, remembered in this book only.
    pub apart: Vec<PairView>,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct PairView {
    pub left: RecordRow,
    pub right: RecordRow,
    /// `uscc` or `name`: what is equal. Null for a pair set apart.
    pub reason: Option<String>,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct TwoEnterprises {
    pub left: String,
    pub right: String,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct Comparison {
    pub left: ComparedView,
    pub right: ComparedView,
}

#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct ComparedView {
    #[serde(flatten)]
    #[ts(flatten)]
    pub row: RecordRow,
    pub office_name: String,
    /// Records of its own, by kind.
    pub records: Vec<KindTally>,
    /// Whether this office may join it to another: the record belongs to it or to one below.
    pub writable: bool,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct JoinEnterprises {
    pub member: String,
    /// The one that stays.
    pub kept: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct SetApart {
    pub left: String,
    pub right: String,
    /// False forgets it again.
    pub apart: bool,
}

/// How many pairs may be one enterprise, those left out that a person set apart.
#[derive(Debug, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct PairCount {
    #[ts(type = "number")]
    pub count: u64,
}

pub fn pair_count(session: &Reading, _: Nothing, _: Language) -> Outcome<PairCount> {
    Ok(PairCount { count: session.pair_count()? })
}

fn tallies(kinds: impl IntoIterator<Item = (String, u64)>) -> Vec<KindTally> {
    kinds.into_iter().map(|(kind, count)| KindTally { kind, count }).collect()
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
        let photo = photos::view(reader, photo)?;
        found.push(OwnedPhoto { photo, of: of.id.to_string(), of_kind: of.kind, of_title });
    }
    Ok(found)
}

pub fn dossier(session: &Reading, input: EnterpriseOf, language: Language) -> Outcome<DossierView> {
    let id = input.id.parse()?;
    session.read::<_, Failure>(|reader| {
        let dossier = session.dossier(reader, id)?;
        let words = Words { session, reader, language };
        let timeline = session.timeline_in(&words, &dossier.members, None, FIRST_EVENTS)?;
        let joined = dossier.joined.into_iter().map(|record| {
            let (writable, office_name) =
                (may_write(session, &record.office), session.name_of(reader, &record.office)?);
            Ok(JoinedView { row: row(session, reader, record)?, office_name, writable })
        });
        Ok(DossierView {
            joined: joined.collect::<Outcome<Vec<_>>>()?,
            enterprise: in_full(session, row(session, reader, dossier.enterprise)?),
            products: rows(session, reader, dossier.products)?,
            open_problems: rows(session, reader, dossier.open_problems)?,
            attachments: owned(session, reader, dossier.attachments)?,
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

pub fn timeline(session: &Reading, input: TimelineOf, language: Language) -> Outcome<TimelinePage> {
    let limit = input.limit.clamp(1, 500);
    session.timeline(input.id.parse()?, input.after.as_deref(), limit, language)
}

pub fn pairs(session: &Reading, _: Nothing, _: Language) -> Outcome<PairsView> {
    session.read::<_, Failure>(|reader| {
        let found = session.pairs_in(reader)?;
        let total = found.len() as u64;
        let view = |left, right, reason: Option<&str>| {
            let (left, right) = (row(session, reader, left)?, row(session, reader, right)?);
            Ok(PairView { left, right, reason: reason.map(str::to_owned) })
        };
        let pairs = found.into_iter().take(MOST_PAIRS).map(|pair| view(pair.left, pair.right, Some(pair.reason)));
        let apart = session.set_apart(reader)?.into_iter().take(MOST_PAIRS);
        Ok(PairsView {
            pairs: pairs.collect::<Outcome<Vec<_>>>()?,
            total,
            apart: apart.map(|(left, right)| view(left, right, None)).collect::<Outcome<Vec<_>>>()?,
        })
    })
}

pub fn compare(session: &Reading, input: TwoEnterprises, _: Language) -> Outcome<Comparison> {
    let ids: [RecordId; 2] = [input.left.parse()?, input.right.parse()?];
    session.read::<_, Failure>(|reader| {
        let side = |id: RecordId| {
            let record = session.enterprise(reader, id)?;
            Ok::<_, Failure>(ComparedView {
                office_name: session.name_of(reader, &record.office)?,
                records: tallies(own_records(reader, id)?),
                writable: may_write(session, &record.office),
                row: row(session, reader, record)?,
            })
        };
        Ok(Comparison { left: side(ids[0])?, right: side(ids[1])? })
    })
}

pub fn join(backend: &mut Backend, input: JoinEnterprises, _: Language) -> Outcome<Nothing> {
    backend.session_mut()?.join_enterprises(input.member.parse()?, input.kept.parse()?)?;
    Ok(Nothing {})
}

pub fn split(backend: &mut Backend, input: EnterpriseOf, _: Language) -> Outcome<Nothing> {
    backend.session_mut()?.split_enterprise(input.id.parse()?)?;
    Ok(Nothing {})
}

pub fn set_apart(backend: &mut Backend, input: SetApart, _: Language) -> Outcome<Nothing> {
    backend.session_mut()?.keep_apart(input.left.parse()?, input.right.parse()?, input.apart)?;
    Ok(Nothing {})
}

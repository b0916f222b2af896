//! Campaign files that come from above, with a package or an invitation: taken in, used or not, removed by a person, and
//! gone again when their package is taken back.

use std::collections::BTreeSet;
use std::sync::Arc;

use campaign::{Bundle, Heading, Library, Origin};
use domain::Notice;
use exchange::Hash32;
use serde::Serialize;
use store::{CampaignRow, CampaignStatus, Writer};
use ts_rs::TS;

use crate::failure::{Failure, Outcome, Problem};
use crate::messages::Language;
use crate::session::{Reading, Sent, Writing};

/// A book uses at most so many that came from above.
pub(crate) const MOST_CAMPAIGNS: usize = 50;
/// Many times the longest there is.
const MOST_BYTES: usize = 1 << 20;
/// Enough of a hash to tell one file from fifty others.
const KEY_DIGITS: usize = 12;

/// A campaign that a package brings, or takes with it when it is undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CampaignLine {
    pub id: String,
    pub title: String,
    pub change: CampaignChange,
    /// Why it cannot be used.
    #[serde(skip)]
    pub why: Option<Notice>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum CampaignChange {
    /// It is used from then on.
    New,
    /// One with its id is known, and stays as it is.
    Known,
    /// A person removed it before, and it stays removed.
    Removed,
    /// It cannot be used by this program.
    Unusable,
    /// It is used no more.
    Gone,
}

/// A campaign that came from above, as a person looks after them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SentCampaign {
    /// What it is called by when it is removed: part of its hash.
    pub key: String,
    pub id: String,
    pub title: String,
    pub document: String,
    pub status: SentStatus,
    /// Why it is not loaded.
    pub problem: Option<Problem>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SentStatus {
    Used,
    Removed,
    /// What brought it was undone.
    Withdrawn,
    /// Another one of its id is known, or this program cannot read it.
    NotLoaded,
}

impl CampaignLine {
    fn of(body: &[u8], change: CampaignChange, why: Option<Notice>) -> Self {
        let (id, title) = heading(body).map(|heading| (heading.id, heading.title)).unwrap_or_default();
        CampaignLine { id, title, change, why }
    }

    /// What it says to a person.
    pub fn notice(&self) -> Notice {
        let notice = match self.change {
            CampaignChange::New => Notice::new("campaign-comes"),
            CampaignChange::Known => Notice::new("campaign-known-otherwise"),
            CampaignChange::Removed => Notice::new("campaign-stays-removed"),
            CampaignChange::Unusable => Notice::new("campaign-unusable"),
            CampaignChange::Gone => Notice::new("campaign-goes"),
        };
        notice.with("id", &self.id).with("title", &self.title)
    }
}

fn key(sha256: [u8; 32]) -> String {
    Hash32(sha256).to_string()[..KEY_DIGITS].to_owned()
}

/// Campaigns that this program has of its own or was told of by its user; those that were sent add to them.
fn own_bundles(library: &Library) -> BTreeSet<Vec<u8>> {
    let own = library.campaigns().filter(|campaign| library.origin(&campaign.id) != Some(Origin::Bundle));
    own.filter_map(|campaign| Some(library.bundle(&campaign.id)?.to_bytes())).collect()
}

/// Whether the program has a campaign of that id itself: no other one can ever be used under it.
fn is_builtin(library: &Library, id: &str) -> bool {
    library.origin(id) == Some(Origin::Builtin)
}

fn heading(body: &[u8]) -> Option<Heading> {
    Bundle::from_bytes(body).ok().and_then(|bundle| bundle.heading())
}

/// One campaign file among those that come with something, before it is kept.
pub(crate) fn fits(count: usize, body: &[u8]) -> Outcome<()> {
    if count > MOST_CAMPAIGNS {
        return Err(Notice::new("campaigns-too-many").with("limit", MOST_CAMPAIGNS).into());
    }
    if body.len() > MOST_BYTES {
        return Err(Notice::new("campaign-too-large").with("bytes", body.len()).with("limit", MOST_BYTES).into());
    }
    Ok(())
}

/// Keeps campaign files that came with a package (by its row number) or an invitation. `before` are those the book had when
/// that did not count yet. Returns what a person should know.
pub(crate) fn take_in(
    writer: &mut Writer,
    library: &Library,
    bodies: &[Vec<u8>],
    package: Option<i64>,
    before: &[CampaignRow],
    at: u64,
) -> Outcome<Vec<CampaignLine>> {
    let own = own_bundles(library);
    let mut lines = Vec::new();
    let mut new: Vec<&[u8]> = Vec::new();
    let (builtin, others): (Vec<&Vec<u8>>, Vec<&Vec<u8>>) = bodies
        .iter()
        .filter(|body| !own.contains(*body))
        .partition(|body| heading(body).is_some_and(|heading| is_builtin(library, &heading.id)));
    // The same campaign may come with more words than it needs: that is no news.
    let (_, differing) = library.with_bundles(builtin.iter().map(|body| body.as_slice()));
    lines.extend(
        differing.into_iter().map(|(at, why)| CampaignLine::of(builtin[at], CampaignChange::Known, Some(why.notice()))),
    );
    for body in others {
        let sha256 = Hash32::of(body).0;
        let known = before.iter().find(|row| row.sha256 == sha256).map(|row| row.status);
        writer.put_campaign_bundle(sha256, body, at)?;
        writer.put_campaign_origin(&sha256, package)?;
        match known {
            Some(CampaignStatus::Used) => {}
            Some(CampaignStatus::Removed) => lines.push(CampaignLine::of(body, CampaignChange::Removed, None)),
            Some(CampaignStatus::Withdrawn) | None => new.push(body),
        }
    }
    if writer.used_campaigns()? > MOST_CAMPAIGNS as u64 {
        return Err(Notice::new("campaigns-too-many").with("limit", MOST_CAMPAIGNS).into());
    }
    let (_, mut refused) = library.with_bundles(new.iter().copied());
    for (at, body) in new.into_iter().enumerate() {
        let why = match refused.first() {
            Some((position, _)) if *position == at => Some(refused.remove(0).1.notice()),
            _ => None,
        };
        let mut line = CampaignLine::of(body, CampaignChange::New, why);
        if line.why.is_some() {
            let known = library.campaign(&line.id).is_some();
            line.change = if known { CampaignChange::Known } else { CampaignChange::Unusable };
        }
        lines.push(line);
    }
    Ok(lines)
}

/// Those used before and no more.
pub(super) fn gone(before: &[CampaignRow], after: &[CampaignRow]) -> Vec<CampaignLine> {
    let gone = before.iter().filter(|row| !after.iter().any(|left| left.sha256 == row.sha256));
    gone.map(|row| CampaignLine::of(&row.body, CampaignChange::Gone, None)).collect()
}

impl Reading {
    /// Why campaign files this book was sent are not loaded.
    pub fn not_loaded(&self) -> impl Iterator<Item = &Notice> {
        self.sent().refused.iter().map(|(_, why)| why)
    }

    /// Campaigns that came from above, used or not.
    pub fn sent_campaigns(&self, language: Language) -> Outcome<Vec<SentCampaign>> {
        let own = own_bundles(self.base_library());
        let rows = self.read(|reader| reader.campaign_bundles())?;
        let view = |row: CampaignRow| {
            let refused = self.sent().refused.iter().find(|(hash, _)| *hash == Some(row.sha256));
            let loaded = self.sent().hashes.contains(&row.sha256) && refused.is_none();
            let status = match row.status {
                CampaignStatus::Removed => SentStatus::Removed,
                CampaignStatus::Withdrawn => SentStatus::Withdrawn,
                CampaignStatus::Used if loaded => SentStatus::Used,
                CampaignStatus::Used => SentStatus::NotLoaded,
            };
            let (id, title, document) =
                heading(&row.body).map(|heading| (heading.id, heading.title, heading.document)).unwrap_or_default();
            let problem = refused.filter(|_| status == SentStatus::NotLoaded);
            let problem = problem.map(|(_, why)| Problem::of(why, language));
            SentCampaign { key: key(row.sha256), id, title, document, status, problem }
        };
        let sent = rows.into_iter().filter(|row| !own.contains(&row.body)).map(view);
        Ok(sent.filter(|sent| !is_builtin(self.base_library(), &sent.id)).collect())
    }
}

impl Writing {
    /// Loads the campaign files this book was sent, all of them anew: what is used no more is not in the library. One that
    /// cannot be loaded (another text under a known id, a file of a newer program) is named in the status and otherwise left
    /// alone: its records are kept, counted and forwarded all the same.
    pub(crate) fn load_sent_campaigns(&mut self) -> Outcome<()> {
        let mut rows = self.read(|reader| reader.used_campaign_bundles(MOST_CAMPAIGNS + 1))?;
        let too_many = rows.len() > MOST_CAMPAIGNS;
        rows.truncate(MOST_CAMPAIGNS);
        // Most are those this program brings itself, and putting a library together takes longer than opening a book.
        let own = if rows.is_empty() { BTreeSet::new() } else { own_bundles(self.base_library()) };
        rows.retain(|row| !own.contains(&row.body));
        // Another edition of the program sends its own under the same ids.
        rows.retain(|row| heading(&row.body).is_none_or(|heading| !is_builtin(self.base_library(), &heading.id)));
        let sent: Vec<[u8; 32]> = rows.iter().map(|row| row.sha256).collect();
        if self.sent().hashes == sent {
            return Ok(());
        }
        let base = self.base_library();
        let (library, refused) = base.with_bundles(rows.iter().map(|row| row.body.as_slice()));
        let library = if rows.is_empty() { Arc::clone(base) } else { Arc::new(library) };
        let refused = refused.into_iter().map(|(at, error)| (Some(sent[at]), error.notice()));
        let too_many = too_many.then(|| (None, Notice::new("campaigns-too-many").with("limit", MOST_CAMPAIGNS)));
        let refused = refused.chain(too_many).collect();
        self.set_library(library, Sent { hashes: sent, refused });
        Ok(())
    }

    /// Stops using a campaign that came from above, or uses it again. `campaign` is its id, where only one has it, or its key.
    pub fn use_campaign(&mut self, campaign: &str, used: bool) -> Outcome<()> {
        let known = self.sent_campaigns(Language::default())?;
        let mut named = known.iter().filter(|sent| sent.key == campaign || sent.id == campaign);
        let key = match (named.next(), named.next()) {
            (Some(one), None) => one.key.clone(),
            (Some(_), Some(_)) => return Err(Notice::new("campaign-ambiguous").with("value", campaign).into()),
            _ => return Err(Notice::new("campaign-not-sent").with("value", campaign).into()),
        };
        self.transact::<_, Failure>(|writer| {
            let row = writer.campaign_bundles()?.into_iter().find(|row| self::key(row.sha256) == key);
            let row = row.ok_or_else(|| Notice::new("campaign-not-sent").with("value", campaign))?;
            writer.use_campaign(&row.sha256, used)?;
            if writer.used_campaigns()? > MOST_CAMPAIGNS as u64 {
                return Err(Notice::new("campaigns-too-many").with("limit", MOST_CAMPAIGNS).into());
            }
            Ok(())
        })?;
        self.load_sent_campaigns()
    }
}

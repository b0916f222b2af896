//! What the next package to an office would carry, and what that office last said it holds.

use domain::{Notice, OfficeCode};
use serde::Serialize;
use store::{OfficeRow, PackageState, Reader};
use ts_rs::TS;

use super::StoredReceipt;
use crate::failure::{Failure, Outcome};
use crate::offices::FingerprintView;
use crate::session::Reading;

/// What a package to one office would carry now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Contents {
    pub to: String,
    pub to_name: String,
    pub kinds: Vec<KindContents>,
    pub revisions: u64,
    /// When the last package was sealed for it, in milliseconds since 1970.
    pub last_sealed: Option<u64>,
    pub confirmed: Option<Confirmed>,
    /// 报到词语, where this book is not known to the receiver yet and the package asks to be let in.
    pub check_in: Option<FingerprintView>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct KindContents {
    pub kind: String,
    /// No package has carried anything of them yet.
    pub fresh: u64,
    /// Carried before, and changed since.
    pub edited: u64,
    /// Carried before, and not confirmed by the receiver.
    pub again: u64,
}

/// What the receiver's newest receipt confirms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Confirmed {
    /// When the package with the receipt was imported here, in milliseconds since 1970.
    pub received: Option<u64>,
    pub revisions: u64,
    /// The latest thing it holds: when it was written, and of which record.
    pub written: Option<u64>,
    pub record: Option<String>,
}

impl Reading {
    /// What a package would carry. Default receiver: the office that invited this one.
    pub fn contents(&self, to: Option<&OfficeCode>) -> Outcome<Contents> {
        self.read::<_, Failure>(|reader| {
            let peer = self.receiver(reader, to)?;
            let scope = if peer.relation == "upper" { self.office() } else { &peer.code };
            let runs = self.unconfirmed(reader, &peer.code, scope)?;
            let (kinds, revisions) = reader.contents(&runs)?;
            let kinds = kinds
                .into_iter()
                .map(|each| KindContents { kind: each.kind, fresh: each.fresh, edited: each.edited, again: each.again })
                .collect();
            let last_sealed = reader
                .packages()?
                .into_iter()
                .find(|row| row.state == PackageState::Written && row.office == peer.code)
                .map(|row| row.at);
            Ok(Contents {
                kinds,
                revisions,
                last_sealed,
                confirmed: self.confirmed(reader, &peer, scope)?,
                check_in: self.join_proof(reader, &peer)?.map(|proof| (&proof.fingerprint()).into()),
                to: peer.code.to_string(),
                to_name: peer.name,
            })
        })
    }

    pub(super) fn receiver(&self, reader: &Reader, to: Option<&OfficeCode>) -> Outcome<OfficeRow> {
        match to {
            Some(code) => {
                reader.office(code)?.ok_or_else(|| Notice::new("office-not-known").with("office", code).into())
            }
            None => self.upper(reader)?.ok_or_else(|| Notice::new("no-upper-office").into()),
        }
    }

    fn confirmed(&self, reader: &Reader, peer: &OfficeRow, scope: &OfficeCode) -> Outcome<Option<Confirmed>> {
        let Some(kept) = StoredReceipt::of(reader, &peer.code)? else { return Ok(None) };
        let received = reader.packages()?.into_iter().find(|row| row.incoming && row.office == peer.code);
        let mut confirmed =
            Confirmed { received: received.map(|row| row.at), revisions: 0, written: None, record: None };
        for held in kept.held.iter().filter(|held| scope.covers(&held.office)) {
            if reader.stream_hash_at(&held.device, &held.office, held.last)? != Some(held.hash.0) {
                continue;
            }
            confirmed.revisions += held.last;
            let Some(last) = reader.revision_at(&held.device, &held.office, held.last)? else { continue };
            if confirmed.written.is_none_or(|written| written < last.clock.millis) {
                confirmed.written = Some(last.clock.millis);
                confirmed.record = Some(last.record.to_string());
            }
        }
        Ok(Some(confirmed))
    }
}

//! What the revisions of a package must be, taken together: streams without gaps in the declared order, within the
//! scope of sender and receiver, as many as declared.

use std::collections::HashSet;

use domain::{OfficeCode, Revision, RevisionId};

use crate::manifest::{Counts, Direction, Manifest, Stream};
use crate::refusal::Refusal;

/// Whose records and whose work a package may carry.
pub(crate) struct Scope<'a> {
    pub direction: Direction,
    pub sender: &'a OfficeCode,
    pub recipient: &'a OfficeCode,
}

impl Scope<'_> {
    /// # Errors
    /// `wrong-direction`
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        let fits = match self.direction {
            Direction::Up => self.recipient.covers(self.sender),
            Direction::Down => self.sender.covers(self.recipient),
        };
        if fits {
            Ok(())
        } else {
            Err(Refusal::WrongDirection { sender: self.sender.clone(), recipient: self.recipient.clone() })
        }
    }

    /// `author` is the office the stream's device belongs to.
    ///
    /// # Errors
    /// `signer-not-entitled`, `out-of-scope`
    pub(crate) fn admit(&self, office: &OfficeCode, author: &OfficeCode) -> Result<(), Refusal> {
        for under in [office, author] {
            if !self.sender.covers(under) {
                return Err(Refusal::SignerNotEntitled { signer: self.sender.clone(), office: under.clone() });
            }
        }
        if self.direction == Direction::Down && !self.recipient.covers(office) {
            return Err(Refusal::OutOfScope { recipient: self.recipient.clone(), office: office.clone() });
        }
        Ok(())
    }
}

/// Follows the lines of a package through its declared streams.
pub(crate) struct Follow<'a> {
    streams: &'a [Stream],
    counts: Counts,
    at: usize,
    /// Sequence and id of the last line, within the stream at `at`.
    last: Option<(u64, RevisionId)>,
    revisions: u64,
    records: HashSet<[u8; 16]>,
}

impl<'a> Follow<'a> {
    pub(crate) fn new(manifest: &'a Manifest) -> Self {
        Follow {
            streams: &manifest.streams,
            counts: manifest.counts,
            at: 0,
            last: None,
            revisions: 0,
            records: HashSet::new(),
        }
    }

    pub(crate) fn line(&mut self, revision: &Revision) -> Result<(), Refusal> {
        if self.last.is_some_and(|(sequence, _)| sequence == self.streams[self.at].last)
            && !self.continues(revision, self.streams.get(self.at))
        {
            self.at += 1;
            self.last = None;
        }
        let stream = self.streams.get(self.at);
        if !self.continues(revision, stream) {
            let (device, office) = (revision.device.to_string(), revision.office.clone());
            return Err(Refusal::StreamWrong { device, office, sequence: revision.seq });
        }
        self.last = Some((revision.seq, revision.id));
        self.revisions += 1;
        self.records.insert(*revision.record.as_bytes());
        Ok(())
    }

    /// The next sequence, or the same one again with a greater id: a restored copy wrote it twice.
    fn continues(&self, revision: &Revision, stream: Option<&Stream>) -> bool {
        stream.is_some_and(|stream| {
            let follows = match self.last {
                None => revision.seq == stream.first,
                Some((sequence, id)) => revision.seq == sequence + 1 || (revision.seq == sequence && revision.id > id),
            };
            follows
                && revision.seq <= stream.last
                && revision.device == stream.device
                && revision.office == stream.office
        })
    }

    /// # Errors
    /// `stream-wrong` for one that ends too early, `counts-wrong`
    pub(crate) fn finish(&self) -> Result<(), Refusal> {
        for (what, found, expected) in [
            ("revisions", self.revisions, self.counts.revisions),
            ("records", self.records.len() as u64, self.counts.records),
        ] {
            if found != expected {
                return Err(Refusal::CountsWrong { what, found, expected });
            }
        }
        let complete = self.last.is_some_and(|(sequence, _)| sequence == self.streams[self.at].last);
        let reached = if complete { self.at + 1 } else { self.at };
        match self.streams.get(reached) {
            None => Ok(()),
            Some(stream) => Err(stream.wrong(self.last.filter(|_| !complete).map_or(stream.first, |(seq, _)| seq + 1))),
        }
    }
}

//! 水位: up to where a book had read when a filing was sealed, so that the same lines can be read again later, there and in the
//! books of those who received them. A value; [`crate::stream`] says what the running hash is.

use serde::{Deserialize, Serialize};

use crate::ids::{DeviceId, OfficeCode, RevisionId};

/// Every stream the book held, and what of it was not counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cut {
    /// Ascending by device and office.
    pub streams: Vec<CutStream>,
    /// Lines at or below a stream's end that were held and not folded (withheld, waiting, quarantined, disputed), ascending.
    pub aside: Vec<RevisionId>,
    /// Lines that were folded although others before them were missing, ascending.
    pub beyond: Vec<RevisionId>,
}

/// The gapless beginning of one stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CutStream {
    pub device: DeviceId,
    pub office: OfficeCode,
    /// The last sequence of the beginning without a gap.
    pub last: u64,
    /// How many lines up to there were folded.
    pub lines: u64,
    /// The running hash over their ids, by sequence and id.
    #[serde(with = "hash")]
    pub hash: [u8; 32],
}

/// A hash as 64 lower-case hexadecimal digits.
mod hash {
    use serde::de::{Deserialize, Deserializer};
    use serde::ser::Serializer;

    use crate::ids::RevisionId;

    pub fn serialize<S: Serializer>(hash: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&RevisionId(*hash))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
        Ok(RevisionId::deserialize(deserializer)?.0)
    }
}

impl Cut {
    /// Whether it is spelt the one way a cut is: what a stream held is named once, in order.
    pub fn is_ordered(&self) -> bool {
        let streams = self.streams.is_sorted_by(|one, other| (&one.device, &one.office) < (&other.device, &other.office));
        let ascending = |ids: &[RevisionId]| ids.is_sorted_by(|one, other| one < other);
        streams && ascending(&self.aside) && ascending(&self.beyond)
    }
}

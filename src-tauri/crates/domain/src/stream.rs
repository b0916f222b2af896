//! The running hash of a stream: what an office states in a receipt, and what a book keeps of every stream it holds.

use sha2::{Digest, Sha256};

use crate::ids::RevisionId;

/// `H_0` is 32 zero bytes, `H_n = SHA-256(H_{n-1} ‖ id_n)`. Ids are fed by ascending sequence, and within one sequence
/// (after a restored copy wrote it twice) by ascending id.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RunningHash([u8; 32]);

impl RunningHash {
    /// Continues from a stored value.
    pub fn from_value(value: [u8; 32]) -> Self {
        RunningHash(value)
    }

    pub fn push(&mut self, id: &RevisionId) {
        let mut hasher = Sha256::new();
        hasher.update(self.0);
        hasher.update(id.0);
        self.0 = hasher.finalize().into();
    }

    pub fn value(&self) -> [u8; 32] {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_running_hash_is_as_documented() {
        let mut running = RunningHash::default();
        assert_eq!(running.value(), [0; 32]);
        running.push(&RevisionId([1; 32]));
        let mut bytes = vec![0; 32];
        bytes.extend([1; 32]);
        assert_eq!(running.value(), <[u8; 32]>::from(Sha256::digest(&bytes)));
        let first = running.value();
        running.push(&RevisionId([2; 32]));
        let mut resumed = RunningHash::from_value(first);
        resumed.push(&RevisionId([2; 32]));
        assert_eq!(running, resumed);
        let mut swapped = RunningHash::default();
        swapped.push(&RevisionId([2; 32]));
        swapped.push(&RevisionId([1; 32]));
        assert_ne!(running, swapped, "the order counts");
    }
}

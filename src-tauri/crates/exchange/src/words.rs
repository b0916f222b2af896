//! A fingerprint shown in words, so that two people can compare keys over the telephone. Eight words from a list of 256
//! pairs, Chinese and English: 64 bits. Not a secret, and never parsed back.

use std::fmt;

use sha2::{Digest, Sha256};

/// One pair a line, Chinese, tab, English; line n stands for byte n. Frozen with the format: a changed list would make
/// two versions of the program show different words for the same key.
const LIST: &str = include_str!("../../../../assets/fingerprint/words.tsv");

/// The first 8 bytes of SHA-256 of what is to be compared.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint([u8; 8]);

impl Fingerprint {
    /// Of several parts, each preceded by its length in 8 bytes, little end first.
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        let hash = hasher.finalize();
        let mut first = [0; 8];
        first.copy_from_slice(&hash[..8]);
        Fingerprint(first)
    }

    pub fn chinese(&self) -> Vec<&'static str> {
        self.column(0)
    }

    pub fn english(&self) -> Vec<&'static str> {
        self.column(1)
    }

    fn column(&self, column: usize) -> Vec<&'static str> {
        let lines: Vec<&str> = LIST.lines().collect();
        self.0.iter().map(|byte| lines[usize::from(*byte)].split('\t').nth(column).unwrap_or_default()).collect()
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.chinese().join(" "), self.english().join(" "))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_list_has_256_different_pairs() {
        let lines: Vec<&str> = LIST.lines().collect();
        assert_eq!(lines.len(), 256);
        for column in 0..2 {
            let words: BTreeSet<&str> = lines.iter().map(|line| line.split('\t').nth(column).unwrap()).collect();
            assert_eq!(words.len(), 256, "column {column} repeats a word");
            assert!(words.iter().all(|word| !word.is_empty() && !word.contains(' ')));
        }
        assert!(lines.iter().all(|line| line.split('\t').count() == 2));
    }

    #[test]
    fn the_words_are_frozen() {
        let print = Fingerprint([0, 1, 2, 3, 252, 253, 254, 255]);
        assert_eq!(print.chinese(), ["苹果", "香蕉", "葡萄", "西瓜", "广场", "公园", "学校", "医院"]);
        assert_eq!(print.english(), ["apple", "banana", "grape", "watermelon", "square", "park", "school", "hospital"]);
        assert_ne!(Fingerprint::of(&[b"ab", b"c"]), Fingerprint::of(&[b"a", b"bc"]), "parts do not run together");
    }
}

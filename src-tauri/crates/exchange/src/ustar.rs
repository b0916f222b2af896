//! The one shape of archive a package may have: strict ustar, plain files, nothing but name and size to choose.
//!
//! A header is accepted only if it is, byte for byte, the header this module writes for the same name and size. So
//! there is nothing to interpret: no links, no directories, no owners, no dates, no extensions.

use crate::receipt::Hash32;
use crate::refusal::Refusal;

pub(crate) const BLOCK: u64 = 512;

/// What a header block says.
pub(crate) enum Block {
    Entry {
        name: String,
        size: u64,
    },
    /// A block of zeros: the first half of the end mark.
    Zero,
}

/// The header of a plain file: mode 0644, owner 0, date 0.
///
/// # Errors
/// `archive-malformed` for a name of more than 100 bytes.
pub(crate) fn header(name: &str, size: u64) -> Result<[u8; 512], Refusal> {
    let malformed = |_| Refusal::ArchiveMalformed { name: name.to_owned() };
    if name.len() > 100 {
        return Err(Refusal::ArchiveMalformed { name: name.to_owned() });
    }
    let mut header = tar::Header::new_ustar();
    header.set_path(name).map_err(malformed)?;
    header.set_entry_type(tar::EntryType::Regular);
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_size(size);
    header.set_cksum();
    Ok(*header.as_bytes())
}

/// Bytes of zero that follow a file of this size.
pub(crate) fn padding(size: u64) -> u64 {
    (BLOCK - size % BLOCK) % BLOCK
}

/// Header, content and padding of an entry.
pub(crate) fn span(size: u64) -> u64 {
    BLOCK + size + padding(size)
}

/// # Errors
/// `path-like-name`, `link-entry`, `archive-malformed`
pub(crate) fn parse(block: &[u8; 512]) -> Result<Block, Refusal> {
    if block.iter().all(|byte| *byte == 0) {
        return Ok(Block::Zero);
    }
    let mut header = tar::Header::new_ustar();
    header.as_mut_bytes().copy_from_slice(block);
    let bytes = &block[..100];
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let name = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let malformed = || Refusal::ArchiveMalformed { name: name.clone() };
    if !checksum_holds(block) {
        return Err(malformed());
    }
    if is_path_like(&name) || block[345..500].iter().any(|byte| *byte != 0) {
        return Err(Refusal::PathLikeName { name });
    }
    if header.entry_type().is_symlink() || header.entry_type().is_hard_link() {
        return Err(Refusal::LinkEntry { name });
    }
    let size = header.entry_size().map_err(|_| malformed())?;
    if self::header(&name, size).is_ok_and(|canonical| canonical == *block) {
        Ok(Block::Entry { name, size })
    } else {
        Err(malformed())
    }
}

fn checksum_holds(block: &[u8; 512]) -> bool {
    let sum: u32 =
        block.iter().enumerate().map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u32::from(*byte) }).sum();
    block[148..156] == format!("{sum:06o}\0 ").as_bytes()[..]
        || block[148..156] == format!("{sum:07o}\0").as_bytes()[..]
}

/// Names that would lead out of a folder, or mean something else on another system.
pub(crate) fn is_path_like(name: &str) -> bool {
    name.is_empty()
        || name.starts_with('/')
        || name.ends_with('/')
        || name.contains(['\\', ':', '\0'])
        || name.split('/').any(|part| matches!(part, "" | "." | ".."))
}

/// What an entry's name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum EntryName {
    Revisions(u32),
    Attachment(Hash32),
    Campaign(Hash32),
}

impl EntryName {
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let parsed = if let Some(hash) = name.strip_prefix("att/") {
            EntryName::Attachment(hash.parse().ok()?)
        } else if let Some(hash) = name.strip_prefix("campaign/") {
            EntryName::Campaign(hash.parse().ok()?)
        } else {
            EntryName::Revisions(name.strip_prefix("rev/")?.strip_suffix(".jsonl.zst")?.parse().ok()?)
        };
        (parsed.to_string() == name).then_some(parsed)
    }
}

impl std::fmt::Display for EntryName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            EntryName::Revisions(number) => write!(f, "rev/{number:04}.jsonl.zst"),
            EntryName::Attachment(hash) => write!(f, "att/{hash}"),
            EntryName::Campaign(hash) => write!(f, "campaign/{hash}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(block: &[u8; 512]) -> String {
        match parse(block) {
            Err(refusal) => refusal.code().to_owned(),
            Ok(_) => "accepted".into(),
        }
    }

    fn with_checksum(mut header: tar::Header) -> [u8; 512] {
        header.set_cksum();
        *header.as_bytes()
    }

    fn changed(change: impl Fn(&mut tar::Header)) -> [u8; 512] {
        let mut copy = tar::Header::new_ustar();
        copy.as_mut_bytes().copy_from_slice(&header("rev/0001.jsonl.zst", 700).unwrap());
        change(&mut copy);
        with_checksum(copy)
    }

    #[test]
    fn only_our_own_header_is_accepted() {
        assert_eq!(refusal(&changed(|_| {})), "accepted");
        assert_eq!(refusal(&changed(|h| h.set_uid(1))), "archive-malformed");
        assert_eq!(refusal(&changed(|h| h.set_mtime(1))), "archive-malformed");
        assert_eq!(refusal(&changed(|h| h.set_mode(0o755))), "archive-malformed");
        assert_eq!(refusal(&changed(|h| h.set_entry_type(tar::EntryType::Symlink))), "link-entry");
        assert_eq!(refusal(&changed(|h| h.set_entry_type(tar::EntryType::Link))), "link-entry");
        for kind in
            [tar::EntryType::Directory, tar::EntryType::XHeader, tar::EntryType::GNULongName, tar::EntryType::Fifo]
        {
            assert_eq!(refusal(&changed(|h| h.set_entry_type(kind))), "archive-malformed");
        }
        for name in ["/etc/passwd", "rev/../../x", "a\\b", "C:x", "./a", "a//b", "dir/"] {
            let block = changed(|h| {
                h.as_mut_bytes()[..100].fill(0);
                h.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
            });
            assert_eq!(refusal(&block), "path-like-name", "{name}");
        }
        let mut broken = header("manifest.json", 3).unwrap();
        broken[130] ^= 1;
        assert_eq!(refusal(&broken), "archive-malformed");
        assert!(matches!(parse(&[0; 512]), Ok(Block::Zero)));
    }

    #[test]
    fn names_have_one_spelling() {
        assert_eq!(EntryName::parse("rev/0001.jsonl.zst"), Some(EntryName::Revisions(1)));
        assert_eq!(EntryName::parse("rev/10000.jsonl.zst"), Some(EntryName::Revisions(10000)));
        for wrong in ["rev/1.jsonl.zst", "rev/00001.jsonl.zst", "rev/+001.jsonl.zst", "att/ff", "rev/0001.jsonl", "x"] {
            assert_eq!(EntryName::parse(wrong), None, "{wrong}");
        }
    }
}

//! Files a person opened from outside, by a double click: named on the command line, at the start or while the window is open.

use std::path::{Path, PathBuf};

/// What the program can be opened with.
const ENDINGS: [&str; 2] = ["sweep", "invite"];

/// The files among a program's arguments, seen from `folder`. The first argument is the program itself.
pub fn files(arguments: impl IntoIterator<Item = String>, folder: &Path) -> Vec<PathBuf> {
    arguments.into_iter().skip(1).filter_map(|argument| file(&argument, folder)).collect()
}

fn file(argument: &str, folder: &Path) -> Option<PathBuf> {
    let path = match argument.strip_prefix("file://") {
        Some(address) => PathBuf::from(unescaped(address)?),
        None => folder.join(argument),
    };
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    (ENDINGS.contains(&ending.as_str()) && path.is_file()).then_some(path)
}

/// An address with its `%E6` and the like read as the bytes they stand for.
fn unescaped(address: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(address.len());
    let mut rest = address.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        if *byte == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(*byte);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_and_invitations_that_are_there_are_taken_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["永宁县.sweep", "a b.INVITE", "book.book", "sweep"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        std::fs::create_dir(folder.path().join("folder.sweep")).unwrap();
        let address = format!("file://{}/%E6%B0%B8%E5%AE%81%E5%8E%BF.sweep", folder.path().display());
        let arguments =
            ["sweepbook", "永宁县.sweep", "a b.INVITE", "book.book", "sweep", "gone.sweep", "--flag", &address];
        let given =
            arguments.map(str::to_owned).into_iter().chain(["folder.sweep".to_owned(), "file://%zz.sweep".to_owned()]);
        let found = files(given, folder.path());
        let names = ["永宁县.sweep", "a b.INVITE", "永宁县.sweep"].map(|name| folder.path().join(name));
        assert_eq!(found, names);
    }

    #[test]
    fn the_programs_own_name_is_no_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("x.sweep"), "").unwrap();
        assert!(files(["x.sweep".to_owned()], folder.path()).is_empty());
    }
}

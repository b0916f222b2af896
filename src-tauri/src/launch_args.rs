//! Files a person opened from outside, by a double click: named on the command line, at the start or while the window is open.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// What the program can be opened with.
const ENDINGS: [&str; 2] = ["sweep", "invite"];

/// The files among a program's arguments, seen from `folder`. The first argument is the program itself.
pub fn files(arguments: impl IntoIterator<Item = OsString>, folder: &Path) -> Vec<PathBuf> {
    arguments.into_iter().skip(1).filter_map(|argument| file(&argument, folder)).collect()
}

fn file(argument: &OsStr, folder: &Path) -> Option<PathBuf> {
    let path = match argument.to_str().filter(|text| text.starts_with("file:")) {
        Some(address) => app::names::parse(address),
        None => folder.join(argument),
    };
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    (ENDINGS.contains(&ending.as_str()) && path.is_file()).then_some(path)
}

/// The arguments so that another program can be told them, which takes only Unicode: a file whose name or folder is none goes
/// by its address. None where all are Unicode already.
pub fn tellable(arguments: impl IntoIterator<Item = OsString>, folder: &Path) -> Option<Vec<OsString>> {
    let mut changed = false;
    let told = arguments.into_iter().map(|argument| {
        let path = folder.join(&argument);
        let told = argument.to_str().is_some() && (Path::new(&argument).is_absolute() || folder.to_str().is_some());
        if told || !path.is_file() {
            return argument;
        }
        changed = true;
        app::names::address(&path).into()
    });
    let told = told.collect();
    changed.then_some(told)
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
        let given = [
            "sweepbook",
            "永宁县.sweep",
            "a b.INVITE",
            "book.book",
            "sweep",
            "gone.sweep",
            "--flag",
            &address,
            "folder.sweep",
            "file://%zz.sweep",
            "",
        ];
        let found = files(given.map(OsString::from), folder.path());
        let names = ["永宁县.sweep", "a b.INVITE", "永宁县.sweep"].map(|name| folder.path().join(name));
        assert_eq!(found, names);
    }

    #[test]
    fn the_programs_own_name_is_no_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("x.sweep"), "").unwrap();
        assert!(files([OsString::from("x.sweep")], folder.path()).is_empty());
    }

    #[test]
    #[cfg(unix)]
    fn a_name_that_is_no_unicode_can_be_told_to_another_program() {
        use std::os::unix::ffi::OsStringExt;
        let folder = tempfile::tempdir().unwrap();
        // 永宁 as GBK writes it.
        let name = OsString::from_vec(b"\xd3\xc0\xc4\xfe.sweep".to_vec());
        std::fs::write(folder.path().join(&name), "").unwrap();
        std::fs::write(folder.path().join("b.sweep"), "").unwrap();
        let gone = OsString::from_vec(b"\xff.sweep".to_vec());
        let given = ["sweepbook".into(), name.clone(), "b.sweep".into(), gone.clone()];
        let told = tellable(given.clone(), folder.path()).unwrap();
        assert_eq!((told[0].to_str(), told[2].to_str(), &told[3]), (Some("sweepbook"), Some("b.sweep"), &gone));
        assert!(told[1].to_str().unwrap().ends_with("/%D3%C0%C4%FE.sweep"));
        let both = [&name, OsStr::new("b.sweep")].map(|name| folder.path().join(name));
        assert_eq!(files(told, Path::new("/")), both[..1]);
        assert_eq!(files(given, folder.path()), both);
        assert_eq!(tellable(["sweepbook".into(), "b.sweep".into()], folder.path()), None);

        // A folder that is none: what was named from within it is told whole.
        let inner = folder.path().join(&name).with_extension("d");
        std::fs::create_dir(&inner).unwrap();
        std::fs::write(inner.join("c.sweep"), "").unwrap();
        let told = tellable(["sweepbook".into(), "c.sweep".into()], &inner).unwrap();
        assert_eq!(files(told, Path::new("/")), [inner.join("c.sweep")]);
    }
}

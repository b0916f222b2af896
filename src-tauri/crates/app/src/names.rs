//! Paths as text, for requests and for what is kept on this computer, and names for files that are offered to a person. A name
//! need not be Unicode: one that is not is written as an address, whose escapes keep its bytes. And names of people and offices, as
//! they are kept.

use std::path::{Path, PathBuf};

use domain::Notice;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

use crate::failure::Outcome;

const SCHEME: &str = "file://";

/// What an address says as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A path as text, from which `parse` makes the same path.
pub fn text(path: &Path) -> String {
    match path.to_str() {
        Some(text) if !text.starts_with(SCHEME) => text.to_owned(),
        _ => address(path),
    }
}

/// The path that `text` or `address` wrote, or that a person typed.
pub fn parse(text: &str) -> PathBuf {
    match text.strip_prefix(SCHEME) {
        Some(escaped) => of_bytes(percent_decode_str(escaped).collect()),
        None => PathBuf::from(text),
    }
}

/// A path as an address, which any program can be handed.
pub fn address(path: &Path) -> String {
    format!("{SCHEME}{}", percent_encode(path.as_os_str().as_encoded_bytes(), PLAIN))
}

#[cfg(unix)]
fn of_bytes(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    std::ffi::OsString::from_vec(bytes).into()
}

/// Elsewhere a name that is no Unicode cannot be told apart from another.
#[cfg(not(unix))]
fn of_bytes(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

/// The name a person knows a file by.
pub fn shown_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The longest name, in bytes, that every common file system takes.
const LONGEST_NAME: usize = 255;

/// What a file is called of whose title nothing is left.
const UNTITLED: &str = "Sweepbook";

/// A title as the name of a file that every file system takes, with an ending such as `.xlsx`. Windows asks the most: see
/// "Naming Files, Paths, and Namespaces" of its documentation.
pub fn file_name(title: &str, ending: &str) -> String {
    let plain: String = title.chars().map(|c| if is_taken(c) { c } else { ' ' }).collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    let mut name = trimmed(&words.join(" ")).to_owned();
    if is_device(&name) {
        name.insert(0, '_');
    }
    let room = LONGEST_NAME.saturating_sub(ending.len());
    let name = trimmed(&name[..name.floor_char_boundary(room)]);
    format!("{}{ending}", if name.is_empty() { UNTITLED } else { name })
}

/// Reserved characters are refused; those that turn the direction of text hide what a file is.
fn is_taken(c: char) -> bool {
    let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    !c.is_control() && !turns && !r#"/\:*?"<>|"#.contains(c)
}

fn trimmed(name: &str) -> &str {
    name.trim_matches(|c: char| c.is_whitespace() || c == '.')
}

/// Names that mean a device, whatever stands after their first dot.
fn is_device(name: &str) -> bool {
    let base = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let number = |port: &str| {
        base.strip_prefix(port).is_some_and(|rest| ("0123456789¹²³").contains(rest) && rest.chars().count() == 1)
    };
    ["CON", "PRN", "AUX", "NUL", "CLOCK$", "CONIN$", "CONOUT$"].contains(&base.as_str())
        || number("COM")
        || number("LPT")
}

/// A path in JSON.
pub mod as_text {
    use super::*;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&text(path))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PathBuf, D::Error> {
        Ok(parse(&String::deserialize(deserializer)?))
    }
}

/// A path in JSON that may be missing; `default` goes with it.
pub mod as_text_or_null {
    use super::*;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(path: &Option<PathBuf>, serializer: S) -> Result<S::Ok, S::Error> {
        path.as_deref().map(text).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PathBuf>, D::Error> {
        Ok(Option::<String>::deserialize(deserializer)?.as_deref().map(parse))
    }
}

/// A name as it is kept: one line, no space around it.
pub(crate) fn person(name: &str) -> Outcome<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 50 || name.chars().any(char::is_control) {
        return Err(Notice::new("inspector-name-wrong").into());
    }
    Ok(name.to_owned())
}

/// The name of an office as it is kept: what stands on its seal.
pub(crate) fn office_name(name: &str) -> Outcome<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 200 || name.chars().any(char::is_control) {
        return Err(Notice::new("office-name-missing").into());
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_the_same_after_it_was_text() {
        let mut paths: Vec<PathBuf> =
            ["/media/U 盘/永宁县.sweep", "a.sweep", "/100%/%E6.sweep", "file:///looks/like.one", ""]
                .map(PathBuf::from)
                .into();
        #[cfg(unix)]
        paths.push(of_bytes(b"/media/\xd3\xc0\xc4\xfe%41\xff.sweep".to_vec()));
        for path in paths {
            assert_eq!(parse(&text(&path)), path, "{}", text(&path));
            assert_eq!(parse(&address(&path)), path, "{}", address(&path));
        }
        assert_eq!(text(Path::new("/media/永宁县.sweep")), "/media/永宁县.sweep");
        assert_eq!(address(Path::new("/永 宁.sweep")), "file:///%E6%B0%B8%20%E5%AE%81.sweep");
    }

    #[test]
    fn a_title_becomes_a_name_every_system_takes() {
        for (title, ending, name) in [
            ("口罩专项抽查/抽检情况统计表 2021-05-27", ".xlsx", "口罩专项抽查 抽检情况统计表 2021-05-27.xlsx"),
            ("附件2：a/b\\c?\n", ".pdf", "附件2：a b c.pdf"),
            ("现场检查记录 ../甲厂", ".pdf", "现场检查记录 .. 甲厂.pdf"),
            ("con", ".txt", "_con.txt"),
            ("NUL.厂", ".jpg", "_NUL.厂.jpg"),
            ("Com¹ .x", ".jpg", "_Com¹ .x.jpg"),
            ("COM", ".jpg", "COM.jpg"),
            ("COM10", ".jpg", "COM10.jpg"),
            ("合格证\u{202e}gpj.exe", ".jpg", "合格证 gpj.exe.jpg"),
            (" . 甲厂. ", ".sweep", "甲厂.sweep"),
            ("...", ".pdf", "Sweepbook.pdf"),
            ("", ".pdf", "Sweepbook.pdf"),
            ("\u{3000}", "-2.svg", "Sweepbook-2.svg"),
        ] {
            assert_eq!(file_name(title, ending), name, "{title:?}");
        }
        let long = file_name(&"长".repeat(300), ".xlsx");
        assert_eq!((long.len(), long.chars().count()), (3 * 83 + 5, 83 + 5));
        assert_eq!(file_name(&format!("{} .厂", "a".repeat(249)), ".xlsx"), format!("{}.xlsx", "a".repeat(249)));
    }
}

//! The edge where every error becomes a code with words: what happened, and what to do next.

use campaign::CampaignError;
use domain::Notice;
use exchange::Refusal;
use forms::FormError;
use serde::Serialize;
use store::StoreError;
use ts_rs::TS;

use crate::messages::{Language, Messages};

/// Why an action did not happen. `notices` names every bad line of a file, or is the one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub notices: Vec<Notice>,
}

pub type Outcome<T> = Result<T, Failure>;

impl Failure {
    pub fn new(notice: Notice) -> Self {
        Failure { notices: vec![notice] }
    }

    pub fn code(&self) -> &str {
        self.notices.first().map_or("unknown", |notice| &notice.code)
    }

    /// Every reason in words, for a person.
    pub fn problems(&self, language: Language) -> Vec<Problem> {
        self.notices.iter().map(|notice| Problem::of(notice, language)).collect()
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let texts: Vec<String> = self.notices.iter().map(Notice::to_string).collect();
        f.write_str(&texts.join("; "))
    }
}

impl std::error::Error for Failure {}

/// A notice put into words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Problem {
    pub code: String,
    pub message: String,
    /// What to do next.
    pub remedy: String,
    /// The field it stands at, where it is about one.
    pub field: Option<String>,
    /// The line of the file, where it is about one.
    pub line: Option<u32>,
    /// Another record it names, to be opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub other: Option<Named>,
}

/// A record that a notice names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Named {
    pub kind: String,
    pub id: String,
}

impl Problem {
    pub fn of(notice: &Notice, language: Language) -> Self {
        let (message, remedy) = Messages::shared().words(notice, language);
        Problem {
            code: notice.code.clone(),
            message,
            remedy,
            field: notice.arg("field").map(str::to_owned),
            // Words about a file of many say file and line themselves.
            line: notice.arg("line").filter(|_| notice.arg("file").is_none()).and_then(|line| line.parse().ok()),
            other: notice
                .arg("other_kind")
                .zip(notice.arg("other"))
                .map(|(kind, id)| Named { kind: kind.to_owned(), id: id.to_owned() }),
        }
    }
}

impl From<Notice> for Failure {
    fn from(notice: Notice) -> Self {
        Failure::new(notice)
    }
}

impl From<Vec<Notice>> for Failure {
    fn from(notices: Vec<Notice>) -> Self {
        Failure { notices }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Failure::new(error.notice())
    }
}

impl From<CampaignError> for Failure {
    fn from(error: CampaignError) -> Self {
        Failure::new(error.notice())
    }
}

impl From<Refusal> for Failure {
    fn from(error: Refusal) -> Self {
        match error {
            // The words for a full disk do not depend on what was being written.
            Refusal::Io(error) if error.kind() == std::io::ErrorKind::StorageFull => StoreError::DiskFull.into(),
            error => Failure::new(error.notice()),
        }
    }
}

impl From<FormError> for Failure {
    fn from(error: FormError) -> Self {
        Failure::new(error.notice())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        StoreError::from(error).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_said_in_the_same_words_wherever_it_happened() {
        let full = || std::io::Error::from(std::io::ErrorKind::StorageFull);
        let folder = std::path::Path::new("stick");
        for failure in [
            Failure::from(Refusal::from(full())),
            Failure::from(StoreError::from(full())),
            crate::files::cannot_write(folder, full()),
        ] {
            assert_eq!(failure.code(), "disk-full");
        }
        let pulled = Refusal::from(std::io::Error::from(std::io::ErrorKind::NotConnected));
        assert_eq!(Failure::from(pulled).code(), "package-io");
    }

    #[test]
    fn what_a_disk_refused_is_said_in_words_and_never_in_the_systems_own() {
        let folder = std::path::Path::new("stick");
        let system = |number: i32| std::io::Error::from_raw_os_error(number);
        // Not allowed, written to no more, protected, pulled, broken, something nobody foresaw.
        for (number, zh, en) in [
            (13, "没有权限", "not allowed"),
            (27, "能存放的大小", "larger than"),
            (30, "写保护", "write-protected"),
            (19, "已断开", "disconnected"),
            (5, "读写出错", "fails"),
            (12, "系统拒绝", "refused"),
        ] {
            for failure in [
                Failure::from(Refusal::from(system(number))),
                Failure::from(StoreError::from(system(number))),
                Failure::from(StoreError::NotWritable { path: "stick".to_owned(), source: system(number) }),
                crate::files::cannot_write(folder, system(number)),
                crate::files::cannot_read(folder, system(number)),
            ] {
                for (language, words) in [(Language::Zh, zh), (Language::En, en)] {
                    let said = &failure.problems(language)[0];
                    assert!(said.message.contains(words), "{said:?}");
                    for word in ["os error", "{", "disk-"] {
                        assert!(!said.message.contains(word) && !said.remedy.contains(word), "{said:?}");
                    }
                    assert!(!said.remedy.is_empty());
                }
            }
        }
    }

    #[test]
    fn a_second_window_is_told_of_the_first_and_of_no_process() {
        let failure = Failure::from(StoreError::InUse { path: "/x/a.book".to_owned(), pid: "4711".to_owned() });
        for language in [Language::Zh, Language::En] {
            let said = &failure.problems(language)[0];
            assert!(said.message.contains("/x/a.book") && !said.message.contains("4711"), "{said:?}");
        }
    }
}

//! Why a campaign file is refused: file, line and reason.

use domain::Notice;

/// A file that is not taken. `notice` has a stable code; [`CampaignError::notice`] adds where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignError {
    pub file: String,
    /// From 1; 1 too where the file as a whole is meant.
    pub line: usize,
    pub notice: Notice,
}

impl CampaignError {
    pub fn new(file: &str, line: usize, notice: Notice) -> Self {
        CampaignError { file: file.to_owned(), line, notice }
    }

    /// The reason with `file` and `line` among its arguments.
    pub fn notice(&self) -> Notice {
        self.notice.clone().with("file", &self.file).with("line", self.line)
    }
}

impl std::fmt::Display for CampaignError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.notice)
    }
}

impl std::error::Error for CampaignError {}

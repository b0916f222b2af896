//! What many requests and replies are made of.

use std::path::Path;

use app::names::shown_name;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::files::ChosenFile;

/// No question, or no answer beyond that it was done.
#[derive(Debug, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(type = "Record<string, never>")]
pub struct Nothing {}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WriteFile {
    #[ts(type = "string")]
    pub out: ChosenFile,
}

#[derive(Debug, Serialize, TS)]
pub struct Written {
    pub name: String,
    /// Where it lies, for people to read.
    pub folder: String,
}

impl Written {
    pub(crate) fn at(file: &Path) -> Self {
        Written { name: shown_name(file), folder: folder_words(file) }
    }
}

pub(crate) fn folder_words(file: &Path) -> String {
    file.parent().map(|folder| folder.display().to_string()).unwrap_or_default()
}

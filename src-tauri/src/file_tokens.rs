//! Files a person chose in a dialog, kept behind tokens: the page can only name what was chosen, never a path of its own.

use std::collections::HashMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// What the page asks a person to choose.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub title: String,
    /// A file to write rather than one to read.
    pub save: bool,
    /// Several files to read at once.
    #[serde(default)]
    pub multiple: bool,
    /// A folder instead of a file.
    #[serde(default)]
    pub folder: bool,
    #[serde(default)]
    pub suggested: Option<String>,
    /// What the kind of file is called, beside its extensions without their dots.
    #[serde(default)]
    pub filter: String,
    #[serde(default)]
    pub extensions: Vec<String>,
}

impl Choice {
    /// What a file to be written is called if the person does not say otherwise: a name that every file system takes.
    pub fn offered(&self) -> Option<String> {
        let suggested = self.suggested.as_deref()?;
        let ending = self.extensions.first().map(|extension| format!(".{extension}")).unwrap_or_default();
        Some(app::names::file_name(suggested.strip_suffix(&ending).unwrap_or(suggested), &ending))
    }
}

/// A chosen file as the page sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct File {
    pub token: String,
    pub name: String,
}

#[derive(Debug, Default)]
pub struct Chosen {
    paths: HashMap<String, PathBuf>,
}

impl Chosen {
    pub fn keep(&mut self, path: PathBuf) -> File {
        let token = format!("chosen-{}", self.paths.len() + 1);
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        self.paths.insert(token.clone(), path);
        File { token, name }
    }

    /// The path a token stands for.
    pub fn path(&self, token: &str) -> Option<PathBuf> {
        self.paths.get(token).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_offered_as_a_name_that_can_be_written() {
        let offered = |suggested: &str| {
            let choice =
                serde_json::json!({ "title": "另存为", "save": true, "suggested": suggested, "extensions": ["xlsx"] });
            serde_json::from_value::<Choice>(choice).unwrap().offered().unwrap()
        };
        let name = "口罩专项抽查 抽检情况统计表 2021-05-27.xlsx";
        assert_eq!(offered("口罩专项抽查/抽检情况统计表 2021-05-27.xlsx"), name);
        assert_eq!(offered("口罩专项抽查/抽检情况统计表 2021-05-27"), name);
        assert_eq!(offered(&format!("{}.xlsx", "长".repeat(200))).len(), 83 * 3 + 5);
    }

    #[test]
    fn a_token_stands_for_the_chosen_path_and_a_path_for_nothing() {
        let mut chosen = Chosen::default();
        let path = PathBuf::from("/media/stick/永宁县.sweep");
        let file = chosen.keep(path.clone());
        assert_eq!(file.name, "永宁县.sweep");
        assert_eq!(chosen.path(&file.token), Some(path));
        assert_eq!(chosen.path("/etc/passwd"), None);
    }
}

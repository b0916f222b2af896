//! Files a person chose in a dialog, kept behind tokens: the page can only name what was chosen, never a path of its own.

use std::collections::HashMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Members of a request that name a file.
const FILE_MEMBERS: [&str; 2] = ["file", "out"];

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

    /// The request with its tokens replaced by paths. A request that names a file nobody chose is refused.
    pub fn resolve(&self, request: &str) -> Result<String, String> {
        let Ok(Value::Object(mut members)) = serde_json::from_str(request) else {
            // Not for the shell to judge: `app` answers a malformed request with its own code and remedy.
            return Ok(request.to_owned());
        };
        let mut named = false;
        for member in FILE_MEMBERS {
            let Some(value) = members.get_mut(member) else { continue };
            let Some(token) = value.as_str() else { continue };
            let path = self.paths.get(token).ok_or_else(|| format!("file-not-chosen: {token}"))?;
            *value = Value::String(path.to_string_lossy().into_owned());
            named = true;
        }
        if named { Ok(Value::Object(members).to_string()) } else { Ok(request.to_owned()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_becomes_the_chosen_path() {
        let mut chosen = Chosen::default();
        let file = chosen.keep(PathBuf::from("/media/stick/永宁县.sweep"));
        assert_eq!(file.name, "永宁县.sweep");
        let request = format!(r#"{{"do":"import_plan","file":"{}"}}"#, file.token);
        let resolved: Value = serde_json::from_str(&chosen.resolve(&request).unwrap()).unwrap();
        assert_eq!(resolved["file"], "/media/stick/永宁县.sweep");
    }

    #[test]
    fn a_path_nobody_chose_is_refused() {
        let chosen = Chosen::default();
        assert!(chosen.resolve(r#"{"do":"import_plan","file":"/etc/passwd"}"#).is_err());
        assert!(chosen.resolve(r#"{"do":"export","out":"chosen-1"}"#).is_err());
    }

    #[test]
    fn what_names_no_file_passes_unchanged() {
        let chosen = Chosen::default();
        let save = r#"{"do":"record_save","fields":{"file":"/etc/passwd","n":1}}"#;
        assert_eq!(chosen.resolve(save).unwrap(), save);
        assert_eq!(chosen.resolve("no json").unwrap(), "no json");
    }
}

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
            *value = Value::String(app::names::text(path));
            named = true;
        }
        if named { Ok(Value::Object(members).to_string()) } else { Ok(request.to_owned()) }
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
    fn a_token_becomes_the_chosen_path() {
        let mut chosen = Chosen::default();
        let file = chosen.keep(PathBuf::from("/media/stick/永宁县.sweep"));
        assert_eq!(file.name, "永宁县.sweep");
        let request = format!(r#"{{"do":"import_plan","file":"{}"}}"#, file.token);
        let resolved: Value = serde_json::from_str(&chosen.resolve(&request).unwrap()).unwrap();
        assert_eq!(resolved["file"], "/media/stick/永宁县.sweep");
    }

    #[test]
    #[cfg(unix)]
    fn a_name_that_is_no_unicode_keeps_its_bytes() {
        use std::os::unix::ffi::OsStrExt;
        let mut chosen = Chosen::default();
        // 永宁 as GBK writes it.
        let path = PathBuf::from(std::ffi::OsStr::from_bytes(b"/media/\xd3\xc0\xc4\xfe.sweep"));
        let file = chosen.keep(path.clone());
        let request = format!(r#"{{"do":"import_plan","file":"{}"}}"#, file.token);
        let resolved: Value = serde_json::from_str(&chosen.resolve(&request).unwrap()).unwrap();
        assert_eq!(app::names::parse(resolved["file"].as_str().unwrap()), path);
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

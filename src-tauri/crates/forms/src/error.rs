//! What can go wrong between a form's definition and its printed page.

use domain::Notice;

/// A character no installed font can draw, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    pub character: char,
    /// What the rows it stands in are called; empty where it stands in the title, the head, the header or the foot only.
    pub rows: Vec<String>,
}

impl std::fmt::Display for Missing {
    /// `𬭩 (U+2CB69)`; a character without a shape of its own is named by its number alone.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.character.is_control() {
            write!(f, "U+{:04X}", u32::from(self.character))
        } else {
            write!(f, "{} (U+{:04X})", self.character, u32::from(self.character))
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// The answers belong to another kind of form, or a row has not one answer per column.
    #[error("the answers do not fit form {form}")]
    AnswersDoNotFit { form: String },
    /// A column divides or adds columns the form does not have.
    #[error("column {column} of form {form} refers to column {missing}, which does not exist")]
    ColumnMissing { form: String, column: String, missing: String },
    /// Cells that rest on unresolved conflicts: the form can be previewed, not sealed.
    #[error("{cells} cells of form {form} rest on unresolved conflicts")]
    Unsettled { form: String, cells: usize },
    #[error("no installed font draws {}", list(missing))]
    MissingGlyphs { missing: Vec<Missing> },
    #[error("{rows} rows are too many for pages, the limit is {limit}")]
    TooManyRowsForPdf { rows: usize, limit: usize },
    /// All text together; the limit keeps one pasted file from taking the machine's memory.
    #[error("{characters} characters are too many for pages, the limit is {limit}")]
    TooMuchTextForPdf { characters: usize, limit: usize },
    #[error("{rows} rows are too many for a spreadsheet, the limit is {limit}")]
    TooManyRowsForXlsx { rows: usize, limit: usize },
    /// `length` in UTF-16 units, as spreadsheets count.
    #[error("row {row}, column {column}: {length} characters are too many for a spreadsheet cell")]
    CellTooLongForXlsx { row: String, column: String, length: usize, limit: usize },
    /// Not one of the font families the pages are set in is installed.
    #[error("no Chinese font is installed")]
    FontsMissing,
    #[error("the page {page} does not exist")]
    PageMissing { page: usize },
    #[error("rendering failed: {reason}")]
    Rendering { reason: String },
}

/// Rows named in a message; of more, it is said that there are more.
const NAMED: usize = 8;

/// Where Chinese fonts come from differs by system: the code of the words that say so.
fn fonts_of(os: &str, os_release: &str) -> &'static str {
    // Written with capitals by some (openEuler, Deepin), and in either kind of quotes.
    let ids: Vec<String> = os_release
        .lines()
        .filter_map(|line| line.strip_prefix("ID=").or_else(|| line.strip_prefix("ID_LIKE=")))
        .flat_map(|ids| ids.trim_matches(['"', '\'']).split(' '))
        .map(str::to_lowercase)
        .collect();
    let is = |names: &[&str]| ids.iter().any(|id| names.contains(&id.as_str()));
    match os {
        "windows" => "fonts-windows",
        "macos" => "fonts-macos",
        _ if is(&["uos", "deepin", "kylin", "neokylin", "openkylin"]) => "fonts-uos",
        _ if is(&["debian", "ubuntu"]) => "fonts-debian",
        _ if is(&["fedora", "rhel", "centos", "openeuler", "anolis"]) => "fonts-fedora",
        _ => "fonts-linux",
    }
}

fn list(missing: &[Missing]) -> String {
    missing.iter().map(Missing::to_string).collect::<Vec<_>>().join(" ")
}

impl FormError {
    /// The stable code, also the key in the message catalogues.
    pub fn code(&self) -> &'static str {
        match self {
            FormError::AnswersDoNotFit { .. } => "form-answers-do-not-fit",
            FormError::ColumnMissing { .. } => "form-column-missing",
            FormError::Unsettled { .. } => "form-unsettled",
            FormError::MissingGlyphs { .. } => "missing-glyphs",
            FormError::TooManyRowsForPdf { .. } => "too-many-rows-for-pdf",
            FormError::TooMuchTextForPdf { .. } => "too-much-text-for-pdf",
            FormError::TooManyRowsForXlsx { .. } => "too-many-rows-for-xlsx",
            FormError::CellTooLongForXlsx { .. } => "cell-too-long-for-xlsx",
            FormError::FontsMissing => "fonts-missing",
            FormError::PageMissing { .. } => "page-missing",
            FormError::Rendering { .. } => "rendering-failed",
        }
    }

    pub fn notice(&self) -> Notice {
        let notice = Notice::new(self.code());
        match self {
            FormError::AnswersDoNotFit { form } => notice.with("form", form),
            FormError::ColumnMissing { form, column, missing } => {
                notice.with("form", form).with("column", column).with("missing", missing)
            }
            FormError::Unsettled { form, cells } => notice.with("form", form).with("cells", cells),
            FormError::MissingGlyphs { missing } => {
                let mut rows: Vec<&str> = Vec::new();
                for row in missing.iter().flat_map(|one| &one.rows) {
                    if !rows.contains(&row.as_str()) {
                        rows.push(row);
                    }
                }
                if rows.is_empty() {
                    return Notice::new("missing-glyphs-outside").with("chars", list(missing));
                }
                if rows.len() > NAMED {
                    rows.truncate(NAMED);
                    rows.push("…");
                }
                notice.with("chars", list(missing)).with("rows", rows.join("；"))
            }
            FormError::TooManyRowsForPdf { rows, limit } | FormError::TooManyRowsForXlsx { rows, limit } => {
                notice.with("rows", rows).with("limit", limit)
            }
            FormError::TooMuchTextForPdf { characters, limit } => {
                notice.with("characters", characters).with("limit", limit)
            }
            FormError::CellTooLongForXlsx { row, column, length, limit } => {
                notice.with("row", row).with("column", column).with("length", length).with("limit", limit)
            }
            FormError::FontsMissing => {
                let os_release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
                notice.with("why", fonts_of(std::env::consts::OS, &os_release))
            }
            FormError::PageMissing { page } => notice.with("page", page),
            FormError::Rendering { reason } => notice.with("reason", reason),
        }
    }
}

impl From<FormError> for Notice {
    fn from(error: FormError) -> Self {
        error.notice()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_about_fonts_is_for_the_system_at_hand() {
        for (os, os_release, advice) in [
            ("windows", "", "fonts-windows"),
            ("macos", "", "fonts-macos"),
            ("linux", "ID=debian", "fonts-debian"),
            ("linux", "NAME=\"Linux Mint\"\nID=linuxmint\nID_LIKE=\"ubuntu debian\"", "fonts-debian"),
            ("linux", "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"", "fonts-fedora"),
            ("linux", "NAME=\"openEuler\"\nID=\"openEuler\"\nVERSION_ID=\"22.03\"", "fonts-fedora"),
            ("linux", "ID=uos\nID_LIKE=debian", "fonts-uos"),
            ("linux", "ID=Deepin", "fonts-uos"),
            ("linux", "ID='opensuse-leap'\nID_LIKE='suse opensuse'", "fonts-linux"),
            ("linux", "ID='almalinux'\nID_LIKE='rhel centos fedora'", "fonts-fedora"),
            ("linux", "ID=kylin\nID_LIKE=debian", "fonts-uos"),
            ("linux", "ID=arch", "fonts-linux"),
            ("linux", "", "fonts-linux"),
        ] {
            assert_eq!(fonts_of(os, os_release), advice, "{os} {os_release}");
        }
    }

    #[test]
    fn the_words_about_fonts_name_what_that_system_has() {
        const TOOLS: [&str; 5] = ["apt", "dnf", "Optional features", "Font Book", "package manager"];
        const TOOLS_ZH: [&str; 5] = ["apt", "dnf", "可选功能", "字体册", "软件管理器"];
        for (language, tools) in [("en", TOOLS), ("zh", TOOLS_ZH)] {
            let path = format!("{}/../../../assets/messages/{language}/forms.toml", env!("CARGO_MANIFEST_DIR"));
            let words: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
            for (advice, tool) in [
                ("fonts-debian", 0),
                ("fonts-uos", 0),
                ("fonts-fedora", 1),
                ("fonts-windows", 2),
                ("fonts-macos", 3),
                ("fonts-linux", 4),
            ] {
                let remedy = words[advice]["remedy"].as_str().unwrap();
                let named: Vec<&str> = tools.into_iter().filter(|tool| remedy.contains(tool)).collect();
                assert_eq!(named, [tools[tool]], "{language} {advice}: {remedy}");
            }
            let package = |advice: &str, package: &str| {
                assert!(words[advice]["remedy"].as_str().unwrap().contains(package), "{language} {advice}");
            };
            package("fonts-debian", "fonts-noto-cjk");
            package("fonts-fedora", "google-noto-serif-cjk-fonts");
            package("fonts-linux", "Noto Serif CJK SC");
            assert!(words["fonts-missing"]["remedy"].as_str().unwrap().contains("{why}"), "{language}");
        }
    }
}

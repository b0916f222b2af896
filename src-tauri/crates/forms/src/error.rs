//! What can go wrong between a form's definition and its printed page.

use domain::Notice;

/// A character no installed font can draw, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    pub character: char,
    /// Ids of the rows it stands in; empty where it stands in the title, the head, the header or the foot only.
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
                let mut rows: Vec<&str> = missing.iter().flat_map(|one| one.rows.iter().map(String::as_str)).collect();
                rows.sort_unstable();
                rows.dedup();
                notice.with("chars", list(missing)).with("rows", rows.join(" "))
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
            FormError::FontsMissing => notice,
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

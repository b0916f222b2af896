//! Documents as the page shows them: real pages, the file they are kept in, and the printer.

use app::failure::Outcome;
use app::messages::Language;
use app::session::Reading;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::files::ChosenFile;
use crate::views::Written;

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DocumentOf {
    /// Its id; null for the one that records of this kind have.
    pub document: Option<String>,
    /// The record it is about.
    pub id: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WriteDocument {
    pub of: DocumentOf,
    #[ts(type = "string")]
    pub out: ChosenFile,
}

#[derive(Debug, Serialize, TS)]
pub struct DocumentView {
    pub title: String,
    /// What its file is called, without an ending.
    pub name: String,
    /// The pages as SVG.
    pub pages: Vec<String>,
    /// Rests on conflicts nobody has decided; the pages say so.
    pub unsettled: bool,
}

pub fn pages(session: &Reading, input: DocumentOf, _: Language) -> Outcome<DocumentView> {
    let (document, id) = (input.document.as_deref(), input.id.parse()?);
    let assembled = session.document(document, id)?;
    let pages = session.document_pages(&assembled)?.svgs();
    let name = session.document_name(document, id)?;
    Ok(DocumentView { title: assembled.title, name, pages, unsettled: assembled.unsettled })
}

pub fn write(session: &Reading, input: WriteDocument, _: Language) -> Outcome<Written> {
    let document = session.document(input.of.document.as_deref(), input.of.id.parse()?)?;
    session.write_document(&document, &input.out)?;
    Ok(Written::at(&input.out))
}

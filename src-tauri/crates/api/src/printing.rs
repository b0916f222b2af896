//! What the page asks to have printed: a filled form, or a document of one record.

use app::failure::Outcome;
use app::messages::Language;
use disk::folder_of;
use serde::Deserialize;
use ts_rs::TS;

use crate::Backend;
use crate::documents::DocumentOf;
use crate::files::ChosenFile;
use crate::forms::{FillForm, request};
use crate::spool::PrintSpool;
use crate::views::Nothing;

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PrintPages {
    pub pages: PagesOf,
}

/// Whose pages.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PagesOf {
    Form(FillForm),
    Document(DocumentOf),
}

/// A file the person has just had written.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OpenWritten {
    #[ts(type = "string")]
    pub file: ChosenFile,
    pub shows: Shows,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Shows {
    /// What is in it.
    File,
    /// The folder it lies in.
    Folder,
    /// It is a folder.
    Itself,
}

fn spool(backend: &Backend) -> Outcome<PrintSpool> {
    match &backend.spool {
        Some(spool) => Ok(spool.clone()),
        None => PrintSpool::own(),
    }
}

/// Opens a file, or the folder it lies in, in the system's own program.
pub fn open_written(backend: &mut Backend, input: OpenWritten, _: Language) -> Outcome<Nothing> {
    let spool = spool(backend)?;
    match input.shows {
        Shows::File => spool.open_written(&input.file)?,
        Shows::Folder => spool.open_folder(folder_of(&input.file))?,
        Shows::Itself => spool.open_folder(&input.file)?,
    }
    Ok(Nothing {})
}

/// Shows the pages in the system's viewer, which prints them.
pub fn print(backend: &mut Backend, input: PrintPages, _: Language) -> Outcome<Nothing> {
    let session = backend.session()?;
    let (title, pdf) = match &input.pages {
        PagesOf::Form(filling) => {
            let request = request(filling)?;
            let filled = session.fill(&request)?.form;
            (format!("{} {}", filled.title, request.as_of), session.form_pdf(&filled)?)
        }
        PagesOf::Document(of) => {
            let (document, id) = (of.document.as_deref(), of.id.parse()?);
            let name = session.document_name(document, id)?;
            (name, session.document_pdf(&session.document(document, id)?)?)
        }
    };
    spool(backend)?.hand_over(&title, &pdf, backend.clock.millis())?;
    Ok(Nothing {})
}

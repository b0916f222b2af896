//! Documents of one record, to be signed or filed: 现场检查记录 and 企业质量档案. What stands in them and in what order is data
//! (`assets/documents/`); labels, codes and units are the schema's. Documents are Chinese, as the offices' papers are.

mod layout;
mod parts;
mod photos;
mod recovery;

use std::path::Path;

use domain::{Notice, Record, RecordId};
use forms::document::Signature;
use forms::{Document, Pages, Purpose};
use store::Reader;

use crate::failure::{Failure, Outcome};
use crate::files::write_whole;
use crate::messages::Language;
use crate::session::Reading;
use crate::words::{Words, day_of, title_of};
use layout::{Layout, layouts};
use parts::Assembly;

/// The blank beside a signature.
const DAY: &str = "    年    月    日";

impl Reading {
    /// The document of a record; without a name, the one its kind has.
    pub fn document(&self, document: Option<&str>, id: RecordId) -> Outcome<Document> {
        self.read::<_, Failure>(|reader| {
            let record = reader.record(id)?.ok_or_else(|| Notice::new("record-unknown").with("id", id))?;
            let layout = self.layout(document, &record)?;
            self.assemble(reader, layout, record)
        })
    }

    fn layout(&self, document: Option<&str>, record: &Record) -> Outcome<&'static Layout> {
        let fits = |layout: &&Layout| match document {
            Some(id) => layout.id == id,
            None => layout.kind == record.kind,
        };
        let known = layouts().iter().find(fits);
        match known {
            Some(layout) if layout.kind == record.kind => Ok(layout),
            _ => {
                let wanted = document.unwrap_or(&record.kind);
                Err(Notice::new("document-unknown").with("value", wanted).with("kind", &record.kind).into())
            }
        }
    }

    fn assemble(&self, reader: &Reader, layout: &'static Layout, record: Record) -> Outcome<Document> {
        let words = Words { session: self, reader, language: Language::Zh };
        let assembly = Assembly::new(words, record)?;
        let office = self.name_of(reader, &assembly.record.office)?;
        let mut unsettled = false;
        for id in assembly.ids() {
            unsettled |= reader.folded(id)?.is_some_and(|(_, folded)| !folded.conflicts.is_empty());
        }
        let mut sections = Vec::with_capacity(layout.sections.len());
        for section in &layout.sections {
            sections.push(assembly.section(section)?);
        }
        let record = &assembly.record;
        let mut signatures = Vec::new();
        for line in &layout.signatures {
            let Some(each) = &line.each else {
                let (label, statement) = (line.label.clone(), line.statement.clone());
                signatures.push(Signature { label, statement, extra: String::new() });
                continue;
            };
            // Everybody named signs; a line is there even where nobody is.
            let extras = record.texts(line.extra.as_deref().unwrap_or_default());
            for at in 0..record.texts(each).len().max(1) {
                let extra = extras.get(at).map(|number| format!("{}{number}", line.extra_label)).unwrap_or_default();
                signatures.push(Signature { label: line.label.clone(), extra, statement: line.statement.clone() });
            }
        }
        let annex = assembly.annex(&layout.photos)?;
        let short = record.id.to_string().chars().take(8).collect::<String>().to_uppercase();
        let voided = record.void.as_ref().map(|reason| (format!("本记录已作废：{reason}"), String::new()));
        let head = [(format!("填报单位：{office}"), format!("记录号：{short}"))].into_iter().chain(voided);
        Ok(Document {
            title: layout.title.clone(),
            author: office.clone(),
            head: head.collect(),
            sections,
            signatures,
            annex,
            seal: Some(layout.seal.replace("{office}", &office)),
            every_page: layout.every_page.clone(),
            day: DAY.to_owned(),
            unsettled,
        })
    }

    /// What a document's file is called: its title, whose it is, and its day.
    pub fn document_name(&self, document: Option<&str>, id: RecordId) -> Outcome<String> {
        self.read::<_, Failure>(|reader| {
            let record = reader.record(id)?.ok_or_else(|| Notice::new("record-unknown").with("id", id))?;
            let layout = self.layout(document, &record)?;
            let day = self.library().schema().kind(&record.kind).map_or("", |kind| day_of(kind, &record));
            let title = title_of(self, reader, &record)?;
            Ok([layout.title.as_str(), &title, day].join(" ").trim().to_owned())
        })
    }

    pub fn document_pages(&self, document: &Document) -> Outcome<Pages> {
        Ok(Pages::of_document(document, Purpose::Preview)?)
    }

    /// A document as PDF. One on open conflicts is printed as a preview that says so.
    pub fn document_pdf(&self, document: &Document) -> Outcome<Vec<u8>> {
        let purpose = if document.unsettled { Purpose::Preview } else { Purpose::Sealed };
        Ok(Pages::of_document(document, purpose)?.pdf(self.now_utc())?)
    }

    pub fn write_document(&self, document: &Document, out: &Path) -> Outcome<()> {
        let ending = out.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
        if ending.as_deref() != Some("pdf") {
            return Err(Notice::new("document-not-pdf").with("path", out.display()).into());
        }
        write_whole(out, &self.document_pdf(document)?, true)
    }
}

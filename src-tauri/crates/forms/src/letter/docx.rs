//! A letter as DOCX, for a clerk to go on editing in WPS or Word: real styles and headings, tables with merged heads, pages
//! of the standard's measures. Fonts are those the standard names; a machine without them knows others by the font table.

use chrono::NaiveDateTime;

use super::package::pack;
use super::table::attachment;
use super::xml::{paragraph, run, sheet};
use super::{Block, Letter};
use crate::error::FormError;
use crate::layout::Margins;

/// A letter of the text (3号), in twentieths of a point.
const LETTER: f64 = 320.0;
/// The standard's: 天头 37, 订口 28.
const MARGINS: Margins = Margins { left: 28.0, right: 26.0, top: 37.0, bottom: 35.0 };

/// The document's bytes. `created` (UTC) is its creation date: equal letters created at one moment are equal byte by byte.
pub fn docx(letter: &Letter, created: NaiveDateTime) -> Result<Vec<u8>, FormError> {
    let mut body = text(letter);
    let attachments = letter.attachments();
    let letters = sheet((210.0, 297.0), MARGINS, 23.0, true);
    if attachments.is_empty() {
        body.push_str(&letters);
    } else {
        // A section's measures stand in its last paragraph; the document's own are those of the last section.
        body.push_str(&ends(&letters));
    }
    for (at, form) in attachments.iter().enumerate() {
        let (table, measures) = attachment(form);
        body.push_str(&table);
        body.push_str(&if at + 1 == attachments.len() { measures } else { ends(&measures) });
    }
    let document = format!(
        r#"<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>{body}</w:body></w:document>"#
    );
    pack(letter, &document, created)
}

fn text(letter: &Letter) -> String {
    let mut body = String::new();
    let title: Vec<String> = letter.title_lines().iter().map(|line| run(line, "")).collect();
    body.push_str(&paragraph("Title", "", &title.join("<w:r><w:br/></w:r>")));
    body.push_str(&paragraph("Normal", "", ""));
    if !letter.addressed().is_empty() {
        body.push_str(&paragraph("Salutation", "", &run(&letter.addressed(), "")));
    }
    for block in letter.blocks() {
        body.push_str(&match block {
            Block::Heading { level, text } => paragraph(&format!("Heading{level}"), "", &run(&text, "")),
            Block::Paragraph { lead, text } if lead.is_empty() => paragraph("BodyText", "", &run(&text, "")),
            Block::Paragraph { lead, text } => {
                let lead = run(&lead, r#"<w:rStyle w:val="Lead"/>"#);
                paragraph("BodyText", "", &(lead + &run(&text, "")))
            }
        });
    }
    body.push_str(&attached(letter));
    let (office, date) = letter.signature();
    let from_right = |letters: f64| {
        let (hundredths, twips) = ((letters * 100.0).round(), (letters * LETTER).round());
        format!(r#"<w:ind w:rightChars="{hundredths}" w:right="{twips}"/>"#)
    };
    // Room for the seal, whose middle comes to stand on the two lines that follow.
    let blank = paragraph("Normal", "<w:keepNext/>", "");
    body.push_str(&blank.repeat(2));
    body.push_str(&paragraph("Signature", &from_right(office), &run(&letter.office, "")));
    body.push_str(&paragraph("Date", &from_right(date), &run(&letter.dated(), "")));
    if !letter.noted().is_empty() {
        body.push_str(&paragraph("BodyText", "", &run(&letter.noted(), "")));
    }
    body
}

/// 附件说明: a line below the text, their names under one another.
fn attached(letter: &Letter) -> String {
    let mut lines = String::new();
    let several = letter.attachments.len() > 1;
    for (at, form) in letter.attachments.iter().enumerate() {
        if at == 0 {
            lines.push_str(&paragraph("Normal", "<w:keepNext/>", ""));
        }
        let label = match (at, several) {
            (0, true) => "附件：1. ".to_owned(),
            (0, false) => "附件：".to_owned(),
            _ => format!("{}. ", at + 1),
        };
        // The names hang beside their numbers: two letters in, then 附件： and the number.
        let hanging = if several { 4.0 } else { 3.0 };
        let own = if at == 0 { hanging } else { 1.0 };
        let indent =
            format!(r#"<w:keepNext/><w:ind w:left="{}" w:hanging="{}"/>"#, (2.0 + hanging) * LETTER, own * LETTER);
        lines.push_str(&paragraph("Normal", &indent, &run(&format!("{label}{}", form.title), "")));
    }
    lines
}

/// The last paragraph of a section, which takes next to no room.
fn ends(measures: &str) -> String {
    let flat = r#"<w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>"#;
    format!(r#"<w:p><w:pPr>{flat}{measures}</w:pPr></w:p>"#)
}

//! How the parts of a DOCX are spelt: texts, paragraphs, measures.

use crate::layout::Margins;

/// Twentieths of a point in a millimetre.
pub(super) const TWIPS: f64 = 1440.0 / 25.4;
/// Line to line in twentieths of a point: 22 lines on 225 mm.
pub(super) const PITCH: u32 = 579;

/// The text as XML; characters XML cannot hold are left out.
pub(super) fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            '\t' | '\n' | '\r' => written.push(' '),
            '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => {}
            _ => written.push(character),
        }
    }
    written
}

pub(super) fn fonts(name: &str) -> String {
    format!(r#"<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"/>"#)
}

pub(super) fn paragraph(style: &str, own: &str, runs: &str) -> String {
    format!(r#"<w:p><w:pPr><w:pStyle w:val="{style}"/>{own}</w:pPr>{runs}</w:p>"#)
}

pub(super) fn run(text: &str, own: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let properties = if own.is_empty() { String::new() } else { format!("<w:rPr>{own}</w:rPr>") };
    format!(r#"<w:r>{properties}<w:t xml:space="preserve">{}</w:t></w:r>"#, escaped(text))
}

/// A section's pages, in millimetres: (width, height), margins, and the page number's place above the lower edge. Of a letter
/// lines and letters stand on a grid.
pub(super) fn sheet((width, height): (f64, f64), margins: Margins, number: f64, on_grid: bool) -> String {
    let twips = |millimetres: f64| (millimetres * TWIPS).round() as u32;
    let lying = if width > height { r#" w:orient="landscape""# } else { "" };
    let grid = if on_grid { format!(r#"<w:docGrid w:type="lines" w:linePitch="{PITCH}"/>"#) } else { String::new() };
    format!(
        r#"<w:sectPr><w:footerReference w:type="default" r:id="rId1"/><w:footerReference w:type="even" r:id="rId2"/><w:type w:val="nextPage"/><w:pgSz w:w="{}" w:h="{}"{lying}/><w:pgMar w:top="{}" w:right="{}" w:bottom="{}" w:left="{}" w:header="851" w:footer="{}" w:gutter="0"/>{grid}</w:sectPr>"#,
        twips(width),
        twips(height),
        twips(margins.top),
        twips(margins.right),
        twips(margins.bottom),
        twips(margins.left),
        twips(number),
    )
}

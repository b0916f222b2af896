//! What every DOCX of ours holds beside its text: styles, fonts, settings, page numbers; and how its parts are packed.

use std::io::{Cursor, Write};

use chrono::NaiveDateTime;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::Letter;
use super::xml::{PITCH, escaped, fonts};
use crate::error::FormError;

const XML: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

pub(super) const BODY: &str = "仿宋_GB2312";
pub(super) const TITLE: &str = "方正小标宋简体";
pub(super) const SANS: &str = "黑体";
pub(super) const KAI: &str = "楷体_GB2312";
pub(super) const SONG: &str = "宋体";

/// The file's bytes. The parts are written in one order and bear no time but `created`.
pub(super) fn pack(letter: &Letter, document: &str, created: NaiveDateTime) -> Result<Vec<u8>, FormError> {
    let parts = [
        ("[Content_Types].xml", content_types()),
        ("_rels/.rels", relations(&ROOT_RELATIONS)),
        ("docProps/core.xml", core(letter, created)),
        ("docProps/app.xml", app()),
        ("word/document.xml", format!("{XML}{document}")),
        ("word/styles.xml", styles()),
        ("word/settings.xml", settings()),
        ("word/fontTable.xml", font_table()),
        ("word/footer1.xml", footer("right")),
        ("word/footer2.xml", footer("left")),
        ("word/_rels/document.xml.rels", relations(&DOCUMENT_RELATIONS)),
    ];
    let failed = |error: &dyn std::fmt::Display| FormError::Rendering { reason: error.to_string() };
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, options).map_err(|error| failed(&error))?;
        zip.write_all(text.as_bytes()).map_err(|error| failed(&error))?;
    }
    Ok(zip.finish().map_err(|error| failed(&error))?.into_inner())
}

const ROOT_RELATIONS: [(&str, &str); 3] = [
    ("officeDocument/2006/relationships/officeDocument", "word/document.xml"),
    ("package/2006/relationships/metadata/core-properties", "docProps/core.xml"),
    ("officeDocument/2006/relationships/extended-properties", "docProps/app.xml"),
];

/// In the order of their ids, which the document's sections name: rId1 and rId2 are the footers.
const DOCUMENT_RELATIONS: [(&str, &str); 5] = [
    ("officeDocument/2006/relationships/footer", "footer1.xml"),
    ("officeDocument/2006/relationships/footer", "footer2.xml"),
    ("officeDocument/2006/relationships/styles", "styles.xml"),
    ("officeDocument/2006/relationships/settings", "settings.xml"),
    ("officeDocument/2006/relationships/fontTable", "fontTable.xml"),
];

fn relations(of: &[(&str, &str)]) -> String {
    let each = of.iter().enumerate().map(|(at, (kind, target))| {
        format!(
            r#"<Relationship Id="rId{}" Type="http://schemas.openxmlformats.org/{kind}" Target="{target}"/>"#,
            at + 1
        )
    });
    let each: String = each.collect();
    format!(
        r#"{XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{each}</Relationships>"#
    )
}

fn content_types() -> String {
    let word = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    let own = [
        ("word/document.xml", format!("{word}.document.main+xml")),
        ("word/styles.xml", format!("{word}.styles+xml")),
        ("word/settings.xml", format!("{word}.settings+xml")),
        ("word/fontTable.xml", format!("{word}.fontTable+xml")),
        ("word/footer1.xml", format!("{word}.footer+xml")),
        ("word/footer2.xml", format!("{word}.footer+xml")),
        ("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml".to_owned()),
        ("docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml".to_owned()),
    ];
    let own: String =
        own.iter().map(|(name, kind)| format!(r#"<Override PartName="/{name}" ContentType="{kind}"/>"#)).collect();
    format!(
        r#"{XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{own}</Types>"#
    )
}

fn core(letter: &Letter, created: NaiveDateTime) -> String {
    let title = escaped(&letter.title.replace('\n', ""));
    let office = escaped(&letter.office);
    let moment = created.format("%Y-%m-%dT%H:%M:%SZ");
    format!(
        r#"{XML}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{title}</dc:title><dc:creator>{office}</dc:creator><dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified></cp:coreProperties>"#
    )
}

fn app() -> String {
    format!(
        r#"{XML}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>Sweepbook</Application></Properties>"#
    )
}

fn settings() -> String {
    format!(
        r#"{XML}<w:settings xmlns:w="{WORD}"><w:mirrorMargins/><w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/><w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>"#
    )
}

/// Names a system without the standard's fonts knows others by.
fn font_table() -> String {
    let fonts = [
        (BODY, "仿宋", "modern", "fixed"),
        (TITLE, "华文中宋", "roman", "variable"),
        (SANS, "SimHei", "modern", "fixed"),
        (KAI, "楷体", "modern", "fixed"),
        (SONG, "SimSun", "auto", "variable"),
    ];
    let each = fonts.iter().map(|(name, other, family, pitch)| {
        format!(
            r#"<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/><w:family w:val="{family}"/><w:pitch w:val="{pitch}"/></w:font>"#
        )
    });
    format!(r#"{XML}<w:fonts xmlns:w="{WORD}">{}</w:fonts>"#, each.collect::<String>())
}

/// — 1 —, a letter in from the edge that is turned outwards.
fn footer(side: &str) -> String {
    let field = |kind: &str| format!(r#"<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>"#);
    let text = |text: &str| format!(r#"<w:r><w:t xml:space="preserve">{text}</w:t></w:r>"#);
    format!(
        r#"{XML}<w:ftr xmlns:w="{WORD}" xmlns:r="{RELATIONS}"><w:p><w:pPr><w:pStyle w:val="Footer"/><w:jc w:val="{side}"/></w:pPr>{}{}<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>{}{}{}{}</w:p></w:ftr>"#,
        text("— "),
        field("begin"),
        field("separate"),
        text("1"),
        field("end"),
        text(" —"),
    )
}

/// The names Word and WPS know, so that their own lists show them and a table of contents can be made.
fn styles() -> String {
    let style = |id: &str, name: &str, next: &str, paragraph: &str, run: &str| {
        let based = if id == "Normal" { "" } else { r#"<w:basedOn w:val="Normal"/>"# };
        let kind = match id {
            "Normal" => r#" w:default="1""#,
            "Attachment" | "AttachmentTitle" | "TableText" => r#" w:customStyle="1""#,
            _ => "",
        };
        format!(
            r#"<w:style w:type="paragraph"{kind} w:styleId="{id}"><w:name w:val="{name}"/>{based}<w:next w:val="{next}"/><w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"#
        )
    };
    let exact = format!(r#"<w:spacing w:before="0" w:after="0" w:line="{PITCH}" w:lineRule="exact"/>"#);
    let two_in = r#"<w:ind w:firstLineChars="200" w:firstLine="640"/>"#;
    let heading = |level: u32| format!(r#"<w:keepNext/>{two_in}<w:outlineLvl w:val="{}"/>"#, level - 1);
    let table = r#"<w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>"#;
    let paragraphs = [
        style("Normal", "Normal", "Normal", &format!(r#"{exact}<w:jc w:val="both"/>"#), ""),
        style(
            "Title",
            "Title",
            "Salutation",
            r#"<w:keepNext/><w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" w:line="680" w:lineRule="exact"/><w:jc w:val="center"/>"#,
            &format!(r#"{}<w:sz w:val="44"/><w:szCs w:val="44"/>"#, fonts(TITLE)),
        ),
        style("Heading1", "heading 1", "BodyText", &heading(1), &fonts(SANS)),
        style("Heading2", "heading 2", "BodyText", &heading(2), &fonts(KAI)),
        style("Salutation", "Salutation", "BodyText", "", ""),
        style("BodyText", "Body Text", "BodyText", two_in, ""),
        style("Signature", "Signature", "Date", r#"<w:keepNext/><w:jc w:val="right"/>"#, ""),
        style("Date", "Date", "BodyText", r#"<w:jc w:val="right"/>"#, ""),
        style("Attachment", "Attachment", "AttachmentTitle", "<w:keepNext/>", &fonts(SANS)),
        style(
            "AttachmentTitle",
            "Attachment Title",
            "TableText",
            r#"<w:keepNext/><w:snapToGrid w:val="0"/><w:spacing w:before="120" w:after="120" w:line="600" w:lineRule="exact"/><w:jc w:val="center"/>"#,
            &format!(r#"{}<w:sz w:val="44"/><w:szCs w:val="44"/>"#, fonts(TITLE)),
        ),
        style(
            "TableText",
            "Table Text",
            "TableText",
            &format!(r#"{table}<w:jc w:val="center"/>"#),
            &format!(r#"{}<w:sz w:val="21"/><w:szCs w:val="21"/>"#, fonts(SONG)),
        ),
        style(
            "Footer",
            "footer",
            "Footer",
            &format!(r#"{table}<w:ind w:leftChars="0" w:left="280" w:rightChars="0" w:right="280"/>"#),
            &format!(r#"{}<w:sz w:val="28"/><w:szCs w:val="28"/>"#, fonts(SONG)),
        ),
    ];
    let lead = format!(
        r#"<w:style w:type="character" w:customStyle="1" w:styleId="Lead"><w:name w:val="Lead"/><w:rPr>{}</w:rPr></w:style>"#,
        fonts(KAI)
    );
    let body = fonts(BODY);
    let own = paragraphs.concat();
    format!(
        r#"{XML}<w:styles xmlns:w="{WORD}"><w:docDefaults><w:rPrDefault><w:rPr>{body}<w:kern w:val="0"/><w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>{own}{lead}</w:styles>"#
    )
}

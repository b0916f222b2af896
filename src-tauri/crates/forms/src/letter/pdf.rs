//! A letter as pages by GB/T 9704—2012, its attachments after it with numbers that go on.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Block, Letter};
use crate::error::{FormError, Missing};
use crate::fonts::{self, Fonts, fonts};
use crate::layout::{self, Sheet};
use crate::pages::{self, CHARACTER_LIMIT, Pages, Purpose, compile};
use crate::typeset::{self, Names};

const TEMPLATE: (&str, &str) = ("letter.typ", include_str!("../../../../../assets/forms/letter.typ"));

#[derive(Serialize)]
struct Data<'a> {
    fonts: fonts::LetterFamilies,
    note: &'a str,
    title: Vec<String>,
    addressee: String,
    blocks: Vec<BlockData>,
    /// Those that stay with the signature.
    last: Vec<BlockData>,
    attachments: Vec<String>,
    office: String,
    date: String,
    /// In letters.
    office_from_right: f64,
    date_from_right: f64,
    contact: String,
    forms: Vec<typeset::Data<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum BlockData {
    Heading { level: u32, text: String },
    Paragraph { lead: String, text: String },
}

impl Pages {
    /// A letter with its attachments. Like a form, one with conflicts or missing glyphs can be previewed, not printed as
    /// settled.
    pub fn of_letter(letter: &Letter, purpose: Purpose) -> Result<Self, FormError> {
        let characters: usize = letter.texts().map(|(_, text)| text.len()).sum();
        if characters > CHARACTER_LIMIT {
            return Err(FormError::TooMuchTextForPdf { characters, limit: CHARACTER_LIMIT });
        }
        letter.attachments.iter().try_for_each(pages::fits)?;
        let fonts = fonts()?;
        if purpose == Purpose::Sealed {
            letter.attachments.iter().try_for_each(pages::is_settled)?;
            let missing = missing(letter, fonts);
            if !missing.is_empty() {
                return Err(FormError::MissingGlyphs { missing });
            }
        }
        let attached = letter.attachments();
        let sheets: Vec<Sheet> = attached.iter().map(Sheet::of).collect();
        let forms = attached.iter().zip(&sheets).map(|(form, sheet)| typeset::data(form, sheet, fonts)).collect();
        let data = serde_json::to_vec(&data(letter, forms, fonts)).unwrap_or_default();
        Ok(Pages::of(compile(&[TEMPLATE, pages::FORM], data, Vec::new(), fonts)?))
    }
}

fn data<'a>(letter: &'a Letter, forms: Vec<typeset::Data<'a>>, fonts: &Fonts) -> Data<'a> {
    let mut names = Names::new(fonts);
    let mut named = |text: &str| names.named(text);
    let settled = letter.attachments.iter().all(|form| form.settled());
    let (blocks, last) = letter.parted();
    let (office_from_right, date_from_right) = letter.signature();
    let mut set = |blocks: Vec<Block>| -> Vec<BlockData> {
        let set = blocks.into_iter().map(|block| match block {
            Block::Heading { level, text } => BlockData::Heading { level, text: named(&text) },
            Block::Paragraph { lead, text } => BlockData::Paragraph { lead: named(&lead), text: named(&text) },
        });
        set.collect()
    };
    let (blocks, last) = (set(blocks), set(last));
    Data {
        fonts: fonts::letter_families(),
        note: if settled { "" } else { layout::PREVIEW_NOTE },
        title: letter.title_lines().iter().map(|line| names.named(line)).collect(),
        addressee: names.named(&letter.addressed()),
        blocks,
        last,
        attachments: letter.attachments.iter().map(|form| names.named(&form.title)).collect(),
        office: names.named(&letter.office),
        date: letter.dated(),
        office_from_right,
        date_from_right,
        contact: names.named(&letter.noted()),
        forms,
    }
}

/// Characters no font draws, with the headings or rows they stand in.
fn missing(letter: &Letter, fonts: &Fonts) -> Vec<Missing> {
    let mut names = Names::new(fonts);
    let mut found: BTreeMap<char, Vec<String>> = BTreeMap::new();
    let mut add = |character: char, places: &[String]| {
        let known = found.entry(character).or_default();
        for place in places.iter().filter(|place| !place.is_empty()) {
            if !known.contains(place) {
                known.push(place.clone());
            }
        }
    };
    for (heading, text) in letter.texts() {
        for character in text.chars().filter(|character| !names.draws(*character)) {
            add(character, &[heading.to_owned()]);
        }
    }
    for form in &letter.attachments {
        for one in typeset::missing(form, fonts) {
            add(one.character, &one.rows);
        }
    }
    found.into_iter().map(|(character, rows)| Missing { character, rows }).collect()
}

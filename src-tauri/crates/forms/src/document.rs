//! A document as plain data, and its pages: what is not a table of many rows. A title, labelled values, tables, free words,
//! and the place where people sign. It knows no record; whoever assembles a document says every word of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use typst::foundations::Bytes;

use crate::error::{FormError, Missing};
use crate::fonts::{self, Fonts, fonts};
use crate::layout;
use crate::pages::{CHARACTER_LIMIT, Pages, Purpose, ROW_LIMIT, compile};
use crate::typeset::Names;

const TEMPLATE: (&str, &str) = ("document.typ", include_str!("../../../../assets/forms/document.typ"));

/// Upright A4, in millimetres, with room to bind it at the left.
const WIDTH: f64 = 210.0;
const HEIGHT: f64 = 297.0;
const LEFT: f64 = 25.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 22.0;
const BOTTOM: f64 = 22.0;
const ROOM: f64 = WIDTH - LEFT - RIGHT;

/// 五号.
const SIZE: f64 = 10.5;
/// From line to line, in em, as in the template.
const LEADING: f64 = 1.3;
/// At each side of a cell's text, in points, as in the template.
const PADDING: f64 = 3.6;
/// The column of labels, in millimetres.
const LABEL: f64 = 28.0;
/// A picture's column, in millimetres, as in the template.
const PICTURE: f64 = ROOM / 2.0;
/// Characters of a key that stand together, and groups of them in a line.
const GROUP: usize = 5;
const GROUPS_A_LINE: usize = 8;
/// The longest value, in em, that stands beside another pair.
const HALF_LINE: f64 = 28.0;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    pub title: String,
    /// Whose document it is.
    pub author: String,
    /// Left and right words under the title.
    pub head: Vec<(String, String)>,
    pub sections: Vec<Section>,
    pub signatures: Vec<Signature>,
    /// Pictures on pages of their own, after all that is signed.
    pub annex: Option<Annex>,
    /// Words beside which the seal is set; none where the document takes none.
    pub seal: Option<String>,
    /// Signed at the foot of every page, where there are several.
    pub every_page: Vec<String>,
    /// The blank for a day beside a signature: `年  月  日`.
    pub day: String,
    /// Rests on unresolved conflicts, and says so.
    pub unsettled: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    /// Blank for none.
    pub heading: String,
    pub parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Labels and values, two pairs a line where both are short.
    Pairs(Vec<Pair>),
    Rows(Rows),
    /// Free words in a frame at least this many lines high.
    Words {
        text: String,
        lines: u32,
    },
    /// A key to be read off the page: large, in groups of five.
    Key {
        label: String,
        key: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub label: String,
    pub value: String,
}

/// A small table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    pub columns: Vec<RowsColumn>,
    pub rows: Vec<Vec<String>>,
    /// What a table without rows says.
    pub none: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowsColumn {
    pub title: String,
    /// Its part of the width, beside those of the others.
    pub width: u32,
    /// Texts at the left; short words in the middle.
    pub left: bool,
}

/// A line to sign on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signature {
    /// Who signs, and the colon.
    pub label: String,
    /// What stands between the signature and the day, such as a certificate's number.
    pub extra: String,
    /// What is signed.
    pub statement: String,
}

/// Pages of pictures, six to a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Annex {
    pub heading: String,
    pub photos: Vec<Photo>,
    /// What stands under the last picture; blank for nothing.
    pub note: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// JPEG, or the words that stand in its place.
    pub picture: Result<Arc<[u8]>, String>,
    /// Under the picture.
    pub lines: Vec<String>,
}

#[derive(Serialize)]
struct Data<'a> {
    fonts: fonts::Families,
    page: Page,
    size: f64,
    padding: f64,
    note: &'a str,
    title: String,
    author: &'a str,
    head: Vec<Head>,
    sections: Vec<SectionData>,
    signatures: Vec<SignatureData>,
    annex: Option<AnnexData>,
    seal: Option<String>,
    every_page: Vec<String>,
    day: String,
}

#[derive(Serialize)]
struct Page {
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

#[derive(Serialize)]
struct Head {
    left: String,
    right: String,
}

#[derive(Serialize)]
struct SectionData {
    heading: String,
    parts: Vec<PartData>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum PartData {
    Pairs { columns: [f64; 4], pairs: Vec<PairData> },
    Rows { columns: Vec<f64>, left: Vec<bool>, header: Vec<String>, rows: Vec<Vec<CellData>>, none: String },
    Words { text: String, height: f64, least: f64, tall: bool },
    Key { label: String, lines: Vec<Vec<String>> },
}

#[derive(Serialize)]
struct PairData {
    label: String,
    value: String,
    span: u32,
    tall: bool,
}

#[derive(Serialize)]
struct CellData {
    text: String,
    tall: bool,
}

#[derive(Serialize)]
struct AnnexData {
    heading: String,
    photos: Vec<PhotoData>,
    note: String,
}

#[derive(Serialize)]
struct PhotoData {
    /// The file beside the template; none where only words stand.
    file: Option<String>,
    words: String,
    lines: Vec<String>,
}

#[derive(Serialize)]
struct SignatureData {
    label: String,
    extra: String,
    statement: String,
}

impl Document {
    /// Every text with the heading it stands under, in order.
    fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let outer = [&self.title, &self.author, &self.day].into_iter().chain(&self.seal).chain(&self.every_page);
        let head = self.head.iter().flat_map(|(left, right)| [left, right]);
        let signed = self.signatures.iter().flat_map(|line| [&line.label, &line.extra, &line.statement]);
        let beside = self.annex.iter().flat_map(|annex| {
            let photos = annex.photos.iter().flat_map(|photo| photo.lines.iter().chain(photo.picture.as_ref().err()));
            photos.chain([&annex.heading, &annex.note]).map(|text| (annex.heading.as_str(), text.as_str()))
        });
        let inner = self.sections.iter().flat_map(|section| {
            let texts = section.parts.iter().flat_map(Part::texts).chain([section.heading.as_str()]);
            texts.map(|text| (section.heading.as_str(), text))
        });
        outer.chain(head).chain(signed).map(|text| ("", text.as_str())).chain(inner).chain(beside)
    }

    fn rows(&self) -> usize {
        let rows = self.sections.iter().flat_map(|section| &section.parts).map(|part| match part {
            Part::Pairs(pairs) => pairs.len(),
            Part::Rows(table) => table.rows.len(),
            Part::Words { .. } | Part::Key { .. } => 1,
        });
        rows.sum::<usize>() + self.annex.as_ref().map_or(0, |annex| annex.photos.len())
    }
}

impl Part {
    fn texts(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        match self {
            Part::Pairs(pairs) => Box::new(pairs.iter().flat_map(|pair| [pair.label.as_str(), pair.value.as_str()])),
            Part::Rows(table) => {
                let titles = table.columns.iter().map(|column| column.title.as_str());
                let cells = table.rows.iter().flatten().map(String::as_str);
                Box::new(titles.chain(cells).chain([table.none.as_str()]))
            }
            Part::Words { text, .. } => Box::new([text.as_str()].into_iter()),
            Part::Key { label, key } => Box::new([label.as_str(), key.as_str()].into_iter()),
        }
    }
}

impl Pages {
    /// A document as pages. Like a form, one with conflicts or missing glyphs can be previewed, not printed as settled.
    pub fn of_document(document: &Document, purpose: Purpose) -> Result<Self, FormError> {
        if document.rows() > ROW_LIMIT {
            return Err(FormError::TooManyRowsForPdf { rows: document.rows(), limit: ROW_LIMIT });
        }
        let characters: usize = document.texts().map(|(_, text)| text.len()).sum();
        if characters > CHARACTER_LIMIT {
            return Err(FormError::TooMuchTextForPdf { characters, limit: CHARACTER_LIMIT });
        }
        let fonts = fonts()?;
        if purpose == Purpose::Sealed {
            let missing = missing(document, fonts);
            if !missing.is_empty() {
                return Err(FormError::MissingGlyphs { missing });
            }
        }
        let photos = document.annex.iter().flat_map(|annex| annex.photos.iter().enumerate());
        let files = photos
            .filter_map(|(at, photo)| Some((picture_file(at), Bytes::new(photo.picture.as_ref().ok()?.clone()))))
            .collect();
        Ok(Pages::of(compile(&[TEMPLATE], data(document, fonts), files, fonts)?))
    }
}

fn picture_file(at: usize) -> String {
    format!("photo-{at}.jpg")
}

/// Characters no font draws, with the headings they stand under.
fn missing(document: &Document, fonts: &Fonts) -> Vec<Missing> {
    let mut names = Names::new(fonts);
    let mut found: BTreeMap<char, Vec<String>> = BTreeMap::new();
    for (heading, text) in document.texts() {
        for character in text.chars().filter(|character| !names.draws(*character)) {
            let headings = found.entry(character).or_default();
            if !heading.is_empty() && headings.last().is_none_or(|last| last != heading) {
                headings.push(heading.to_owned());
            }
        }
    }
    found.into_iter().map(|(character, rows)| Missing { character, rows }).collect()
}

fn data(document: &Document, fonts: &Fonts) -> Vec<u8> {
    let mut setter = Setter { names: Names::new(fonts), fonts };
    let sections = document.sections.iter().map(|section| SectionData {
        heading: setter.names.named(&section.heading),
        parts: section.parts.iter().map(|part| setter.part(part)).collect(),
    });
    let sections = sections.collect();
    let annex = document.annex.as_ref().map(|annex| AnnexData {
        heading: setter.names.named(&annex.heading),
        photos: annex.photos.iter().enumerate().map(|(at, photo)| setter.photo(at, photo)).collect(),
        note: setter.names.named(&annex.note),
    });
    let names = &mut setter.names;
    let data = Data {
        fonts: fonts::families(),
        page: Page { width: WIDTH, height: HEIGHT, left: LEFT, right: RIGHT, top: TOP, bottom: BOTTOM },
        size: SIZE,
        padding: PADDING,
        note: if document.unsettled { layout::PREVIEW_NOTE } else { "" },
        title: names.named(&document.title),
        author: &document.author,
        head: document
            .head
            .iter()
            .map(|(left, right)| Head { left: names.named(left), right: names.named(right) })
            .collect(),
        sections,
        annex,
        signatures: document
            .signatures
            .iter()
            .map(|line| SignatureData {
                label: names.named(&line.label),
                extra: names.named(&line.extra),
                statement: names.named(&line.statement),
            })
            .collect(),
        seal: document.seal.as_deref().map(|words| names.named(words)),
        every_page: document.every_page.iter().map(|words| names.named(words)).collect(),
        day: names.named(&document.day),
    };
    serde_json::to_vec(&data).unwrap_or_default()
}

struct Setter<'a> {
    names: Names<'a>,
    fonts: &'a Fonts,
}

impl Setter<'_> {
    fn width(&self, text: &str) -> f64 {
        text.chars().map(|character| self.fonts.advance(character)).sum()
    }

    /// The text broken to a cell of this many millimetres, with its height in points.
    fn broken(&mut self, text: &str, millimetres: f64) -> (String, f64) {
        let room = (layout::points(millimetres) - 2.0 * PADDING) / SIZE;
        let named = self.names.named(text);
        let broken = layout::wrapped(&named, room, &|character| self.fonts.advance(character));
        let lines = broken.bytes().filter(|byte| *byte == b'\n').count() as f64 + 1.0;
        (broken, lines * SIZE * LEADING)
    }

    fn cell(&mut self, text: &str, millimetres: f64) -> CellData {
        let (text, height) = self.broken(text, millimetres);
        CellData { text, tall: height > tallest() }
    }

    /// A few words in the middle of their cell, in lines about equally long.
    fn centred(&mut self, text: &str, millimetres: f64) -> CellData {
        let CellData { text: broken, tall } = self.cell(text, millimetres);
        if tall || text.contains('\n') {
            return CellData { text: broken, tall };
        }
        let room = (layout::points(millimetres) - 2.0 * PADDING) / SIZE;
        let named = self.names.named(text);
        CellData { text: layout::balanced(&named, room, &|character| self.fonts.advance(character)), tall }
    }

    fn part(&mut self, part: &Part) -> PartData {
        match part {
            Part::Pairs(pairs) => self.pairs(pairs),
            Part::Rows(table) => self.rows(table),
            Part::Words { text, lines } => {
                let (text, height) = self.broken(text, ROOM);
                let tall = height > tallest();
                PartData::Words { text, height, least: f64::from(*lines) * SIZE * LEADING, tall }
            }
            Part::Key { label, key } => {
                let characters: Vec<char> = self.names.named(key).chars().filter(|c| !c.is_whitespace()).collect();
                let groups: Vec<String> = characters.chunks(GROUP).map(|group| group.iter().collect()).collect();
                let lines = groups.chunks(GROUPS_A_LINE).map(<[String]>::to_vec).collect();
                PartData::Key { label: self.names.named(label), lines }
            }
        }
    }

    fn photo(&mut self, at: usize, photo: &Photo) -> PhotoData {
        let words = photo.picture.as_ref().err().map(|words| self.broken(words, PICTURE).0).unwrap_or_default();
        let lines = photo.lines.iter().map(|line| self.broken(line, PICTURE).0).collect();
        PhotoData { file: photo.picture.is_ok().then(|| picture_file(at)), words, lines }
    }

    /// Two short pairs share a line; a long one, or one that would stand alone in its line, takes all of it.
    fn pairs(&mut self, pairs: &[Pair]) -> PartData {
        let value = ROOM / 2.0 - LABEL;
        let short = |setter: &Self, pair: &Pair| setter.width(&pair.value) <= HALF_LINE && !pair.value.contains('\n');
        let mut set = Vec::with_capacity(pairs.len());
        let mut at = 0;
        while let Some(first) = pairs.get(at) {
            let second = pairs.get(at + 1).filter(|second| short(self, first) && short(self, second));
            let line: &[&Pair] = match second {
                Some(second) => &[first, second],
                None => &[first],
            };
            for pair in line {
                let (span, width) = if line.len() == 2 { (1, value) } else { (3, ROOM - LABEL) };
                let CellData { text, tall } = self.cell(&pair.value, width);
                set.push(PairData { label: self.centred(&pair.label, LABEL).text, value: text, span, tall });
            }
            at += line.len();
        }
        PartData::Pairs { columns: [LABEL, value, LABEL, value], pairs: set }
    }

    fn rows(&mut self, table: &Rows) -> PartData {
        let whole = table.columns.iter().map(|column| f64::from(column.width)).sum::<f64>().max(1.0);
        let columns: Vec<f64> = table.columns.iter().map(|column| ROOM * f64::from(column.width) / whole).collect();
        let rows = table.rows.iter().map(|row| {
            let mut cells: Vec<CellData> = row
                .iter()
                .zip(&columns)
                .zip(&table.columns)
                .map(|((text, width), column)| match column.left {
                    true => self.cell(text, *width),
                    false => self.centred(text, *width),
                })
                .collect();
            // A page may end inside a row only where every cell of the row lets it.
            let tall = cells.iter().any(|cell| cell.tall);
            cells.iter_mut().for_each(|cell| cell.tall = tall);
            cells
        });
        let rows = rows.collect();
        PartData::Rows {
            left: table.columns.iter().map(|column| column.left).collect(),
            header: table
                .columns
                .iter()
                .zip(&columns)
                .map(|(column, width)| self.broken(&column.title, *width).0)
                .collect(),
            rows,
            none: self.names.named(&table.none),
            columns,
        }
    }
}

/// What is higher than this, in points, may go on over the page.
fn tallest() -> f64 {
    layout::points(HEIGHT - TOP - BOTTOM) * 0.6
}

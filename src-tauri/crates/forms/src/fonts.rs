//! The installed fonts the pages may be set in, by name and in order; nothing else is ever used, so that a page looks the
//! same wherever the same fonts are installed.

use std::path::PathBuf;
use std::sync::OnceLock;

use serde::Serialize;
use typst::foundations::Bytes;
use typst::layout::Abs;
use typst::text::{Font, FontBook, FontInfo, FontInstance, FontVariant, FontVariations};
use typst::utils::LazyHash;

use crate::error::FormError;

/// 小标宋 for the title, under the names its versions go by.
const TITLE: &[&str] = &["方正小标宋简体", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05"];
/// 黑体 for the attachment's number.
const SANS: &[&str] = &["SimHei", "黑体", "Noto Sans CJK SC", "Source Han Sans SC", "Heiti SC"];
/// 仿宋 and 宋体 for the rest.
const BODY: &[&str] =
    &["仿宋_GB2312", "FangSong_GB2312", "FangSong", "仿宋", "SimSun", "宋体", "NSimSun", "Noto Serif CJK SC"];
/// 楷体 for a letter's headings of the second level.
const KAI: &[&str] = &["楷体_GB2312", "KaiTi_GB2312", "KaiTi", "楷体", "STKaiti", "Kaiti SC", "LXGW WenKai"];
/// 宋体 for a letter's page numbers, and for its title where there is neither 小标宋 nor 中宋.
const SONG: &[&str] = &["SimSun", "宋体", "NSimSun", "Songti SC", "Noto Serif CJK SC", "Source Han Serif SC"];
/// Nearest to 小标宋, of what systems come with.
const LIKE_TITLE: &[&str] = &["STZhongsong", "华文中宋"];
/// For keys that are read off paper: l, I and 1, O and 0 must not look alike.
const MONO: &[&str] = &["Consolas", "Noto Sans Mono CJK SC", "Source Han Mono SC", "DejaVu Sans Mono", "Courier New"];
/// What stands in for a character the fonts above lack, the rare ones at last.
const REST: &[&str] = &[
    "Source Han Serif SC",
    "Songti SC",
    "SimHei",
    "黑体",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Heiti SC",
    "SimSun-ExtB",
    "SimSun-ExtG",
    "Plangothic P1",
    "Plangothic P2",
];

pub struct Fonts {
    book: LazyHash<FontBook>,
    faces: Vec<Face>,
    /// The face each character of the table's text is most likely set in, for measuring.
    body: Vec<FontInstance>,
    ascii: [f64; 128],
}

struct Face {
    path: PathBuf,
    index: u32,
    font: OnceLock<Option<Font>>,
}

/// Searched once: what is installed later is seen by the next start of the program.
pub fn fonts() -> Result<&'static Fonts, FormError> {
    static FONTS: OnceLock<Option<Fonts>> = OnceLock::new();
    FONTS.get_or_init(Fonts::search).as_ref().ok_or(FormError::FontsMissing)
}

/// The families of each part of a page, as its template asks for them.
#[derive(Serialize)]
pub struct Families {
    title: Vec<&'static str>,
    sans: Vec<&'static str>,
    mono: Vec<&'static str>,
    body: Vec<&'static str>,
}

pub fn families() -> Families {
    Families { title: title(), sans: sans(), mono: mono(), body: body() }
}

/// The families of a letter's parts, each with the substitutes nearest to what the standard names.
#[derive(Serialize)]
pub struct LetterFamilies {
    title: Vec<&'static str>,
    sans: Vec<&'static str>,
    kai: Vec<&'static str>,
    song: Vec<&'static str>,
    body: Vec<&'static str>,
}

pub fn letter_families() -> LetterFamilies {
    LetterFamilies {
        title: chain(&[TITLE, LIKE_TITLE, SONG, BODY, REST]),
        sans: sans(),
        kai: chain(&[KAI, BODY, REST]),
        song: chain(&[SONG, BODY, REST]),
        body: body(),
    }
}

/// Family names for the title.
fn title() -> Vec<&'static str> {
    chain(&[TITLE, BODY, REST])
}

fn sans() -> Vec<&'static str> {
    chain(&[SANS, BODY, REST])
}

fn mono() -> Vec<&'static str> {
    chain(&[MONO, SANS, BODY, REST])
}

fn body() -> Vec<&'static str> {
    chain(&[BODY, REST])
}

fn chain(parts: &[&[&'static str]]) -> Vec<&'static str> {
    let mut names = Vec::new();
    for name in parts.iter().copied().flatten() {
        if !names.contains(name) {
            names.push(*name);
        }
    }
    names
}

impl Fonts {
    fn search() -> Option<Self> {
        let known = chain(&[TITLE, LIKE_TITLE, SANS, KAI, BODY, SONG, MONO, REST]);
        let mut database = fontdb::Database::new();
        database.load_system_fonts();
        let mut found: Vec<(PathBuf, u32, FontInfo)> = Vec::new();
        for face in database.faces() {
            let (fontdb::Source::File(path) | fontdb::Source::SharedFile(path, _)) = &face.source else { continue };
            let named = |name: &&&str| face.families.iter().any(|(family, _)| family.eq_ignore_ascii_case(name));
            let Some(name) = known.iter().find(named) else { continue };
            let Some(Some(mut info)) = database.with_face_data(face.id, FontInfo::new) else { continue };
            // Typst knows a font by one name only; the list above may know it by its other one.
            info.family = (*name).to_owned();
            found.push((path.clone(), face.index, info));
        }
        found.sort_by(|left, right| (&left.0, left.1).cmp(&(&right.0, right.1)));
        if found.is_empty() {
            return None;
        }
        let mut book = FontBook::new();
        let mut faces = Vec::new();
        for (path, index, info) in found {
            book.push(info);
            faces.push(Face { path, index, font: OnceLock::new() });
        }
        let mut fonts = Fonts { book: LazyHash::new(book), faces, body: Vec::new(), ascii: [0.5; 128] };
        fonts.body = fonts.instances(&body());
        for code in 0x20..0x7F_u8 {
            fonts.ascii[usize::from(code)] = fonts.measured(char::from(code));
        }
        Some(fonts)
    }

    /// The first two faces of the chain: they hold nearly every character, and loading more would cost their size in memory.
    fn instances(&self, families: &[&str]) -> Vec<FontInstance> {
        families
            .iter()
            .filter_map(|family| self.book.select(&family.to_lowercase(), FontVariant::default()))
            .take(2)
            .filter_map(|index| self.font(index))
            .map(|font| font.instantiate(FontVariant::default(), Abs::pt(10.0), &FontVariations::default()))
            .collect()
    }

    pub fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    pub fn font(&self, index: usize) -> Option<Font> {
        let face = self.faces.get(index)?;
        let load = || Font::new(Bytes::new(std::fs::read(&face.path).ok()?), face.index);
        face.font.get_or_init(load).clone()
    }

    /// Whether a font of the list draws this character.
    pub fn draws(&self, character: char) -> bool {
        (0..self.faces.len())
            .filter_map(|index| self.book.info(index))
            .any(|info| info.coverage.contains(u32::from(character)))
    }

    /// Width of a character in the table's text, in em.
    pub fn advance(&self, character: char) -> f64 {
        match self.ascii.get(character as usize) {
            Some(width) => *width,
            None => self.measured(character),
        }
    }

    fn measured(&self, character: char) -> f64 {
        self.body
            .iter()
            .find_map(|face| face.x_advance(face.ttf().glyph_index(character)?.0))
            .map_or_else(|| crate::layout::advance(character), |em| em.get())
    }
}

//! Pages of a filled form: preview, print and PDF are the same pages. Typst compiles them in a world of its own, which holds
//! the templates of one document, one data file, the pictures it is handed and the installed fonts, and reaches neither the network nor any
//! other file.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDateTime, Timelike};
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Value};
use typst::introspection::{MetadataElem, Tag};
use typst::layout::{Frame, FrameItem, Point};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, Timestamp};
use typst_svg::SvgOptions;

use crate::error::{FormError, Missing};
use crate::filled::FilledForm;
use crate::fonts::{Fonts, fonts};
use crate::layout::{Sheet, points};
use crate::typeset;

/// Beyond this, pages take too long and too much memory to be useful; a spreadsheet does not.
pub const ROW_LIMIT: usize = 3_000;
/// All cells together: about 1,500 pages of nothing but text.
pub const CHARACTER_LIMIT: usize = 2_000_000;

/// The form's layout, which a letter's attachments have as well.
pub(crate) const FORM: (&str, &str) = ("form.typ", include_str!("../../../../assets/forms/form.typ"));
const PAGE: (&str, &str) = ("page.typ", include_str!("../../../../assets/forms/page.typ"));

/// What the pages are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To look at: cells on conflicts are marked, the page says so, and characters no font draws are named in place.
    Preview,
    /// To print, seal and file: conflicts and missing glyphs are errors.
    Sealed,
}

/// Whether a form can be set as pages at all; a longer one is a spreadsheet's business.
pub fn fits_pages(filled: &FilledForm) -> bool {
    fits(filled).is_ok()
}

/// Every character of the form that no installed font of the list draws; such a form can be previewed, not sealed.
pub fn missing_glyphs(filled: &FilledForm) -> Result<Vec<Missing>, FormError> {
    Ok(typeset::missing(filled, fonts()?))
}

/// A printed cell on its page, in points from the page's upper left corner: the units of [`Pages::svg`].
#[derive(Debug, Clone, PartialEq)]
pub struct CellBox {
    /// From 0.
    pub page: usize,
    pub row_id: String,
    /// Empty for the column of row labels.
    pub column_id: String,
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

pub struct Pages {
    document: PagedDocument,
    /// `None` for a document, whose places nobody asks for.
    grid: Option<Grid>,
}

/// What it takes to find a form's cells on its pages.
struct Grid {
    sheet: Sheet,
    rows: Vec<String>,
    /// Column ids, the stub's empty one first.
    columns: Vec<String>,
    inset: f64,
}

impl Pages {
    pub fn render(filled: &FilledForm, purpose: Purpose) -> Result<Self, FormError> {
        fits(filled)?;
        let fonts = fonts()?;
        if purpose == Purpose::Sealed {
            is_settled(filled)?;
            let missing = typeset::missing(filled, fonts);
            if !missing.is_empty() {
                return Err(FormError::MissingGlyphs { missing });
            }
        }
        let sheet = Sheet::of(filled);
        let data = typeset::data(filled, &sheet, fonts);
        let data = serde_json::to_vec(&data).unwrap_or_default();
        let document = compile(&[PAGE, FORM], data, Vec::new(), fonts)?;
        let stub = filled.stub.iter().map(|_| String::new());
        let grid = Grid {
            rows: filled.rows.iter().map(|row| row.id.clone()).collect(),
            columns: stub.chain(filled.columns.iter().map(|column| column.id.clone())).collect(),
            inset: typeset::inset(&sheet),
            sheet,
        };
        Ok(Pages { document, grid: Some(grid) })
    }

    pub(crate) fn of(document: PagedDocument) -> Self {
        Pages { document, grid: None }
    }

    pub fn count(&self) -> usize {
        self.document.pages().len()
    }

    /// The pages as PDF. `created` (UTC) is its creation date: equal forms created at one moment are equal byte by byte.
    pub fn pdf(&self, created: NaiveDateTime) -> Result<Vec<u8>, FormError> {
        let moment = Datetime::from_ymd_hms(
            created.year(),
            created.month() as u8,
            created.day() as u8,
            created.hour() as u8,
            created.minute() as u8,
            created.second() as u8,
        );
        let options = PdfOptions { timestamp: moment.map(Timestamp::new_utc), tagged: false, ..PdfOptions::default() };
        typst_pdf::pdf(&self.document, &options).map_err(|errors| failed(&errors))
    }

    /// One page, from 0, as an SVG picture that needs no font to be shown.
    pub fn svg(&self, page: usize) -> Result<String, FormError> {
        let page = self.document.pages().get(page).ok_or(FormError::PageMissing { page })?;
        Ok(typst_svg::svg(page, &SvgOptions::default()))
    }

    /// Every page in order.
    pub fn svgs(&self) -> Vec<String> {
        self.document.pages().iter().map(|page| typst_svg::svg(page, &SvgOptions::default())).collect()
    }

    /// Where every cell of a form's body stands. A row that is cut by a page's end counts on the page where it begins.
    pub fn cells(&self) -> Vec<CellBox> {
        let Some(grid) = &self.grid else { return Vec::new() };
        let mut marks = vec![(None, None); grid.rows.len()];
        for (number, page) in self.document.pages().iter().enumerate() {
            collect(&page.frame, Point::zero(), &mut |text, at| {
                let Some((edge, index)) = text.split_once(' ') else { return };
                let Some(mark) = index.parse().ok().and_then(|index: usize| marks.get_mut(index)) else { return };
                let place = Some((number, at.y.to_pt()));
                if edge == "begin" { mark.0 = mark.0.or(place) } else { mark.1 = place }
            });
        }
        let bottom = points(grid.sheet.height - grid.sheet.margins.bottom);
        let mut boxes = Vec::with_capacity(grid.rows.len() * grid.columns.len());
        for (row_id, mark) in grid.rows.iter().zip(marks) {
            let (Some((page, begin)), Some((last, end))) = mark else { continue };
            let y = begin - grid.inset;
            let height = if last == page { end + grid.inset - y } else { bottom - y };
            let mut x = points(grid.sheet.margins.left);
            for (column_id, width) in grid.columns.iter().zip(&grid.sheet.columns) {
                let width = points(*width);
                let (row_id, column_id) = (row_id.clone(), column_id.clone());
                boxes.push(CellBox { page, row_id, column_id, x, y, width, height });
                x += width;
            }
        }
        boxes
    }
}

/// Whether a form is short enough for pages.
pub(crate) fn fits(filled: &FilledForm) -> Result<(), FormError> {
    if filled.rows.len() > ROW_LIMIT {
        return Err(FormError::TooManyRowsForPdf { rows: filled.rows.len(), limit: ROW_LIMIT });
    }
    let bytes: usize = filled.rows.iter().flat_map(|row| &row.cells).map(|cell| cell.text().len()).sum();
    if bytes > CHARACTER_LIMIT {
        return Err(FormError::TooMuchTextForPdf { characters: bytes, limit: CHARACTER_LIMIT });
    }
    Ok(())
}

pub(crate) fn is_settled(filled: &FilledForm) -> Result<(), FormError> {
    if filled.settled() {
        return Ok(());
    }
    // A record that may have to be listed leaves as many cells open as its row would have.
    let cells = filled.unsettled.len() + filled.unlisted.len() * filled.columns.len();
    Err(FormError::Unsettled { form: filled.form.clone(), cells })
}

/// Tells `found` every mark of the template with its place. Tables are never turned or scaled, so places add up.
fn collect(frame: &Frame, origin: Point, found: &mut dyn FnMut(&str, Point)) {
    for (position, item) in frame.items() {
        let at = origin + *position;
        match item {
            FrameItem::Group(group) => {
                let shift = Point::new(group.transform.tx, group.transform.ty);
                collect(&group.frame, at + shift, found);
            }
            FrameItem::Tag(Tag::Start(content, _)) => {
                if let Some(Value::Str(text)) = content.to_packed::<MetadataElem>().map(|mark| &mark.value) {
                    found(text.as_str(), at);
                }
            }
            _ => {}
        }
    }
}

/// Sets the first template, which may use the others, with its data and the pictures it names.
pub(crate) fn compile(
    templates: &[(&str, &str)],
    data: Vec<u8>,
    pictures: Vec<(String, Bytes)>,
    fonts: &'static Fonts,
) -> Result<PagedDocument, FormError> {
    let compiled = typst::compile::<PagedDocument>(&Desk::new(fonts, templates, data, pictures)).output;
    // The cache is for editors that compile the same document again and again; here it would only grow.
    typst::comemo::evict(0);
    compiled.map_err(|errors| failed(&errors))
}

fn failed(errors: &[SourceDiagnostic]) -> FormError {
    let reason = errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; ");
    FormError::Rendering { reason }
}

/// All that Typst can see.
struct Desk {
    library: LazyHash<Library>,
    fonts: &'static Fonts,
    /// The main one first.
    templates: Vec<Source>,
    /// `data.json` and the pictures.
    files: HashMap<FileId, Bytes>,
}

impl Desk {
    fn new(fonts: &'static Fonts, templates: &[(&str, &str)], data: Vec<u8>, pictures: Vec<(String, Bytes)>) -> Self {
        let pictures = pictures.into_iter().map(|(name, content)| (file(&name), content));
        Desk {
            library: LazyHash::new(Library::default()),
            fonts,
            templates: templates.iter().map(|(name, text)| Source::new(file(name), (*text).to_owned())).collect(),
            files: pictures.chain([(file("data.json"), Bytes::new(data))]).collect(),
        }
    }
}

fn file(name: &str) -> FileId {
    let path = VirtualPath::new(name).unwrap_or_else(|_| unreachable!("{name} is a plain name"));
    RootedPath::new(VirtualRoot::Project, path).intern()
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.templates[0].id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.templates.iter().find(|template| template.id() == id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    /// No clock: the template prints the dates it is given.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

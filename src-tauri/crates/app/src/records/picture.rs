//! Photographs: told by their content whatever they are called, and kept upright, no larger than a person needs to read them.
//! Every picture is drawn anew, so that nothing but the picture is kept (decision 9). It is not where they are stored.

use std::io::{Cursor, Read};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::{Date, Notice};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, Limits, RgbImage};

use crate::failure::Outcome;
use crate::files::{cannot_read, open_input};

/// The largest file that is read (32 MiB): several times what a phone makes.
pub const MOST_BYTES: usize = 32 << 20;
/// The largest picture that is decoded, and what that may cost in memory.
const MOST_PIXELS: u64 = 64_000_000;
const MOST_MEMORY: u64 = 320 << 20;
/// The longer side of what is kept: an A4 page photographed whole stays legible.
pub const LONGEST_SIDE: u32 = 2_560;
const QUALITY: u8 = 85;
/// More than a picture of that size and quality ever has.
const MOST_KEPT: usize = 8 << 20;
/// Profiles of cameras have a few hundred bytes to a few thousand.
const MOST_PROFILE: usize = 64 << 10;

/// A picture as the book keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPicture {
    /// JPEG.
    pub bytes: Vec<u8>,
    pub taken_on: Option<Date>,
}

pub const MIME: &str = "image/jpeg";

/// What content says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    Picture(ImageFormat),
    /// The photographs of newer telephones: nothing here decodes them.
    Heif,
    Unknown,
}

fn content(bytes: &[u8]) -> Content {
    let at = |from: usize, mark: &[u8]| bytes.get(from..from + mark.len()) == Some(mark);
    let heif = [&b"heic"[..], b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"];
    match () {
        () if at(0, b"\xff\xd8\xff") => Content::Picture(ImageFormat::Jpeg),
        () if at(0, b"\x89PNG\r\n\x1a\n") => Content::Picture(ImageFormat::Png),
        () if at(0, b"RIFF") && at(8, b"WEBP") => Content::Picture(ImageFormat::WebP),
        () if at(4, b"ftyp") && heif.iter().any(|brand| at(8, brand)) => Content::Heif,
        () => Content::Unknown,
    }
}

/// A decoded picture, not yet upright.
struct Decoded {
    image: DynamicImage,
    orientation: Orientation,
    exif: Option<Vec<u8>>,
    profile: Option<Vec<u8>>,
}

fn decode(bytes: &[u8]) -> Result<Decoded, Notice> {
    let format = match content(bytes) {
        Content::Picture(format) => format,
        Content::Heif => return Err(Notice::new("photo-heif")),
        Content::Unknown => return Err(Notice::new("photo-not-a-picture")),
    };
    let broken = |error: image::ImageError| Notice::new("photo-broken").with("detail", error);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(broken)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS || decoder.total_bytes() > MOST_MEMORY {
        let size = Notice::new("photo-too-many-pixels").with("width", width).with("height", height);
        return Err(size.with("limit", MOST_PIXELS / 10_000));
    }
    // What stands beside the picture can be damaged without harm to it.
    let exif = decoder.exif_metadata().ok().flatten();
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten();
    let image = DynamicImage::from_decoder(decoder).map_err(broken)?;
    Ok(Decoded { image, orientation, exif, profile })
}

/// At most `longest` on its longer side, upright, on white, as JPEG.
fn draw(decoded: Decoded, longest: u32, filter: Option<FilterType>) -> Result<Vec<u8>, Notice> {
    let Decoded { mut image, orientation, profile, .. } = decoded;
    if image.width().max(image.height()) > longest {
        // Averaging whole blocks first costs a fraction of the memory a good filter takes for a picture of any size.
        if filter.is_none() || image.width().max(image.height()) > 2 * longest {
            let between = if filter.is_none() { longest } else { 2 * longest };
            image = image.thumbnail(between, between);
        }
        if let Some(filter) = filter {
            image = image.resize(longest, longest, filter);
        }
    }
    image.apply_orientation(orientation);
    let flat = on_white(image);
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
    if let Some(profile) = profile.filter(|profile| is_of_colours(profile)) {
        // Only some encoders can; this one does.
        let _ = encoder.set_icc_profile(profile);
    }
    let (width, height) = flat.dimensions();
    encoder
        .write_image(flat.as_raw(), width, height, image::ExtendedColorType::Rgb8)
        .map_err(|error| Notice::new("photo-broken").with("detail", error))?;
    Ok(bytes)
}

/// A profile describes the colours as decoded only where it speaks of red, green and blue.
fn is_of_colours(profile: &[u8]) -> bool {
    profile.len() <= MOST_PROFILE && profile.get(16..20) == Some(b"RGB ")
}

fn on_white(image: DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let image = image.into_rgba8();
    let mut flat = RgbImage::new(image.width(), image.height());
    for (under, over) in flat.pixels_mut().zip(image.pixels()) {
        let [red, green, blue, alpha] = over.0.map(u32::from);
        under.0 = [red, green, blue].map(|part| ((part * alpha + 255 * (255 - alpha) + 127) / 255) as u8);
    }
    flat
}

/// What a person hands over, as it is kept. `photo-too-large`, `photo-not-a-picture`, `photo-heif`, `photo-broken` or
/// `photo-too-many-pixels` say why not.
pub fn keep(bytes: &[u8]) -> Result<StoredPicture, Notice> {
    if bytes.len() > MOST_BYTES {
        return Err(too_large(bytes.len()));
    }
    let decoded = decode(bytes)?;
    let taken_on = decoded.exif.as_deref().and_then(taken_on);
    Ok(StoredPicture { bytes: draw(decoded, LONGEST_SIDE, Some(FilterType::CatmullRom))?, taken_on })
}

/// `bytes` may be what the file would have: one that large is not read to find out.
pub fn too_large(bytes: usize) -> Notice {
    Notice::new("photo-too-large").with("size", bytes >> 20).with("limit", MOST_BYTES >> 20)
}

/// The day the camera wrote down.
fn taken_on(exif: &[u8]) -> Option<Date> {
    let exif = exif::Reader::new().read_raw(exif.to_vec()).ok()?;
    let field = exif.get_field(exif::Tag::DateTimeOriginal, exif::In::PRIMARY)?;
    let exif::Value::Ascii(texts) = &field.value else { return None };
    // `2021:05:27 09:30:00`
    let text = std::str::from_utf8(texts.first()?.get(..10)?).ok()?;
    text.replace(':', "-").parse().ok()
}

/// Kept content as something a page can show, at most `longest` on its longer side. What came from another book is told by
/// its content and drawn anew where it is no picture as this program keeps them.
pub fn show(bytes: &[u8], longest: Option<u32>) -> Result<String, Notice> {
    let shown = match longest {
        None if is_kept_like_ours(bytes) => bytes.to_vec(),
        None => draw(decode(bytes)?, LONGEST_SIDE, Some(FilterType::CatmullRom))?,
        Some(longest) => smaller(bytes, longest)?,
    };
    Ok(format!("data:{MIME};base64,{}", STANDARD.encode(shown)))
}

/// Kept content drawn anew as a JPEG, at most `longest` on its longer side.
pub fn smaller(bytes: &[u8], longest: u32) -> Result<Vec<u8>, Notice> {
    draw(decode(bytes)?, longest.clamp(16, LONGEST_SIDE), None)
}

fn is_kept_like_ours(bytes: &[u8]) -> bool {
    if bytes.len() > MOST_KEPT {
        return false;
    }
    let size = ImageReader::with_format(Cursor::new(bytes), ImageFormat::Jpeg).into_dimensions();
    content(bytes) == Content::Picture(ImageFormat::Jpeg)
        && size.is_ok_and(|(width, height)| width.max(height) <= LONGEST_SIDE)
}

/// The content of a photo's file. One that is too large is not read.
pub fn from_file(file: &Path) -> Outcome<Vec<u8>> {
    let opened = open_input(file)?;
    let size = opened.metadata().map_err(|error| cannot_read(file, error))?.len();
    if size > MOST_BYTES as u64 {
        return Err(too_large(usize::try_from(size).unwrap_or(usize::MAX)).into());
    }
    let mut bytes = Vec::new();
    // It may grow while it is read.
    opened.take(MOST_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|error| cannot_read(file, error))?;
    if bytes.len() > MOST_BYTES { Err(too_large(bytes.len()).into()) } else { Ok(bytes) }
}

/// Bytes as a page sends them.
pub fn from_page(text: &str) -> Result<Vec<u8>, Notice> {
    if text.len() > MOST_BYTES / 3 * 4 + 4 {
        return Err(too_large(text.len() / 4 * 3));
    }
    STANDARD.decode(text).map_err(|error| Notice::new("request-malformed").with("reason", error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgba;

    /// Taken on its side on 2021-05-26 with its place in it: 800 × 600 as stored, 600 × 800 as seen.
    const SIDEWAYS: &[u8] = include_bytes!("../../../../../tests/fixtures/photos/sideways.jpg");

    fn as_jpeg(image: &RgbImage) -> Vec<u8> {
        let mut bytes = Vec::new();
        image.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 90)).unwrap();
        bytes
    }

    fn as_png(image: &DynamicImage) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    fn drawn(bytes: &[u8]) -> RgbImage {
        image::load_from_memory_with_format(bytes, ImageFormat::Jpeg).unwrap().into_rgb8()
    }

    fn refused(bytes: &[u8]) -> String {
        keep(bytes).unwrap_err().code
    }

    fn holds(bytes: &[u8], text: &[u8]) -> bool {
        bytes.windows(text.len()).any(|window| window == text)
    }

    #[test]
    fn a_photo_stands_upright_and_tells_its_day_but_not_its_place() {
        assert!(holds(SIDEWAYS, b"Exif") && holds(SIDEWAYS, b"Example"));
        let kept = keep(SIDEWAYS).unwrap();
        assert_eq!(kept.taken_on.unwrap().to_string(), "2021-05-26");
        assert_eq!(drawn(&kept.bytes).dimensions(), (600, 800));
        assert!(!holds(&kept.bytes, b"Exif") && !holds(&kept.bytes, b"Example"));
        // The card in the middle is pale, and its corner is not.
        let seen = drawn(&kept.bytes);
        assert!(seen.get_pixel(300, 180).0.iter().all(|part| *part > 220), "{:?}", seen.get_pixel(300, 180));
        assert!(seen.get_pixel(10, 790).0.iter().all(|part| *part < 160));
        assert_eq!(keep(SIDEWAYS).unwrap(), kept, "the same photo is the same content");
    }

    #[test]
    fn a_large_photo_becomes_legible_and_small() {
        // Twelve million pixels, as telephones take them, black at the left and white at the right.
        let large = RgbImage::from_fn(4_000, 3_000, |x, _| image::Rgb([if x < 2_000 { 0 } else { 255 }; 3]));
        let kept = keep(&as_jpeg(&large)).unwrap();
        let seen = drawn(&kept.bytes);
        assert_eq!(seen.dimensions(), (2_560, 1_920));
        assert!(seen.get_pixel(1_200, 900).0[0] < 20 && seen.get_pixel(1_360, 900).0[0] > 235);
        let url = show(&kept.bytes, Some(240)).unwrap();
        let small = STANDARD.decode(url.strip_prefix("data:image/jpeg;base64,").unwrap()).unwrap();
        assert_eq!(drawn(&small).dimensions(), (240, 180));
    }

    #[test]
    fn what_is_seen_through_is_white() {
        let mut image = image::RgbaImage::new(40, 20);
        image.put_pixel(20, 10, Rgba([0, 0, 0, 255]));
        let seen = drawn(&keep(&as_png(&image.into())).unwrap().bytes);
        assert!(seen.get_pixel(2, 2).0.iter().all(|part| *part > 240));
        assert_eq!(seen.dimensions(), (40, 20), "what is small stays as it is");
    }

    #[test]
    fn the_name_proves_nothing() {
        let png = as_png(&DynamicImage::new_rgb8(4, 4));
        assert!(keep(&png).is_ok());
        for (bytes, code) in [
            (&b""[..], "photo-not-a-picture"),
            (b"MZ\x90\0 a program called photo.jpg", "photo-not-a-picture"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "photo-not-a-picture"),
            (b"GIF89a\x01\0\x01\0\0\0\0", "photo-not-a-picture"),
            (b"%PDF-1.7", "photo-not-a-picture"),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "photo-heif"),
            (b"\xff\xd8\xff\xe0 nothing more", "photo-broken"),
            (&png[..40], "photo-broken"),
            (&SIDEWAYS[..600], "photo-broken"),
            (b"RIFF\x10\0\0\0WEBPVP8 ", "photo-broken"),
        ] {
            assert_eq!(refused(bytes), code, "{:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(24)]));
        }
    }

    #[test]
    fn more_than_memory_holds_is_not_decoded() {
        // A few bytes that claim 60,000 × 60,000 pixels.
        let mut png = as_png(&DynamicImage::new_rgb8(1, 1));
        png[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
        let sum = crc32(&png[12..29]);
        png[29..33].copy_from_slice(&sum.to_be_bytes());
        assert_eq!(refused(&png), "photo-too-many-pixels");
        assert_eq!(show(&png, None).unwrap_err().code, "photo-too-many-pixels", "nor is it handed to the page");

        let mut jpeg = as_jpeg(&RgbImage::new(8, 8));
        let frame = jpeg.windows(2).position(|mark| mark == b"\xff\xc0").unwrap();
        jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff, 0xdc, 0xff, 0xdc]);
        assert_eq!(refused(&jpeg), "photo-too-many-pixels");

        assert_eq!(refused(&vec![0xff; MOST_BYTES + 1]), "photo-too-large");
        assert_eq!(from_page(&"A".repeat(MOST_BYTES / 3 * 4 + 8)).unwrap_err().code, "photo-too-large");
    }

    fn crc32(bytes: &[u8]) -> u32 {
        let step = |sum: u32, byte: &u8| {
            (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 })
        };
        !bytes.iter().fold(!0, step)
    }
}

//! The age layer of a package, read from front to back: plaintext, the hash of the whole file, and the exact reason
//! when it does not decrypt. Knows nothing of what the plaintext means beyond blocks and entries of the archive.

use std::cell::RefCell;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::rc::Rc;

use sha2::{Digest, Sha256};

use crate::keys::AgeIdentity;
use crate::limits::{MAX_AGE_HEADER, MAX_LINE, MAX_PACKAGE, WINDOW_LOG};
use crate::manifest::{CHUNK, Entry};
use crate::receipt::Hash32;
use crate::refusal::Refusal;
use crate::ustar::{self, BLOCK, Block};
use crate::{OnProgress, Progress, Stage};

const MAGIC: &[u8] = b"age-encryption.org/";
const NONCE: u64 = 16;
const TAG: u64 = 16;
const PROGRESS_STEP: u64 = 1 << 20;

/// Length of the age payload, without header, of so many bytes of plaintext.
pub(crate) fn sealed_len(plain: u64) -> u64 {
    NONCE + plain + TAG * plain.div_ceil(CHUNK).max(1)
}

#[derive(Default)]
struct Tally {
    hash: Sha256,
    bytes: u64,
}

struct Counted<R> {
    inner: R,
    tally: Rc<RefCell<Tally>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buf)?;
        let mut tally = self.tally.borrow_mut();
        tally.hash.update(&buf[..read]);
        tally.bytes += read as u64;
        Ok(read)
    }
}

/// Called with each line's number in its entry, from 1, and its bytes.
type OnLine<'a, E> = dyn FnMut(u64, &[u8]) -> Result<(), E> + 'a;

type Plain<'r> = age::stream::StreamReader<BufReader<Counted<Box<dyn Read + 'r>>>>;

pub(crate) struct Payload<'r> {
    plain: Plain<'r>,
    tally: Rc<RefCell<Tally>>,
    file_len: u64,
    header_len: u64,
    /// The plaintext's length: exact once the signed manifest is known, before that a lower bound.
    plain_len: u64,
    exact: bool,
    read: u64,
    /// Why a read failed, kept beside the `io::Error` that says only that it did.
    failure: Option<Refusal>,
    stage: Stage,
    reported: u64,
    progress: &'r mut OnProgress<'r>,
}

impl<'r> Payload<'r> {
    /// # Errors
    /// `not-a-package`, `newer-format`, `truncated`, `flipped`, `cannot-decrypt`, `package-too-large`, `package-io`
    pub(crate) fn begin<R: Read + Seek>(
        reader: &'r mut R,
        identities: &[AgeIdentity],
        stage: Stage,
        progress: &'r mut OnProgress<'r>,
    ) -> Result<Self, Refusal> {
        let file_len = reader.seek(SeekFrom::End(0))?;
        if file_len > MAX_PACKAGE {
            return Err(Refusal::PackageTooLarge { bytes: file_len, limit: MAX_PACKAGE });
        }
        reader.seek(SeekFrom::Start(0))?;
        let mut front = Vec::new();
        (&mut *reader).take(MAX_AGE_HEADER).read_to_end(&mut front)?;
        let header_len = header_len(&front, file_len)?;
        // The manifest alone fills a chunk, so nothing shorter can be whole.
        let least = header_len + sealed_len(CHUNK);
        if file_len < least {
            return Err(Refusal::Truncated { bytes: file_len, expected: least });
        }
        reader.seek(SeekFrom::Start(0))?;

        let tally = Rc::new(RefCell::new(Tally::default()));
        let boxed: Box<dyn Read + 'r> = Box::new(reader);
        let counted = Counted { inner: boxed, tally: Rc::clone(&tally) };
        let refuse = |error| match error {
            age::DecryptError::NoMatchingKeys => Refusal::CannotDecrypt,
            age::DecryptError::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof => Refusal::Io(error),
            age::DecryptError::UnknownFormat => Refusal::NewerFormat { found: "age".into() },
            age::DecryptError::ExcessiveWork { .. } => Refusal::NotAPackage,
            _ => Refusal::Flipped,
        };
        let decryptor = age::Decryptor::new_buffered(BufReader::with_capacity(128 << 10, counted)).map_err(refuse)?;
        let plain = decryptor.decrypt(identities.iter().map(|identity| &identity.0 as _)).map_err(refuse)?;
        Ok(Payload {
            plain,
            tally,
            file_len,
            header_len,
            plain_len: CHUNK,
            exact: false,
            read: 0,
            failure: None,
            stage,
            reported: 0,
            progress,
        })
    }

    pub(crate) fn file_len(&self) -> u64 {
        self.file_len
    }

    /// Tells how long the plaintext must be at least.
    pub(crate) fn at_least(&mut self, plain_len: u64) {
        self.plain_len = plain_len;
    }

    /// Tells how long the plaintext is, by the signed manifest.
    pub(crate) fn exactly(&mut self, plain_len: u64) {
        self.plain_len = plain_len;
        self.exact = true;
    }

    fn refusal(&self, error: io::Error) -> Refusal {
        let damaged = matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof);
        if error.raw_os_error().is_some() || !damaged { Refusal::Io(error) } else { self.damage() }
    }

    /// The file does not decrypt, or ends too early: which of the three it is follows from its length.
    fn damage(&self) -> Refusal {
        let (bytes, expected) = (self.file_len, self.header_len + sealed_len(self.plain_len));
        if bytes < expected {
            Refusal::Truncated { bytes, expected }
        } else if self.exact && bytes > expected {
            Refusal::Extended { bytes, expected }
        } else {
            Refusal::Flipped
        }
    }

    fn some(&mut self, buf: &mut [u8]) -> Result<usize, Refusal> {
        let read = self.plain.read(buf).map_err(|error| self.refusal(error))?;
        self.read += read as u64;
        let done = self.tally.borrow().bytes;
        if done >= self.reported + PROGRESS_STEP || (read == 0 && done > self.reported) {
            self.reported = done;
            let step = Progress { stage: self.stage, done, total: self.file_len };
            if let ControlFlow::Break(()) = (self.progress)(step) {
                return Err(Refusal::Cancelled);
            }
        }
        Ok(read)
    }

    pub(crate) fn exact(&mut self, mut buf: &mut [u8]) -> Result<(), Refusal> {
        while !buf.is_empty() {
            match self.some(buf)? {
                // Whole by age's own mark, and yet too short for what it says it holds.
                0 => {
                    let expected = self.header_len + sealed_len(self.plain_len.max(self.read + buf.len() as u64));
                    return Err(Refusal::Truncated { bytes: self.file_len, expected });
                }
                read => buf = &mut buf[read..],
            }
        }
        Ok(())
    }

    pub(crate) fn block(&mut self) -> Result<Block, Refusal> {
        let mut block = [0; BLOCK as usize];
        self.exact(&mut block)?;
        ustar::parse(&block)
    }

    /// The zeros after a file of this size.
    pub(crate) fn padding(&mut self, name: &str, size: u64) -> Result<(), Refusal> {
        let mut block = [0; BLOCK as usize];
        let zeros = &mut block[..ustar::padding(size) as usize];
        self.exact(zeros)?;
        if zeros.iter().any(|byte| *byte != 0) {
            return Err(Refusal::ArchiveMalformed { name: name.to_owned() });
        }
        Ok(())
    }

    pub(crate) fn skip(&mut self, mut bytes: u64) -> Result<(), Refusal> {
        let mut scratch = [0; 4096];
        while bytes > 0 {
            let step = bytes.min(scratch.len() as u64);
            self.exact(&mut scratch[..step as usize])?;
            bytes -= step;
        }
        Ok(())
    }

    /// After the first zero block: the second, then the end of the age payload and of the file.
    ///
    /// # Errors
    /// `extended`, `archive-malformed`
    pub(crate) fn end(&mut self) -> Result<Hash32, Refusal> {
        if !matches!(self.block()?, Block::Zero) {
            return Err(Refusal::ArchiveMalformed { name: String::new() });
        }
        let mut more = [0; 1];
        if self.some(&mut more)? != 0 {
            let expected = self.header_len + sealed_len(self.plain_len);
            return Err(Refusal::Extended { bytes: self.file_len, expected });
        }
        Ok(Hash32(self.tally.borrow().hash.clone().finalize().into()))
    }

    /// The packed bytes of an entry whose header has been read; verified against size and hash as they are read.
    pub(crate) fn entry<'p>(&'p mut self, entry: &'p Entry) -> EntryReader<'p, 'r> {
        EntryReader { payload: self, entry, left: entry.packed, hash: Sha256::new(), verified: false }
    }
}

/// Where the age header ends, nonce not included.
fn header_len(front: &[u8], file_len: u64) -> Result<u64, Refusal> {
    let common = front.len().min(MAGIC.len());
    if front[..common] != MAGIC[..common] || file_len == 0 {
        return Err(Refusal::NotAPackage);
    }
    if front.len() > MAGIC.len() + 3 && !front[MAGIC.len()..].starts_with(b"v1\n") {
        let version = front[MAGIC.len()..].split(|byte| *byte == b'\n').next().unwrap_or_default();
        return Err(match std::str::from_utf8(version) {
            Ok(found) if found.len() < 20 => Refusal::NewerFormat { found: format!("age {found}") },
            _ => Refusal::NotAPackage,
        });
    }
    let mac = front.windows(5).position(|window| window == b"\n--- ").map(|at| at + 5);
    let end = mac.and_then(|at| front[at..].iter().position(|byte| *byte == b'\n').map(|line| at + line + 1));
    match end {
        Some(end) => Ok(end as u64),
        None if file_len < MAX_AGE_HEADER => {
            Err(Refusal::Truncated { bytes: file_len, expected: file_len + sealed_len(CHUNK) })
        }
        None => Err(Refusal::NotAPackage),
    }
}

/// Reads one entry's packed bytes. The last read fails if they are not those the manifest names.
pub(crate) struct EntryReader<'p, 'r> {
    payload: &'p mut Payload<'r>,
    entry: &'p Entry,
    left: u64,
    hash: Sha256,
    verified: bool,
}

impl EntryReader<'_, '_> {
    fn step(&mut self, buf: &mut [u8]) -> Result<usize, Refusal> {
        if self.left > 0 && !buf.is_empty() {
            let most = buf.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
            self.payload.exact(&mut buf[..most])?;
            self.hash.update(&buf[..most]);
            self.left -= most as u64;
            return Ok(most);
        }
        if self.left == 0 && !self.verified {
            if Hash32(self.hash.clone().finalize().into()) != self.entry.sha256 {
                return Err(Refusal::EntryHashWrong { name: self.entry.name.clone() });
            }
            self.verified = true;
        }
        Ok(0)
    }

    /// Reads what is left, checks the hash and the padding. A failure that a reader above could only report as an
    /// `io::Error` comes out here as itself.
    pub(crate) fn finish(mut self) -> Result<(), Refusal> {
        if let Some(failure) = self.payload.failure.take() {
            return Err(failure);
        }
        let mut scratch = [0; 16 << 10];
        while self.step(&mut scratch)? > 0 {}
        self.payload.padding(&self.entry.name, self.entry.packed)
    }

    /// Decompresses, and hands over every line without its line feed, numbered from 1. What is not right with the
    /// entry as a whole is reported before what `on_line` says.
    ///
    /// # Errors
    /// `entry-hash-wrong`, `bomb`, `entry-size-wrong`, `entry-malformed`, `line-too-long`, `line-end-missing`, and
    /// those of `on_line`
    pub(crate) fn lines<E: From<Refusal>>(mut self, on_line: &mut OnLine<'_, E>) -> Result<(), E> {
        let outcome = decompress(&mut self, on_line);
        self.finish()?;
        outcome
    }
}

impl Read for EntryReader<'_, '_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.step(buf).map_err(|refusal| {
            let error = io::Error::new(io::ErrorKind::InvalidData, refusal.to_string());
            self.payload.failure = Some(refusal);
            error
        })
    }
}

fn decompress<E: From<Refusal>>(packed: &mut EntryReader<'_, '_>, on_line: &mut OnLine<'_, E>) -> Result<(), E> {
    let entry = packed.entry;
    let malformed = |_| Refusal::EntryMalformed { name: entry.name.clone() };
    let mut buffered = BufReader::with_capacity(128 << 10, packed);
    if window(buffered.fill_buf().map_err(malformed)?).is_some_and(|window| window > 1 << WINDOW_LOG) {
        return Err(Refusal::Bomb { name: entry.name.clone() }.into());
    }
    let mut decoder = zstd::stream::read::Decoder::with_buffer(buffered).map_err(malformed)?.single_frame();
    decoder.window_log_max(WINDOW_LOG).map_err(malformed)?;
    let mut splitter = Splitter { entry: &entry.name, line: Vec::new(), number: 0 };
    let mut buf = vec![0; 128 << 10];
    let mut produced = 0;
    loop {
        // One byte more than declared is asked for, never kept.
        let most = (entry.raw - produced + 1).min(buf.len() as u64) as usize;
        let read = decoder.read(&mut buf[..most]).map_err(malformed)?;
        if read == 0 {
            break;
        }
        produced += read as u64;
        if produced > entry.raw {
            return Err(Refusal::Bomb { name: entry.name.clone() }.into());
        }
        splitter.feed(&buf[..read], on_line)?;
    }
    if produced != entry.raw {
        let (found, expected) = (produced, entry.raw);
        return Err(Refusal::EntrySizeWrong { name: entry.name.clone(), found, expected }.into());
    }
    let rest = decoder.into_inner();
    if !rest.buffer().is_empty() || rest.get_ref().left > 0 {
        return Err(Refusal::EntryMalformed { name: entry.name.clone() }.into());
    }
    splitter.end()
}

/// How much a zstd frame asks its reader to keep in memory, in bytes, by its header (RFC 8878, 3.1.1.1); `None` where this is
/// no header of one.
fn window(frame: &[u8]) -> Option<u64> {
    let (magic, header) = frame.split_first_chunk::<4>()?;
    if *magic != 0xfd2f_b528_u32.to_le_bytes() {
        return None;
    }
    let (descriptor, rest) = header.split_first()?;
    let single = descriptor & 0x20 != 0;
    if !single {
        let window = rest.first()?;
        let base = 1u64 << (10 + (window >> 3));
        return Some(base + base / 8 * u64::from(window & 7));
    }
    // Without a window of its own, the whole content is kept.
    let dictionary = [0, 1, 2, 4][usize::from(descriptor & 3)];
    let size = [1, 2, 4, 8][usize::from(descriptor >> 6)];
    let digits = rest.get(dictionary..dictionary + size)?;
    let number = digits.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte));
    Some(if size == 2 { number + 256 } else { number })
}

struct Splitter<'e> {
    entry: &'e str,
    /// The beginning of a line whose end is still to come.
    line: Vec<u8>,
    number: u64,
}

impl Splitter<'_> {
    fn feed<E: From<Refusal>>(&mut self, mut chunk: &[u8], on_line: &mut OnLine<'_, E>) -> Result<(), E> {
        while let Some(at) = chunk.iter().position(|byte| *byte == b'\n') {
            let (end, rest) = (&chunk[..at], &chunk[at + 1..]);
            self.number += 1;
            if self.line.is_empty() {
                self.limit(end.len())?;
                on_line(self.number, end)?;
            } else {
                self.limit(self.line.len() + end.len())?;
                self.line.extend_from_slice(end);
                on_line(self.number, &self.line)?;
                self.line.clear();
            }
            chunk = rest;
        }
        self.line.extend_from_slice(chunk);
        self.limit(self.line.len())?;
        Ok(())
    }

    fn limit(&self, bytes: usize) -> Result<(), Refusal> {
        if bytes <= MAX_LINE {
            return Ok(());
        }
        let notice = domain::Notice::new("line-too-long").with("bytes", bytes).with("limit", MAX_LINE);
        Err(Refusal::Line { entry: self.entry.to_owned(), line: self.number.max(1), notice })
    }

    fn end<E: From<Refusal>>(&self) -> Result<(), E> {
        if self.line.is_empty() { Ok(()) } else { Err(Refusal::LineEndMissing { entry: self.entry.to_owned() }.into()) }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::window;

    #[test]
    fn a_frame_says_how_much_memory_it_asks_for() {
        let frame = |log: u32, bytes: usize, size_known: bool| {
            let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
            encoder.window_log(log).unwrap();
            encoder.set_pledged_src_size(size_known.then_some(bytes as u64)).unwrap();
            encoder.write_all(&vec![b'x'; bytes]).unwrap();
            encoder.finish().unwrap()
        };
        for log in [10, 17, 20, 23, 24, 27] {
            assert_eq!(window(&frame(log, 3, false)), Some(1 << log), "window log {log}");
        }
        for bytes in [100, 255, 256, 65_791, 65_792, 9 << 20] {
            assert_eq!(window(&frame(27, bytes, true)), Some(bytes as u64), "{bytes} bytes in one segment");
        }
        assert_eq!(window(b"PK\x03\x04 no frame"), None);
        assert_eq!(window(&frame(20, 3, false)[..5]), None);
    }
}

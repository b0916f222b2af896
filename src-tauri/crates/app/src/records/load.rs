//! Recording many records from a file of JSON lines: all of it, or nothing.

use std::collections::HashMap;
use std::io::{BufRead, Read};

use domain::record::all_stand;
use domain::{Fields, Notice, Record, RecordId};
use sha2::{Digest, Sha256};
use store::{Edit, Writer};

use crate::failure::{Failure, Outcome};
use crate::records::{Context, RecordInput, by_line};
use crate::session::Writing;

/// Beyond this many bad lines a file is given up: the list would help nobody.
const MOST_BAD_LINES: usize = 1_000;

/// A line of a file is at most this long; longer ones are refused without being kept in memory.
const MOST_LINE_BYTES: u64 = 1 << 20;

/// A warning that stands on a record because nobody gave a reason to pass over it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warned {
    pub record: RecordId,
    pub notice: Notice,
}

/// What loading a file did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoadReport {
    pub lines: u64,
    pub created: u64,
    pub changed: u64,
    /// Lines whose effect already stands.
    pub skipped: u64,
    /// Line number and warning.
    pub warnings: Vec<(u64, Warned)>,
}

/// A record the file speaks of.
struct Spoken {
    /// The last line that says something new about it.
    line: u64,
    /// As it stood before the file; none where the file makes it.
    before: Option<Record>,
    /// Of one that stood before: its slots as they stood, and as the lines so far leave them. What the lines change is kept
    /// until the whole file has been heard: a file that ends where the record already stands changes nothing.
    stood: Fields,
    slots: Fields,
    edits: Vec<(u64, Edit)>,
}

/// One file being loaded.
struct Loading<'c> {
    context: &'c Context,
    now: u64,
    report: LoadReport,
    bad: Vec<Notice>,
    occurrences: HashMap<[u8; 32], u32>,
    /// In the order in which the file comes to speak of them.
    order: Vec<RecordId>,
    spoken: HashMap<RecordId, Spoken>,
}

impl Writing {
    /// Loads records from JSON lines: all or nothing. Every bad line is named with its number. References may point forward
    /// within the file, since everything is written before anything is judged, and taken back if anything is wrong.
    ///
    /// A line without an id makes a record of its own, and is skipped once that record stands, whatever has become of it. A
    /// line with an id is skipped where the record already stands as it says. Of several lines about one record the last
    /// holds: where it leaves the record as it stood before the file, all of them are skipped.
    pub fn load(&mut self, input: &mut dyn BufRead, strict: bool, tell: &mut dyn FnMut(u64)) -> Outcome<LoadReport> {
        let now = self.clock().millis();
        let context = Context::of(self);
        let (report, _) = self.transact::<_, Failure>(|writer| {
            let mut loading = Loading {
                context: &context,
                now,
                report: LoadReport::default(),
                bad: Vec::new(),
                occurrences: HashMap::new(),
                order: Vec::new(),
                spoken: HashMap::new(),
            };
            loading.hear(writer, input, tell)?;
            loading.change(writer)?;
            writer.flush()?;
            loading.judge(writer, strict)?;
            let Loading { report, mut bad, .. } = loading;
            if bad.is_empty() {
                return Ok(report);
            }
            bad.sort_by_key(|notice| notice.arg("line").and_then(|line| line.parse::<u64>().ok()));
            Err(Failure { notices: bad })
        })?;
        Ok(report)
    }
}

impl Loading<'_> {
    fn hear(&mut self, writer: &mut Writer, input: &mut dyn BufRead, tell: &mut dyn FnMut(u64)) -> Outcome<()> {
        let mut number = 0;
        while let Some(text) = next_line(input)? {
            number += 1;
            if number % 1_000 == 0 {
                tell(number);
            }
            let text = match text.as_deref() {
                Ok(text) if text.trim().is_empty() => continue,
                Ok(text) => text.trim_end_matches(['\r', '\n']),
                Err(notice) => {
                    self.refuse(number, [notice.clone()]);
                    continue;
                }
            };
            self.report.lines += 1;
            if let Err(failure) = self.line(writer, number, text) {
                self.refuse(number, failure.notices);
            }
            if self.bad.len() > MOST_BAD_LINES {
                break;
            }
        }
        Ok(())
    }

    fn refuse(&mut self, line: u64, notices: impl IntoIterator<Item = Notice>) {
        self.bad.extend(notices.into_iter().map(|notice| notice.with("line", line)));
    }

    fn line(&mut self, writer: &mut Writer, number: u64, text: &str) -> Outcome<()> {
        let occurrence = self.occurrences.entry(Sha256::digest(text.as_bytes()).into()).or_insert(0);
        *occurrence += 1;
        let input: RecordInput =
            serde_json::from_str(text).map_err(|error| Notice::new("record-line-malformed").with("reason", error))?;
        let given: Option<RecordId> = input.id.as_deref().map(str::parse).transpose()?;
        let id = given.unwrap_or_else(|| RecordId::derived(self.context.office(), text, *occurrence));
        let before = writer.record(id)?;
        let stands = before.is_some();
        if given.is_none() && stands {
            self.report.skipped += 1;
            return Ok(());
        }
        let made_here = self.spoken.get(&id).is_some_and(|spoken| spoken.before.is_none());
        if !stands || made_here {
            if self.context.write(writer, id, &input, before.as_ref(), self.now)?.is_none() {
                self.report.skipped += 1;
                return Ok(());
            }
            let count = if stands { &mut self.report.changed } else { &mut self.report.created };
            *count += 1;
            self.spoken(id, number, None, Fields::new());
            return Ok(());
        }
        let slots = match self.spoken.get(&id) {
            Some(spoken) => spoken.slots.clone(),
            None => writer.folded(id)?.map(|(_, folded)| folded.slots).unwrap_or_default(),
        };
        let Some(edit) = self.context.edit(id, &input, before.as_ref(), &slots)? else {
            self.report.skipped += 1;
            return Ok(());
        };
        let spoken = self.spoken(id, number, before, slots);
        spoken.slots.extend(edit.slots.clone());
        spoken.edits.push((number, edit));
        Ok(())
    }

    fn spoken(&mut self, id: RecordId, line: u64, before: Option<Record>, slots: Fields) -> &mut Spoken {
        let order = &mut self.order;
        let spoken = self.spoken.entry(id).or_insert_with(|| {
            order.push(id);
            Spoken { line, before, stood: slots.clone(), slots, edits: Vec::new() }
        });
        spoken.line = line;
        spoken
    }

    /// Writes what the file changes of records that stood before it, in the order of its lines.
    fn change(&mut self, writer: &mut Writer) -> Outcome<()> {
        let mut edits: Vec<(u64, Edit)> = Vec::new();
        for spoken in self.spoken.values_mut() {
            let said = std::mem::take(&mut spoken.edits);
            if all_stand(&spoken.stood, &spoken.slots) {
                self.report.skipped += said.len() as u64;
            } else {
                edits.extend(said);
            }
        }
        edits.sort_by_key(|(line, _)| *line);
        for (line, edit) in edits {
            match self.context.append(writer, edit, self.now) {
                Ok(_) => self.report.changed += 1,
                Err(failure) => self.refuse(line, failure.notices),
            }
        }
        Ok(())
    }

    fn judge(&mut self, writer: &Writer, strict: bool) -> Outcome<()> {
        for id in std::mem::take(&mut self.order) {
            let Spoken { line, before, .. } = &self.spoken[&id];
            let (line, before) = (*line, before.clone());
            let (errors, warnings) = self.context.judge(writer, id, before.as_ref())?;
            self.refuse(line, errors);
            let made =
                |other| self.spoken.get(&other).filter(|spoken| spoken.before.is_none()).map(|spoken| spoken.line);
            let warnings: Vec<Notice> = warnings.into_iter().filter_map(|notice| by_line(notice, line, made)).collect();
            if strict {
                self.refuse(line, warnings);
            } else {
                let warned = |notice| (line, Warned { record: id, notice });
                self.report.warnings.extend(warnings.into_iter().map(warned));
            }
            if self.bad.len() > MOST_BAD_LINES {
                break;
            }
        }
        Ok(())
    }
}

/// The next line, whatever its encoding; `None` at the end. A line that cannot be read as text is a notice, so that the
/// others are still judged.
fn next_line(input: &mut dyn BufRead) -> Outcome<Option<Result<String, Notice>>> {
    let mut bytes = Vec::new();
    let mut limited = (&mut *input).take(MOST_LINE_BYTES + 1);
    if limited.read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    if bytes.len() as u64 > MOST_LINE_BYTES {
        let mut total = bytes.len() as u64;
        while bytes.last() != Some(&b'\n') {
            bytes.clear();
            let mut more = (&mut *input).take(MOST_LINE_BYTES);
            let read = more.read_until(b'\n', &mut bytes)? as u64;
            total += read;
            if read == 0 {
                break;
            }
        }
        return Ok(Some(Err(Notice::new("line-too-long").with("bytes", total).with("limit", MOST_LINE_BYTES))));
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(Ok(text))),
        Err(_) => Ok(Some(Err(Notice::new("line-not-utf8")))),
    }
}

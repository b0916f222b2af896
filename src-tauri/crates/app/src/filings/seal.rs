//! 报出: all that a report says is frozen, printed once and kept by its hash, together with the cut it was counted from.

use std::collections::BTreeMap;

use campaign::{Campaign, Report};
use domain::{Fields, Notice, RecordId, Value};
use forms::{FilledForm, FilledLine, Letter, LetterSection, Pages, Purpose};
use sha2::{Digest, Sha256};
use store::Reader;

use super::draft::write_filing;
use super::prepare::{Doubt, Preparation, Sealing};
use super::snapshot::{SealedCheck, SealedDoubt, SealedLetter, SealedSection, Snapshot};
use super::{keyed_texts, live};
use crate::failure::{Failure, Outcome};
use crate::messages::{Language, Messages};
use crate::records::Context;
use crate::reports::{letter_contact, plain};
use crate::session::{Reading, Writing};

/// What a cell that rests on something undecided is marked with in print.
const MARK: &str = "（待核）";

/// What the letter's PDF is kept under, beside those of the forms.
pub(super) const LETTER: &str = "letter";

/// A report that was sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedFiling {
    pub id: RecordId,
    pub snapshot: [u8; 32],
    /// What a person may look at once more.
    pub warnings: Vec<Notice>,
}

impl Writing {
    /// Seals a reviewed report. Nothing of it changes from here on: what is wrong in it is corrected by another one.
    ///
    /// # Errors
    /// Every reason of [`Preparation::refusals`]; `filing-unknown`, `filing-sealed`, `office-unnamed`, `snapshot-too-large`,
    /// and those of making its pages
    pub fn seal_filing(&mut self, id: RecordId, sealing: &Sealing) -> Outcome<SealedFiling> {
        let now = self.clock().millis();
        let (prepared, snapshot) = self.read::<_, Failure>(|reader| {
            let prepared = self.prepared(reader, id, sealing)?;
            let draft = &prepared.draft;
            // The office may have come to keep a book of its own, or have filed by another one, since this was begun.
            self.check_may_file(reader, &draft.office)?;
            let mut filed = self.filings_of(reader, &draft.campaign, &draft.report, &draft.office)?;
            filed.retain(|filing| filing.due == draft.due);
            if let Some(standing) = live(&filed).into_iter().find(|standing| !draft.corrects.contains(standing)) {
                return Err(Notice::new("filing-exists").with("id", standing).into());
            }
            let refusals = prepared.refusals(sealing);
            if !refusals.is_empty() {
                return Err(refusals.into());
            }
            if self.told_name_of(reader, &prepared.draft.office)?.is_none() {
                return Err(Notice::new("office-unnamed").with("office", &prepared.draft.office).into());
            }
            let snapshot = self.snapshot(reader, id, &prepared, sealing, now)?;
            Ok((prepared, snapshot))
        })?;
        let sealed = snapshot.to_bytes()?;
        let mut printed = BTreeMap::new();
        let mut contents = vec![(sealed.sha256, sealed.bytes)];
        if let Some(letter) = letter_of(&snapshot) {
            let pdf = Pages::of_letter(&letter, Purpose::Sealed)?.pdf(self.now_utc())?;
            let hash: [u8; 32] = Sha256::digest(&pdf).into();
            printed.insert(LETTER.to_owned(), hex::encode(hash));
            contents.push((hash, pdf));
        }
        for form in snapshot.forms.iter().filter(|form| forms::fits_pages(form)) {
            let marked = marked(form, &snapshot);
            let pdf = Pages::render(&marked, Purpose::Sealed)?.pdf(self.now_utc())?;
            let hash: [u8; 32] = Sha256::digest(&pdf).into();
            printed.insert(form.form.clone(), hex::encode(hash));
            contents.push((hash, pdf));
        }
        let context = Context::of(self);
        let given = fields(sealing, &snapshot, &sealed.sha256, &printed);
        let office = prepared.draft.office.clone();
        self.transact::<_, Failure>(|writer| {
            for (hash, bytes) in &contents {
                writer.put_attachment(*hash, bytes)?;
            }
            write_filing(&context, writer, id, &office, &given, now)
        })?;
        Ok(SealedFiling { id, snapshot: sealed.sha256, warnings: prepared.warnings(sealing) })
    }
}

impl Reading {
    fn sealed_letter(
        &self,
        campaign: &Campaign,
        report: &Report,
        prepared: &Preparation,
        sealing: &Sealing,
    ) -> Outcome<SealedLetter> {
        Ok(SealedLetter {
            title: self.letter_title(campaign, report, &prepared.office_name, prepared.draft.as_of)?,
            addressee: report.to.clone(),
            contact: letter_contact(sealing.filler.trim(), sealing.phone.trim()),
        })
    }

    fn snapshot(
        &self,
        reader: &Reader,
        id: RecordId,
        prepared: &Preparation,
        sealing: &Sealing,
        now: u64,
    ) -> Outcome<Snapshot> {
        let draft = &prepared.draft;
        let task = self.report_task(&draft.campaign, &draft.report, draft.due)?;
        let definitions = self.library().bundle(&draft.campaign);
        let definitions = definitions.ok_or_else(|| Notice::new("campaign-unknown").with("value", &draft.campaign))?;
        let cut = reader.cut()?;
        let mut offices = BTreeMap::new();
        for stream in &cut.streams {
            offices.insert(stream.office.to_string(), self.name_of(reader, &stream.office)?);
        }
        let sections: Vec<SealedSection> = prepared
            .words
            .iter()
            .map(|section| SealedSection {
                id: section.id.clone(),
                title: section.zh.clone(),
                text: plain(&section.pieces),
            })
            .filter(|section| !section.text.trim().is_empty())
            .collect();
        let letter = match sections.is_empty() {
            true => None,
            false => Some(self.sealed_letter(task.campaign, task.report, prepared, sealing)?),
        };
        let words = |notice: &Notice| Messages::shared().words(notice, Language::Zh).0;
        let checks = prepared.checks.iter().map(|check| SealedCheck {
            form: check.form.clone(),
            id: check.check.id.clone(),
            error: check.check.level == campaign::Level::Error,
            found: words(&check.check.found),
            reason: sealing.checks.get(&check.key()).map(|reason| reason.trim().to_owned()).unwrap_or_default(),
        });
        let doubts = prepared.doubts.iter().map(|doubt: &Doubt| SealedDoubt {
            form: doubt.form.clone(),
            row: doubt.row.clone(),
            column: doubt.column.clone(),
            reason: sealing.doubts.get(&doubt.key()).map(|reason| reason.trim().to_owned()).unwrap_or_default(),
        });
        Ok(Snapshot {
            format: Snapshot::format(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            filing: id,
            campaign: draft.campaign.clone(),
            report: draft.report.clone(),
            title: task.report.zh.clone(),
            office: draft.office.clone(),
            office_name: prepared.office_name.clone(),
            due: draft.due,
            time: task.due.time.clone(),
            as_of: draft.as_of,
            sealed_at: now,
            filler: sealing.filler.trim().to_owned(),
            phone: sealing.phone.trim().to_owned(),
            reviewer: prepared.reviewer.clone(),
            approver: sealing.approver.trim().to_owned(),
            zero: sealing.zero,
            late_reason: said_if(prepared.late.is_some(), &sealing.late_reason),
            clock_reason: said_if(prepared.clock_behind.is_some(), &sealing.clock_reason),
            corrects: draft.corrects.clone(),
            correction: draft.correction.trim().to_owned(),
            previous: prepared.previous,
            forms: prepared.forms.clone(),
            sections,
            figures: prepared.figures.clone(),
            letter,
            checks: checks.collect(),
            doubts: doubts.collect(),
            definitions,
            offices,
            cut,
        })
    }
}

/// The letter that was sealed, to be printed or to be edited.
pub(super) fn letter_of(snapshot: &Snapshot) -> Option<Letter> {
    let letter = snapshot.letter.clone()?;
    let section = |section: &SealedSection| LetterSection {
        heading: section.title.clone(),
        paragraphs: section.text.lines().map(str::to_owned).collect(),
    };
    // Where a form goes with it, its foot says so; a letter alone says it after its own words.
    let said = said_of_it(snapshot).into_iter().filter(|_| snapshot.forms.is_empty());
    let said: Vec<LetterSection> = said
        .map(|(what, text)| LetterSection {
            heading: what.to_owned(),
            paragraphs: text.lines().map(str::to_owned).collect(),
        })
        .collect();
    Some(Letter {
        title: letter.title,
        addressee: letter.addressee,
        sections: snapshot.sections.iter().map(section).chain(said).collect(),
        office: snapshot.office_name.clone(),
        date: domain::clock::day_in_china(snapshot.sealed_at),
        contact: letter.contact,
        // A list too long for pages goes beside the letter, as a spreadsheet.
        attachments: snapshot
            .forms
            .iter()
            .filter(|form| forms::fits_pages(form))
            .map(|form| marked(form, snapshot))
            .collect(),
    })
}

/// A reason that nothing asks for is not kept.
fn said_if(asked: bool, reason: &str) -> String {
    if asked { reason.trim().to_owned() } else { String::new() }
}

/// What the record says of it, beside what was reviewed.
fn fields(sealing: &Sealing, snapshot: &Snapshot, sha256: &[u8; 32], printed: &BTreeMap<String, String>) -> Fields {
    let mut given = Fields::from([
        ("state".to_owned(), Value::text("sealed")),
        ("filler".to_owned(), Value::text(&snapshot.filler)),
        ("zero".to_owned(), Value::Bool(sealing.zero)),
        ("snapshot".to_owned(), Value::text(hex::encode(sha256))),
        ("printed".to_owned(), keyed_texts(printed)),
        ("sealed_at".to_owned(), Value::Int(i64::try_from(snapshot.sealed_at).unwrap_or(i64::MAX))),
    ]);
    let texts = [
        ("phone", &snapshot.phone),
        ("approver", &snapshot.approver),
        ("late_reason", &snapshot.late_reason),
        ("clock_reason", &snapshot.clock_reason),
    ];
    given.extend(
        texts.into_iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| (name.to_owned(), Value::text(text))),
    );
    let checks: BTreeMap<String, String> = snapshot
        .checks
        .iter()
        .filter(|check| !check.reason.is_empty())
        .map(|check| (format!("{}/{}", check.form, check.id), check.reason.clone()))
        .collect();
    let doubts: BTreeMap<String, String> =
        snapshot.doubts.iter().map(|doubt| (doubt_key(doubt), doubt.reason.clone())).collect();
    given.insert("checks".to_owned(), keyed_texts(&checks));
    given.insert("doubts".to_owned(), keyed_texts(&doubts));
    given
}

fn doubt_key(doubt: &SealedDoubt) -> String {
    let (form, row, column) = (doubt.form.clone(), doubt.row.clone(), doubt.column.clone());
    Doubt { form, row, column, text: String::new(), own: false }.key()
}

/// What a person said of the whole filing: a correction on paper looks like what it corrects unless it says so.
fn said_of_it(snapshot: &Snapshot) -> Vec<(&'static str, &str)> {
    let said = [
        ("更正说明", &snapshot.correction),
        ("迟报原因", &snapshot.late_reason),
        ("报出时间未能核实", &snapshot.clock_reason),
    ];
    said.into_iter().filter(|(_, text)| !text.is_empty()).map(|(what, text)| (what, text.as_str())).collect()
}

/// A form as it goes out: cells that rest on something undecided are marked, and listed at its foot with why they were sent so,
/// below what was said of the whole filing.
pub(super) fn marked(form: &FilledForm, snapshot: &Snapshot) -> FilledForm {
    let mut marked = FilledForm { unsettled: Vec::new(), unlisted: Vec::new(), ..form.clone() };
    for (what, text) in said_of_it(snapshot) {
        marked.foot.push(FilledLine { left: format!("{what}：{text}"), ..FilledLine::default() });
    }
    for doubt in snapshot.doubts.iter().filter(|doubt| doubt.form == form.form) {
        if doubt.column.is_empty() {
            let left = format!("另有 1 条记录待核，未列入本表：{}", doubt.reason);
            marked.foot.push(FilledLine { left, ..FilledLine::default() });
            continue;
        }
        let stub = usize::from(form.stub.is_some());
        let at = form.columns.iter().position(|known| known.id == doubt.column);
        let row = marked.rows.iter().position(|known| known.id == doubt.row);
        let (Some(at), Some(row)) = (at, row) else { continue };
        let name = form.row_name(row);
        let cell = &mut marked.rows[row].cells[at + stub];
        let printed = cell.text().to_owned();
        *cell = forms::FilledCell::Text(format!("{printed}{MARK}"));
        let left = format!("待核：{name} · {} {printed}：{}", form.columns[at].path.join(" · "), doubt.reason);
        marked.foot.push(FilledLine { left, ..FilledLine::default() });
    }
    marked
}

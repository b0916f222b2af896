//! Recording: one record from a form, by the rules that hold for many from a file too.

pub mod batches;
pub mod conflict_lines;
pub mod conflicts;
pub mod drafts;
pub(crate) mod follow_ups;
pub(crate) mod from_above;
pub(crate) mod list_file;
pub mod lists;
pub(crate) mod load;
pub mod photos;
pub mod picture;
pub mod rows;
pub mod suggestions;

use std::collections::BTreeMap;

use domain::identity::TAKEN;
use domain::record::changed_slots;
use domain::revision::{RESTORED, VOID};
use domain::schema::{CAMPAIGNS, DefaultValue, OVERRIDES};
use domain::validate::{Severity, tidy, type_check, validate};
use domain::{Fields, Notice, OfficeCode, Record, RecordId, RevisionId, Value};
use serde::{Deserialize, Serialize};
use store::{Edit, Writer};
use ts_rs::TS;

use crate::failure::{Failure, Outcome};
use crate::offices::owners::check_owner;
use crate::session::{BookLookup, Reading, Writing};

/// What a person (or a line of a file) says about one record. An absent field is left alone, null clears.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordInput {
    pub kind: String,
    #[serde(default)]
    pub id: Option<String>,
    #[serde(default)]
    pub office: Option<String>,
    #[serde(default)]
    pub campaigns: Option<Vec<String>>,
    /// The outer option is whether it was given at all.
    #[serde(default, deserialize_with = "given")]
    pub void: Option<Option<String>>,
    /// Why a void is lifted, beside `void` null.
    #[serde(default)]
    pub restored: Option<String>,
    #[serde(default)]
    pub overrides: Option<BTreeMap<String, String>>,
    #[serde(default, deserialize_with = "domain::value::strict_fields")]
    pub fields: Fields,
}

impl RecordInput {
    fn id_or_new(&self) -> Outcome<RecordId> {
        Ok(match &self.id {
            Some(id) => id.parse()?,
            None => RecordId(uuid::Uuid::now_v7()),
        })
    }
}

fn given<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(deserializer).map(Some)
}

/// One record saved, and the revision that did it; none where nothing new was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    pub record: RecordId,
    pub revision: Option<RevisionId>,
    /// Those without a reason.
    pub warnings: Vec<Notice>,
}

/// Why what a form says was not saved: what must be put right, and what needs a reason.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ValidationIssues {
    pub errors: Vec<Notice>,
    pub warnings: Vec<Notice>,
}

/// A record as it crosses the bridge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RecordView {
    pub id: String,
    pub kind: String,
    pub office: String,
    pub campaigns: Vec<String>,
    pub void: Option<String>,
    pub overrides: BTreeMap<String, String>,
    #[ts(type = "Fields")]
    pub fields: Fields,
}

impl From<Record> for RecordView {
    fn from(record: Record) -> Self {
        RecordView {
            id: record.id.to_string(),
            kind: record.kind,
            office: record.office.to_string(),
            campaigns: record.campaigns,
            void: record.void,
            overrides: record.overrides,
            fields: record.fields,
        }
    }
}

/// Characters of the reason a void is lifted for.
const MOST_REASON: usize = domain::validate::MAX_TEXT;

impl Reading {
    pub fn record(&self, id: RecordId) -> Outcome<Record> {
        self.read(|reader| reader.record(id))?.ok_or_else(|| Notice::new("record-unknown").with("id", id).into())
    }
}

impl Writing {
    /// Saves one record. Warnings without a reason are returned, and refuse the record where `strict`.
    pub fn save(&mut self, input: RecordInput, strict: bool) -> Outcome<Saved> {
        let id = input.id_or_new()?;
        let now = self.clock().millis();
        let context = Context::of(self);
        let (saved, _) = self.transact::<_, Failure>(|writer| {
            let before = writer.record(id)?;
            let revision = context.write(writer, id, &input, before.as_ref(), now)?;
            writer.flush()?;
            let (errors, warnings) = context.judge(writer, id, before.as_ref())?;
            if !errors.is_empty() || strict && !warnings.is_empty() {
                return Err(Failure {
                    notices: errors.into_iter().chain(warnings.into_iter().filter(|_| strict)).collect(),
                });
            }
            Ok(Saved { record: id, revision, warnings })
        })?;
        Ok(saved)
    }

    /// Lifts the void of a record: it counts again as it stands. Refused where it could not be recorded so today.
    pub fn restore(&mut self, id: RecordId, reason: &str) -> Outcome<Saved> {
        let record = self.record(id)?;
        if record.void.is_none() {
            return Err(Notice::new("record-not-void").with("id", id).into());
        }
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(Notice::new("restore-reason-missing").into());
        }
        if reason.chars().count() > MOST_REASON {
            return Err(Notice::new("restore-reason-long").with("limit", MOST_REASON).into());
        }
        let input = RecordInput {
            kind: record.kind,
            id: Some(id.to_string()),
            office: Some(record.office.to_string()),
            void: Some(None),
            restored: Some(reason.to_owned()),
            ..RecordInput::default()
        };
        self.save(input, false)
    }

    /// Saves what a form says, once nothing is wrong with it and every warning has its reason. The draft that was kept of it
    /// while it was typed (`unsaved`) goes in the same moment.
    pub fn save_if_valid(
        &mut self,
        input: RecordInput,
        unsaved: Option<RecordId>,
    ) -> Outcome<Result<Saved, ValidationIssues>> {
        let id = input.id_or_new()?;
        let now = self.clock().millis();
        let context = Context::of(self);
        let saved = self.transact::<_, NotSaved>(|writer| {
            let (revision, found) = context.write_and_validate(writer, id, input, now)?;
            if found != ValidationIssues::default() {
                return Err(NotSaved::Invalid(found));
            }
            let own = unsaved.map(|unsaved| writer.draft(unsaved)).transpose()?.flatten();
            if let Some(own) = own.filter(|own| own.author == context.author) {
                writer.drop_draft(own.id)?;
            }
            Ok(revision)
        });
        match saved {
            Ok((revision, _)) => Ok(Ok(Saved { record: id, revision, warnings: Vec::new() })),
            Err(NotSaved::Invalid(found)) => Ok(Err(found)),
            Err(NotSaved::Failed(failure)) => Err(failure),
        }
    }

    /// What saving it would say, without saving it.
    pub fn validate_input(&mut self, input: RecordInput) -> Outcome<ValidationIssues> {
        let id = input.id_or_new()?;
        let now = self.clock().millis();
        let context = Context::of(self);
        let judged = self.dry_run::<_, Failure>(|writer| Ok(context.write_and_validate(writer, id, input, now)?.1));
        // What cannot even be written down is as wrong as what is refused.
        Ok(judged.unwrap_or_else(|failure| ValidationIssues { errors: failure.notices, warnings: Vec::new() }))
    }
}

/// Why nothing of a save was kept.
enum NotSaved {
    Invalid(ValidationIssues),
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for NotSaved {
    fn from(error: E) -> Self {
        NotSaved::Failed(error.into())
    }
}

/// What recording needs of the session while its book is lent to a transaction.
pub(crate) struct Context {
    pub library: std::sync::Arc<campaign::Library>,
    pub office: OfficeCode,
    pub author: String,
    pub device: domain::DeviceId,
    pub today: domain::Date,
}

/// A warning in line `own` about a record that the same file or block makes in another line: by that line, since there is
/// nothing to open yet. Of two lines with one number the later one is in the wrong.
pub(crate) fn by_line(notice: Notice, own: u64, line_of: impl Fn(RecordId) -> Option<u64>) -> Option<Notice> {
    let other = notice.arg("other").unwrap_or_default().to_owned();
    let Some(line) = other.parse().ok().and_then(line_of) else { return Some(notice) };
    let names_it = |name: &str, value: &str| value == other || name.ends_with("_kind") || name.starts_with("where");
    let kept = notice.args.into_iter().filter(|(name, value)| !names_it(name, value));
    let notice = Notice { code: notice.code, args: kept.collect() }
        .with("where_zh", format!("第 {line} 行"))
        .with("where_en", format!("line {line}"));
    (line < own || notice.code != TAKEN).then_some(notice)
}

impl Context {
    pub fn of(session: &Reading) -> Self {
        Context {
            library: session.shared_library(),
            office: session.office().clone(),
            author: session.author().to_owned(),
            device: session.device().clone(),
            today: session.clock().today(),
        }
    }

    pub(crate) fn office(&self) -> &OfficeCode {
        &self.office
    }

    /// Writes what a form says and judges what comes of it; the transaction around it decides whether it stays.
    fn write_and_validate(
        &self,
        writer: &mut Writer,
        id: RecordId,
        mut input: RecordInput,
        now: u64,
    ) -> Outcome<(Option<RevisionId>, ValidationIssues)> {
        let before = writer.record(id)?;
        // A form that was opened before would else lift the void, or be saved and count for nothing.
        if before.as_ref().is_some_and(|before| before.void.is_some()) {
            return Err(Notice::new("record-is-void").with("id", id).into());
        }
        match &before {
            Some(before) => self.check_only_answered(&input, before)?,
            None => {
                if let Some(owner) = self.owner_below(writer, &input)? {
                    input.office = Some(owner.to_string());
                } else if let Some(chosen) = &input.office {
                    check_owner(writer, &self.office, &chosen.parse()?)?;
                }
            }
        }
        let revision = self.write(writer, id, &input, before.as_ref(), now)?;
        writer.flush()?;
        let (errors, warnings) = self.judge(writer, id, before.as_ref())?;
        Ok((revision, ValidationIssues { errors, warnings }))
    }

    /// Appends what is changed; `None` where it changes nothing.
    pub(crate) fn write(
        &self,
        writer: &mut Writer,
        id: RecordId,
        input: &RecordInput,
        before: Option<&Record>,
        now: u64,
    ) -> Outcome<Option<RevisionId>> {
        let standing = writer.folded(id)?.map(|(_, folded)| folded.slots).unwrap_or_default();
        match self.edit(id, input, before, &standing)? {
            Some(edit) => Ok(Some(self.append(writer, edit, now)?)),
            None => Ok(None),
        }
    }

    pub(crate) fn append(&self, writer: &mut Writer, edit: Edit, now: u64) -> Outcome<RevisionId> {
        writer.put_stream_author(&self.device, &edit.office, &self.office)?;
        Ok(writer.append(edit, &self.device, now)?)
    }

    /// What is changed of a record whose slots stand so; `None` where it changes nothing.
    pub(crate) fn edit(
        &self,
        id: RecordId,
        input: &RecordInput,
        before: Option<&Record>,
        standing: &Fields,
    ) -> Outcome<Option<Edit>> {
        let schema = self.library.schema();
        let kind = schema.kind(&input.kind).ok_or_else(|| Notice::new("kind-unknown").with("value", &input.kind))?;
        let office = match (&input.office, before) {
            (Some(office), _) => office.parse()?,
            (None, Some(before)) => before.office.clone(),
            (None, None) => self.office.clone(),
        };
        if let Some(before) = before {
            if before.kind != input.kind {
                return Err(Notice::new("kind-changed").with("before", &before.kind).with("after", &input.kind).into());
            }
            if before.office != office {
                return Err(Notice::new("office-changed").with("before", &before.office).with("after", &office).into());
            }
        }
        if !self.office.covers(&office) {
            return Err(Notice::new("office-not-below").with("office", &office).with("own", &self.office).into());
        }
        let mut given = input.fields.clone();
        tidy(kind, &mut given);
        for reserved in [CAMPAIGNS, OVERRIDES, VOID, RESTORED] {
            if given.contains_key(reserved) {
                return Err(Notice::new("field-reserved").with("field", reserved).into());
            }
        }
        if before.is_none() {
            for field in &kind.fields {
                let Some(DefaultValue::OfficeProvince) = field.rules.default else { continue };
                if let Some(province) = self.library.divisions().province_short(office.division()) {
                    given.entry(field.name.clone()).or_insert_with(|| Value::text(province));
                }
            }
        }
        if let Some(campaigns) = &input.campaigns {
            given.insert(CAMPAIGNS.into(), Value::List(campaigns.iter().map(Value::text).collect()));
        }
        if let Some(overrides) = &input.overrides {
            let entries = overrides.iter().map(|(code, reason)| (code.clone(), Value::text(reason))).collect();
            given.insert(OVERRIDES.into(), Value::Map(entries));
        }
        if let Some(void) = &input.void {
            given.insert(VOID.into(), void.as_ref().map_or(Value::Null, Value::text));
            let lifted = input.restored.as_ref().filter(|_| void.is_none());
            match lifted {
                Some(reason) => drop(given.insert(RESTORED.into(), Value::text(reason))),
                None if void.is_some() => drop(given.insert(RESTORED.into(), Value::Null)),
                None => {}
            }
        }
        let slots = changed_slots(kind, standing, &given)?;
        if slots.is_empty() && before.is_some() {
            return Ok(None);
        }
        type_check(schema, &input.kind, &slots)?;
        Ok(Some(Edit { record: id, kind: input.kind.clone(), office, author: self.author.clone(), slots }))
    }

    /// Errors and standing warnings of a record as it now is.
    pub(crate) fn judge(
        &self,
        writer: &Writer,
        id: RecordId,
        before: Option<&Record>,
    ) -> Outcome<(Vec<Notice>, Vec<Notice>)> {
        let Some(record) = writer.record(id)? else { return Ok((Vec::new(), Vec::new())) };
        let issues = BookLookup::judged(writer, &self.library, self.today, |lookup| {
            validate(self.library.schema(), &record, before, lookup)
        })?;
        let (mut errors, mut warnings) = (Vec::new(), Vec::new());
        for issue in issues {
            match issue.severity {
                Severity::Error => errors.push(issue.notice),
                Severity::Warning => warnings.push(issue.notice),
            }
        }
        Ok((errors, warnings))
    }
}

//! What a person may record: errors, which refuse, and warnings, which a reason passes over (`overrides`).
//!
//! Rules here bind when a person records. What comes from other books is only asked for its types ([`type_check`]); what
//! merged books break across records is a finding ([`crate::findings`]). Nothing is looked up here but through [`Lookup`].

mod across;
mod counted;
mod import;
mod orders;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::{Date, OfficeCode, RecordId};
use crate::notice::Notice;
use crate::record::Record;
use crate::revision::VOID;
use crate::schema::{CAMPAIGNS, Field, FieldType, Kind, OVERRIDES, Schema, is_code};
use crate::spelling;
use crate::value::Value;

pub use counted::Source;
pub use import::type_check;
pub use values::{MAX_LIST, MAX_LONG_TEXT, MAX_NUMBER, MAX_TEXT, tidy};

/// What validation has to know beyond the record itself. `store` answers it; while a file is loaded, so do the records
/// further down in it.
pub trait Lookup {
    /// The record as it stands, voided or not.
    fn record(&self, id: RecordId) -> Option<Record>;
    /// Records of a kind whose field refers to the target, voided ones included: which of them matter is decided here.
    fn referring(&self, kind: &str, field: &str, target: RecordId) -> Vec<Record>;
    /// The full name of a code of the loaded GB/T 2260 tables: 宁夏回族自治区银川市永宁县.
    fn division_name(&self, code: &str) -> Option<String>;
    /// The day it is where the record is written.
    fn today(&self) -> Date;
    /// A loaded campaign.
    fn campaign(&self, id: &str) -> Option<CampaignFacts>;
    /// Unvoided records of a kind whose field holds this number, by [`crate::identity::key`].
    fn identified(&self, kind: &str, field: &Field, office: &OfficeCode, number: &str) -> Vec<Record>;
    /// Unvoided figures that an office declared for a cell from one source.
    fn declared(&self, office: &OfficeCode, cell: Cell, source: &str) -> Vec<Record>;
    /// A record of the office's own that the cell counts by a day, where its source is the one named ([`Source`]).
    fn recorded(&self, office: &OfficeCode, cell: Cell, source: &str, as_of: Date) -> Option<Record>;
    /// A cell of a form; `None` where no loaded campaign has the form.
    fn form_cell(&self, form: &str, row: &str, column: &str) -> Option<CellFacts>;
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignFacts {
    pub first_day: Date,
    pub last_day: Option<Date>,
    /// Kind and field of every day that a figure or a list places records by.
    pub events: BTreeSet<(String, String)>,
    /// The days that figures count an amount or quantity by, by its kind and field.
    pub sums: BTreeMap<(String, String), BTreeSet<String>>,
    pub categories: BTreeSet<String>,
}

/// A cell of a form by its ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell<'a> {
    pub form: &'a str,
    pub row: &'a str,
    pub column: &'a str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellFacts {
    pub row_known: bool,
    pub column_known: bool,
    /// The row is a total or the column is derived, so that nothing can be declared for it.
    pub refuses_declared: bool,
    /// The first day of the form's campaign.
    pub first_day: Date,
    /// How many decimals of the printed unit the stored integer reaches.
    pub decimals: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Refused.
    Error,
    /// Accepted and listed until `overrides` holds its code with a reason.
    Warning,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    pub severity: Severity,
    /// Carries the field's name and labels as `field`, `zh` and `en` where a field is concerned.
    pub notice: Notice,
    /// The field to point at; `flows[2].quantity` for a member of the second flow.
    pub field: Option<String>,
}

/// Everything that is the matter with a record about to be recorded. `before` is the record as it stands; what an edit does
/// not touch is not held against it, so that what came from another book never blocks a correction elsewhere. Of a voided
/// record only what changes is asked. Errors first; warnings that were passed over are left out.
pub fn validate(schema: &Schema, record: &Record, before: Option<&Record>, lookup: &dyn Lookup) -> Vec<Issue> {
    let Some(kind) = schema.kind(&record.kind) else {
        return vec![error(Notice::new("kind-unknown").with("value", &record.kind))];
    };
    if kind.reserved {
        return vec![error(Notice::new("kind-reserved").with("zh", &kind.zh).with("en", &kind.en))];
    }
    let mut check = Check { schema, kind, record, before, lookup, issues: Vec::new() };
    check.identity();
    check.common_slots();
    check.values();
    if record.void.is_none() {
        check.presence();
        check.orders();
        check.across_records();
        check.counted();
    } else {
        check.voiding();
    }
    let mut issues = check.issues;
    issues.retain(|issue| {
        let reason = record.overrides.get(&issue.notice.code);
        issue.severity == Severity::Error || reason.is_none_or(|reason| reason.trim().is_empty())
    });
    issues.sort_by_key(|issue| issue.severity);
    issues
}

fn error(notice: Notice) -> Issue {
    Issue { severity: Severity::Error, notice, field: None }
}

/// One validation under way.
struct Check<'a> {
    schema: &'a Schema,
    kind: &'a Kind,
    record: &'a Record,
    before: Option<&'a Record>,
    lookup: &'a dyn Lookup,
    issues: Vec<Issue>,
}

impl Check<'_> {
    fn error(&mut self, field: &str, notice: Notice) {
        self.issues.push(Issue { severity: Severity::Error, notice, field: Some(field.to_owned()) });
    }

    fn warn(&mut self, field: &str, notice: Notice) {
        self.issues.push(Issue { severity: Severity::Warning, notice, field: Some(field.to_owned()) });
    }

    /// A notice about a field of this kind, with its labels.
    fn about(&self, code: &str, field: &str) -> Notice {
        match self.kind.field(field) {
            Some(known) => known.notice(code),
            None => Notice::new(code).with("field", field).with("zh", field).with("en", field),
        }
    }

    /// Whether the edit touches a field. Everything is touched when a record is new or restored.
    fn changed(&self, field: &str) -> bool {
        self.standing().is_none_or(|before| before.get(field) != self.record.get(field))
    }

    /// What stood before and was not voided.
    fn standing(&self) -> Option<&Record> {
        self.before.filter(|before| before.void.is_none() || self.record.void.is_some())
    }

    fn identity(&mut self) {
        let Some(before) = self.before else { return };
        if before.kind != self.record.kind {
            let notice = Notice::new("kind-changed").with("before", &before.kind).with("after", &self.record.kind);
            self.issues.push(error(notice));
        }
        if before.office != self.record.office {
            let notice =
                Notice::new("office-changed").with("before", &before.office).with("after", &self.record.office);
            self.issues.push(error(notice));
        }
    }

    /// `campaigns`, `overrides` and `void`, which every kind has.
    fn common_slots(&mut self) {
        let record = self.record;
        for campaign in &record.campaigns {
            let present = self.standing().is_some_and(|before| before.campaigns.contains(campaign));
            if present {
                continue;
            }
            if !is_code(campaign) {
                self.error(
                    CAMPAIGNS,
                    Notice::new("element-malformed").with("field", CAMPAIGNS).with("value", shortened(campaign)),
                );
            } else if self.lookup.campaign(campaign).is_none() {
                self.error(CAMPAIGNS, Notice::new("campaign-unknown").with("value", campaign));
            }
        }
        for (code, reason) in &record.overrides {
            if !is_code(code) {
                self.error(
                    OVERRIDES,
                    Notice::new("element-malformed").with("field", OVERRIDES).with("value", shortened(code)),
                );
            }
            if reason.trim().is_empty() {
                self.error(OVERRIDES, Notice::new("override-reason-missing").with("value", shortened(code)));
            }
            self.free_text(
                OVERRIDES,
                &Notice::new("").with("field", OVERRIDES).with("zh", "理由").with("en", "Reason"),
                reason,
            );
        }
        if let Some(reason) = &record.void {
            if reason.trim().is_empty() {
                self.error(VOID, Notice::new("void-reason-missing"));
            }
            self.free_text(
                VOID,
                &Notice::new("").with("field", VOID).with("zh", "作废原因").with("en", "Reason for voiding"),
                reason,
            );
        }
    }

    /// Every value that the edit sets, for itself.
    fn values(&mut self) {
        let (kind, record) = (self.kind, self.record);
        for (name, value) in &record.fields {
            if value.is_null() || !self.changed(name) {
                continue;
            }
            match kind.field(name) {
                Some(field) => self.value(field, name, value),
                None => {
                    let notice = Notice::new("field-unknown")
                        .with("field", shortened(name))
                        .with("zh", &kind.zh)
                        .with("en", &kind.en);
                    self.error(name, notice);
                }
            }
        }
    }

    /// What must be there, what must not, and what goes together.
    fn presence(&mut self) {
        let kind = self.kind;
        for field in &kind.fields {
            let missing = is_blank(self.record.get(&field.name));
            let rules = &field.rules;
            let touched = |fields: &[&str]| fields.iter().any(|other| self.changed(other));
            let asked = field.required && self.changed(&field.name)
                || rules.required_for.iter().any(|category| self.is_of(category))
                    && (self.changed(&field.name) || touched(&self.category_fields()))
                || rules
                    .required_with
                    .iter()
                    .any(|(other, codes)| self.holds(other, codes) && touched(&[&field.name, other]));
            if missing && asked {
                self.error(&field.name, field.notice("required-missing"));
            }
            for notice in self.usual(field) {
                self.warn(&field.name, notice);
            }
            if missing {
                continue;
            }
            for (other, codes) in &rules.only_with {
                if !self.holds(other, codes) && (self.changed(&field.name) || self.changed(other)) {
                    let other = kind.field(other);
                    let label =
                        |pick: fn(&Field) -> &String| other.map(|field| pick(field).clone()).unwrap_or_default();
                    let notice = field
                        .notice("only-with")
                        .with("other_zh", label(|field| &field.zh))
                        .with("other_en", label(|field| &field.en))
                        .with("values_zh", self.labels(other, codes, true))
                        .with("values_en", self.labels(other, codes, false));
                    self.error(&field.name, notice);
                }
            }
            if let Some(other) = rules
                .with
                .as_ref()
                .filter(|other| is_blank(self.record.get(other)) && (self.changed(&field.name) || self.changed(other)))
            {
                let labels = self.about("with-missing", other);
                let notice = field
                    .notice("with-missing")
                    .with("other", other)
                    .with("other_zh", labels.arg("zh").unwrap_or_default())
                    .with("other_en", labels.arg("en").unwrap_or_default());
                self.error(other, notice);
            }
            let count = self.record.get(&field.name).as_list().map(each_counted);
            if let Some((count, least)) = count.zip(rules.warn_below).filter(|(count, least)| count < least) {
                self.warn(&field.name, field.notice("list-short").with("count", count).with("least", least));
            }
        }
        self.categories_outside();
        let unasked = self.standing().is_some_and(|before| before.campaigns == self.record.campaigns);
        if kind.counted && self.record.campaigns.is_empty() && !unasked {
            self.warn(
                CAMPAIGNS,
                Notice::new("campaigns-missing").with("field", CAMPAIGNS).with("zh", &kind.zh).with("en", &kind.en),
            );
        }
    }

    /// The fields that say of which categories a record is.
    fn category_fields(&self) -> Vec<&str> {
        let of_category =
            |field: &&Field| matches!(&field.ty, FieldType::Code { of } | FieldType::Set { of } if of == "category");
        self.kind.fields.iter().filter(of_category).map(|field| field.name.as_str()).collect()
    }

    /// Field and category, for every category the record names.
    fn categories(&self) -> Vec<(&str, &str)> {
        let named = |field| {
            let single = self.record.text(field).into_iter();
            single.chain(self.record.texts(field)).map(move |category| (field, category))
        };
        self.category_fields().into_iter().flat_map(named).collect()
    }

    fn is_of(&self, category: &str) -> bool {
        self.categories().iter().any(|(_, present)| *present == category)
    }

    fn holds(&self, field: &str, codes: &[String]) -> bool {
        let value = self.record.get(field);
        codes.iter().any(|code| value.as_str() == Some(code) || self.record.has(field, code))
    }

    fn labels(&self, field: Option<&Field>, codes: &[String], chinese: bool) -> String {
        let label = |code: &String| match field.map(|field| &field.ty) {
            Some(FieldType::Code { of } | FieldType::Set { of }) => self
                .schema
                .entry(of, code)
                .map_or(code.clone(), |entry| if chinese { entry.zh.clone() } else { entry.en.clone() }),
            _ => code.clone(),
        };
        codes.iter().map(label).collect::<Vec<_>>().join(if chinese { "、" } else { ", " })
    }

    /// A category in none of the campaigns the record counts for would never be counted.
    fn categories_outside(&mut self) {
        let campaigns = self.counting_campaigns();
        let facts: Option<Vec<CampaignFacts>> = campaigns.iter().map(|id| self.lookup.campaign(id)).collect();
        let Some(facts) = facts.filter(|facts| !facts.is_empty()) else { return };
        let outside: Vec<(String, String)> = self
            .categories()
            .into_iter()
            .filter(|(_, category)| !facts.iter().any(|campaign| campaign.categories.contains(*category)))
            .map(|(field, category)| (field.to_owned(), category.to_owned()))
            .collect();
        for (field, category) in outside {
            let entry = self.schema.entry("category", &category);
            let notice = self
                .about("category-outside", &field)
                .with("value_zh", entry.map_or(&category, |entry| &entry.zh))
                .with("value_en", entry.map_or(&category, |entry| &entry.en))
                .with("campaigns", campaigns.join("、"));
            self.warn(&field, notice);
        }
    }
}

/// How many elements a list has: texts that are the same but for their spelling are one.
fn each_counted(items: &[Value]) -> usize {
    spelling::distinct(items.iter().filter_map(Value::as_str))
}

/// Blank is not zero and not "no": a false answer is an answer.
fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Text(text) => text.trim().is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        Value::Bool(_) | Value::Int(_) => false,
    }
}

/// What a message quotes of a value somebody typed: at most 60 characters, none of them a control character.
fn shortened(text: &str) -> String {
    let mut quoted: String = text.chars().filter(|character| !character.is_control()).take(60).collect();
    if text.chars().nth(60).is_some() {
        quoted.push('…');
    }
    quoted
}

//! Rules of single kinds, most of which look at other records: voiding an enterprise, `same_as`, disposals, declared
//! figures. They bind when a person records; what a merge breaks of them is a finding.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::disposal::{Balance, passed_reinspection};
use crate::identity;
use crate::ids::{Date, RecordId};
use crate::notice::Notice;
use crate::numbers::Decimal;
use crate::record::Record;
use crate::schema::{Field, FieldType};

use super::{Cell, Check, shortened};

impl Check<'_> {
    pub(super) fn across_records(&mut self) {
        self.identifiers();
        match self.kind.id.as_str() {
            "enterprise" => self.same_as(),
            "disposal" => self.disposal(),
            "declared" => self.declared(),
            _ => {}
        }
    }

    /// A number that stands for one thing and already stands on another record.
    fn identifiers(&mut self) {
        let (kind, record) = (self.kind, self.record);
        for field in kind.fields.iter().filter(|field| field.rules.identifies.is_some()) {
            let number = record.text(&field.name).filter(|_| self.changed(&field.name));
            let Some(number) = number else { continue };
            let mut others = self.lookup.identified(&kind.id, field, &record.office, number);
            others.retain(|other| other.id != record.id && !self.joined(other));
            let Some(other) = others.first() else { continue };
            let described = self.described(other, &field.name);
            let notice = self
                .about(identity::TAKEN, &field.name)
                .with("value", shortened(number))
                .with("count", others.len())
                .with("where_zh", described.as_ref().map_or(kind.zh.clone(), |words| format!("{}“{words}”", kind.zh)))
                .with(
                    "where_en",
                    described.as_ref().map_or(kind.en.clone(), |words| format!("{} \"{words}\"", kind.en)),
                )
                .with("other", other.id)
                .with("other_kind", &other.kind);
            self.warn(&field.name, notice);
        }
    }

    /// Whether the two turned out to be one.
    fn joined(&self, other: &Record) -> bool {
        !self.same_thing(self.record).is_disjoint(&self.same_thing(other))
    }

    /// A record and all that its `same_as` leads to.
    fn same_thing(&self, record: &Record) -> BTreeSet<RecordId> {
        let mut all = BTreeSet::from([record.id]);
        let mut next = record.reference("same_as");
        while let Some(target) = next.filter(|target| all.insert(*target)) {
            next = self.lookup.record(target).and_then(|record| record.reference("same_as"));
        }
        all
    }

    /// What a record goes by beside the number in `but`: its name, its enterprise and its day.
    fn described(&self, record: &Record, but: &str) -> Option<String> {
        let kind = self.schema.kind(&record.kind)?;
        let named = |field: &Field| match &field.ty {
            FieldType::Ref { to } => {
                let target = self.lookup.record(record.reference(&field.name)?)?;
                target.text(&self.schema.kind(to)?.title).map(str::to_owned)
            }
            _ => record.text(&field.name).map(str::to_owned),
        };
        let title = kind.field(&kind.title).filter(|field| field.name != but);
        let party = kind.fields.iter().find(|field| field.required && matches!(field.ty, FieldType::Ref { .. }));
        let party = party.filter(|field| field.name != kind.title);
        let mut words: Vec<String> = [title, party].into_iter().flatten().filter_map(named).collect();
        words.extend(kind.date.as_deref().and_then(|date| record.text(date)).map(str::to_owned));
        (!words.is_empty()).then(|| shortened(&words.join(" ")))
    }

    /// An enterprise with unvoided records of its own cannot be voided.
    pub(super) fn voiding(&mut self) {
        let newly = self.before.is_none_or(|before| before.void.is_none());
        if self.kind.id != "enterprise" || !newly {
            return;
        }
        let (mut count, mut zh, mut en) = (0, Vec::new(), Vec::new());
        for kind in self.schema.kinds.iter().filter(|kind| kind.id != self.kind.id) {
            let fields = kind.fields.iter().filter(
                |field| matches!(&field.ty, FieldType::Ref { to } | FieldType::Refs { to } if *to == self.kind.id),
            );
            let own: BTreeSet<RecordId> = fields
                .flat_map(|field| self.lookup.referring(&kind.id, &field.name, self.record.id))
                .filter(|record| record.void.is_none())
                .map(|record| record.id)
                .collect();
            if !own.is_empty() {
                count += own.len();
                zh.push(kind.zh.as_str());
                en.push(kind.en.as_str());
            }
        }
        if count > 0 {
            let notice = Notice::new("enterprise-in-use")
                .with("count", count)
                .with("kinds_zh", zh.join("、"))
                .with("kinds_en", en.join(", "));
            self.error(crate::revision::VOID, notice);
        }
    }

    fn same_as(&mut self) {
        if !self.changed("same_as") {
            return;
        }
        let mut seen = BTreeSet::new();
        let mut next = self.record.reference("same_as").filter(|target| *target != self.record.id);
        while let Some(target) = next.filter(|target| seen.insert(*target)) {
            if target == self.record.id {
                let notice = self.about("same-as-ring", "same_as").with("length", seen.len());
                self.error("same_as", notice);
                return;
            }
            next = self.lookup.record(target).and_then(|enterprise| enterprise.reference("same_as"));
        }
    }

    fn disposal(&mut self) {
        let record = self.record;
        let sample = record.reference("sample").and_then(|id| self.lookup.record(id));
        if let Some(sample) = sample.as_ref().filter(|_| self.changed("sample")) {
            if sample.text("result") != Some("nonconforming") {
                let result = self.schema.entry("sample_result", sample.text("result").unwrap_or("pending"));
                let notice = self
                    .about("sample-not-nonconforming", "sample")
                    .with("number", shortened(sample.text("number").unwrap_or_default()))
                    .with("result_zh", result.map_or("", |entry| &entry.zh))
                    .with("result_en", result.map_or("", |entry| &entry.en));
                self.error("sample", notice);
            }
            let others = self.lookup.referring(&self.kind.id, "sample", sample.id);
            if let Some(other) = others.iter().find(|other| other.void.is_none() && other.id != record.id) {
                let notice = self
                    .about("disposal-second", "sample")
                    .with("number", shortened(sample.text("number").unwrap_or_default()))
                    .with("other", other.id)
                    .with("other_kind", &other.kind);
                self.error("sample", notice);
            }
        }
        let resumes = !record.get("resumed_on").is_null();
        let touched = ["resumed_on", "reinspection", "reinspected_on"].iter().any(|field| self.changed(field));
        if resumes && !passed_reinspection(record) && touched {
            let notice = self.about("resumed-without-reinspection", "resumed_on");
            self.error("resumed_on", notice);
        }
        self.balance(sample.as_ref());
    }

    /// 数量: what was kept, recalled and destroyed against what there was. Blank adds nothing, and where the total itself is
    /// not known there is nothing to compare with.
    fn balance(&mut self, sample: Option<&Record>) {
        let balance = Balance::of(sample, Some(self.record));
        let compared = |code: &str, more: i128, less: i128| Notice::new(code).with("sum", more).with("limit", less);
        let mut found = Vec::new();
        if let Some(total) = balance.nonconforming.filter(|_| balance.unaccounted().is_some_and(|left| left < 0)) {
            let sum = balance.held() + balance.flowed;
            found.push(("sealed_quantity", compared("disposal-exceeds-batch", sum, total)));
        }
        if balance.recalled > balance.flowed.max(0) && balance.flows_uncounted == 0 {
            let notice = compared("recalled-exceeds-flows", balance.recalled, balance.flowed);
            found.push(("recalled_quantity", notice));
        }
        if balance.kept() < 0 {
            let sum = balance.held() + balance.recalled;
            found.push(("destroyed_quantity", compared("destroyed-exceeds-held", balance.destroyed, sum)));
        }
        for (field, notice) in found {
            self.warn(field, notice);
        }
    }

    fn declared(&mut self) {
        let touched = ["form", "row", "column", "as_of", "value", "source"].iter().any(|field| self.changed(field));
        let text = |field: &str| self.record.text(field).unwrap_or_default();
        let (form, row, column) = (text("form"), text("row"), text("column"));
        if !touched || [form, row, column].contains(&"") {
            return;
        }
        let Some(cell) = self.lookup.form_cell(form, row, column) else {
            self.error("form", Notice::new("form-unknown").with("value", shortened(form)));
            return;
        };
        for (field, known, value) in [("row", cell.row_known, row), ("column", cell.column_known, column)] {
            if !known {
                let notice = self.about("cell-unknown", field).with("form", form).with("value", shortened(value));
                self.error(field, notice);
            }
        }
        if cell.row_known && cell.column_known && cell.refuses_declared {
            let notice = Notice::new("declared-refused").with("form", form).with("row", row).with("column", column);
            self.error("column", notice);
        }
        let early = |as_of: &Date| *as_of < cell.first_day;
        if let Some(as_of) = self.record.date("as_of").filter(early) {
            let notice = self.about("declared-too-early", "as_of").with("day", as_of).with("first_day", cell.first_day);
            self.error("as_of", notice);
        }
        let usable = cell.row_known && cell.column_known && !cell.refuses_declared;
        let given = self.record.date("as_of").zip(self.record.int("value")).zip(self.record.text("source"));
        if let Some(((as_of, value), source)) = given.filter(|_| usable) {
            self.cumulative(Cell { form, row, column }, cell.decimals, as_of, value, source);
            self.beside_records(Cell { form, row, column }, as_of, source);
        }
    }

    /// A cumulative figure that falls from one day to the next.
    fn cumulative(&mut self, cell: Cell, decimals: u32, as_of: Date, value: i64, source: &str) {
        let mut others = self.lookup.declared(&self.record.office, cell, source);
        others.retain(|other| other.id != self.record.id);
        let known = |other: &Record| Some((other.date("as_of")?, other.id, other.int("value")?));
        // Of one day the greater id holds; which of the two that is, nobody means to say by it.
        let earlier = others.iter().filter_map(known).filter(|(day, ..)| *day < as_of).max();
        let later = others
            .iter()
            .filter_map(known)
            .filter(|(day, ..)| *day > as_of)
            .min_by_key(|(day, id, _)| (*day, Reverse(*id)));
        let falls =
            earlier.filter(|(.., before)| *before > value).map(|(day, id, before)| ((day, before), (as_of, value), id));
        let falls = falls
            .or(later.filter(|(.., after)| *after < value).map(|(day, id, after)| ((as_of, value), (day, after), id)));
        let Some(((day, before), (then, after), other)) = falls else { return };
        let printed = |value: i64| Decimal::exact(value, decimals).to_string();
        let notice = self
            .about("declared-falls", "value")
            .with("day", day)
            .with("before", printed(before))
            .with("then", then)
            .with("after", printed(after))
            .with("other", other)
            .with("other_kind", &self.kind.id);
        self.warn("value", notice);
    }

    /// A figure in a cell that counts records of the same office and source: the two add up.
    fn beside_records(&mut self, cell: Cell, as_of: Date, source: &str) {
        // What takes the place of records stands beside none.
        if self.record.bool("whole") == Some(true) {
            return;
        }
        let Some(other) = self.lookup.recorded(&self.record.office, cell, source, as_of) else { return };
        let kind = self.schema.kind(&other.kind);
        let (zh, en) = kind.map_or((&other.kind, &other.kind), |kind| (&kind.zh, &kind.en));
        let described = self.described(&other, "").unwrap_or_default();
        let notice = self
            .about("declared-beside-records", "value")
            .with("where_zh", format!("{zh}“{described}”"))
            .with("where_en", format!("{en} \"{described}\""))
            .with("other", other.id)
            .with("other_kind", &other.kind);
        self.warn("value", notice);
    }
}

//! Recording what a block says, and judging it by the rules of a form. What is written here stays or is taken back by whoever
//! asked.

use std::collections::{BTreeMap, HashMap};

use domain::schema::CAMPAIGNS;
use domain::{Notice, Record, RecordId, Value};
use sha2::{Digest, Sha256};
use store::Writer;

use super::block::Row;
use super::existing::Change;
use super::names::{Index, Made};
use super::understand::{Work, step};
use crate::failure::Outcome;
use crate::progress::{ProgressSink, Stage};
use crate::records::{RecordInput, by_line};

impl Work<'_> {
    /// Writes what is to be recorded and judges it. Returns how many records were made of texts.
    pub(super) fn write(
        &self,
        writer: &mut Writer,
        index: &Index,
        rows: &mut [Row],
        hash: &mut Sha256,
        tell: &mut ProgressSink,
    ) -> Outcome<usize> {
        let total = 2 * rows.len();
        let made = self.make(writer, index, rows, hash)?;
        let mut written: Vec<(usize, Option<Record>)> = Vec::new();
        for (at, row) in rows.iter_mut().enumerate() {
            step(tell, Stage::Checking, at, total)?;
            // What is no one record's cannot be written.
            if !row.is_written() || !row.errors.is_empty() {
                continue;
            }
            let before = if row.update { writer.record(row.id)? } else { None };
            let input = self.input(row, before.as_ref(), &[]);
            let said = serde_json::to_string(&input.fields).unwrap_or_default();
            hash.update(format!("{} {} {said}\n", row.id, row.update));
            match self.context.write(writer, row.id, &input, before.as_ref(), self.now) {
                Ok(_) => written.push((at, before)),
                Err(failure) => row.errors.extend(failure.notices),
            }
        }
        writer.flush()?;
        let mut warned: Vec<(usize, Option<Record>, Vec<Notice>)> = Vec::new();
        // What two new rows say against each other is said by their lines; a record that stands is named as such.
        let new = written.iter().filter(|(_, before)| before.is_none());
        let numbers: HashMap<RecordId, u64> = new.map(|(at, _)| (rows[*at].id, u64::from(rows[*at].number))).collect();
        for (done, (at, before)) in written.into_iter().enumerate() {
            step(tell, Stage::Checking, rows.len() + done, total)?;
            let row = &mut rows[at];
            let (errors, warnings) = self.context.judge(writer, row.id, before.as_ref())?;
            let unread = |notice: &Notice| {
                let field = notice.arg("field");
                row.unread.iter().any(|(_, unread)| unread.arg("field") == field)
            };
            let errors: Vec<Notice> = errors.into_iter().filter(|notice| !unread(notice)).collect();
            let own = u64::from(row.number);
            let warnings =
                warnings.into_iter().filter_map(|notice| by_line(notice, own, |id| numbers.get(&id).copied()));
            let (reasoned, open) = warnings.partition::<Vec<_>, _>(|notice| self.reason(&notice.code).is_some());
            row.errors.extend(errors);
            row.warnings.extend(open);
            if !reasoned.is_empty() {
                warned.push((at, before, reasoned));
            }
        }
        for (at, before, reasoned) in warned {
            let input = self.input(&rows[at], before.as_ref(), &reasoned);
            let standing = writer.record(rows[at].id)?;
            self.context.write(writer, rows[at].id, &input, standing.as_ref(), self.now)?;
        }
        writer.flush()?;
        Ok(made)
    }

    /// Writes the records made of texts that rows name, and says at the first of those rows what is wrong with them.
    fn make(&self, writer: &mut Writer, index: &Index, rows: &mut [Row], hash: &mut Sha256) -> Outcome<usize> {
        let named: BTreeMap<String, &Made> = index.made().map(|made| (made.id.to_string(), made)).collect();
        if named.is_empty() {
            return Ok(0);
        }
        let mut first: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, row) in rows.iter().enumerate().filter(|(_, row)| row.is_written()) {
            for id in row.fields.values().filter_map(Value::as_str) {
                if let Some((id, _)) = named.get_key_value(id) {
                    first.entry(id).or_insert(at);
                }
            }
        }
        let made = first.len();
        for (id, at) in first {
            let new = named[id];
            let Some(kind) = self.schema.kind(&new.kind) else { continue };
            let campaigns = kind.follows.is_none() && !self.block.campaigns.is_empty();
            let input = |overrides: BTreeMap<String, String>| RecordInput {
                kind: new.kind.clone(),
                office: Some(self.owner.to_string()),
                campaigns: campaigns.then(|| self.block.campaigns.clone()),
                overrides: (!overrides.is_empty()).then_some(overrides),
                fields: new.fields.clone(),
                ..RecordInput::default()
            };
            hash.update(format!("{id} {}\n", serde_json::to_string(&new.fields).unwrap_or_default()));
            if let Err(failure) = self.context.write(writer, new.id, &input(BTreeMap::new()), None, self.now) {
                rows[at].errors.extend(failure.notices);
                continue;
            }
            writer.flush()?;
            let (errors, warnings) = self.context.judge(writer, new.id, None)?;
            let (reasoned, open) =
                warnings.into_iter().partition::<Vec<_>, _>(|notice| self.reason(&notice.code).is_some());
            rows[at].errors.extend(errors);
            rows[at].warnings.extend(open);
            if !reasoned.is_empty() {
                let input = input(self.reasons(&reasoned).collect());
                self.context.write(writer, new.id, &input, writer.record(new.id)?.as_ref(), self.now)?;
            }
        }
        Ok(made)
    }

    fn reason(&self, code: &str) -> Option<&str> {
        self.block.reasons.get(code).map(|reason| reason.trim()).filter(|reason| !reason.is_empty())
    }

    fn reasons<'n>(&'n self, reasoned: &'n [Notice]) -> impl Iterator<Item = (String, String)> + 'n {
        reasoned.iter().filter_map(|notice| Some((notice.code.clone(), self.reason(&notice.code)?.to_owned())))
    }

    fn input(&self, row: &Row, before: Option<&Record>, reasoned: &[Notice]) -> RecordInput {
        let mut overrides: BTreeMap<String, String> = self.reasons(reasoned).collect();
        let (fields, campaigns) = match before {
            None => {
                let own = self.kind.follows.is_none() && !self.block.campaigns.is_empty();
                (row.fields.clone(), own.then(|| self.block.campaigns.clone()))
            }
            Some(before) => {
                if !overrides.is_empty() {
                    overrides.extend(before.overrides.clone());
                }
                let (joins, fields): (Vec<&Change>, Vec<&Change>) =
                    row.changes.iter().partition(|change| change.field == CAMPAIGNS);
                let ids = |change: &Change| {
                    let ids = change.new.as_list().unwrap_or_default().iter();
                    ids.filter_map(|id| id.as_str().map(str::to_owned)).collect()
                };
                let fields = fields.into_iter().map(|change| (change.field.clone(), change.new.clone())).collect();
                (fields, joins.first().map(|change| ids(change)))
            }
        };
        RecordInput {
            kind: self.kind.id.clone(),
            office: before.is_none().then(|| self.owner.to_string()),
            campaigns,
            overrides: (!overrides.is_empty()).then_some(overrides),
            fields,
            ..RecordInput::default()
        }
    }
}

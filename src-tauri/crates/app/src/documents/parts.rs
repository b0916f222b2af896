//! The parts of a document put into words: what its file asks for, answered from one record and what belongs to it.

use std::collections::BTreeMap;

use campaign::model::{ANSWERS, ChecklistItem};
use domain::schema::{Field, FieldType, Kind};
use domain::{Notice, Record, RecordId, Value};
use forms::document::{Pair, Part, Rows, RowsColumn, Section};

use super::layout::{ColumnLayout, PartLayout, SectionLayout};
use crate::enterprises::dossier::{Dossier, MOST_SHOWN};
use crate::failure::Outcome;
use crate::words::Words;

/// A file prints this many events, the newest; the screen scrolls through all of them.
const MOST_EVENTS: u32 = 1_000;

/// What stands over the numbers of enterprises joined to the one the file is about.
const JOINED: &str = "并入";

/// Where a checklist's column of legal bases stands.
const BASIS: usize = 2;

pub(super) struct Assembly<'a> {
    pub(super) words: Words<'a>,
    kind: &'a Kind,
    pub record: Record,
    /// What belongs to the record where it is an enterprise.
    pub(super) dossier: Option<Dossier>,
}

impl<'a> Assembly<'a> {
    pub fn new(words: Words<'a>, record: Record) -> Outcome<Self> {
        let kind = words.session.library().schema().kind(&record.kind);
        let kind = kind.ok_or_else(|| Notice::new("kind-unknown").with("value", &record.kind))?;
        let dossier = match kind.id == "enterprise" {
            true => Some(words.session.dossier(words.reader, record.id)?),
            false => None,
        };
        // What was joined is printed as the enterprise it was joined to.
        let record = dossier.as_ref().map_or(record, |dossier| dossier.enterprise.clone());
        Ok(Assembly { words, kind, record, dossier })
    }

    /// The records whose own fields are printed: one, or all that were joined as one enterprise.
    pub fn ids(&self) -> Vec<RecordId> {
        self.dossier.as_ref().map_or_else(|| vec![self.record.id], |dossier| dossier.members.clone())
    }

    pub fn section(&self, section: &SectionLayout) -> Outcome<Section> {
        let mut parts = Vec::new();
        for part in &section.parts {
            parts.extend(self.part(part)?);
        }
        Ok(Section { heading: section.heading.clone(), parts })
    }

    fn part(&self, part: &PartLayout) -> Outcome<Option<Part>> {
        Ok(match part {
            PartLayout::Pairs { of, campaigns, fields, if_filled } => {
                Some(self.pairs(of.as_deref(), campaigns, fields, if_filled)?)
            }
            PartLayout::Rest {} => self.rest()?,
            PartLayout::People { names, numbers } => Some(self.people(names, numbers)),
            PartLayout::Words { field, text, lines } => {
                let text = if field.is_empty() { text.clone() } else { self.words.of(&self.record, field)? };
                Some(Part::Words { text, lines: *lines })
            }
            PartLayout::Checklist { field, none } => Some(self.checklist(field, none)?),
            PartLayout::Records { kind, field, holds, none, columns } => {
                let records = self.referring(kind, field, holds)?;
                Some(self.table("序号", kind, &records, columns, none)?)
            }
            PartLayout::Joined { none, columns } => match &self.dossier {
                Some(dossier) if !dossier.joined.is_empty() => {
                    Some(self.table(JOINED, &self.record.kind, &dossier.joined, columns, none)?)
                }
                _ => None,
            },
            PartLayout::Totals {} => self.dossier.as_ref().map(|dossier| self.totals(dossier)),
            PartLayout::Timeline { none } => match &self.dossier {
                Some(dossier) => Some(self.timeline(&dossier.members, none)?),
                None => None,
            },
            PartLayout::Attachments { none } => match &self.dossier {
                Some(dossier) => Some(self.attachments(&dossier.attachments, none)?),
                None => None,
            },
        })
    }

    /// A value as papers spell it: days in words.
    fn value(&self, record: &Record, field: &Field) -> Outcome<String> {
        let words = self.words.value(record, field)?;
        match (&field.ty, record.date(&field.name)) {
            (FieldType::Date, Some(_)) => Ok(in_words(&words)),
            _ => Ok(words),
        }
    }

    fn pairs(&self, of: Option<&str>, campaigns: &str, fields: &[String], if_filled: &[String]) -> Outcome<Part> {
        let referred = match of {
            Some(of) => self.record.reference(of).map(|id| self.words.reader.record(id)).transpose()?.flatten(),
            None => None,
        };
        let schema = self.words.session.library().schema();
        let kind = match (of.and_then(|of| self.kind.field(of)).map(|field| &field.ty), &referred) {
            (Some(FieldType::Ref { to }), _) => schema.kind(to).unwrap_or(self.kind),
            _ => self.kind,
        };
        let record = if of.is_some() { referred.as_ref() } else { Some(&self.record) };
        let mut pairs = Vec::new();
        for name in fields.iter().chain(if_filled) {
            let pair = match kind.field(name) {
                Some(field) => {
                    let value = record.map(|record| self.value(record, field)).transpose()?.unwrap_or_default();
                    Pair { label: self.words.label(field), value }
                }
                None => Pair { label: campaigns.to_owned(), value: self.words.campaigns(&self.record) },
            };
            if !pair.value.is_empty() || fields.contains(name) {
                pairs.push(pair);
            }
        }
        Ok(Part::Pairs(pairs))
    }

    fn rest(&self) -> Outcome<Option<Part>> {
        let mut pairs = Vec::new();
        for field in self.kind.fields.iter().filter(|field| field.set.is_some()) {
            let value = self.value(&self.record, field)?;
            if !value.is_empty() {
                pairs.push(Pair { label: self.words.label(field), value });
            }
        }
        Ok((!pairs.is_empty()).then_some(Part::Pairs(pairs)))
    }

    fn people(&self, names: &str, numbers: &str) -> Part {
        let label = |name: &str| self.kind.field(name).map(|field| self.words.label(field)).unwrap_or_default();
        let (people, known) = (self.record.texts(names), self.record.texts(numbers));
        // Numbers that outnumber the people are still printed.
        let rows = (0..people.len().max(known.len()).max(1)).map(|at| {
            let of = |list: &[&str]| list.get(at).copied().unwrap_or_default().to_owned();
            vec![(at + 1).to_string(), of(&people), of(&known)]
        });
        Part::Rows(Rows {
            columns: vec![column("序号", 8), column(&label(names), 46), column(&label(numbers), 46)],
            rows: rows.collect(),
            none: String::new(),
        })
    }

    /// The items of the record's campaigns that are asked of such an enterprise, or were answered, in the campaigns' order, each
    /// in the words it is answered in; then answers to items no loaded campaign has, by their codes.
    fn checklist(&self, field: &str, none: &str) -> Outcome<Part> {
        let empty = BTreeMap::new();
        let answers = self.record.get(field).as_map().unwrap_or(&empty);
        let library = self.words.session.library();
        let stage = self.record.text("stage");
        let enterprise = match self.record.reference("enterprise") {
            Some(id) => self.words.reader.record(self.words.reader.root_of(id)?)?,
            None => None,
        };
        let roles = enterprise.as_ref().map(|enterprise| enterprise.texts("roles")).unwrap_or_default();
        let categories = self.record.texts("categories");
        let mut items: Vec<&ChecklistItem> = Vec::new();
        for campaign in self.record.campaigns.iter().filter_map(|id| library.campaign(id)) {
            for item in &campaign.checklist {
                let applies = item.applies(stage, roles.iter().copied(), categories.iter().copied());
                let asked = applies || answers.contains_key(&item.code);
                if asked && items.iter().all(|known| known.code != item.code) {
                    items.push(item);
                }
            }
        }
        let unknown = answers.keys().filter(|code| items.iter().all(|item| item.code != **code));
        let known = items.iter().map(|item| {
            (&item.code, self.words.pick(&item.zh, &item.en), item.basis.as_deref(), item.answers.as_str())
        });
        let asked = known.chain(unknown.map(|code| (code, code.as_str(), None, ANSWERS)));
        let rows = asked.enumerate().map(|(at, (code, item, basis, words))| {
            let said = |key: &str| answers.get(code)?.as_map()?.get(key).and_then(Value::as_str);
            let result = said("result").map(|result| self.words.code(words, result)).unwrap_or_default();
            let note = said("note").unwrap_or_default().to_owned();
            vec![(at + 1).to_string(), item.to_owned(), basis.unwrap_or_default().to_owned(), result, note]
        });
        let mut rows: Vec<Vec<String>> = rows.collect();
        let mut columns = vec![
            column("序号", 7),
            at_left("检查内容", 46),
            at_left("依据", 22),
            column("结果", 11),
            at_left("说明", 24),
        ];
        // Most orders name no article of law; an empty column would only narrow the others.
        if rows.iter().all(|row| row[BASIS].is_empty()) {
            columns.remove(BASIS);
            rows.iter_mut().for_each(|row| drop(row.remove(BASIS)));
        }
        Ok(Part::Rows(Rows { columns, rows, none: none.to_owned() }))
    }

    fn referring(&self, kind: &str, field: &str, holds: &BTreeMap<String, String>) -> Outcome<Vec<Record>> {
        let mut records = match &self.dossier {
            Some(dossier) => {
                let code = holds.iter().next().map(|(field, code)| (field.as_str(), code.as_str()));
                self.words.reader.of_enterprise(&dossier.members, kind, code, MOST_SHOWN)?
            }
            None => self.words.reader.referring(kind, field, self.record.id)?,
        };
        records.retain(|record| {
            record.void.is_none() && holds.iter().all(|(field, code)| record.text(field) == Some(code))
        });
        Ok(records)
    }

    fn table(
        &self,
        numbered: &str,
        kind: &str,
        records: &[Record],
        columns: &[ColumnLayout],
        none: &str,
    ) -> Outcome<Part> {
        let schema = self.words.session.library().schema();
        let field = |name: &str| schema.kind(kind).and_then(|kind| kind.field(name));
        let mut rows = Vec::with_capacity(records.len());
        for (at, record) in records.iter().enumerate() {
            let mut row = vec![(at + 1).to_string()];
            for column in columns {
                row.push(self.words.of(record, &column.field)?);
            }
            rows.push(row);
        }
        let titles = columns.iter().map(|layout| RowsColumn {
            title: field(&layout.field).map(|field| self.words.label(field)).unwrap_or_default(),
            width: layout.width,
            left: layout.left,
        });
        let columns = [column(numbered, 8)].into_iter().chain(titles).collect();
        Ok(Part::Rows(Rows { columns, rows, none: none.to_owned() }))
    }

    fn totals(&self, dossier: &Dossier) -> Part {
        let totals = &dossier.totals;
        let times = |kind: &str| totals.kinds.get(kind).copied().unwrap_or_default();
        let (yuan, fen) = (totals.penalty_fen / 100, totals.penalty_fen % 100);
        let pairs = [
            ("现场检查", format!("{}次", times("inspection"))),
            ("监督抽检", format!("{}批次，其中不合格{}批次", times("sample"), totals.nonconforming_samples)),
            ("发现问题", format!("{}个，其中未整改{}个", times("problem"), totals.open_problems)),
            ("立案查处", format!("{}件，罚没{yuan}.{fen:02}元", times("case"))),
            ("产品召回", format!("{}次", times("recall"))),
            ("投诉举报", format!("{}条", times("clue"))),
            ("帮扶", format!("{}次", times("assistance"))),
            ("照片附件", format!("{}份", dossier.attachments.len())),
        ];
        Part::Pairs(pairs.into_iter().map(|(label, value)| Pair { label: label.to_owned(), value }).collect())
    }

    fn timeline(&self, members: &[RecordId], none: &str) -> Outcome<Part> {
        let page = self.words.session.timeline_in(&self.words, members, None, MOST_EVENTS)?;
        // On paper a history is read from its beginning.
        let mut rows: Vec<Vec<String>> = Vec::with_capacity(page.events.len());
        for event in page.events.into_iter().rev() {
            rows.push(vec![event.day, event.what, event.words, event.office_name]);
        }
        let shown = rows.len() as u64;
        if page.total > shown {
            let left = format!("此前另有{}项，见电子台账。", page.total - shown);
            rows.insert(0, vec![String::new(), String::new(), left, String::new()]);
        }
        let columns = vec![column("日期", 15), column("事项", 17), at_left("内容", 44), column("单位", 27)];
        Ok(Part::Rows(Rows { columns, rows, none: none.to_owned() }))
    }

    fn attachments(&self, attachments: &[Record], none: &str) -> Outcome<Part> {
        let mut rows = Vec::with_capacity(attachments.len());
        for (at, attachment) in attachments.iter().enumerate() {
            rows.push(vec![
                (at + 1).to_string(),
                self.words.of(attachment, "name")?,
                self.words.of(attachment, "of")?,
                self.words.of(attachment, "taken_on")?,
            ]);
        }
        let columns = vec![column("序号", 8), at_left("名称", 40), at_left("所属记录", 36), column("拍摄日期", 17)];
        Ok(Part::Rows(Rows { columns, rows, none: none.to_owned() }))
    }
}

fn column(title: &str, width: u32) -> RowsColumn {
    RowsColumn { title: title.to_owned(), width, left: false }
}

fn at_left(title: &str, width: u32) -> RowsColumn {
    RowsColumn { title: title.to_owned(), width, left: true }
}

/// 2021-03-08 as 2021年3月8日.
pub(super) fn in_words(day: &str) -> String {
    let parts: Vec<&str> = day.split('-').map(|part| part.trim_start_matches('0')).collect();
    match parts.as_slice() {
        [year, month, day] => format!("{year}年{month}月{day}日"),
        _ => day.to_owned(),
    }
}

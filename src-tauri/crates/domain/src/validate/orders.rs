//! What came before what: days of steps, and the hours of an inspection.

use crate::ids::Date;
use crate::notice::Notice;
use crate::schema::{Field, FieldType};
use crate::value::Value;

use super::Check;
use super::values::minutes;

/// An inspection longer than this is more likely a slip of the pen (12 h).
const LONG_MINUTES: i64 = 12 * 60;

impl Check<'_> {
    pub(super) fn orders(&mut self) {
        let (kind, record) = (self.kind, self.record);
        for field in &kind.fields {
            if let Some(day) = record.date(&field.name) {
                self.order(field, &field.name, &field.name, day);
            }
            let (FieldType::Objects { members }, Value::List(items)) = (&field.ty, record.get(&field.name)) else {
                continue;
            };
            for (index, item) in items.iter().enumerate() {
                for member in members {
                    let given = item.as_map().and_then(|parts| parts.get(&member.name)).and_then(Value::as_str);
                    if let Some(day) = given.and_then(|text| text.parse::<Date>().ok()) {
                        let path = format!("{}[{}].{}", field.name, index + 1, member.name);
                        self.order(member, &field.name, &path, day);
                    }
                }
            }
        }
        self.hours();
    }

    fn order(&mut self, field: &Field, holder: &str, path: &str, day: Date) {
        let refused = field.rules.not_before.iter().map(|other| (other, true));
        let warned = field.rules.usually_after.iter().map(|other| (other, false));
        for (other, refuse) in refused.chain(warned) {
            let (own, behind) = other.split_once('.').map_or((other.as_str(), None), |(own, rest)| (own, Some(rest)));
            if refuse && !self.changed(holder) && !self.changed(own) {
                continue;
            }
            let Some((other_day, zh, en)) = self.day(own, behind) else { continue };
            if day >= other_day {
                continue;
            }
            let notice = field
                .notice(if refuse { "order-impossible" } else { "order-unusual" })
                .with("day", day)
                .with("other_zh", zh)
                .with("other_en", en)
                .with("other_day", other_day);
            if refuse { self.error(path, notice) } else { self.warn(path, notice) }
        }
    }

    /// A day of the record, or of a record it refers to, with its labels.
    fn day(&self, field: &str, behind: Option<&str>) -> Option<(Date, String, String)> {
        let Some(behind) = behind else {
            let known = self.kind.field(field)?;
            return Some((self.record.date(field)?, known.zh.clone(), known.en.clone()));
        };
        let target = self.lookup.record(self.record.reference(field)?)?;
        let known = self.schema.kind(&target.kind)?.field(behind)?;
        Some((target.date(behind)?, known.zh.clone(), known.en.clone()))
    }

    /// A visit can last past midnight, so this only warns.
    fn hours(&mut self) {
        if self.kind.id != "inspection" {
            return;
        }
        let at = |field: &str| self.record.text(field).and_then(minutes);
        let (Some(started), Some(ended)) = (at("started_at"), at("ended_at")) else { return };
        let clock = |minutes: i64| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        let notice = |code| Notice::new(code).with("started", clock(started)).with("ended", clock(ended));
        if ended < started {
            self.warn("ended_at", notice("times-reversed"));
        } else if ended - started > LONG_MINUTES {
            self.warn("ended_at", notice("inspection-long").with("hours", (ended - started) / 60));
        }
    }
}

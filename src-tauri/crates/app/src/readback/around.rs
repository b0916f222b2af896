//! What stands around a table: whose it is, up to when it counts, what its amounts are counted in.

use domain::spelling::half_width;
use domain::{Date, OfficeCode};
use store::Reader;

use crate::failure::Outcome;
use crate::paste::table::Table;
use crate::paste::units::{Unit, Units};
use crate::paste::words::plain;
use crate::session::Reading;

/// Words a line says an office with.
const OFFICE: [&str; 5] = ["填报单位", "填表单位", "报送单位", "编制单位", "单位名称"];
/// A name of fewer characters is short for nothing.
const SHORTEST: usize = 3;
/// Words of a line that says up to when is counted.
const CUT_OFF: [&str; 3] = ["数据截至", "截至", "统计截止"];

#[derive(Debug, Clone, Default)]
pub struct Around {
    /// As it is written there.
    pub office: Option<String>,
    pub as_of: Option<Date>,
    /// Any other day: when it was filled in.
    pub date: Option<Date>,
    pub units: Vec<Unit>,
}

impl Around {
    /// `outside` are the rows above the header and below the table.
    pub fn of<'t>(outside: impl Iterator<Item = &'t (u32, Vec<String>)>, units: &Units) -> Self {
        let mut around = Around::default();
        for (_, cells) in outside {
            for (at, cell) in cells.iter().enumerate() {
                if around.office.is_none() {
                    around.office = office_in(cell, cells.get(at + 1..).unwrap_or_default());
                }
                around.units.extend(units.above(cell));
                let Some(day) = day_in(cell).or_else(|| labelled_day(cell, cells.get(at + 1))) else { continue };
                let words = plain(cell);
                if CUT_OFF.iter().any(|cut_off| words.contains(cut_off)) {
                    around.as_of = Some(day);
                } else {
                    around.date = around.date.or(Some(day));
                }
            }
        }
        around
    }
}

/// 填报单位（盖章）：永宁县市场监督管理局, or the name in the next cell.
fn office_in(cell: &str, rest: &[String]) -> Option<String> {
    let words = plain(cell);
    let after = OFFICE.iter().find_map(|label| words.strip_prefix(label))?;
    let after = ["(盖章)", "(公章)", "(签章)"].iter().fold(after, |rest, seal| rest.strip_prefix(seal).unwrap_or(rest));
    let name = after.strip_prefix(':').unwrap_or(after);
    let name = if name.is_empty() { plain(rest.iter().find(|cell| !cell.trim().is_empty())?) } else { name.to_owned() };
    // Whatever follows on the same line is not of the name.
    let name = name.split(['(', '年', ':']).next().unwrap_or_default().to_owned();
    (!name.is_empty() && !name.starts_with(|character: char| character.is_ascii_digit())).then_some(name)
}

fn labelled_day(cell: &str, next: Option<&String>) -> Option<Date> {
    let words = plain(cell);
    let label = CUT_OFF.iter().any(|word| words.contains(word)) || words.contains("日期");
    next.filter(|_| label).and_then(|next| day_in(next))
}

/// The first day a text names: 2021年5月27日, 2021-05-27, 2021.5.27.
pub fn day_in(text: &str) -> Option<Date> {
    let text: String = text.chars().map(half_width).filter(|character| !character.is_whitespace()).collect();
    let starts = text.char_indices().filter(|(_, character)| character.is_ascii_digit()).map(|(at, _)| at);
    starts.into_iter().find_map(|at| {
        let rest = &text[at..];
        let (year, rest) = digits(rest)?;
        let (month, rest) = digits(rest.strip_prefix(['年', '-', '.', '/'])?)?;
        let (day, _) = digits(rest.strip_prefix(['月', '-', '.', '/'])?)?;
        (year.len() == 4 && month.len() <= 2 && day.len() <= 2)
            .then(|| format!("{year}-{month:0>2}-{day:0>2}").parse().ok())
            .flatten()
    })
}

fn digits(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

impl Reading {
    /// The office of the own area that goes by a name: its own, or the one it is short for, if it is for one alone: 永宁县局.
    pub(crate) fn office_named(&self, reader: &Reader, name: &str) -> Outcome<Option<OfficeCode>> {
        let mut known: Vec<(OfficeCode, String)> = vec![(self.office().clone(), self.office_name().to_owned())];
        known.extend(reader.office_names()?);
        known.extend(reader.offices()?.into_iter().map(|office| (office.code, office.name)));
        known.retain(|(office, _)| self.office().covers(office));
        if let Some((office, _)) = known.iter().find(|(_, known)| plain(known) == name) {
            return Ok(Some(office.clone()));
        }
        known.retain(|(_, known)| is_short_for(name, &plain(known)));
        known.sort();
        known.dedup_by(|one, other| one.0 == other.0);
        Ok(if known.len() == 1 { known.pop().map(|(office, _)| office) } else { None })
    }
}

/// Whether all characters of a name stand in another in this order.
fn is_short_for(short: &str, long: &str) -> bool {
    let mut rest = long.chars();
    short.chars().count() >= SHORTEST && short.chars().all(|character| rest.any(|other| other == character))
}

/// The rows of a table that are not of its body.
pub fn outside(table: &Table, header: usize, body: usize) -> impl Iterator<Item = &(u32, Vec<String>)> {
    table.rows[..header].iter().chain(&table.rows[body.min(table.rows.len())..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offices_and_days_around_a_table() {
        let units = Units::of(campaign::Library::builtin().schema());
        let rows = |lines: &[&[&str]]| -> Vec<(u32, Vec<String>)> {
            lines.iter().map(|line| (1, line.iter().map(|cell| (*cell).to_owned()).collect())).collect()
        };
        let lines = rows(&[
            &["口罩案件查处情况统计表"],
            &["填报单位（盖章）：永宁县市场监督管理局", "", "2021 年 5 月 27 日"],
            &["（单位：万元)"],
            &["填报人：", "张三", "数据截至时间：2021年5月26日"],
        ]);
        let around = Around::of(lines.iter(), &units);
        assert_eq!(around.office.as_deref(), Some("永宁县市场监督管理局"));
        assert_eq!(around.date.map(|day| day.to_string()).as_deref(), Some("2021-05-27"));
        assert_eq!(around.as_of.map(|day| day.to_string()).as_deref(), Some("2021-05-26"));
        assert_eq!(around.units.len(), 1);
        let apart = rows(&[&["填报单位", "贺兰县局", "填报日期", "2020.6.4"]]);
        let around = Around::of(apart.iter(), &units);
        assert_eq!(around.office.as_deref(), Some("贺兰县局"));
        assert_eq!(around.date.map(|day| day.to_string()).as_deref(), Some("2020-06-04"));
        let blank = rows(&[&["填报单位（盖章）：", "", "年 月 日"], &["单位：万元"]]);
        let around = Around::of(blank.iter(), &units);
        assert_eq!((around.office, around.date), (None, None));
    }
}

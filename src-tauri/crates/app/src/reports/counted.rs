//! What the sections of a report quote, counted: every figure once, every table filled once.

use std::collections::BTreeMap;

use campaign::answers::{AnswerCell, Answers, Filling};
use campaign::sections::Quote;
use campaign::{Body, Campaign, CellRule, Column, Figure, Form, Measure, Page, Unit};
use domain::numbers::Decimal;
use domain::schema::{FieldType, Schema};
use forms::chinese_date;
use store::Reader;
use store::figures::Over;

use super::pieces::{Counted, Quoted, QuotedOf};
use super::{Period, WordsRequest};
use crate::failure::Outcome;
use crate::forms::{FillRequest, filled};
use crate::session::Reading;

/// Groups of a list that are named; the rest are added up.
const MOST_GROUPS: usize = 10;

impl Reading {
    pub(super) fn counted<'q>(
        &self,
        reader: &Reader,
        campaign: &Campaign,
        request: &WordsRequest,
        quotes: impl Iterator<Item = &'q Quote>,
    ) -> Outcome<Counted> {
        let mut counted = Counted::new();
        let mut figures: BTreeMap<&str, &Figure> = BTreeMap::new();
        let mut periods: BTreeMap<&str, &Figure> = BTreeMap::new();
        let mut cells: BTreeMap<&str, Vec<&Quote>> = BTreeMap::new();
        let known = |id: &str| campaign.figures.iter().find(|figure| figure.id == id);
        let mut filling = self.filling(
            reader,
            &FillRequest { office: request.office.clone(), ..FillRequest::new("", request.as_of) },
        )?;
        for quote in quotes {
            match quote {
                Quote::Figure(id) => figures.extend(known(id).map(|figure| (figure.id.as_str(), figure))),
                Quote::Period(id) => periods.extend(known(id).map(|figure| (figure.id.as_str(), figure))),
                Quote::Cell { form, .. } => cells.entry(form).or_default().push(quote),
                Quote::List { figure, field } => {
                    if let Some(figure) = known(figure) {
                        let listed = self.listed(reader, campaign, figure, field, &filling)?;
                        counted.insert(quote.clone(), Quoted { quote: quote.to_string(), ..listed });
                    }
                }
                Quote::Office | Quote::AsOf | Quote::Since => {
                    let shown = match quote {
                        Quote::Office => filling.office_name.clone(),
                        Quote::AsOf => chinese_date(request.as_of),
                        _ => chinese_date(request.period.first_day().unwrap_or(campaign.first_day)),
                    };
                    counted.insert(quote.clone(), Quoted::of(quote, QuotedOf::Given, shown, None));
                }
            }
        }
        let schema = self.library().schema();
        let over = Over { schema, campaign, office: &filling.office, as_of: request.as_of };
        let all: Vec<&Figure> = figures.values().copied().collect();
        for (figure, value) in all.iter().zip(reader.figures(over, &all)?) {
            let (figure_id, zh, en) = (figure.id.clone(), figure.zh.clone(), figure.en.clone());
            let quote = Quote::Figure(figure.id.clone());
            let of = QuotedOf::Figure { figure: figure_id, zh, en };
            let quoted = Quoted::of(&quote, of, printed(schema, figure, value), Some(value));
            counted.insert(quote, quoted);
        }
        let all: Vec<&Figure> = periods.values().copied().collect();
        for (figure, value) in all.iter().zip(in_period(reader, over, &request.period, &all)?) {
            let (figure_id, zh, en) = (figure.id.clone(), figure.zh.clone(), figure.en.clone());
            let quote = Quote::Period(figure.id.clone());
            let of = QuotedOf::Period { figure: figure_id, zh, en };
            let quoted = Quoted::of(&quote, of, printed(schema, figure, value), Some(value));
            counted.insert(quote, quoted);
        }
        for (id, quotes) in cells {
            let Some(form) = campaign.forms.iter().find(|form| form.id == id) else { continue };
            filling.form = id.to_owned();
            let filled = filled(self.library(), reader, campaign, form, &filling)?;
            for quote in quotes {
                let Quote::Cell { row, column, .. } = quote else { continue };
                let at = form.columns.iter().position(|known| known.id == *column);
                let cells = filled.rows.iter().find(|known| known.id == *row).map(|row| &row.cells);
                let stub = usize::from(filled.stub.is_some());
                let Some(cell) = cells.zip(at).and_then(|(cells, at)| cells.get(at + stub)) else { continue };
                let of = QuotedOf::Cell { form: id.to_owned(), row: row.clone(), column: column.clone() };
                counted.insert(quote.clone(), Quoted::of(quote, of, cell.text().to_owned(), None));
            }
        }
        Ok(counted)
    }

    /// The records a figure looks at, grouped by what a list would print of a field.
    fn listed(
        &self,
        reader: &Reader,
        campaign: &Campaign,
        figure: &Figure,
        field: &str,
        filling: &Filling,
    ) -> Outcome<Quoted> {
        let form = list(figure, field);
        let answers = reader.fill(self.library().schema(), campaign, &form, filling)?;
        let answers = self.library().with_place_names(&form, &filling.office, answers);
        let rows = match answers {
            Answers::List { rows, .. } => rows,
            Answers::Statistics { .. } => Vec::new(),
        };
        let mut groups: BTreeMap<String, usize> = BTreeMap::new();
        for row in &rows {
            let words = match row.cells.first() {
                Some(AnswerCell::Text(text)) => as_one_phrase(text),
                Some(AnswerCell::Number(number)) => number.to_string(),
                Some(AnswerCell::Blank) | None => String::new(),
            };
            *groups.entry(words).or_default() += 1;
        }
        let mut rest = groups.remove("").unwrap_or_default();
        let mut groups: Vec<(String, usize)> = groups.into_iter().collect();
        groups.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        rest += groups.iter().skip(MOST_GROUPS).map(|(_, count)| count).sum::<usize>();
        groups.truncate(MOST_GROUPS);
        if rest > 0 {
            groups.push(("其他".to_owned(), rest));
        }
        let said: Vec<String> = groups.iter().map(|(words, count)| format!("{words}（{count}）")).collect();
        let shown = if said.is_empty() { "无".to_owned() } else { said.join("；") };
        let of = QuotedOf::List { figure: figure.id.clone(), zh: figure.zh.clone(), en: figure.en.clone() };
        Ok(Quoted { quote: String::new(), of, shown, value: i64::try_from(rows.len()).ok(), typed: None })
    }
}

/// Figures of the period. A sum of records is what has been added; distinct ones are counted anew, since one that was there
/// before may have had an event again.
fn in_period(reader: &Reader, over: Over, period: &Period, figures: &[&Figure]) -> Outcome<Vec<i64>> {
    let now = reader.figures(over, figures)?;
    match period {
        Period::Whole => Ok(now),
        Period::AfterReport { figures: reported, .. } => {
            let before = |figure: &&Figure| reported.get(&figure.id).copied().unwrap_or_default();
            Ok(now.iter().zip(figures).map(|(now, figure)| now.saturating_sub(before(figure))).collect())
        }
        Period::Since(day) => {
            let before = reader.figures(Over { as_of: day.plus_days(-1), ..over }, figures)?;
            let within = Campaign { first_day: over.campaign.first_day.max(*day), ..over.campaign.clone() };
            let within = reader.figures(Over { campaign: &within, ..over }, figures)?;
            let of = |(at, figure): (usize, &&Figure)| match figure.measure {
                Measure::Enterprises | Measure::Distinct(_) => within[at],
                Measure::Count | Measure::Sum(_) | Measure::Size(_) => now[at].saturating_sub(before[at]),
            };
            Ok(figures.iter().enumerate().map(of).collect())
        }
    }
}

/// Whether a figure adds up money.
pub(crate) fn is_money(schema: &Schema, figure: &Figure) -> bool {
    let Measure::Sum(field) = &figure.measure else { return false };
    let summed = schema.kind(&figure.kind).and_then(|kind| kind.field(field));
    summed.is_some_and(|field| field.ty == FieldType::Money)
}

/// Money in 万元, everything else as it is counted.
fn printed(schema: &Schema, figure: &Figure, value: i64) -> String {
    if is_money(schema, figure) { Decimal::ten_thousand_yuan(value).to_string() } else { value.to_string() }
}

/// A list of one column, which nobody prints.
fn list(figure: &Figure, field: &str) -> Form {
    let column = Column {
        id: field.to_owned(),
        header: Vec::new(),
        width: 1,
        cell: CellRule::Field(field.to_owned()),
        unit: Unit::One,
        decimals: None,
        declared_with: Vec::new(),
        only_if: Vec::new(),
    };
    Form {
        id: figure.id.clone(),
        title: String::new(),
        title_en: String::new(),
        attachment: String::new(),
        page: Page { paper: "A4".to_owned(), landscape: false },
        head: Vec::new(),
        foot: Vec::new(),
        body: Body::List {
            of: figure.kind.clone(),
            event: figure.event.clone(),
            conditions: figure.conditions.clone(),
            having: Vec::new(),
            without: Vec::new(),
            sort: Vec::new(),
        },
        columns: vec![column],
        checks: Vec::new(),
    }
}

/// A text without line ends and the stop at its end, to stand among others.
fn as_one_phrase(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").trim_end_matches(['。', '；', '.', ';', '，', ',']).to_owned()
}

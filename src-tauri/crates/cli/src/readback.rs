//! Blank forms, and forms and lists that come back as spreadsheets.

use std::collections::BTreeMap;
use std::path::PathBuf;

use app::paste::{Block, Make, Row, State, Understood};
use app::readback::figures::{CellState, ReadFigures};
use app::readback::{Doubts, How, ReadBack, ReadRequest};
use app::{Date, Failure, Language, Notice, OfficeCode, Outcome, Problem, Reading, Value, Writing};
use clap::Args;
use serde::Serialize;

use crate::output::{Meter, json, line, print_warning, say};
use crate::values::{pair, parse};

#[derive(Debug, Args)]
pub struct BlankArguments {
    pub book: PathBuf,
    pub form: String,
    /// Default: the book's own office.
    #[arg(long, value_parser = parse::<OfficeCode>)]
    pub office: Option<OfficeCode>,
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

#[derive(Debug, Args)]
pub struct ReadArguments {
    pub book: PathBuf,
    pub file: PathBuf,
    #[arg(long)]
    pub sheet: Option<String>,
    /// Which form it is; default: the one its headings are those of.
    #[arg(long)]
    pub form: Option<String>,
    /// Read as a list of records of this kind (名册), whatever it is headed.
    #[arg(long, conflicts_with = "form")]
    pub kind: Option<String>,
    /// Whose it is; default: the office it names, else the book's own.
    #[arg(long, value_parser = parse::<OfficeCode>)]
    pub office: Option<OfficeCode>,
    /// 数据截至时间; default: the day it names.
    #[arg(long, value_parser = parse::<Date>)]
    pub as_of: Option<Date>,
    /// The department whose figures they are; of one group of columns, `GROUP=DEPARTMENT`. May be given several times.
    #[arg(long = "source", value_name = "DEPARTMENT")]
    pub sources: Vec<String>,
    /// Typed figures are all there is, and take the place of what is counted.
    #[arg(long, conflicts_with = "add")]
    pub whole: bool,
    /// Typed figures come beside what is counted.
    #[arg(long)]
    pub add: bool,
    /// What every new record of a list holds where its row does not say.
    #[arg(long = "set", value_name = "FIELD=VALUE", value_parser = pair)]
    pub presets: Vec<(String, String)>,
    /// Make records of names that are none yet, such as `enterprise.roles=producer`. May be given several times.
    #[arg(long = "make", value_name = "KIND.FIELD=VALUE", value_parser = pair)]
    pub make: Vec<(String, String)>,
    /// The campaign the records of a roster count for.
    #[arg(long)]
    pub campaign: Option<String>,
    /// Change records that stand to what the list says.
    #[arg(long)]
    pub update: bool,
    /// Why a warning is passed over. May be given several times.
    #[arg(long = "reason", value_name = "CODE=WHY", value_parser = pair)]
    pub reasons: Vec<(String, String)>,
    /// Only show what would happen.
    #[arg(long)]
    pub plan: bool,
    #[arg(long)]
    pub json: bool,
}

pub fn blank(session: &Reading, asked: &BlankArguments) -> Outcome<()> {
    session.write_blank(&asked.form, asked.office.as_ref(), &asked.out)?;
    line(asked.out.display().to_string())
}

pub fn read(session: &mut Writing, asked: &ReadArguments, language: Language) -> Outcome<()> {
    let request = ReadRequest {
        file: asked.file.clone(),
        sheet: asked.sheet.clone(),
        form: asked.form.clone(),
        office: asked.office.clone(),
        as_of: asked.as_of,
        sources: asked
            .sources
            .iter()
            .map(|said| said.split_once('=').map_or(("", said.as_str()), |(group, source)| (group, source)))
            .map(|(group, source)| (group.to_owned(), source.to_owned()))
            .collect(),
        how: match (asked.whole, asked.add) {
            (true, _) => Some(How::Whole),
            (_, true) => Some(How::Add),
            _ => None,
        },
        reasons: asked.reasons.iter().cloned().collect(),
    };
    if let Some(kind) = &asked.kind {
        let block = Block {
            kind: kind.clone(),
            file: Some(asked.file.clone()),
            sheet: asked.sheet.clone(),
            campaigns: asked.campaign.iter().cloned().collect(),
            office: asked.office.clone(),
            reasons: request.reasons.clone(),
            ..Block::default()
        };
        return list(session, block, asked, language);
    }
    match session.preview_read(&request)? {
        (ReadBack::List(read), _) => {
            for remark in &read.remarks {
                print_warning(remark, language);
            }
            list(session, read.block(&request), asked, language)
        }
        (ReadBack::Figures(read), doubts) => figures(session, *read, &doubts, &request, asked, language),
    }
}

#[derive(Serialize)]
struct ReadCell<'a> {
    row: &'a str,
    column: &'a str,
    printed: &'a str,
    typed: &'a str,
}

#[derive(Serialize)]
struct ReadOutput<'a> {
    form: &'a str,
    office: String,
    as_of: String,
    /// What would be, or was, stored.
    changed: Vec<ReadCell<'a>>,
    groups: BTreeMap<&'a str, Option<&'a str>>,
    remarks: Vec<Problem>,
    doubts: Vec<Problem>,
    recorded: usize,
    updated: usize,
}

fn figures(
    session: &mut Writing,
    read: ReadFigures,
    doubts: &Doubts,
    request: &ReadRequest,
    asked: &ReadArguments,
    language: Language,
) -> Outcome<()> {
    let mut changed = Vec::new();
    for row in &read.rows {
        for (cell, column) in row.cells.iter().zip(&read.filled.columns) {
            if cell.state == CellState::Changed {
                let (printed, typed) = (cell.printed.as_str(), cell.typed.as_str());
                changed.push(ReadCell { row: &row.id, column: &column.id, printed, typed });
            }
        }
    }
    if !asked.json {
        for ReadCell { row, column, printed, typed } in &changed {
            line(format!("{row}\t{column}\t{printed} → {typed}"))?;
        }
        for remark in read.remarks.iter().chain(doubts) {
            print_warning(remark, language);
        }
    }
    let stored = match asked.plan || changed.is_empty() {
        true => None,
        false => Some(session.apply_read(request, &read.token)?),
    };
    let (recorded, updated) = stored.map_or((0, 0), |stored| (stored.new, stored.updated));
    if asked.json {
        let in_words = |notice: &Notice| Problem::of(notice, language);
        return json(&ReadOutput {
            form: &read.form,
            office: read.office.to_string(),
            as_of: read.as_of.to_string(),
            groups: read.groups.iter().map(|group| (group.words.as_str(), group.source.as_deref())).collect(),
            remarks: read.remarks.iter().map(in_words).collect(),
            doubts: doubts.iter().map(in_words).collect(),
            recorded,
            updated,
            changed,
        });
    }
    let (form, office, as_of, cells) = (&read.form, &read.office_name, read.as_of, changed.len());
    line(say(
        language,
        &format!("{form} {office}，截至 {as_of}：与印出的不同 {cells} 格，新增 {recorded}，更改 {updated}"),
        &format!("{form} {office}, as of {as_of}: {cells} cells differ, {recorded} recorded, {updated} updated"),
    ))
}

#[derive(Serialize)]
struct ListOutput {
    new: usize,
    same: usize,
    differing: usize,
    updated: usize,
    aside: usize,
    made: usize,
    problems: Vec<LineProblem>,
}

#[derive(Serialize)]
struct LineProblem {
    line: u32,
    problem: Problem,
}

fn list(session: &mut Writing, mut block: Block, asked: &ReadArguments, language: Language) -> Outcome<()> {
    for (field, text) in &asked.presets {
        let value = session.typed_value(&block.kind, field, text)?;
        block.preset.insert(field.clone(), value);
    }
    let mut meter = Meter::new();
    let mut understood = session.preview_paste(&block, &mut |progress| meter.progress(progress))?;
    let mut again = false;
    if !asked.make.is_empty() {
        block.make = made(session, &block.kind, &understood, &asked.make)?;
        again = !block.make.is_empty();
    }
    if asked.update {
        let differs = |row: &&Row| row.state == State::Differs && !row.changes.is_empty();
        block.update = understood.rows.iter().filter(differs).map(|row| row.number).collect();
        again |= !block.update.is_empty();
    }
    if again {
        understood = session.preview_paste(&block, &mut |progress| meter.progress(progress))?;
    }
    let problems: Vec<(u32, Notice)> = understood
        .rows
        .iter()
        .flat_map(|row| {
            let unread = row.unread.iter().map(|(_, notice)| notice).filter(|_| row.is_written());
            unread.chain(&row.errors).chain(&row.warnings).map(|notice| (row.number, notice.clone()))
        })
        .collect();
    let writes = understood.count(Row::is_written);
    if !asked.plan && writes > 0 {
        if !problems.is_empty() && !asked.json {
            let notices = problems.into_iter().map(|(line, notice)| notice.with("line", line)).collect();
            return Err(Failure { notices });
        }
        understood = session.apply_paste(&block, &understood.token, &mut |progress| meter.progress(progress))?;
    }
    drop(meter);
    let count = |state: State| understood.count(|row| row.state == state);
    let output = ListOutput {
        new: count(State::New),
        same: count(State::Same) + count(State::Twice),
        differing: count(State::Differs),
        updated: understood.count(|row| row.update),
        aside: count(State::Aside),
        made: understood.made,
        problems: problems
            .iter()
            .map(|(line, notice)| LineProblem { line: *line, problem: Problem::of(notice, language) })
            .collect(),
    };
    if asked.json {
        return json(&output);
    }
    for (number, notice) in &problems {
        print_warning(&notice.clone().with("line", number), language);
    }
    let ListOutput { new, same, differing, updated, aside, made, .. } = output;
    line(say(
        language,
        &format!(
            "新增 {new}，相同 {same}，不同 {differing}（更改 {updated}），不是数据 {aside}，按名称新建 {made}，有问题 {}",
            problems.len()
        ),
        &format!(
            "{new} new, {same} the same, {differing} differ ({updated} updated), {aside} no data, {made} made of names, {} problems",
            problems.len()
        ),
    ))
}

/// Records to be made of the names of the list that are none yet.
fn made(session: &Reading, kind: &str, understood: &Understood, make: &[(String, String)]) -> Outcome<Vec<Make>> {
    let mut fields: BTreeMap<&str, BTreeMap<String, Value>> = BTreeMap::new();
    for (path, text) in make {
        let (of, field) = path.split_once('.').unwrap_or((path, ""));
        fields.entry(of).or_default().insert(field.to_owned(), session.typed_value(of, field, text)?);
    }
    let own = session.library().schema().kind(kind);
    let to =
        |field: &str| own.and_then(|kind| kind.field(field)).and_then(|field| field.refers_to().map(str::to_owned));
    let of_kind = |(of, fields): (&str, BTreeMap<String, Value>)| {
        let named = understood.unmatched.iter().filter(|each| each.makeable && to(&each.field).as_deref() == Some(of));
        let texts: Vec<String> = named.map(|each| each.text.clone()).collect();
        (!texts.is_empty()).then(|| Make { kind: of.to_owned(), texts, fields: fields.into_iter().collect() })
    };
    Ok(fields.into_iter().filter_map(of_kind).collect())
}

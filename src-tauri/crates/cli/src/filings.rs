//! Reports on the command line: written, reviewed, sealed, opened, answered and collected.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use app::filings::answers::Decision;
use app::filings::collect::CollectView;
use app::filings::draft::{DraftChange, NewFiling};
use app::filings::prepare::{Preparation, Sealing};
use app::filings::report_name;
use app::filings::reports::{FilingState, ReportLine};
use app::filings::since::SinceView;
use app::filings::view::FilingContent;
use app::{Date, Language, Notice, OfficeCode, Outcome, Problem, Reading, RecordId, Writing};
use clap::Subcommand;
use serde::Serialize;

use crate::output::{Meter, json, line, print_problem, print_warning, say};

#[derive(Debug, Subcommand)]
pub enum ReportAction {
    /// Begin a report, or go on with its draft: prints its id, and what stands in the way of sealing it.
    Begin {
        book: PathBuf,
        /// Campaign and report, such as `ln-2020/weekly`.
        report: String,
        #[arg(long, value_parser = crate::arguments::parse::<Date>)]
        due: Date,
        /// Default: the last day the report counts by the document.
        #[arg(long, value_parser = crate::arguments::parse::<Date>)]
        as_of: Option<Date>,
        /// An office below that keeps no book.
        #[arg(long, value_parser = crate::arguments::parse::<OfficeCode>)]
        office: Option<OfficeCode>,
        #[arg(long)]
        json: bool,
    },
    /// Print a section, or set it from a file; `-` reads standard input.
    Words {
        book: PathBuf,
        #[arg(value_parser = crate::arguments::parse::<RecordId>)]
        filing: RecordId,
        #[arg(long)]
        section: String,
        #[arg(long, value_name = "FILE")]
        text: Option<PathBuf>,
    },
    /// 审核. Changed afterwards, it is reviewed again.
    Review {
        book: PathBuf,
        #[arg(value_parser = crate::arguments::parse::<RecordId>)]
        filing: RecordId,
        #[arg(long)]
        reviewer: String,
    },
    /// 报出: freeze it with all it prints. Nothing of it changes from then on.
    Seal {
        book: PathBuf,
        #[arg(value_parser = crate::arguments::parse::<RecordId>)]
        filing: RecordId,
        #[arg(long)]
        filler: String,
        #[arg(long, default_value = "")]
        phone: String,
        #[arg(long, default_value = "")]
        approver: String,
        #[arg(long, default_value = "")]
        late_reason: String,
        #[arg(long, default_value = "")]
        clock_reason: String,
        /// Why a failed check is sent all the same. May be given several times.
        #[arg(long, value_name = "CHECK=REASON", value_parser = reason)]
        accept: Vec<(String, String)>,
        /// Why a cell that rests on an undecided conflict from below is sent all the same. May be given several times.
        #[arg(long, value_name = "CELL=REASON", value_parser = reason)]
        doubt: Vec<(String, String)>,
        /// 零报告: there is nothing new.
        #[arg(long)]
        zero: bool,
    },
    /// A report as it is written, or exactly as it was sealed; `--out` by the ending of its name: pdf, xlsx, json.
    Show {
        book: PathBuf,
        #[arg(value_parser = crate::arguments::parse::<RecordId>)]
        filing: RecordId,
        #[arg(long)]
        json: bool,
        /// Only this form of it.
        #[arg(long)]
        form: Option<String>,
        #[arg(long = "out", value_name = "FILE")]
        outputs: Vec<PathBuf>,
    },
    /// As reported beside as now: the cells that differ, and the records behind each.
    Since {
        book: PathBuf,
        #[arg(value_parser = crate::arguments::parse::<RecordId>)]
        filing: RecordId,
        #[arg(long)]
        json: bool,
    },
    /// Begin a report that takes the place of sealed ones; its 更正说明 is proposed.
    Correct {
        book: PathBuf,
        #[arg(required = true, value_parser = crate::arguments::parse::<RecordId>)]
        filings: Vec<RecordId>,
        #[arg(long, value_parser = crate::arguments::parse::<Date>)]
        as_of: Option<Date>,
        /// Default: every number that is another one today, with what happened to the records behind it.
        #[arg(long)]
        correction: Option<String>,
    },
    /// 已接收.
    Accept {
        book: PathBuf,
        #[arg(value_parser = crate::arguments::parse::<RecordId>)]
        filing: RecordId,
        #[arg(long, default_value = "")]
        why: String,
    },
    /// 退回.
    Return {
        book: PathBuf,
        #[arg(value_parser = crate::arguments::parse::<RecordId>)]
        filing: RecordId,
        #[arg(long)]
        why: String,
    },
    /// 收表: who has filed, when, how late; and what they filed beside what is counted here.
    Collect {
        book: PathBuf,
        report: String,
        #[arg(long, value_parser = crate::arguments::parse::<Date>)]
        due: Date,
        #[arg(long)]
        json: bool,
    },
}

impl ReportAction {
    pub fn json(&self) -> bool {
        match self {
            ReportAction::Begin { json, .. }
            | ReportAction::Show { json, .. }
            | ReportAction::Since { json, .. }
            | ReportAction::Collect { json, .. } => *json,
            _ => false,
        }
    }

    pub fn book(&self) -> &PathBuf {
        match self {
            ReportAction::Begin { book, .. }
            | ReportAction::Words { book, .. }
            | ReportAction::Review { book, .. }
            | ReportAction::Seal { book, .. }
            | ReportAction::Show { book, .. }
            | ReportAction::Since { book, .. }
            | ReportAction::Correct { book, .. }
            | ReportAction::Accept { book, .. }
            | ReportAction::Return { book, .. }
            | ReportAction::Collect { book, .. } => book,
        }
    }
}

/// `KEY=REASON`.
fn reason(text: &str) -> Result<(String, String), String> {
    let (key, reason) = text.split_once('=').ok_or("KEY=REASON")?;
    Ok((key.to_owned(), reason.to_owned()))
}

pub fn run(session: &mut Writing, action: &ReportAction, language: Language) -> Outcome<ExitCode> {
    match action {
        ReportAction::Begin { report, due, as_of, office, json: as_json, .. } => {
            let (campaign, report) = report_name(report)?;
            let new = NewFiling {
                campaign: campaign.to_owned(),
                report: report.to_owned(),
                due: *due,
                as_of: *as_of,
                office: office.clone(),
            };
            let id = session.begin_filing(&new)?;
            let prepared = session.prepare_filing(id, &Sealing::default())?;
            begun(id, &prepared, *as_json, language)?;
        }
        ReportAction::Words { filing, section, text, .. } => match text {
            None => {
                let words = words_of(session, *filing, section)?;
                line(words)?;
            }
            Some(file) => {
                let text = read_text(file)?;
                let sections = BTreeMap::from([(section.clone(), text)]);
                session.change_filing(*filing, &DraftChange { sections, ..DraftChange::default() })?;
            }
        },
        ReportAction::Review { filing, reviewer, .. } => session.review_filing(*filing, reviewer)?,
        ReportAction::Seal {
            filing, filler, phone, approver, late_reason, clock_reason, accept, doubt, zero, ..
        } => {
            let sealing = Sealing {
                filler: filler.clone(),
                phone: phone.clone(),
                approver: approver.clone(),
                zero: *zero,
                late_reason: late_reason.clone(),
                clock_reason: clock_reason.clone(),
                checks: accept.iter().cloned().collect(),
                doubts: doubt.iter().cloned().collect(),
            };
            let sealed = session.seal_filing(*filing, &sealing)?;
            for warning in &sealed.warnings {
                print_warning(warning, language);
            }
            line(sealed.id.to_string())?;
        }
        ReportAction::Show { filing, json: as_json, form, outputs, .. } => {
            show(session, *filing, *as_json, language)?;
            for written in session.write_filing(*filing, form.as_deref(), outputs)? {
                line(written.display().to_string())?;
            }
        }
        ReportAction::Since { filing, json: as_json, .. } => {
            since(&session.filing_since(*filing)?, *as_json, language)?;
        }
        ReportAction::Correct { filings, as_of, correction, .. } => {
            let proposed = match correction {
                Some(words) => words.clone(),
                None => session.proposed_correction(filings, language)?,
            };
            line(session.correct_filings(filings, *as_of, &proposed)?.to_string())?;
            line(proposed)?;
        }
        ReportAction::Accept { filing, why, .. } => drop(session.answer_filing(*filing, Decision::Accepted, why)?),
        ReportAction::Return { filing, why, .. } => drop(session.answer_filing(*filing, Decision::Returned, why)?),
        ReportAction::Collect { report, due, json: as_json, .. } => {
            let (campaign, report) = report_name(report)?;
            collected(&session.collect(campaign, report, *due)?, *as_json, language)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

#[derive(Serialize)]
struct Begun {
    id: String,
    refusals: Vec<Problem>,
    checks: Vec<Check>,
    doubts: Vec<String>,
}

#[derive(Serialize)]
struct Check {
    check: String,
    error: bool,
    problem: Problem,
}

fn begun(id: RecordId, prepared: &Preparation, as_json: bool, language: Language) -> Outcome<()> {
    let refusals: Vec<Problem> =
        prepared.refusals(&Sealing::default()).iter().map(|notice| Problem::of(notice, language)).collect();
    let checks: Vec<Check> = prepared
        .checks
        .iter()
        .map(|check| Check {
            check: check.key(),
            error: check.check.level == app::Level::Error,
            problem: Problem::of(&check.check.found, language),
        })
        .collect();
    if as_json {
        let doubts = prepared.doubts.iter().map(|doubt| doubt.key()).collect();
        return json(&Begun { id: id.to_string(), refusals, checks, doubts });
    }
    line(id.to_string())?;
    for check in &checks {
        print_problem(&check.problem, language, &check.check);
    }
    for refusal in &refusals {
        print_problem(refusal, language, "open");
    }
    Ok(())
}

fn words_of(session: &Reading, filing: RecordId, section: &str) -> Outcome<String> {
    let detail = session.filing_detail(filing, &Sealing::default())?;
    let sections = match detail.content {
        FilingContent::Open(prepared) => prepared.draft.sections,
        FilingContent::Sealed(sealed) => sealed.0.sections,
    };
    Ok(sections.get(section).cloned().unwrap_or_default())
}

fn read_text(file: &std::path::Path) -> Outcome<String> {
    let mut text = String::new();
    if file == std::path::Path::new("-") {
        std::io::Read::read_to_string(&mut std::io::stdin().lock(), &mut text)?;
    } else {
        std::io::Read::read_to_string(&mut app::open_input(file)?, &mut text)?;
    }
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn show(session: &Reading, id: RecordId, as_json: bool, language: Language) -> Outcome<()> {
    let detail = session.filing_detail(id, &Sealing::default())?;
    match &detail.content {
        FilingContent::Open(prepared) => begun(id, prepared, as_json, language),
        FilingContent::Sealed(sealed) if as_json => line(sealed.1.to_canonical()?),
        FilingContent::Sealed(sealed) => {
            let snapshot = &sealed.1;
            let late = match detail.late {
                Some(minutes) => say(language, &format!("迟报 {minutes} 分钟"), &format!("{minutes} minutes late")),
                None => String::new(),
            };
            line(format!(
                "{}\t{}\t{}\t{}\t{}\t{late}",
                snapshot.office,
                snapshot.office_name,
                snapshot.title,
                snapshot.due,
                word(detail.state, language)
            ))?;
            for form in &snapshot.forms {
                line(format!("  {}\t{}", form.form, form.title))?;
            }
            for section in &snapshot.sections {
                line(format!("  {}\n    {}", section.title, section.text.replace('\n', "\n    ")))?;
            }
            for answer in &detail.answers {
                line(format!("  {}\t{}\t{}", answer.on, answer.office_name, answer.why))?;
            }
            Ok(())
        }
    }
}

fn since(view: &SinceView, as_json: bool, language: Language) -> Outcome<()> {
    if as_json {
        return json(view);
    }
    if view.incomplete {
        let zh = "本台账没有当时统计的全部内容，只能比较数字。";
        print_plain(say(language, zh, "This book does not hold all that was counted; only the numbers are compared."))?;
    }
    for cell in &view.cells {
        line(format!("{} [{} / {}]  {} → {}", cell.form, cell.row, cell.column, cell.then, cell.now))?;
        for record in &cell.records {
            let what = serde_json::to_string(&record.what).unwrap_or_default();
            let what = what.trim_matches('"');
            line(format!(
                "  {}\t{}\t{}\t{} → {}\t{what}\t{}\t{}",
                record.record, record.kind, record.title, record.then, record.now, record.author, record.at
            ))?;
        }
    }
    Ok(())
}

fn print_plain(text: String) -> Outcome<()> {
    crate::output::remark(text);
    Ok(())
}

fn collected(view: &CollectView, as_json: bool, language: Language) -> Outcome<()> {
    if as_json {
        return json(view);
    }
    for office in &view.offices {
        let late = office.late.map(|minutes| say(language, &format!("迟 {minutes} 分钟"), &format!("{minutes} min late")));
        line(format!(
            "{}\t{}\t{}\t{}\t{}\t{}",
            office.office,
            office.office_name,
            word(office.state, language),
            office.sealed_at.as_deref().unwrap_or_default(),
            late.unwrap_or_default(),
            office.phone
        ))?;
    }
    for cell in &view.cells {
        let (filed, counted) = (&cell.filed, &cell.counted);
        line(say(
            language,
            &format!("{} [{} / {}]  所报合计 {filed}，本台账 {counted}", cell.form, cell.row, cell.column),
            &format!("{} [{} / {}]  filed {filed}, counted here {counted}", cell.form, cell.row, cell.column),
        ))?;
    }
    Ok(())
}

pub fn reports(lines: &[ReportLine], as_json: bool, language: Language) -> Outcome<()> {
    for report in lines {
        if as_json {
            json(report)?;
            continue;
        }
        let collected = match report.owing {
            0 => String::new(),
            owing => format!("{}/{owing}", report.filed),
        };
        line(format!(
            "{} {}\t{}/{}\t{}\t{}\t{}\t{collected}",
            report.due,
            report.time.as_deref().unwrap_or(""),
            report.campaign,
            report.report,
            say(language, &report.zh, &report.en),
            word(report.state, language),
            report.filing.as_deref().unwrap_or_default()
        ))?;
    }
    Ok(())
}

fn word(state: FilingState, language: Language) -> String {
    match state {
        FilingState::None => say(language, "未报", "not filed"),
        FilingState::Draft => say(language, "草稿", "draft"),
        FilingState::Reviewed => say(language, "已审核未报", "reviewed"),
        FilingState::Sealed => say(language, "已报", "filed"),
        FilingState::Accepted => say(language, "已接收", "accepted"),
        FilingState::Returned => say(language, "退回", "returned"),
        FilingState::Several => say(language, "多份待定", "several"),
    }
}

#[derive(Serialize)]
struct Frozen {
    record: app::RecordView,
    row: String,
    column: String,
    amount: i64,
    declared: bool,
}

/// The records behind a cell of a sealed report, as JSON lines, as they stood.
pub fn trace(session: &Reading, filing: RecordId, form: &str, row: &str, column: &str) -> Outcome<()> {
    let mut meter = Meter::new();
    let cell = session.frozen_cell(filing, form, row, column, &mut |done, of| meter.show("trace", done, of))?;
    drop(meter);
    if let Some(differs) = &cell.differs {
        return Err(Notice::new("filing-differs").with("printed", &cell.printed).with("counted", differs).into());
    }
    let Some(records) = cell.records else {
        let short = cell.short.iter().map(|stream| format!("{} {} {}/{}", stream.office, stream.device, stream.held, stream.last));
        let short = short.collect::<Vec<_>>().join("、");
        return Err(Notice::new("filing-incomplete").with("printed", &cell.printed).with("streams", short).into());
    };
    for found in records {
        let (record, row, column) = (found.record, found.row, found.column);
        json(&Frozen { record, row, column, amount: found.amount, declared: found.declared })?;
    }
    Ok(())
}

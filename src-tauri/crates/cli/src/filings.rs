//! Reports on the command line: written, reviewed, sealed, opened, answered and collected.

use std::collections::BTreeMap;
use std::process::ExitCode;

use app::filings::answers::Decision;
use app::filings::collect::CollectView;
use app::filings::draft::{DraftChange, NewFiling};
use app::filings::prepare::{Preparation, Sealing};
use app::filings::report_name;
use app::filings::reports::{FilingState, ReportLine};
use app::filings::since::SinceView;
use app::filings::view::FilingContent;
use app::{Language, Notice, Outcome, Problem, Reading, RecordId, Writing};
use serde::Serialize;

use crate::output::{Meter, json, line, print_problem, print_warning, remark, say};
use crate::report_action::ReportAction;

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
            // Only what was sealed is written to a file.
            if outputs.is_empty() && form.is_none() {
                return Ok(ExitCode::SUCCESS);
            }
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
    let known: BTreeMap<String, String> = match detail.content {
        // What nobody has written over is what the campaign begins the section with, its quotes in braces.
        FilingContent::Open(prepared) => prepared.words.into_iter().map(|words| (words.id, words.source)).collect(),
        FilingContent::Sealed(sealed) => {
            sealed.1.sections.into_iter().map(|section| (section.id, section.text)).collect()
        }
    };
    let unknown = || {
        let ids = known.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        Notice::new("section-unknown").with("value", section).with("known", ids)
    };
    Ok(known.get(section).cloned().ok_or_else(unknown)?)
}

fn read_text(file: &std::path::Path) -> Outcome<String> {
    let mut bytes = Vec::new();
    if file == std::path::Path::new("-") {
        std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes)?;
    } else {
        std::io::Read::read_to_end(&mut app::open_input(file)?, &mut bytes)?;
    }
    let text = String::from_utf8(bytes).map_err(|_| Notice::new("text-not-utf8").with("path", file.display()))?;
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
                Some(minutes) => say(
                    language,
                    &format!("迟报 {}", span(minutes, language)),
                    &format!("{} late", span(minutes, language)),
                ),
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
            let said = [
                (say(language, "填报人", "filled in by"), &snapshot.filler),
                (say(language, "审核人", "reviewed by"), &snapshot.reviewer),
                (say(language, "更正说明", "correction"), &snapshot.correction),
                (say(language, "迟报原因", "why late"), &snapshot.late_reason),
                (say(language, "报出时间未能核实", "time of sealing not verified"), &snapshot.clock_reason),
            ];
            for (what, text) in said.iter().filter(|(_, text)| !text.is_empty()) {
                line(format!("  {what}\t{}", text.replace('\n', "\n    ")))?;
            }
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

/// Minutes in words, by the two largest units.
fn span(minutes: u64, language: Language) -> String {
    let (days, hours, rest) = (minutes / 1440, minutes % 1440 / 60, minutes % 60);
    let parts = [(days, "天", "d"), (hours, "小时", "h"), (rest, "分钟", "min")];
    let shown: Vec<String> = parts
        .iter()
        .skip_while(|(count, ..)| *count == 0)
        .take(2)
        .filter(|(count, ..)| *count > 0)
        .map(|(count, zh, en)| format!("{count} {}", say(language, zh, en)))
        .collect();
    if shown.is_empty() { say(language, "不到 1 分钟", "under a minute") } else { shown.join(" ") }
}

fn since(view: &SinceView, as_json: bool, language: Language) -> Outcome<()> {
    if as_json {
        return json(view);
    }
    if view.incomplete {
        let zh = "本台账没有当时统计的全部内容，只能比较数字。";
        remark(say(language, zh, "This book does not hold all that was counted; only the numbers are compared."));
    }
    for cell in &view.cells {
        line(format!("{} [{} / {}]  {} → {}", cell.form, cell.row, cell.column, cell.then, cell.now))?;
        for record in &cell.records {
            let what = record.what.word(language);
            line(format!(
                "  {}\t{}\t{}\t{} → {}\t{what}\t{}\t{}",
                record.record, record.kind, record.title, record.then, record.now, record.author, record.at
            ))?;
        }
    }
    Ok(())
}

fn collected(view: &CollectView, as_json: bool, language: Language) -> Outcome<()> {
    if as_json {
        return json(view);
    }
    for office in &view.offices {
        let span = office.late.map(|minutes| span(minutes, language));
        let mut notes: Vec<String> = Vec::new();
        notes.extend(span.map(|span| say(language, &format!("迟 {span}"), &format!("{span} late"))));
        if office.corrections > 0 {
            notes.push(say(language, "更正", "corrected"));
        }
        if !office.clock_reason.is_empty() {
            notes.push(say(language, "报出时间未能核实", "time not verified"));
        }
        line(format!(
            "{}\t{}\t{}\t{}\t{}\t{}",
            office.office,
            office.office_name,
            word(office.state, language),
            office.sealed_at.as_deref().unwrap_or_default(),
            notes.join(say(language, "；", "; ").as_str()),
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
            match report.state {
                FilingState::None if !report.owed => say(language, "不由本单位报", "not owed here"),
                state => word(state, language),
            },
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
        let short = cell
            .short
            .iter()
            .map(|stream| format!("{} {} {}/{}", stream.office, stream.device, stream.held, stream.last));
        let short = short.collect::<Vec<_>>().join("、");
        return Err(Notice::new("filing-incomplete").with("printed", &cell.printed).with("streams", short).into());
    };
    for found in records {
        let (record, row, column) = (found.record, found.row, found.column);
        json(&Frozen { record, row, column, amount: found.amount, declared: found.declared })?;
    }
    Ok(())
}

//! One arm a command.

use std::io::BufReader;
use std::path::Path;
use std::process::ExitCode;

use app::{
    Admit, Clock, FillRequest, ImportRequest, InvitationView, Language, ListQuery, NewBook, Notice, Outcome, Problem,
    Reading, RecordView, Writing,
};
use serde::Serialize;

use crate::arguments::{Arguments, CampaignAction, Command, OfficeAction};
use crate::output::{Meter, json, line, print_warning, remark, say};
use crate::{filings, lists, readback, report};

/// Lists are read this many records at a time.
const PAGE: u32 = 500;

pub fn run(arguments: &Arguments, language: Language) -> Outcome<ExitCode> {
    let dirs = &arguments.campaign_dirs;
    let clock = Clock::from_environment()?;
    let open = |book: &Path| {
        let session = Writing::open(book, dirs, clock)?;
        if let Some(notice) = session.read_only() {
            print_warning(&notice, language);
        }
        Ok::<_, app::Failure>(session)
    };
    match &arguments.command {
        Command::New { book, office, name, inspector } => {
            let new = NewBook {
                path: book.clone(),
                office: office.clone(),
                name: name.clone(),
                inspector: inspector.clone(),
            };
            let session = Writing::create(&new, dirs, clock)?;
            line(say(
                language,
                &format!("已新建台账 {}：{} {}", book.display(), session.office(), session.office_name()),
                &format!("Made the book {}: {} {}", book.display(), session.office(), session.office_name()),
            ))?;
        }
        Command::Record { book, file, strict, json: as_json } => {
            record(&mut open(book)?, file, *strict, *as_json, language)?
        }
        Command::Show { book, kind, json: as_json } => show(&*open(book)?, kind, *as_json, language)?,
        Command::List(asked) => lists::list(&*open(&asked.book)?, asked, language)?,
        Command::Status { book, json: as_json } => report::status(&*open(book)?, *as_json, language)?,
        Command::Pairs { book, json: as_json } => {
            for app::Pair { left, right, reason } in open(book)?.pairs()? {
                let (left, right) = (RecordView::from(left), RecordView::from(right));
                if *as_json {
                    json(&Pair { left, right, reason })?;
                } else {
                    line(format!(
                        "{reason}\t{}\t{}\t{}\t{}",
                        left.id,
                        text(&left, "name"),
                        right.id,
                        text(&right, "name")
                    ))?;
                }
            }
        }
        Command::Search { book, text: words, json: as_json } => {
            for found in open(book)?.search(words, 50)? {
                print_record(&found.into(), *as_json, language)?;
            }
        }
        Command::Fill { book, form, as_of, since, by_office, row, office, date, outputs } => {
            let session = open(book)?;
            let request =
                FillRequest { office: office.clone(), since: *since, date: *date, ..FillRequest::new(form, *as_of) };
            let filled = match by_office {
                true => session.fill_by_office(&request, row.as_deref())?,
                false => session.fill(&request)?,
            };
            for warning in &filled.warnings {
                print_warning(warning, language);
            }
            if outputs.is_empty() {
                line(app::form_json(&filled.form))?;
            }
            for written in session.write_form(&filled.form, outputs)? {
                line(written.display().to_string())?;
            }
        }
        Command::Blank(asked) => readback::blank(&*open(&asked.book)?, asked)?,
        Command::Read(asked) => readback::read(&mut open(&asked.book)?, asked, language)?,
        Command::Checks { book, form, as_of, office, json: as_json } => {
            let request = FillRequest { office: office.clone(), ..FillRequest::new(form, *as_of) };
            return report::checks(&open(book)?.failed_checks(&request)?, *as_json, language);
        }
        Command::Print { book, record, document, out } => {
            let session = open(book)?;
            let document = session.document(document.as_deref(), record.parse()?)?;
            session.write_document(&document, out)?;
            line(out.display().to_string())?;
        }
        Command::Trace { book, form, row, column, filing: Some(filing), .. } => {
            filings::trace(&*open(book)?, *filing, form, row, column)?;
        }
        Command::Reports { book, on, json: as_json } => {
            let lines = open(book)?.report_lines(on.unwrap_or_else(|| clock.today()))?;
            filings::reports(&lines, *as_json, language)?;
        }
        Command::Report { action } => return filings::run(&mut open(action.book())?, action, language),
        Command::Trace { book, form, as_of, row, column, office, out, filing: None } => {
            let as_of = as_of.unwrap_or_else(|| clock.today());
            let request = FillRequest { office: office.clone(), ..FillRequest::new(form, as_of) };
            if let Some(out) = out {
                lists::trace(&*open(book)?, &request, row, column, out, language)?;
                return Ok(ExitCode::SUCCESS);
            }
            for traced in open(book)?.traced_records(&request, row, column)? {
                json(&traced)?;
            }
        }
        Command::Cells { book, record, as_of, json: as_json } => {
            let session = open(book)?;
            let as_of = as_of.unwrap_or_else(|| clock.today());
            for cell in session.cells(record.parse()?, as_of)? {
                if *as_json {
                    json(&cell)?;
                } else {
                    line(format!("{}\t{}\t{}\t{}", cell.form, cell.row, cell.column, cell.amount))?;
                }
            }
        }
        Command::Invite { book, office, name, out, json: as_json } => {
            let invitation = open(book)?.invite(office, name, out)?;
            if *as_json {
                json(&invitation)?;
            } else {
                line(say(
                    language,
                    &format!("邀请文件 {}。邀请词语：{}", out.display(), invitation.fingerprint.zh),
                    &format!("Invitation {}. Invitation words: {}", out.display(), invitation.fingerprint.en),
                ))?;
            }
        }
        Command::Join { book, file, fingerprint, inspector, json: as_json } => {
            let (joined, invitation) = match fingerprint {
                Some(words) => {
                    let (session, invitation) = Writing::join(book, file, words, inspector.clone(), dirs, clock)?;
                    (Some(session), invitation)
                }
                None => (None, Writing::look_at_invitation(file, clock)?),
            };
            if *as_json {
                json(&Join { joined: joined.is_some(), invitation: &invitation })?;
                return Ok(ExitCode::SUCCESS);
            }
            match joined {
                Some(session) => line(say(
                    language,
                    &format!("{} 已加入 {}", session.office_name(), invitation.inviter_name),
                    &format!("{} joined {}", session.office_name(), invitation.inviter_name),
                ))?,
                None => report::invitation(&invitation, language)?,
            }
        }
        Command::Keys { book, out } => {
            open(book)?.write_keys(out)?;
            line(out.display().to_string())?;
        }
        Command::Export { book, to, out, json: as_json } => {
            let mut meter = Meter::new();
            let exported = open(book)?.export(to.as_ref(), out, &mut |progress| meter.progress(progress))?;
            drop(meter);
            if *as_json {
                json(&exported)?;
            } else {
                line(say(
                    language,
                    &format!(
                        "已封装 {}：致 {}，{} 条记录，{} 个修订，已回读校验",
                        exported.file, exported.to_name, exported.records, exported.revisions
                    ),
                    &format!(
                        "Sealed {} for {}: {} records, {} revisions, read back",
                        exported.file, exported.to_name, exported.records, exported.revisions
                    ),
                ))?;
                if let Some(print) = exported.fingerprint {
                    line(say(language, &format!("报到词语：{}", print.zh), &format!("Check-in words: {}", print.en)))?;
                }
            }
        }
        Command::Import {
            book,
            files,
            plan,
            confirm_device,
            without_comparing,
            include_undone,
            as_of,
            json: as_json,
        } => {
            let admit = match (without_comparing, confirm_device.is_empty()) {
                (true, _) => Admit::Anyone,
                (false, true) => Admit::Nobody,
                (false, false) => Admit::Words(confirm_device.clone()),
            };
            let mut session = open(book)?;
            let mut all_done = true;
            for file in files {
                let request = ImportRequest {
                    file: file.clone(),
                    admit: admit.clone(),
                    include_undone: *include_undone,
                    as_of: *as_of,
                };
                let mut meter = Meter::new();
                let mut tell = |progress| meter.progress(progress);
                let outcome =
                    if *plan { session.plan(&request, &mut tell) } else { session.import(&request, None, &mut tell) };
                drop(meter);
                all_done &= outcome.is_ok();
                report::import(file, *plan, outcome, *as_json, language)?;
            }
            return Ok(if all_done { ExitCode::SUCCESS } else { ExitCode::from(1) });
        }
        Command::Restore { book, record, reason } => {
            let restored = open(book)?.restore(record.parse()?, reason)?;
            for warning in &restored.warnings {
                print_warning(warning, language);
            }
            line(say(language, &format!("已取消作废 {record}"), &format!("Restored {record}")))?;
        }
        Command::Undo { book, package, json: as_json } => {
            let counts = open(book)?.undo(package, None)?;
            if *as_json {
                json(&counts)?;
            } else {
                line(say(
                    language,
                    &format!("已撤销 {package}：{} 条记录恢复原状或移除", counts.changed_records),
                    &format!("Undone {package}: {} records are as before", counts.changed_records),
                ))?;
            }
        }
        Command::Offices { book, action: None, json: as_json } => {
            report::offices(&open(book)?.peers()?, *as_json, language)?;
        }
        Command::Offices { book, action: Some(OfficeAction::Name { office, name }), .. } => {
            open(book)?.name_office(office, name)?;
            line(format!("{office}\t{}", name.trim()))?;
        }
        Command::Offices { book, action: Some(OfficeAction::Remove { office }), .. } => {
            open(book)?.remove_upper(office)?;
            line(say(
                language,
                &format!("已移除上级单位 {office}，它下发过的内容仍保留"),
                &format!("The upper office {office} is removed; what it sent stays"),
            ))?;
        }
        Command::Packages { book, json: as_json } => {
            for package in open(book)?.packages()? {
                if *as_json {
                    json(&package)?;
                } else {
                    let way = if package.incoming { "←" } else { "→" };
                    line(format!(
                        "{}\t{way}\t{}\t{}\t{}\t{}",
                        package.package, package.office, package.state, package.counts.revisions, package.file
                    ))?;
                }
            }
        }
        Command::Findings { book, json: as_json } => {
            for finding in open(book)?.findings()? {
                let records: Vec<String> = finding.records.iter().map(ToString::to_string).collect();
                let problem = Problem::of(&finding.notice, language);
                if *as_json {
                    json(&Found { problem, records })?;
                } else {
                    line(format!("[{}] {}\t{}", problem.code, problem.message, records.join(" ")))?;
                }
            }
        }
        Command::Aside { book, json: as_json } => {
            for aside in open(book)?.set_aside()? {
                if *as_json {
                    json(&aside)?;
                } else {
                    let why = aside.why.map(|notice| Problem::of(&notice, language).message).unwrap_or_default();
                    line(format!("{}\t{}\t{why}", aside.state, aside.record))?;
                }
            }
        }
        Command::Outcomes { book, json: as_json } => {
            for outcome in open(book)?.outcomes()? {
                if *as_json {
                    json(&outcome)?;
                } else {
                    line(format!("{}\t{}\t{}", outcome.office, outcome.outcome, outcome.record))?;
                }
            }
        }
        Command::Conflicts { book, json: as_json } => {
            for conflict in open(book)?.conflicts()? {
                if *as_json {
                    json(&conflict)?;
                    continue;
                }
                let element = conflict.element.as_deref().map(|element| format!("/{element}")).unwrap_or_default();
                line(format!("{}\t{}\t{}\t{}{element}", conflict.id, conflict.kind, conflict.record, conflict.field))?;
                for candidate in conflict.candidates {
                    let mark = if candidate.shown { "*" } else { " " };
                    let day = candidate.day.unwrap_or_default();
                    line(format!(
                        "  {mark} {}\t{}\t{}\t{day}",
                        candidate.revision,
                        candidate.value.to_json(),
                        candidate.author
                    ))?;
                }
            }
        }
        Command::Resolve { book, conflict, keep } => {
            open(book)?.resolve(conflict, keep)?;
            line(say(language, "已解决，未采用的值仍保留在日志中", "Settled; the values not kept stay in the log"))?;
        }
        Command::Digest { book } => line(open(book)?.digest()?)?,
        Command::Check { book, json: as_json } => return report::check(&*open(book)?, *as_json, language),
        Command::Rebuild { book } => {
            let mut meter = Meter::new();
            let records = open(book)?.rebuild(&mut |done, of| meter.show("rebuild", done, of))?;
            drop(meter);
            line(say(
                language,
                &format!("已由日志重新生成 {records} 条记录"),
                &format!("{records} records made anew from the log"),
            ))?;
        }
        Command::Backup { book, out } => {
            open(book)?.backup(out)?;
            line(out.display().to_string())?;
        }
        Command::Campaigns { action: Some(CampaignAction::Check { dir }), json: as_json } => {
            let checked = app::check_campaigns(dir)?;
            let warnings: Vec<Problem> = checked.warnings.iter().map(|notice| Problem::of(notice, language)).collect();
            if *as_json {
                json(&serde_json::json!({ "warnings": warnings, "campaigns": checked.campaigns }))?;
            } else {
                for Problem { message, remedy, .. } in &warnings {
                    remark(format!("{}{message}\n    {remedy}", say(language, "请留意：", "Please note: ")));
                }
                for campaign in &checked.campaigns {
                    report::campaign(campaign, language)?;
                }
            }
        }
        Command::Campaigns { action: Some(CampaignAction::Sent { book }), json: as_json } => {
            report::sent_campaigns(&open(book)?.sent_campaigns(language)?, *as_json, language)?;
        }
        Command::Campaigns {
            action:
                Some(action @ (CampaignAction::Remove { book, campaign } | CampaignAction::Restore { book, campaign })),
            json: as_json,
        } => {
            let mut session = open(book)?;
            session.use_campaign(campaign, matches!(action, CampaignAction::Restore { .. }))?;
            report::sent_campaigns(&session.sent_campaigns(language)?, *as_json, language)?;
        }
        Command::Campaigns { action: None, json: as_json } => report::campaigns(&app::campaigns(dirs)?, *as_json)?,
        Command::Demo { out } => {
            let report = app::demo(out, dirs, &mut |step| remark(step_text(step, language)))?;
            for file in report.files {
                line(file.display().to_string())?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn step_text(step: &Notice, language: Language) -> String {
    Problem::of(step, language).message
}

#[derive(Serialize)]
struct Found {
    problem: Problem,
    records: Vec<String>,
}

#[derive(Serialize)]
struct Join<'a> {
    joined: bool,
    #[serde(flatten)]
    invitation: &'a InvitationView,
}

#[derive(Serialize)]
struct Pair {
    left: RecordView,
    right: RecordView,
    reason: &'static str,
}

#[derive(Serialize)]
struct Warned {
    line: u64,
    record: String,
    problem: Problem,
}

#[derive(Serialize)]
struct Recorded {
    lines: u64,
    created: u64,
    changed: u64,
    skipped: u64,
    warnings: Vec<Warned>,
}

fn record(session: &mut Writing, file: &Path, strict: bool, as_json: bool, language: Language) -> Outcome<()> {
    let mut meter = Meter::new();
    let mut tell = |lines| meter.show("record", lines, 0);
    let report = if file == Path::new("-") {
        session.load(&mut std::io::stdin().lock(), strict, &mut tell)?
    } else {
        session.load(&mut BufReader::new(app::open_input(file)?), strict, &mut tell)?
    };
    drop(meter);
    if as_json {
        let warnings = report
            .warnings
            .iter()
            .map(|(at, warned)| Warned {
                line: *at,
                record: warned.record.to_string(),
                problem: Problem::of(&warned.notice, language),
            })
            .collect();
        let app::LoadReport { lines, created, changed, skipped, .. } = report;
        json(&Recorded { lines, created, changed, skipped, warnings })?;
        return Ok(());
    }
    for (at, warned) in &report.warnings {
        print_warning(&warned.notice.clone().with("line", at), language);
    }
    line(say(
        language,
        &format!(
            "{} 行：新增 {}，更改 {}，跳过 {}，警告 {}",
            report.lines,
            report.created,
            report.changed,
            report.skipped,
            report.warnings.len()
        ),
        &format!(
            "{} lines: {} created, {} changed, {} skipped, {} warnings",
            report.lines,
            report.created,
            report.changed,
            report.skipped,
            report.warnings.len()
        ),
    ))?;
    Ok(())
}

fn show(session: &Reading, kind: &str, as_json: bool, language: Language) -> Outcome<()> {
    let mut query = ListQuery { kind: kind.to_owned(), with_voided: true, limit: PAGE, ..ListQuery::default() };
    loop {
        let page = session.list(&query)?;
        for record in page.records {
            print_record(&record.into(), as_json, language)?;
        }
        match page.next {
            Some(next) => query.after = Some(next),
            None => return Ok(()),
        }
    }
}

fn print_record(record: &RecordView, as_json: bool, language: Language) -> Outcome<()> {
    if as_json {
        return json(record);
    }
    let voided = |reason: &str| say(language, &format!("\t作废：{reason}"), &format!("\tvoided: {reason}"));
    let void = record.void.as_deref().map(voided).unwrap_or_default();
    let fields = serde_json::to_string(&record.fields).unwrap_or_default();
    line(format!("{}\t{}\t{fields}{void}", record.id, record.office))
}

fn text(record: &RecordView, field: &str) -> String {
    record.fields.get(field).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
}

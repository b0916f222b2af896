//! What an import did, what a check found, and what a book is at a glance, in words or as JSON.

use std::path::Path;
use std::process::ExitCode;

use app::{
    FailedCheck, Failure, InvitationView, Language, Level, Outcome, Peers, Plan, Problem, Reading, SentCampaign,
    SentStatus,
};
use serde::Serialize;

use crate::output::{Meter, json, line, print_failure, print_problem, print_warning, remark, say};

#[derive(Serialize)]
struct Imported<'a> {
    file: String,
    /// `planned`, `applied`, `waiting` or `refused`.
    outcome: &'a str,
    #[serde(flatten)]
    plan: Option<&'a Plan>,
    problems: Vec<Problem>,
}

pub fn import(file: &Path, planned: bool, outcome: Outcome<Plan>, as_json: bool, language: Language) -> Outcome<()> {
    let failed = |failure: &Failure| {
        let waits = matches!(failure.code(), "device-unconfirmed" | "second-asker" | "fingerprint-differs");
        if waits { "waiting" } else { "refused" }
    };
    if as_json {
        let (word, plan, problems) = match &outcome {
            Ok(plan) => (if planned { "planned" } else { "applied" }, Some(plan), Vec::new()),
            Err(failure) => (failed(failure), None, failure.problems(language)),
        };
        return json(&Imported { file: file.display().to_string(), outcome: word, plan, problems });
    }
    match outcome {
        Ok(plan) => {
            let counts = &plan.counts;
            line(say(
                language,
                &format!(
                    "{}\t{}\t{} {}：新增 {}，更改 {}，冲突 {}，重复 {}，隔离 {}，待补 {}",
                    plan.package,
                    plan.file,
                    plan.from,
                    plan.from_name,
                    counts.new_records,
                    counts.changed_records,
                    counts.conflicts,
                    counts.duplicates,
                    counts.refused,
                    counts.pending
                ),
                &format!(
                    "{}\t{}\t{} {}: {} new, {} changed, {} conflicts, {} duplicates, {} quarantined, {} pending",
                    plan.package,
                    plan.file,
                    plan.from,
                    plan.from_name,
                    counts.new_records,
                    counts.changed_records,
                    counts.conflicts,
                    counts.duplicates,
                    counts.refused,
                    counts.pending
                ),
            ))?;
            for campaign in &plan.campaigns {
                line(format!("  {}", Problem::of(&campaign.notice(), language).message))?;
            }
            for cell in &plan.cells {
                line(format!("  {} [{} / {}]  {} → {}", cell.form, cell.row, cell.column, cell.before, cell.after))?;
            }
            let unlisted = plan.cells_in_all - plan.cells.len() as u64;
            if unlisted > 0 {
                line(say(language, &format!("  另有 {unlisted} 格变化"), &format!("  and {unlisted} more cells")))?;
            }
        }
        Err(failure) => {
            remark(format!("{}:", file.display()));
            print_failure(&failure, language, false);
        }
    }
    Ok(())
}

/// Whose invitation it is, and what to do before it is taken.
pub fn invitation(invitation: &InvitationView, language: Language) -> Outcome<()> {
    line(say(
        language,
        &format!(
            "{}（{}）邀请 {}（{}）加入。邀请词语：{}\n尚未加入。请打电话请对方念出邀请词语，一致后再用 --fingerprint \"念出的词语\" 加入。",
            invitation.inviter_name,
            invitation.inviter,
            invitation.invited_name,
            invitation.invited,
            invitation.fingerprint.zh
        ),
        &format!(
            "{} ({}) invites {} ({}). Invitation words: {}\nNot joined yet. Telephone the inviting office and have it read \
             them out; if they are the same, join with --fingerprint \"the words\".",
            invitation.inviter_name,
            invitation.inviter,
            invitation.invited_name,
            invitation.invited,
            invitation.fingerprint.en
        ),
    ))
}

pub fn offices(peers: &Peers, as_json: bool, language: Language) -> Outcome<()> {
    if as_json {
        return json(peers);
    }
    if let Some(words) = &peers.check_in {
        line(say(language, &format!("报到词语：{}", words.zh), &format!("Check-in words: {}", words.en)))?;
    } else if let Some(words) = &peers.invitation_words {
        line(say(language, &format!("邀请词语：{}", words.zh), &format!("Invitation words: {}", words.en)))?;
    }
    for office in &peers.offices {
        let relation = match office.relation.as_str() {
            "upper" => say(language, "上级", "upper"),
            _ => say(language, "下级", "lower"),
        };
        line(format!("{}\t{}\t{relation}", office.code, office.name))?;
    }
    Ok(())
}

pub fn sent_campaigns(campaigns: &[SentCampaign], as_json: bool, language: Language) -> Outcome<()> {
    for campaign in campaigns {
        if as_json {
            json(campaign)?;
            continue;
        }
        let state = match campaign.status {
            SentStatus::Used => say(language, "使用中", "used"),
            SentStatus::Removed => say(language, "已移除", "removed"),
            SentStatus::Withdrawn => say(language, "所在数据包已撤销", "its package was undone"),
            SentStatus::NotLoaded => say(language, "未采用", "not loaded"),
        };
        line(format!("{}\t{state}\t{}", campaign.key, campaign.title))?;
        if let Some(problem) = &campaign.problem {
            print_problem(problem, language, "warning");
        }
    }
    Ok(())
}

pub fn check(session: &Reading, as_json: bool, language: Language) -> Outcome<ExitCode> {
    let mut meter = Meter::new();
    let report = session.check(&mut |done, of| meter.show("check", done, of))?;
    drop(meter);
    let findings: Vec<Problem> = app::findings(&report).iter().map(|notice| Problem::of(notice, language)).collect();
    #[derive(Serialize)]
    struct Checked<'a> {
        revisions: u64,
        records: u64,
        digest: &'a str,
        findings: &'a [Problem],
    }
    let sound = findings.is_empty();
    if as_json {
        json(&Checked {
            revisions: report.revisions,
            records: report.records,
            digest: &report.digest,
            findings: &findings,
        })?;
    } else {
        for finding in &findings {
            remark(format!("error[{}] {}\n  → {}", finding.code, finding.message, finding.remedy));
        }
        line(say(
            language,
            &format!(
                "{} 个修订，{} 条记录，摘要 {}，{}",
                report.revisions,
                report.records,
                report.digest,
                if sound { "完好" } else { "有问题" }
            ),
            &format!(
                "{} revisions, {} records, digest {}, {}",
                report.revisions,
                report.records,
                report.digest,
                if sound { "sound" } else { "NOT sound" }
            ),
        ))?;
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

#[derive(Serialize)]
struct Status<'a> {
    #[serde(flatten)]
    status: &'a app::BookStatus,
    /// Things across records that a person should look at.
    findings: u64,
}

pub fn status(session: &Reading, as_json: bool, language: Language) -> Outcome<()> {
    let (status, findings) = (session.status()?, session.finding_count()?);
    if as_json {
        json(&Status { status: &status, findings })?;
        return Ok(());
    }
    for notice in session.not_loaded() {
        print_warning(notice, language);
    }
    line(format!("{} {}  {}", status.office, status.office_name, status.path))?;
    for kind in status.records.iter().filter(|kind| kind.live + kind.voided > 0) {
        let voided = |count| say(language, &format!("（另有 {count} 条作废）"), &format!(" (and {count} voided)"));
        let void = if kind.voided > 0 { voided(kind.voided) } else { String::new() };
        line(format!("  {}\t{}{void}", kind.kind, kind.live))?;
    }
    for gap in &status.gaps {
        line(say(
            language,
            &format!("  缺少设备 {} 为 {} 写的第 {}–{} 号修订", gap.device, gap.office, gap.first, gap.last),
            &format!("  missing: revisions {}–{} of device {} for {}", gap.first, gap.last, gap.device, gap.office),
        ))?;
    }
    let counts = [
        ("未上交记录", "records not sent", status.unsent),
        ("未解决冲突", "conflicts", status.conflicts),
        ("待核问题", "findings", findings),
        ("搁置修订", "revisions set aside", status.set_aside),
    ];
    let counts = counts.map(|(zh, en, count)| say(language, &format!("{zh} {count}"), &format!("{count} {en}")));
    line(counts.join(" · "))
}

pub fn campaigns(campaigns: &[app::CampaignView], as_json: bool) -> Outcome<()> {
    for campaign in campaigns {
        if as_json {
            json(campaign)?;
            continue;
        }
        line(format!("{}\t{}\t{}", campaign.id, campaign.document, campaign.title))?;
        for form in campaign.forms.iter().chain(&campaign.ledgers) {
            line(format!("  {}\t{}", form.id, form.title))?;
        }
    }
    Ok(())
}

/// What a campaign's files come to: what is printed, when it is due, what is counted.
pub fn campaign(campaign: &app::CheckedCampaign, language: Language) -> Outcome<()> {
    let view = &campaign.view;
    line(format!("{}\t{}\t{}", view.id, view.document, view.title))?;
    let to = view.last_day.as_deref().unwrap_or("…");
    line(format!("  {} – {to}", view.first_day))?;
    for form in &campaign.tables {
        line(format!("  {} {}\t{}", say(language, "表", "form"), form.id, form.title))?;
        if !form.rows.is_empty() {
            line(format!("    {} {}", say(language, "行：", "rows:"), form.rows.join("、")))?;
        }
        for (header, printed) in &form.columns {
            line(format!("    {header}\t{printed}"))?;
        }
        for check in &form.checks {
            line(format!("    {} {check}", say(language, "勾稽", "check")))?;
        }
    }
    for report in &campaign.reports {
        line(format!("  {} {}\t{}", say(language, "报送", "report"), report.zh, report.forms.join("、")))?;
        for (day, time, cut_off) in &report.days {
            let time = time.as_ref().map(|time| format!(" {time}")).unwrap_or_default();
            line(format!("    {day}{time}\t{} {cut_off}", say(language, "数据截至", "counted up to")))?;
        }
    }
    for task in &campaign.tasks {
        let of = match (&task.done, &task.of) {
            (Some(done), Some(of)) => format!("{done} / {of}"),
            (Some(done), None) => done.clone(),
            _ => say(language, "不计数", "not counted"),
        };
        line(format!("  {} {}\t{of}", say(language, "任务", "task"), task.zh))?;
    }
    for item in &view.checklist {
        line(format!("  {} {}\t{}", say(language, "检查项", "item"), item.code, item.zh))?;
    }
    Ok(())
}

#[derive(Serialize)]
struct CheckLine<'a> {
    id: &'a str,
    level: Level,
    /// What should hold; none where the program itself checks.
    words: Option<&'a str>,
    problem: Problem,
    /// Form, row, column and what is printed there.
    cells: Vec<[&'a str; 4]>,
    records: Vec<String>,
    records_in_all: usize,
}

/// What does not hold of a form, a check a line.
pub fn checks(failed: &[FailedCheck], as_json: bool, language: Language) -> Outcome<ExitCode> {
    for check in failed {
        let words = check.words.as_ref().map(|(zh, en)| language.pick(zh, en));
        let problem = Problem::of(&check.found, language);
        let records: Vec<String> = check.records.iter().map(ToString::to_string).collect();
        if as_json {
            let cells = check.cells.iter().map(|cell| [&*cell.form, &*cell.row, &*cell.column, &*cell.text]).collect();
            let (id, level, records_in_all) = (check.id.as_str(), check.level, check.records_in_all);
            json(&CheckLine { id, level, words, problem, cells, records, records_in_all })?;
            continue;
        }
        let level = match check.level {
            Level::Error => "error",
            Level::Warn => "warning",
        };
        let words = words.map(|words| format!("{words}\t")).unwrap_or_default();
        line(format!("{level}[{}]\t{words}{}\t{}", check.id, problem.message, records.join(" ")))?;
    }
    let wrong = failed.iter().any(|check| check.level == Level::Error);
    Ok(if wrong { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

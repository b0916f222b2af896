//! The campaigns that are loaded, for people to look at.

use std::path::{Path, PathBuf};

use campaign::library::Origin;
use campaign::{Body, Campaign, CampaignError, CellRule, ChecklistItem, Form, Library, Note};
use domain::{Date, Notice, OfficeCode};
use serde::Serialize;
use ts_rs::TS;

use crate::failure::{Failure, Outcome};
use crate::session::Reading;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CampaignView {
    pub id: String,
    pub title: String,
    pub title_en: String,
    /// 文号.
    pub document: String,
    pub first_day: String,
    pub last_day: Option<String>,
    pub categories: Vec<String>,
    pub field_sets: Vec<String>,
    pub checklist: Vec<ChecklistItemView>,
    pub forms: Vec<FormView>,
    /// The lists every campaign has.
    pub ledgers: Vec<FormView>,
    /// What the text leaves open and this file had to read one way.
    pub notes: Vec<NoteView>,
    /// The days its reports are due, the earliest first.
    pub report_days: Vec<ReportDayView>,
}

/// A day a report is due, and the day its forms then count up to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ReportDayView {
    pub zh: String,
    pub en: String,
    pub on: String,
    pub cut_off: String,
    pub forms: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct NoteView {
    pub zh: String,
    pub en: String,
    /// The form it is about; none for the campaign as a whole.
    pub form: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ChecklistItemView {
    pub code: String,
    pub zh: String,
    pub en: String,
    /// The vocabulary its answers are chosen from.
    pub answers: String,
    pub basis: Option<String>,
    /// Stages, roles and categories it applies to; none means all.
    pub stages: Vec<String>,
    pub roles: Vec<String>,
    pub categories: Vec<String>,
    /// No longer asked.
    pub retired: bool,
}

impl From<&ChecklistItem> for ChecklistItemView {
    fn from(item: &ChecklistItem) -> Self {
        ChecklistItemView {
            code: item.code.clone(),
            zh: item.zh.clone(),
            en: item.en.clone(),
            answers: item.answers.clone(),
            basis: item.basis.clone(),
            stages: item.stages.clone(),
            roles: item.roles.clone(),
            categories: item.categories.clone(),
            retired: item.retired,
        }
    }
}

impl From<&Note> for NoteView {
    fn from(note: &Note) -> Self {
        NoteView { zh: note.zh.clone(), en: note.en.clone(), form: note.form.clone() }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct FormView {
    pub id: String,
    pub title: String,
    pub title_en: String,
    /// 附件 1, or blank.
    pub attachment: String,
}

impl From<&Form> for FormView {
    fn from(form: &Form) -> Self {
        FormView {
            id: form.id.clone(),
            title: form.title.clone(),
            title_en: form.title_en.clone(),
            attachment: form.attachment.clone(),
        }
    }
}

/// Every day a report is due.
fn due_days(campaign: &Campaign, report: &campaign::Report) -> Vec<campaign::DueDay> {
    report.schedule.due_between(campaign.first_day, Date::from_naive(chrono::NaiveDate::MAX))
}

fn report_days(campaign: &Campaign) -> Vec<ReportDayView> {
    let due = campaign.reports.iter().flat_map(|report| {
        let days = due_days(campaign, report);
        days.into_iter().map(move |due| (due, report))
    });
    let mut due: Vec<_> = due.collect();
    due.sort_by(|(one, _), (other, _)| one.cmp(other));
    let view = |(due, report): (campaign::DueDay, &campaign::Report)| ReportDayView {
        zh: report.zh.clone(),
        en: report.en.clone(),
        on: due.on.to_string(),
        cut_off: due.cut_off.to_string(),
        forms: report.forms.clone(),
    };
    due.into_iter().map(view).collect()
}

impl From<&Campaign> for CampaignView {
    fn from(campaign: &Campaign) -> Self {
        CampaignView {
            id: campaign.id.clone(),
            title: campaign.title.clone(),
            title_en: campaign.title_en.clone(),
            document: campaign.document.clone(),
            first_day: campaign.first_day.to_string(),
            last_day: campaign.last_day.map(|day| day.to_string()),
            categories: campaign.categories.iter().map(|used| used.category.clone()).collect(),
            field_sets: campaign.field_sets.clone(),
            checklist: campaign.checklist.iter().map(ChecklistItemView::from).collect(),
            forms: campaign.forms.iter().map(FormView::from).collect(),
            ledgers: campaign.ledgers.iter().map(FormView::from).collect(),
            notes: campaign.notes.iter().map(NoteView::from).collect(),
            report_days: report_days(campaign),
        }
    }
}

impl Reading {
    /// Whether a campaign was ordered for this office: by its own place or one above, or by one below that it answers for.
    pub fn concerns(&self, campaign: &Campaign) -> bool {
        campaign.place.as_ref().is_none_or(|place| place.covers(self.office()) || self.office().covers(place))
    }

    /// All campaigns, those first that concern this office; of them those that run today, the newest first.
    pub fn campaigns_in_order(&self) -> Vec<&Campaign> {
        let today = self.clock().today();
        let mut campaigns: Vec<&Campaign> = self.library().campaigns().collect();
        campaigns.sort_by_key(|campaign| {
            let first_day = std::cmp::Reverse(campaign.first_day);
            (!self.concerns(campaign), !runs(campaign, today), campaign.first_day > today, first_day)
        });
        campaigns
    }

    /// The campaign that the office at a place has ordered: that which runs, or the newest.
    pub fn campaign_of(&self, place: &OfficeCode) -> Option<&Campaign> {
        self.campaigns_in_order().into_iter().find(|campaign| campaign.place.as_ref() == Some(place))
    }
}

pub(crate) fn runs(campaign: &Campaign, today: Date) -> bool {
    campaign.first_day <= today && campaign.last_day.is_none_or(|last_day| today <= last_day)
}

/// Loads the built-in campaigns and those of the folders; a wrong file is refused with file, line and reason.
pub fn campaigns(dirs: &[PathBuf]) -> Outcome<Vec<CampaignView>> {
    Ok(Library::load(dirs)?.campaigns().map(CampaignView::from).collect())
}

/// What the files of a folder come to: what their author should look at once more, and what the program will print and ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedCampaigns {
    pub warnings: Vec<Notice>,
    pub campaigns: Vec<CheckedCampaign>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedCampaign {
    #[serde(flatten)]
    pub view: CampaignView,
    pub tables: Vec<CheckedForm>,
    pub reports: Vec<CheckedReport>,
    pub tasks: Vec<CheckedTask>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedForm {
    pub id: String,
    pub title: String,
    /// Labels of the rows; none of a list.
    pub rows: Vec<String>,
    /// Headers, their levels joined, and what each column prints.
    pub columns: Vec<(String, String)>,
    /// 勾稽, in words.
    pub checks: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedReport {
    pub id: String,
    pub zh: String,
    /// The days it is due, each with its hour and the day it counts up to.
    pub days: Vec<(String, Option<String>, String)>,
    pub forms: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedTask {
    pub id: String,
    pub zh: String,
    /// The figures counted, in words.
    pub done: Option<String>,
    pub of: Option<String>,
}

/// Checks the campaign files of a folder. What is wrong with them is the failure, each with file and line.
pub fn check_campaigns(dir: &Path) -> Outcome<CheckedCampaigns> {
    let errors =
        |errors: Vec<CampaignError>| Failure::from(errors.iter().map(CampaignError::notice).collect::<Vec<_>>());
    let (library, warnings) = Library::check(dir).map_err(errors)?;
    let own = library.campaigns().filter(|campaign| library.origin(&campaign.id) == Some(Origin::Folder));
    Ok(CheckedCampaigns {
        warnings: warnings.iter().map(CampaignError::notice).collect(),
        campaigns: own.map(checked).collect(),
    })
}

fn checked(campaign: &Campaign) -> CheckedCampaign {
    let figure = |id: &Option<String>| {
        let found = campaign.figures.iter().find(|figure| Some(&figure.id) == id.as_ref());
        found.map(|figure| figure.zh.clone())
    };
    let report = |report: &campaign::Report| CheckedReport {
        id: report.id.clone(),
        zh: report.zh.clone(),
        days: due_days(campaign, report)
            .into_iter()
            .map(|due| (due.on.to_string(), due.time, due.cut_off.to_string()))
            .collect(),
        forms: report.forms.clone(),
    };
    CheckedCampaign {
        view: campaign.into(),
        tables: campaign.forms.iter().map(|form| checked_form(campaign, form)).collect(),
        reports: campaign.reports.iter().map(report).collect(),
        tasks: campaign
            .tasks
            .iter()
            .map(|task| CheckedTask {
                id: task.id.clone(),
                zh: task.zh.clone(),
                done: figure(&task.done),
                of: figure(&task.of),
            })
            .collect(),
    }
}

fn checked_form(campaign: &Campaign, form: &Form) -> CheckedForm {
    let rows = match &form.body {
        Body::Statistics { rows, .. } => rows.iter().map(|row| row.label.clone()).collect(),
        Body::List { .. } => Vec::new(),
    };
    let header = |id: &String| {
        let column = form.columns.iter().find(|column| column.id == *id);
        column.map_or_else(|| id.clone(), |column| column.header.join(" · "))
    };
    let printed = |rule: &CellRule| match rule {
        CellRule::Figure { id, .. } => {
            let figure = campaign.figures.iter().find(|figure| figure.id == *id);
            figure.map_or_else(|| id.clone(), |figure| figure.zh.clone())
        }
        CellRule::SumOf(parts) => parts.iter().map(header).collect::<Vec<_>>().join(" + "),
        CellRule::Rate { part, whole } => format!("{} / {}", header(part), header(whole)),
        CellRule::RowNumber => "1, 2, 3 …".to_owned(),
        CellRule::Field(field) => field.clone(),
        CellRule::Tick { field, when } => format!("√ {field} = {when}"),
        CellRule::Collect { kind, field, .. } => format!("{kind}.{field} …"),
        CellRule::Count { kind, .. } => format!("n {kind}"),
        CellRule::Composed(name) => name.clone(),
    };
    CheckedForm {
        id: form.id.clone(),
        title: form.title.clone(),
        rows,
        columns: form.columns.iter().map(|column| (column.header.join(" · "), printed(&column.cell))).collect(),
        checks: form.checks.iter().map(|check| check.zh.clone()).collect(),
    }
}

//! The campaigns that are loaded, for people to look at.

use std::path::PathBuf;

use campaign::{Campaign, Form, Library};
use serde::Serialize;
use ts_rs::TS;

use crate::failure::Outcome;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
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
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct ChecklistItemView {
    pub code: String,
    pub zh: String,
    pub en: String,
    pub basis: Option<String>,
    pub stages: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
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
            checklist: campaign
                .checklist
                .iter()
                .map(|item| ChecklistItemView {
                    code: item.code.clone(),
                    zh: item.zh.clone(),
                    en: item.en.clone(),
                    basis: item.basis.clone(),
                    stages: item.stages.clone(),
                })
                .collect(),
            forms: campaign.forms.iter().map(FormView::from).collect(),
        }
    }
}

/// Loads the built-in campaigns and those of the folders; a wrong file is refused with file, line and reason.
pub fn campaigns(dirs: &[PathBuf]) -> Outcome<Vec<CampaignView>> {
    Ok(Library::load(dirs)?.campaigns().map(CampaignView::from).collect())
}

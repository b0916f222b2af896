//! The campaigns that are loaded, for people to look at.

use std::path::PathBuf;

use campaign::{Campaign, Form, Library};
use domain::{Date, OfficeCode};
use serde::Serialize;
use ts_rs::TS;

use crate::failure::Outcome;
use crate::session::Session;

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

impl Session {
    /// Whether a campaign was ordered for this office: by its own place or one above, or by one below that it answers for.
    pub(crate) fn concerns(&self, campaign: &Campaign) -> bool {
        campaign.place.as_ref().is_none_or(|place| place.covers(&self.office) || self.office.covers(place))
    }

    /// All campaigns, those first that concern this office; of them those that run today, the newest first.
    pub(crate) fn campaigns_in_order(&self) -> Vec<&Campaign> {
        let today = self.clock.today();
        let mut campaigns: Vec<&Campaign> = self.library.campaigns().collect();
        campaigns.sort_by_key(|campaign| {
            let first_day = std::cmp::Reverse(campaign.first_day);
            (!self.concerns(campaign), !runs(campaign, today), campaign.first_day > today, first_day)
        });
        campaigns
    }

    /// The campaign that the office at a place has ordered: that which runs, or the newest.
    pub(crate) fn campaign_of(&self, place: &OfficeCode) -> Option<&Campaign> {
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

//! The offices this book exchanges packages with: inviting one below, letting go of the one above, and what came from there.

use std::path::PathBuf;

use serde::Deserialize;
use ts_rs::TS;

use super::Desk;
use super::open::Nothing;
use crate::failure::Outcome;
use crate::messages::Language;
use crate::offices::InvitationView;
use crate::offices::peers::Peers;
use crate::packages::SentCampaign;
use crate::session::Reading;

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct Invite {
    pub office: String,
    pub name: String,
    #[ts(type = "string")]
    #[serde(deserialize_with = "crate::names::as_text::deserialize")]
    pub out: PathBuf,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct Revoke {
    pub invitation: String,
}

pub fn invite(desk: &mut Desk, input: Invite, _: Language) -> Outcome<InvitationView> {
    let office = input.office.trim().parse()?;
    desk.session_mut()?.invite(&office, &input.name, &input.out)
}

pub fn revoke(desk: &mut Desk, input: Revoke, _: Language) -> Outcome<Nothing> {
    desk.session_mut()?.revoke(&input.invitation)?;
    Ok(Nothing {})
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct UseCampaign {
    pub key: String,
    pub used: bool,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bridge.ts")]
pub struct RemoveOffice {
    pub office: String,
}

pub fn sent_campaigns(session: &Reading, _: Nothing, language: Language) -> Outcome<Vec<SentCampaign>> {
    session.sent_campaigns(language)
}

pub fn use_campaign(desk: &mut Desk, input: UseCampaign, language: Language) -> Outcome<Vec<SentCampaign>> {
    desk.session_mut()?.use_campaign(&input.key, input.used)?;
    desk.session()?.sent_campaigns(language)
}

/// Lets go of the office above.
pub fn remove_office(desk: &mut Desk, input: RemoveOffice, _: Language) -> Outcome<Peers> {
    desk.session_mut()?.remove_upper(&input.office.parse()?)?;
    desk.session()?.peers()
}

pub fn peers(session: &Reading, _: Nothing, _: Language) -> Outcome<Peers> {
    session.peers()
}

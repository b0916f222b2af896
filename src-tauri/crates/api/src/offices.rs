//! The offices this book exchanges packages with: inviting one below, letting go of the one above, and what came from there.

use app::failure::Outcome;
use app::messages::Language;
use app::offices::InvitationView;
use app::offices::owners::OwnerOffice;
use app::offices::peers::Peers;
use app::packages::SentCampaign;
use app::session::Reading;
use serde::Deserialize;
use ts_rs::TS;

use crate::Backend;
use crate::files::ChosenFile;
use crate::views::Nothing;

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    pub office: String,
    pub name: String,
    #[ts(type = "string")]
    pub out: ChosenFile,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Revoke {
    pub invitation: String,
}

pub fn invite(backend: &mut Backend, input: Invite, _: Language) -> Outcome<InvitationView> {
    let office = input.office.trim().parse()?;
    backend.session_mut()?.invite(&office, &input.name, &input.out)
}

pub fn revoke(backend: &mut Backend, input: Revoke, _: Language) -> Outcome<Nothing> {
    backend.session_mut()?.revoke(&input.invitation)?;
    Ok(Nothing {})
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct UseCampaign {
    pub key: String,
    pub used: bool,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RemoveOffice {
    pub office: String,
}

pub fn sent_campaigns(session: &Reading, _: Nothing, language: Language) -> Outcome<Vec<SentCampaign>> {
    session.sent_campaigns(language)
}

pub fn use_campaign(backend: &mut Backend, input: UseCampaign, language: Language) -> Outcome<Vec<SentCampaign>> {
    backend.session_mut()?.use_campaign(&input.key, input.used)?;
    backend.session()?.sent_campaigns(language)
}

/// Lets go of the office above.
pub fn remove_office(backend: &mut Backend, input: RemoveOffice, _: Language) -> Outcome<Peers> {
    backend.session_mut()?.remove_upper(&input.office.parse()?)?;
    backend.session()?.peers()
}

/// Whose records can be entered here.
pub fn owners(session: &Reading, _: Nothing, _: Language) -> Outcome<Vec<OwnerOffice>> {
    session.owner_offices()
}

pub fn peers(session: &Reading, _: Nothing, _: Language) -> Outcome<Peers> {
    session.peers()
}

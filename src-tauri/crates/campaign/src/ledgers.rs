//! 台账: the lists that every campaign has, whatever its document prints. They are data of the program, not of a campaign: a
//! campaign of an older program or of another author has them too. A form of the campaign's own with the same name takes the
//! place of one.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::model::{Campaign, Form};

static FILE: &str = include_str!("../../../../assets/ledgers/ledgers.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ledgers {
    /// Forms whose ids are names, without a campaign.
    #[serde(rename = "ledger")]
    ledgers: Vec<Form>,
}

/// Those of the shipped file, by name.
///
/// # Panics
/// When the shipped file is wrong, which a test rules out.
fn shipped() -> &'static [Form] {
    static LEDGERS: OnceLock<Vec<Form>> = OnceLock::new();
    LEDGERS.get_or_init(|| {
        let read: Ledgers = toml::from_str(FILE).unwrap_or_else(|error| panic!("assets/ledgers: {error}"));
        read.ledgers
    })
}

pub(crate) fn of(campaign: &Campaign) -> Vec<Form> {
    let named = |ledger: &Form| Form { id: format!("{}/{}", campaign.id, ledger.id), ..ledger.clone() };
    let own = |ledger: &Form| campaign.forms.iter().any(|form| form.id == ledger.id);
    shipped().iter().map(named).filter(|ledger| !own(ledger)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Library, check};

    #[test]
    fn the_shipped_lists_rest_on_the_core_alone_and_fill_their_pages() {
        let library = Library::builtin();
        let mut campaign = library.campaign("weibin-2021").unwrap().clone();
        (campaign.forms, campaign.notes) = (Vec::new(), Vec::new());
        campaign.forms = of(&campaign);
        assert_eq!(campaign.forms.len(), 8);
        assert_eq!(check::campaign(library.schema(), &campaign), []);
        assert_eq!(check::warnings(library.schema(), &campaign), []);
        for form in &campaign.forms {
            for (kind, field) in library.form_reads(&campaign, form) {
                let known = library.schema().kind(&kind).and_then(|kind| kind.field(&field));
                assert!(known.is_none_or(|field| field.set.is_none()), "{} reads {kind}.{field}", form.id);
            }
            assert!(form.title != form.title_en && !form.title_en.is_empty(), "{}", form.id);
            let width = form.columns.iter().map(|column| column.width).sum::<u32>();
            assert!(width > form.page.room() * 9 / 10, "{}: {width}", form.id);
        }
    }

    #[test]
    fn a_form_of_the_campaigns_own_takes_the_place_of_one() {
        let library = Library::builtin();
        let own = library.form("ln-2020/problems").unwrap().1;
        let of =
            |id: &str| library.campaign(id).unwrap().ledgers.iter().map(|form| form.id.clone()).collect::<Vec<_>>();
        assert_eq!(of("ln-2020").len(), 7);
        assert!(!of("ln-2020").contains(&own.id));
        assert_eq!(of("weibin-2021").len(), 8);
        assert_eq!(library.form("weibin-2021/problems").unwrap().1.title, "问题清单台账");
        assert!(library.form("weibin-2021/nothing").is_none());
    }
}

//! Names that are offered for files: whatever a title, an office or a day is called, every file system takes them.

use app::names::file_name;
use proptest::prelude::*;

/// What Windows refuses, which refuses most.
const REFUSED: &str = r#"/\:*?"<>|"#;

/// Titles of the kinds that go wrong, and any other text.
fn titles() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => any::<String>(),
        2 => "[长口罩/（）：. ]{0,120}",
        1 => "(con|PRN|aux|Nul|COM[0-9¹²³]|lpt[0-9])( ?[.]?)",
        1 => "[ .\\t\u{3000}]{0,9}",
    ];
    prop::collection::vec(part, 0..4).prop_map(|parts| parts.concat())
}

fn is_device(name: &str) -> bool {
    let base = name.split('.').next().unwrap().trim_end_matches(' ').to_lowercase();
    let devices = ["con", "prn", "aux", "nul", "conin$", "conout$", "clock$"].map(str::to_owned).into_iter();
    let ports = ["com", "lpt"].into_iter().flat_map(|port| "0123456789¹²³".chars().map(move |n| format!("{port}{n}")));
    devices.chain(ports).any(|device| device == base)
}

proptest! {
    #![proptest_config(crate::config(300, "properties/regressions/names.txt"))]
    #[test]
    fn every_file_system_takes_what_is_offered(title in titles(), ending in prop_oneof![Just(".xlsx"), Just(".sweep"), Just("-12.svg")]) {
        let name = file_name(&title, ending);
        prop_assert!(name.len() <= 255 && name.ends_with(ending));
        let stem = name.strip_suffix(ending).unwrap();
        prop_assert!(!stem.is_empty() && stem.trim() == stem && !stem.starts_with('.') && !stem.ends_with('.'));
        prop_assert!(!name.chars().any(|c| c.is_control() || REFUSED.contains(c)), "{name:?}");
        prop_assert!(!is_device(&name), "{name:?}");
        prop_assert_eq!(file_name(stem, ending), name.as_str(), "what is a name stays one");
        let file = tempfile::tempdir().unwrap();
        std::fs::write(file.path().join(&name), "").unwrap();
    }
}

#[test]
fn every_form_that_is_shipped_can_be_saved_under_its_title() {
    let offered: Vec<String> = app::campaigns(&[])
        .unwrap()
        .iter()
        .flat_map(|campaign| campaign.forms.iter().map(|form| (campaign.id.clone(), form.title.clone())))
        .filter(|(campaign, _)| campaign == "nx-2021-24")
        .map(|(_, title)| file_name(&format!("{title} 2021-05-27"), ".xlsx"))
        .collect();
    assert_eq!(offered[..2], ["口罩案件查处情况统计表 2021-05-27.xlsx", "口罩专项抽查 抽检情况统计表 2021-05-27.xlsx"]);
}

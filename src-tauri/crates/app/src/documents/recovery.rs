//! 密钥恢复单 as a page. Its words are data (`assets/documents/recovery.toml`); it is never kept, and never handed to a viewer.

use std::sync::OnceLock;

use forms::Document;
use forms::document::{Pair, Part, Section, Signature};
use serde::Deserialize;

use crate::keys::Sheet;

const FILE: &str = include_str!("../../../../../assets/documents/recovery.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Layout {
    title: String,
    office: String,
    day: String,
    told: String,
    keys: String,
    fingerprint: String,
    root: String,
    public: String,
    age: String,
    offline: String,
    signatures: Vec<String>,
    signed_on: String,
    steps: String,
}

fn layout() -> &'static Layout {
    static LAYOUT: OnceLock<Layout> = OnceLock::new();
    LAYOUT.get_or_init(|| toml::from_str(FILE).expect("checked by a test"))
}

pub(crate) fn recovery(sheet: &Sheet, day: &str) -> Document {
    let layout = layout();
    let key = |label: &str, key: &str| Part::Key { label: label.to_owned(), key: key.to_owned() };
    let print = sheet.fingerprint.join("\n");
    let told = vec![
        Part::Pairs(vec![Pair { label: layout.fingerprint.clone(), value: print }]),
        Part::Words { text: layout.steps.trim().to_owned(), lines: 1 },
    ];
    let keys = vec![
        key(&layout.root, &sheet.root),
        key(&layout.public, &sheet.public),
        key(&layout.age, &sheet.age),
        key(&layout.offline, &sheet.offline),
    ];
    let signature = |label: &String| Signature { label: label.clone(), ..Signature::default() };
    Document {
        title: layout.title.clone(),
        author: sheet.office_name.clone(),
        head: vec![(
            format!("{}{} {}", layout.office, sheet.office, sheet.office_name),
            format!("{}{day}", layout.day),
        )],
        sections: vec![
            Section { heading: layout.told.clone(), parts: told },
            Section { heading: layout.keys.clone(), parts: keys },
        ],
        signatures: layout.signatures.iter().map(signature).collect(),
        day: layout.signed_on.clone(),
        ..Document::default()
    }
}

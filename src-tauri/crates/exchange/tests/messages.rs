//! Every refusal has words in both languages, and FORMAT.md lists its code.

use std::collections::BTreeSet;

const SOURCE: &str = include_str!("../src/refusal.rs");

fn codes() -> BTreeSet<String> {
    let arms = SOURCE.lines().skip_while(|line| !line.contains("pub fn code(")).take_while(|line| *line != "    }");
    arms.filter_map(|line| line.split("=> \"").nth(1)?.strip_suffix("\",")).map(str::to_owned).collect()
}

fn placeholders(text: &str) -> BTreeSet<String> {
    text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).map(str::to_owned).collect()
}

#[test]
fn every_code_has_words_in_both_languages() {
    let read = |language: &str| -> toml::Table {
        let path = format!("{}/../../../assets/messages/{language}/exchange.toml", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).unwrap().parse().unwrap()
    };
    let (chinese, english) = (read("zh"), read("en"));
    let codes = codes();
    assert!(codes.len() > 40, "{codes:?}");
    for table in [&chinese, &english] {
        assert_eq!(table.keys().cloned().collect::<BTreeSet<_>>(), codes);
    }
    for code in &codes {
        for part in ["message", "remedy"] {
            let text = |table: &toml::Table| table[code.as_str()][part].as_str().unwrap().to_owned();
            assert!(!text(&chinese).is_empty() && !text(&english).is_empty());
            assert_eq!(placeholders(&text(&chinese)), placeholders(&text(&english)), "{code}");
            for name in placeholders(&text(&english)) {
                assert!(SOURCE.contains(&format!(".with(\"{name}\"")), "{code}: nothing gives {{{name}}}");
            }
        }
    }
}

#[test]
fn the_format_document_lists_every_code() {
    let path = format!("{}/../../docs/FORMAT.md", env!("CARGO_MANIFEST_DIR"));
    let document = std::fs::read_to_string(path).unwrap();
    let missing: Vec<String> = codes().into_iter().filter(|code| !document.contains(&format!("`{code}`"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

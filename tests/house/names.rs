//! A new campaign needs no code: the ids that data files bring (campaigns, forms, categories, lines) stand in no Rust, SQL,
//! TypeScript or Vue, outside tests. Comments may name a document as the source of a rule.

use std::collections::BTreeSet;

use crate::source::{Kind, product, reads, rust, without_comments};
use crate::{none, tree};

/// Ids as the data files have them.
fn ids() -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for file in tree::files().iter().filter(|file| file.starts_with("assets/") && file.ends_with(".toml")) {
        let text = tree::read(file).expect("text");
        let parse = || text.parse::<toml::Table>().unwrap_or_else(|error| panic!("{file}: {error}"));
        if let Some(rest) = file.strip_prefix("assets/campaigns/") {
            let data = parse();
            ids.insert(rest.split(['/', '.']).next().expect("a name").to_owned());
            ids.extend(data.get("id").and_then(toml::Value::as_str).map(str::to_owned));
            ids.extend(tables(&data, "form").filter_map(|form| Some(form.get("id")?.as_str()?.to_owned())));
            tables(&data, "vocabulary").for_each(|vocabulary| ids.extend(codes(vocabulary)));
        } else if file.starts_with("assets/vocabulary/") {
            ids.extend(codes(&parse()));
        }
    }
    ids
}

fn tables<'a>(data: &'a toml::Table, name: &str) -> impl Iterator<Item = &'a toml::Table> {
    data.get(name).and_then(toml::Value::as_array).into_iter().flatten().filter_map(toml::Value::as_table)
}

/// The codes of a vocabulary of categories or lines; none of another.
fn codes(vocabulary: &toml::Table) -> Vec<String> {
    match vocabulary.get("id").and_then(toml::Value::as_str) {
        Some("category" | "line") => {
            tables(vocabulary, "entries").filter_map(|entry| Some(entry.get("code")?.as_str()?.to_owned())).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether an id is no ordinary word, so that it is meant wherever it stands.
fn distinctive(id: &str) -> bool {
    id.contains(|c: char| !c.is_ascii_lowercase())
}

/// `public_security` as a type or variant would be named: `PublicSecurity`.
fn camel(id: &str) -> String {
    id.split(['_', '-', '/'])
        .map(|part| part.chars().take(1).flat_map(char::to_uppercase).chain(part.chars().skip(1)).collect::<String>())
        .collect()
}

fn quoted(text: &str, id: &str) -> bool {
    [('\'', '\''), ('"', '"'), ('`', '`'), ('|', '|')]
        .iter()
        .any(|(open, close)| text.contains(&format!("{open}{id}{close}")))
}

fn stands_alone(text: &str, id: &str) -> bool {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    text.match_indices(id)
        .any(|(at, _)| !text[..at].ends_with(part_of_word) && !text[at + id.len()..].starts_with(part_of_word))
}

fn named_in<'a>(text: &str, whole_literal: bool, ids: &'a BTreeSet<String>) -> Option<&'a str> {
    ids.iter()
        .map(String::as_str)
        .find(|id| (whole_literal && text == *id) || quoted(text, id) || (distinctive(id) && stands_alone(text, id)))
}

fn in_rust(source: &str, ids: &BTreeSet<String>) -> Vec<(usize, String)> {
    let (tokens, _) = product(rust(source));
    let named = tokens.iter().enumerate().filter_map(|(index, token)| {
        let id = match token.kind {
            // `.with("other", …)` and `.arg("other")` name an argument of a message.
            Kind::Text
                if index >= 3 && ["with", "arg"].iter().any(|call| reads(&tokens, index - 3, &[".", call, "("])) =>
            {
                None
            }
            Kind::Text => named_in(&token.text, true, ids),
            Kind::Word => ids
                .iter()
                .map(String::as_str)
                .find(|id| distinctive(id) && (token.text == *id || token.text == camel(id))),
            Kind::Mark => None,
        };
        id.map(|id| (token.line, id.to_owned()))
    });
    named.collect()
}

fn in_page(source: &str, ids: &BTreeSet<String>) -> Vec<(usize, String)> {
    let lines = without_comments(source);
    let named = lines.lines().enumerate().filter_map(|(n, line)| Some((n + 1, named_in(line, false, ids)?.to_owned())));
    named.collect()
}

#[test]
fn no_program_text_names_a_campaign_a_form_a_category_or_a_line() {
    let ids = ids();
    for known in ["quality", "protective_suit"] {
        assert!(ids.contains(known), "the vocabularies were read");
    }
    for known in ["nx-2021-24", "nx-2021-24/1", "ln-2020"] {
        assert!(ids.contains(known), "the campaigns were read: {known} is missing");
    }
    let mut breaches = Vec::new();
    for file in tree::files() {
        let named = if tree::is_product_rust(file) {
            in_rust(&tree::read(file).expect("text"), &ids)
        } else if tree::is_product_page(file)
            || (file.starts_with("src-tauri/") && file.ends_with(".sql") && !file.contains("/tests/"))
        {
            in_page(&tree::read(file).expect("text"), &ids)
        } else {
            continue;
        };
        breaches.extend(named.into_iter().map(|(line, id)| format!("{file}:{line} names {id}")));
    }
    none("what a data file brings is named in the program", &breaches);
}

#[test]
fn a_named_id_is_seen() {
    let ids: BTreeSet<String> = ["quality", "public_security", "nx-2021-24", "nx-2021-24/1"].map(str::to_owned).into();
    for (source, line) in [
        ("// quality\nlet a = \"quality\";", 2),
        ("f(r#\"{\"line\":\"quality\"}\"#)", 1),
        ("f(\"where line = 'quality'\")", 1),
        ("f(\"|quality|\")", 1),
        ("f(\"see nx-2021-24/1.\")", 1),
        ("match x {\n Line::PublicSecurity => 1 }", 2),
    ] {
        assert_eq!(in_rust(source, &ids).first().map(|(line, _)| *line), Some(line), "{source}");
    }
    for source in [
        "// \"quality\" of nx-2021-24\nfn quality() {}",
        "f(\"the quality of it\")",
        "f(\"my-nx-2021-245\")",
        "notice.with(\"quality\", 1)",
        "#[cfg(test)]\nmod tests { const A: &str = \"quality\"; }",
    ] {
        assert_eq!(in_rust(source, &ids), [], "{source}");
    }
    assert_eq!(in_page("<p v-if=\"line === 'quality'\">quality</p>\n// 'quality'", &ids), [(1, "quality".to_owned())]);
    assert_eq!(in_page("const quality = t('quality.high')", &ids), []);
}

//! Who may import whom. The arrows are those of the README's map; what is not drawn here is not allowed.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

use crate::source::{Kind, product, rust};
use crate::{none, tree};

/// Room → the rooms it may import. The shell is `sweepbook`; the others are `sweepbook-` and their name.
const ARROWS: &[(&str, &[&str])] = &[
    ("shell", &["api", "app"]),
    ("cli", &["app"]),
    ("api", &["app", "disk", "domain"]),
    ("app", &["disk", "domain", "campaign", "store", "exchange", "forms"]),
    ("store", &["disk", "domain", "campaign"]),
    ("exchange", &["disk", "domain"]),
    ("forms", &["domain", "campaign"]),
    ("campaign", &["domain"]),
    ("domain", &[]),
    ("disk", &[]),
    ("testkit", &["domain", "campaign", "store", "exchange", "forms", "api", "app"]),
    ("tests", &["domain", "campaign", "store", "exchange", "forms", "api", "app", "cli", "testkit"]),
    ("bench", &["domain", "campaign", "store", "exchange", "forms", "api", "app", "cli", "testkit"]),
];

fn room(package: &str) -> Option<&str> {
    match package {
        "sweepbook" => Some("shell"),
        _ => package.strip_prefix("sweepbook-"),
    }
}

fn metadata() -> Value {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(tree::root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo's metadata")
}

/// (room, imported, the name it goes by there, whether for tests only)
fn imports(metadata: &Value) -> Vec<(String, String, String, bool)> {
    let mut imports = Vec::new();
    for package in metadata["packages"].as_array().expect("packages") {
        let name = package["name"].as_str().expect("a name");
        let from = room(name).unwrap_or_else(|| panic!("{name} is named like no room"));
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let Some(to) = dependency["name"].as_str().and_then(room) else {
                continue;
            };
            let alias =
                dependency["rename"].as_str().or(dependency["name"].as_str()).expect("a name").replace('-', "_");
            imports.push((from.to_owned(), to.to_owned(), alias, dependency["kind"] == "dev"));
        }
    }
    imports
}

#[test]
fn every_import_follows_an_arrow() {
    let arrows: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    let imports = imports(&metadata());
    assert!(imports.len() > 10, "the workspace was read");
    let mut breaches = Vec::new();
    for (from, to, _, for_tests) in &imports {
        let Some(allowed) = arrows.get(from.as_str()) else {
            breaches.push(format!("{from} is a room without arrows"));
            continue;
        };
        let test_help = *for_tests && to == "testkit";
        if !allowed.contains(&to.as_str()) && !test_help {
            breaches.push(format!("{from} imports {to}"));
        }
        if to == "testkit" && !for_tests && !matches!(from.as_str(), "bench" | "tests") {
            breaches.push(format!("{from} ships {to}"));
        }
    }
    none("not an arrow of the map", &breaches);
}

#[test]
fn an_arrow_nobody_uses_is_taken_off() {
    let metadata = metadata();
    let mut breaches = Vec::new();
    for package in metadata["packages"].as_array().expect("packages") {
        let name = package["name"].as_str().expect("a name");
        let manifest = package["manifest_path"].as_str().expect("a path").replace('\\', "/");
        let root = tree::root().to_string_lossy().replace('\\', "/");
        let manifest = manifest.strip_prefix(&root).map_or(manifest.as_str(), |file| file.trim_start_matches('/'));
        let folder = manifest.strip_suffix("Cargo.toml").expect("a manifest");
        let nested = format!("{folder}crates/");
        let words: std::collections::BTreeSet<String> = tree::files()
            .iter()
            .filter(|file| file.starts_with(folder) && file.ends_with(".rs") && !file.starts_with(&nested))
            .filter_map(|file| tree::read(file))
            .flat_map(|text| rust(&text))
            .filter(|token| token.kind == Kind::Word)
            .map(|token| token.text)
            .collect();
        for (from, to, alias, for_tests) in imports(&metadata) {
            if room(name) == Some(from.as_str()) && !for_tests && !words.contains(&alias) {
                breaches.push(format!("{manifest}: {to} is listed and never named"));
            }
        }
    }
    none("imports nobody uses", &breaches);
}

#[test]
fn only_the_store_speaks_sqlite() {
    let mut breaches = Vec::new();
    let mut found = false;
    for file in tree::files().iter().filter(|file| tree::is_product_rust(file)) {
        let (tokens, _) = product(rust(&tree::read(file).unwrap_or_default()));
        for token in tokens.iter().filter(|token| token.is("rusqlite")) {
            found = true;
            if !file.starts_with("src-tauri/crates/store/") {
                breaches.push(format!("{file}:{}", token.line));
            }
        }
    }
    assert!(found, "the store was read");
    none("rusqlite outside the store", &breaches);
}

#[test]
fn only_the_bridge_imports_the_shell() {
    let mut breaches = Vec::new();
    let mut found = false;
    for file in tree::files().iter().filter(|file| tree::is_product_page(file)) {
        for (number, line) in tree::read(file).unwrap_or_default().lines().enumerate() {
            if line.contains("@tauri-apps") || line.contains("__TAURI") {
                found = true;
                if !file.starts_with("ui/src/bridge/") {
                    breaches.push(format!("{file}:{}", number + 1));
                }
            }
        }
    }
    assert!(found, "the bridge was read");
    none("the shell's library outside ui/src/bridge", &breaches);
}

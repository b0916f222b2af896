//! What the README promises to a reader is there.

use crate::{none, tree};

const DOCS: [&str; 6] = [
    "README.md",
    "LICENSE",
    "src-tauri/docs/FORMAT.md",
    "src-tauri/docs/CAMPAIGNS.md",
    "src-tauri/docs/CAMPAIGNS.zh.md",
    "src-tauri/docs/CHANGELOG.md",
];

#[test]
fn every_document_is_written() {
    let written = |file: &&&str| {
        tree::files().iter().any(|have| have == **file) && tree::read(file).is_some_and(|text| text.len() > 400)
    };
    let missing: Vec<String> = DOCS.iter().filter(|file| !written(file)).map(|file| (*file).to_owned()).collect();
    none("documents missing or empty", &missing);
}

#[test]
fn decisions_are_numbered_and_say_what_was_given_up() {
    let folder = "src-tauri/docs/decisions/";
    let pages: Vec<&String> = tree::files().iter().filter(|file| file.starts_with(folder)).collect();
    assert!(!pages.is_empty(), "there are decisions");
    let mut breaches = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        if !page[folder.len()..].starts_with(&format!("{:04}-", index + 1)) {
            breaches.push(format!("{page} is not number {}", index + 1));
        }
        let text = tree::read(page).expect("text");
        for heading in ["## Problem", "## Decision", "## Why", "## What we gave up"] {
            if !text.lines().any(|line| line == heading) {
                breaches.push(format!("{page} has no {heading:?}"));
            }
        }
    }
    none("decisions", &breaches);
}

#[test]
fn every_link_leads_somewhere() {
    let mut breaches = Vec::new();
    let mut links = 0;
    for file in tree::files().iter().filter(|file| file.ends_with(".md")) {
        let folder = file.rfind('/').map_or("", |at| &file[..=at]);
        for (number, line) in tree::read(file).expect("text").lines().enumerate() {
            for target in line.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target) {
                let path = target.split('#').next().unwrap_or_default();
                if path.is_empty() || path.contains("://") || path.starts_with("mailto:") {
                    continue;
                }
                links += 1;
                if !tree::root().join(folder).join(path).exists() {
                    breaches.push(format!("{file}:{} {target}", number + 1));
                }
            }
        }
    }
    assert!(links > 0, "the README has links");
    none("links to nothing", &breaches);
}

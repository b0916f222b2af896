//! Books, packages and an invitation that earlier programs left (`tests/upgrades/`) are opened, migrated, counted and taken by
//! this one, and say what they said.

mod common;

use std::path::{Path, PathBuf};

use common::Folder;
use serde_json::Value;

fn of(version: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/upgrades").join(version)
}

/// A folder with the files of that version, its books unpacked.
fn unpacked(version: &str) -> Folder {
    let folder = Folder::new();
    for entry in std::fs::read_dir(of(version)).expect("the version's folder") {
        let file = entry.expect("an entry").path();
        let name = file.file_name().expect("a name").to_str().expect("a plain name");
        let bytes = std::fs::read(&file).expect("read");
        match name.strip_suffix(".zst") {
            Some(book) => folder.write(book, zstd::decode_all(&bytes[..]).expect("unpacked")),
            None => folder.write(name, bytes),
        }
    }
    folder
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// What must not change with the program: records, conflicts, what is set aside, whom it belongs to.
fn lasting(status: &Value) -> Value {
    let mut lasting = status.clone();
    // Kinds that came later hold nothing here.
    let held = |kind: &Value| kind["live"] != 0 || kind["voided"] != 0;
    lasting["records"] =
        status["records"].as_array().expect("kinds").iter().filter(|kind| held(kind)).cloned().collect();
    let members = ["office", "office_name", "inspector", "records", "conflicts", "set_aside", "upper_office"];
    lasting.as_object_mut().expect("an object").retain(|member, _| members.contains(&member.as_str()));
    lasting
}

#[test]
fn a_book_of_00762ba_holds_and_prints_what_it_did() {
    let folder = unpacked("00762ba");
    for book in ["ningxia", "lingwu"] {
        let file = format!("{book}.book");
        let status = folder.run(&["status", &file, "--json"]).done().json();
        assert_eq!(lasting(&status), lasting(&parsed(&folder.read(&format!("{book}.status.json")))), "{book}");
        folder.run(&["check", &file]).done();
    }
    for form in ["nx-2021-24/1", "nx-2021-24/2", "samr-2020-51/1"] {
        let mut expected = parsed(&folder.read(&format!("{}.json", form.replace('/', "-"))));
        if form == "nx-2021-24/1" {
            // That program counted an inspector twice who is named twice; each person of an inspection counts once (decision 16).
            for (row, then, now) in [(1, "133", "132"), (7, "269", "268")] {
                let cell = &mut expected["rows"][row][1];
                assert_eq!(*cell, then);
                *cell = now.into();
            }
        }
        folder.run(&["fill", "ningxia.book", form, "--as-of", "2021-05-27", "--out", "now.json"]).done();
        assert_eq!(parsed(&folder.read("now.json")), expected, "{form}");
    }
    let conflicts = folder.run(&["conflicts", "ningxia.book", "--json"]).done().lines();
    assert_eq!(conflicts.len(), 1);
    assert_eq!((&conflicts[0]["kind"], &conflicts[0]["field"]), (&Value::from("case"), &Value::from("penalty_fen")));
}

#[test]
fn packages_of_00762ba_are_taken_up_down_and_again() {
    let folder = unpacked("00762ba");
    let clues = |book: &str| folder.run(&["show", book, "clue", "--json"]).done().lines().len();
    let before = clues("ningxia.book");
    let up = folder.run(&["import", "ningxia.book", "lingwu-waiting.sweep", "--json"]).done().json();
    assert_eq!((&up["outcome"], &up["counts"]["new_records"]), (&Value::from("applied"), &Value::from(1)));
    let again = folder.run(&["import", "ningxia.book", "pingluo-2.sweep", "--include-undone", "--json"]).done().json();
    assert_eq!((&again["outcome"], &again["counts"]["new_records"]), (&Value::from("applied"), &Value::from(1)));
    assert_eq!(clues("ningxia.book"), before + 2);
    let down = folder.run(&["import", "lingwu.book", "lingwu-down-waiting.sweep", "--json"]).done().json();
    assert_eq!(down["outcome"], "applied");
    for book in ["ningxia.book", "lingwu.book"] {
        folder.run(&["check", book]).done();
    }
}

#[test]
fn an_office_joins_by_an_invitation_of_00762ba() {
    let folder = unpacked("00762ba");
    let shown = folder.run(&["join", "helan.book", "helan.invitation", "--json"]).done().json();
    let words = shown["fingerprint"]["zh"].as_str().expect("the words to compare");
    let joined =
        folder.run(&["join", "helan.book", "helan.invitation", "--fingerprint", words, "--json"]).done().json();
    assert_eq!(joined["inviter"], "640000");
    assert_eq!(folder.run(&["status", "helan.book", "--json"]).done().json()["office"], "640122");
    // A later program's package for a book that was made by the earlier one.
    folder.run(&["export", "helan.book", "--out", "helan.sweep"]).done();
    folder.run(&["import", "ningxia.book", "helan.sweep", "--without-comparing"]).done();
}

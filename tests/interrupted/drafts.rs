//! What is typed survives kill −9.

use std::path::Path;

use api::Backend;
use serde_json::{Value, json};
use testkit::faults::{Dice, Helper, tell};

use crate::support::{ask, desk, new_book};

fn get(desk: &mut Backend) -> Value {
    ask(desk, json!({"do": "draft_get", "id": null, "kind": "inspection", "record": null}))
}

/// Another process: types until it is killed.
pub fn types(book: &Path) {
    let mut desk = desk(book);
    ask(&mut desk, json!({"do": "status"}));
    let mut draft = Value::Null;
    for at in 0..100_000 {
        let findings = format!("第{at}次输入，").repeat(20);
        let form = json!({"fields": {"findings": findings}, "campaigns": ["nx-2021-24"], "overrides": {},
            "typed": {"date": format!("2021023{at}")}});
        let kept = ask(
            &mut desk,
            json!({"do": "draft_keep", "id": draft, "kind": "inspection", "record": null, "form": form}),
        );
        draft = kept["id"].clone();
        tell(&at.to_string());
    }
}

pub fn a_program_killed_while_typing_finds_what_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("永宁县.book");
    drop(new_book(folder.path()));
    let mut dice = Dice::new(20_210_527);
    for _ in 0..5 {
        let mut child = Helper::start(&format!("type|{}", path.display()));
        let mut last: u64 = child.hear().expect("it types").parse().unwrap();
        for _ in 0..dice.below(30) {
            last = child.hear().expect("it types").parse().unwrap();
        }
        if let Some(later) = child.kill().last() {
            last = later.parse().unwrap();
        }
        let mut desk = desk(&path);
        ask(&mut desk, json!({"do": "status"}));
        let found = get(&mut desk);
        let findings = found["form"]["fields"]["findings"].as_str().expect("what was typed").to_owned();
        let typed = found["form"]["typed"]["date"].as_str().unwrap().to_owned();
        // What was acknowledged, or what was being kept when the end came: whole in either case.
        let whole = [last, last + 1].map(|at| (format!("第{at}次输入，").repeat(20), format!("2021023{at}")));
        assert!(whole.contains(&(findings, typed)), "acknowledged {last}, found {found}");
        assert_eq!(found["at"], "2021-05-27 08:01");
        assert_eq!(ask(&mut desk, json!({"do": "drafts", "kind": "inspection"})).as_array().unwrap().len(), 1);
        ask(&mut desk, json!({"do": "draft_drop", "id": found["id"]}));
        assert_eq!(get(&mut desk), Value::Null);
    }
}

//! Files of lines loaded into a book: the last word about a record holds, and a file said again says nothing new.

use std::collections::BTreeMap;
use std::path::Path;

use app::{Clock, NewBook, Reading, RecordView, Writing};
use proptest::prelude::*;
use serde_json::{Value, json};
use testkit::clock::NOW;

const STATUSES: [&str; 3] = ["producing", "suspended", "closed"];

/// What one line says of an enterprise: a status, void or not; nothing of the other.
#[derive(Debug, Clone, Copy)]
enum Said {
    Status(usize),
    Void(bool),
}

fn said() -> impl Strategy<Value = Said> {
    prop_oneof![3 => (0..STATUSES.len()).prop_map(Said::Status), 2 => any::<bool>().prop_map(Said::Void)]
}

fn id(enterprise: usize) -> String {
    format!("00000000-0000-4000-8000-00000000000{enterprise}")
}

fn line(enterprise: usize, said: Said) -> Value {
    let mut line =
        json!({"kind": "enterprise", "id": id(enterprise), "fields": {"name": "甲厂", "roles": ["producer"]}});
    match said {
        Said::Status(status) => line["fields"]["status"] = json!(STATUSES[status]),
        Said::Void(true) => line["void"] = json!("重复录入"),
        Said::Void(false) => line["void"] = Value::Null,
    }
    line
}

fn book(folder: &Path) -> Writing {
    app::keep_markers_in(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("loading"));
    let new = NewBook {
        path: folder.join("a.book"),
        office: "640121".parse().unwrap(),
        name: "永宁县局".into(),
        inspector: None,
    };
    Writing::create(&new, &[], Clock::Fixed(NOW)).expect("a new book")
}

fn load(session: &mut Writing, lines: &[Value]) -> app::LoadReport {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    session.load(&mut text.as_bytes(), false, &mut |_| {}).expect("loaded")
}

fn revisions(session: &Reading) -> u64 {
    session.check(&mut |_, _| {}).expect("checked").revisions
}

proptest! {
    #![proptest_config(crate::config(48, "properties/regressions/loading.txt"))]

    #[test]
    fn the_last_line_holds_and_a_repeated_file_changes_nothing(
        files in prop::collection::vec(prop::collection::vec((0..3usize, said()), 1..8), 1..5),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut session = book(folder.path());
        let mut expected: BTreeMap<usize, (Option<&str>, bool)> = BTreeMap::new();
        for file in &files {
            let lines: Vec<Value> = file.iter().map(|(enterprise, said)| line(*enterprise, *said)).collect();
            for (enterprise, said) in file {
                let (status, void) = expected.entry(*enterprise).or_default();
                match said {
                    Said::Status(said) => *status = Some(STATUSES[*said]),
                    Said::Void(said) => *void = *said,
                }
            }
            load(&mut session, &lines);
            for (enterprise, (status, void)) in &expected {
                let record = RecordView::from(session.record(id(*enterprise).parse().unwrap()).unwrap());
                let shown = record.fields.get("status").and_then(|value| value.as_str());
                prop_assert_eq!((shown, record.void.is_some()), (*status, *void));
            }
            let written = revisions(&session);
            let again = load(&mut session, &lines);
            prop_assert_eq!((again.created, again.changed, again.skipped), (0, 0, again.lines));
            prop_assert_eq!(revisions(&session), written);
        }
    }
}

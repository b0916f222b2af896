//! Projections: one column for every field of the core, and what a pass over a kind reads there.

use std::collections::BTreeSet;
use std::path::Path;

use domain::schema::{FieldType, Schema};
use domain::{Fields, RecordId, Value};
use rusqlite::Connection;
use rusqlite::types::Value as Sql;
use store::StoreError;
use sweepbook_store as store;
use testkit::edits::AUTHOR;
use testkit::offices::{COUNTIES, office};
use testkit::{Desk, edit, record, slots};

/// Looks into a book past the store: only a test may.
#[allow(clippy::disallowed_methods)]
fn beside(path: &Path) -> Connection {
    Connection::open(path).unwrap()
}

fn columns(conn: &Connection, kind: &str) -> Vec<(String, String)> {
    let mut statement = conn.prepare(&format!("PRAGMA table_info(\"p_{kind}\")")).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get("name")?, row.get("type")?))).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

/// The words of the projection's own header: dates and codes are text, sets bars, lists JSON, references 16 bytes.
fn column_type(ty: &FieldType) -> &'static str {
    match ty {
        FieldType::Integer | FieldType::Quantity | FieldType::Money | FieldType::Bool => "INTEGER",
        FieldType::Ref { .. } => "BLOB",
        _ => "TEXT",
    }
}

/// A slot, its value and what its column should hold.
fn example(name: &str, ty: &FieldType) -> (String, Value, Sql) {
    let text = |text: &str| (name.to_owned(), Value::text(text), Sql::Text(text.to_owned()));
    let number = |number: i64| (name.to_owned(), Value::Int(number), Sql::Integer(number));
    let json = |value: Value, text: &str| (name.to_owned(), value, Sql::Text(text.to_owned()));
    match ty {
        FieldType::Text => text("𬭩㐂 '\";--"),
        FieldType::LongText => text("一\n二"),
        FieldType::Integer => number(-1),
        FieldType::Quantity => number(i64::MAX),
        FieldType::Money => number(12_345_678_901),
        FieldType::Bool => (name.to_owned(), true.into(), Sql::Integer(1)),
        FieldType::Date => text("2021-03-01"),
        FieldType::Time => text("09:30"),
        FieldType::Code { .. } => text("code"),
        FieldType::Set { .. } => (format!("{name}/b"), true.into(), Sql::Text("|b|".into())),
        FieldType::Texts => json(Value::List(vec!["乙".into(), "甲".into()]), r#"["乙","甲"]"#),
        FieldType::Ref { .. } => {
            let id = record(7);
            (name.to_owned(), Value::text(id.to_string()), Sql::Blob(id.as_bytes().to_vec()))
        }
        FieldType::Refs { .. } => {
            let id = record(7).to_string();
            json(Value::List(vec![Value::text(&id)]), &format!(r#"["{id}"]"#))
        }
        FieldType::Division => text("640121"),
        FieldType::Uscc => text("91640100MA0000000X"),
        FieldType::Sha256 => text(&"0a".repeat(32)),
        FieldType::Checklist => {
            let answer = Value::Map(slots([("result", "pass".into())]));
            (format!("{name}/c1"), answer, Sql::Text(r#"{"c1":{"result":"pass"}}"#.into()))
        }
        FieldType::KeyedTexts => (format!("{name}/k1"), "甲".into(), Sql::Text(r#"{"k1":"甲"}"#.into())),
        FieldType::Objects { .. } => json(Value::List(vec![Value::Map(Fields::new())]), "[{}]"),
    }
}

#[test]
fn every_core_field_has_its_column_and_lands_in_it() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    let look = beside(&desk.path());
    let mut seen = BTreeSet::new();
    for kind in Schema::core().kinds {
        let mut expected: Vec<(String, String)> = [
            ("n", "INTEGER"),
            ("id", "BLOB"),
            ("office", "TEXT"),
            ("campaigns", "TEXT"),
            ("void", "INTEGER"),
            ("extra", "TEXT"),
        ]
        .map(|(name, ty)| (name.to_owned(), ty.to_owned()))
        .to_vec();
        expected.extend(kind.fields.iter().map(|field| (field.name.clone(), column_type(&field.ty).to_owned())));
        assert_eq!(columns(&look, &kind.id), expected, "{}", kind.id);

        let mut full = edit(
            &kind.id,
            COUNTIES[0],
            [
                ("campaigns/b", true.into()),
                ("campaigns/a", true.into()),
                ("campaigns/c", false.into()),
                ("字段", 1.into()),
            ],
        );
        let examples: Vec<(String, Value, Sql)> =
            kind.fields.iter().map(|field| example(&field.name, &field.ty)).collect();
        full.slots.extend(examples.iter().map(|(slot, value, _)| (slot.clone(), value.clone())));
        desk.write(full.clone()).unwrap();
        let read = |sql: &str| -> Sql {
            look.query_row(sql, [full.record.as_bytes()], |row| row.get(0))
                .unwrap_or_else(|error| panic!("{sql}: {error}"))
        };
        for (field, (_, _, expected)) in kind.fields.iter().zip(&examples) {
            let held = read(&format!("SELECT \"{}\" FROM \"p_{}\" WHERE id = ?", field.name, kind.id));
            assert_eq!(held, *expected, "{}.{}", kind.id, field.name);
            seen.insert(serde_json::to_value(&field.ty).unwrap()["type"].to_string());
        }
        assert_eq!(read(&format!("SELECT campaigns FROM \"p_{}\" WHERE id = ?", kind.id)), Sql::Text("|a|b|".into()));
        assert_eq!(
            read(&format!("SELECT extra FROM \"p_{}\" WHERE id = ?", kind.id)),
            Sql::Text(r#"{"字段":1}"#.into())
        );

        // Cleared, the columns are null again and the record is voided.
        full.slots = full.slots.into_keys().map(|slot| (slot, Value::Null)).collect();
        full.slots.insert("void".into(), "录错".into());
        desk.write(full.clone()).unwrap();
        for field in &kind.fields {
            let held = read(&format!("SELECT \"{}\" FROM \"p_{}\" WHERE id = ?", field.name, kind.id));
            assert_eq!(held, Sql::Null, "{}.{}", kind.id, field.name);
        }
        assert_eq!(read(&format!("SELECT void FROM \"p_{}\" WHERE id = ?", kind.id)), Sql::Integer(1));
    }
    assert_eq!(seen.len(), 19, "every type of field is used somewhere in the core: {seen:?}");
}

#[test]
fn the_index_that_figures_count_by_holds_all_but_texts_and_objects() {
    let desk = Desk::new(1, COUNTIES[0]);
    let look = beside(&desk.path());
    for kind in Schema::core().kinds {
        let mut statement = look.prepare(&format!("PRAGMA index_info(\"p_{}_count\")", kind.id)).unwrap();
        let held = statement.query_map([], |row| row.get::<_, String>("name")).unwrap();
        let held: Vec<String> = held.collect::<Result<_, _>>().unwrap();
        let counted = kind.fields.iter().filter(|field| match &field.ty {
            FieldType::Text | FieldType::LongText | FieldType::Time | FieldType::Uscc | FieldType::Sha256 => false,
            FieldType::Checklist | FieldType::KeyedTexts | FieldType::Objects { .. } => false,
            FieldType::Integer | FieldType::Quantity | FieldType::Money | FieldType::Bool | FieldType::Date => true,
            FieldType::Code { .. } | FieldType::Set { .. } | FieldType::Division | FieldType::Texts => true,
            FieldType::Ref { .. } | FieldType::Refs { .. } => true,
        });
        let names = ["n", "id", "office", "campaigns", "void"].into_iter();
        let expected: Vec<&str> = names.chain(counted.map(|field| field.name.as_str())).chain(["extra"]).collect();
        assert_eq!(held, expected, "{}", kind.id);
    }
}

#[test]
fn a_kind_of_a_newer_program_is_kept_though_it_has_no_table() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    let strange = edit("未来", COUNTIES[0], [("a", 1.into())]);
    desk.write(strange.clone()).unwrap();
    assert!(desk.book.check(&mut |_, _| ()).unwrap().findings.is_empty());
    let kept = desk.book.read::<_, StoreError>(|reader| reader.record(strange.record)).unwrap().unwrap();
    assert_eq!((kept.kind.as_str(), kept.int("a")), ("未来", Some(1)));
    assert_eq!(desk.parcel("p").unwrap().lines.len(), 1, "and sent on");
}

fn set(desk: &mut Desk, record: RecordId, slot: &str, value: Value) {
    let entry = store::Edit {
        record,
        kind: "enterprise".into(),
        office: office(COUNTIES[0]),
        author: AUTHOR.into(),
        slots: slots([(slot, value)]),
    };
    desk.write(entry).unwrap();
}

#[test]
fn a_pass_over_a_kind_says_what_its_fields_hold() {
    let mut desk = Desk::new(1, COUNTIES[0]);
    for n in [1, 2, 3] {
        set(&mut desk, record(n), "name", Value::text(format!("{n}厂")));
    }
    set(&mut desk, record(2), "same_as", Value::text(record(1).to_string()));
    set(&mut desk, record(3), "void", "重复".into());
    let mut seen = Vec::new();
    desk.book
        .read::<_, StoreError>(|reader| {
            reader.pass_over::<StoreError>(
                "enterprise",
                &["name", "same_as", "roles", "nowhere"],
                |id, office, said| {
                    seen.push((id, office.to_string(), said.to_vec()));
                    Ok(())
                },
            )
        })
        .unwrap();
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        seen,
        [
            (record(1), COUNTIES[0].to_string(), vec![text("1厂"), None, None, None]),
            (record(2), COUNTIES[0].to_string(), vec![text("2厂"), text(&record(1).to_string()), None, None]),
        ]
    );
}

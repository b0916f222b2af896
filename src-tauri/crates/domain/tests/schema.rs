//! The core schema as it ships, and how files may extend it.

extern crate sweepbook_domain as domain;

mod common;

use std::collections::BTreeSet;
use std::path::Path;

use domain::Schema;
use domain::schema::{Field, FieldSet, FieldType, Vocabulary};

const KINDS: [&str; 13] = [
    "enterprise",
    "product",
    "inspection",
    "problem",
    "sample",
    "disposal",
    "case",
    "clue",
    "recall",
    "assistance",
    "declared",
    "attachment",
    "review",
];

fn files(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets").join(folder);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    assert!(!paths.is_empty(), "{}", folder.display());
    paths.into_iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

fn shipped() -> Schema {
    let mut schema = Schema::core();
    for text in files("vocabulary") {
        schema.add_vocabulary(&toml::from_str::<Vocabulary>(&text).unwrap()).unwrap();
    }
    schema
}

#[test]
fn all_kinds_are_there() {
    let schema = Schema::core();
    let usable: Vec<&str> = schema.kinds.iter().filter(|kind| !kind.reserved).map(|kind| kind.id.as_str()).collect();
    assert_eq!(usable, KINDS);
    assert!(schema.kind("submission").unwrap().reserved);
}

#[test]
fn everything_it_names_exists_once_vocabularies_and_field_sets_are_added() {
    let mut schema = shipped();
    assert_eq!(schema.check(), Ok(()));
    for text in files("fields") {
        schema.add_field_set(&toml::from_str::<FieldSet>(&text).unwrap()).unwrap();
    }
    assert_eq!(schema.check(), Ok(()));
    let dangling = Schema::core().check().unwrap_err();
    assert_eq!(dangling.code, "schema-dangling", "the core alone lacks its open vocabularies");
}

#[test]
fn open_vocabularies_are_data_but_for_three_and_closed_ones_are_core() {
    let schema = shipped();
    for open in ["line", "department", "role", "area", "category"] {
        assert!(Schema::core().vocabulary(open).is_none());
        assert!(schema.vocabulary(open).unwrap().open, "{open}");
    }
    let core = Schema::core();
    let open: Vec<&str> = core.vocabularies.iter().filter(|known| known.open).map(|known| known.id.as_str()).collect();
    assert_eq!(open, ["mode", "penalty_kind", "assistance_mode"]);
}

fn every_field<'a>(fields: &'a [Field], all: &mut Vec<&'a Field>) {
    for field in fields {
        all.push(field);
        if let FieldType::Objects { members } = &field.ty {
            every_field(members, all);
        }
    }
}

#[test]
fn labels_are_whole() {
    let schema = shipped();
    let groups: BTreeSet<&str> =
        schema.vocabulary("group").unwrap().entries.iter().map(|entry| entry.code.as_str()).collect();
    let whole = |zh: &str, en: &str, place: &str| {
        assert!(!zh.trim().is_empty() && !en.trim().is_empty() && en.is_ascii(), "{place}: {zh:?} {en:?}");
        assert!(zh.chars().any(|character| character > '\u{2E80}') || zh == en, "{place}: {zh:?}");
    };
    for kind in &schema.kinds {
        whole(&kind.zh, &kind.en, &kind.id);
        let mut all = Vec::new();
        every_field(&kind.fields, &mut all);
        for field in all {
            whole(&field.zh, &field.en, &format!("{}.{}", kind.id, field.name));
        }
        for field in &kind.fields {
            let group = field.group.as_deref();
            assert!(
                group.is_some_and(|group| groups.contains(group)),
                "{}.{} stands under {group:?}",
                kind.id,
                field.name
            );
        }
    }
    for vocabulary in &schema.vocabularies {
        for entry in &vocabulary.entries {
            whole(&entry.zh, &entry.en, &format!("{}.{}", vocabulary.id, entry.code));
        }
    }
}

#[test]
fn a_misspelt_or_misplaced_key_is_refused() {
    let parse = |text: &str| toml::from_str::<Field>(text).map_err(|error| error.to_string());
    let labels = "zh = \"名\"\nen = \"Name\"\n";
    assert!(parse(&format!("name = \"x\"\ntype = \"text\"\n{labels}")).is_ok());
    for (wrong, reason) in [
        ("name = \"x\"\ntype = \"text\"\nrequierd = true\n", "requierd"),
        ("name = \"x\"\ntype = \"text\"\nof = \"line\"\n", "has no key of"),
        ("name = \"x\"\ntype = \"code\"\n", "needs the key of"),
        ("name = \"x\"\ntype = \"code\"\nof = \"line\"\nto = \"case\"\n", "has no key to"),
        ("name = \"x\"\ntype = \"objects\"\n", "needs the key members"),
        ("name = \"x\"\ntype = \"float\"\n", "unknown type"),
        ("name = \"x/y\"\ntype = \"text\"\n", "a name is"),
        ("name = \"x.y\"\ntype = \"text\"\n", "a name is"),
        ("type = \"text\"\n", "name"),
    ] {
        let refusal = parse(&format!("{wrong}{labels}")).unwrap_err();
        assert!(refusal.contains(reason), "{refusal}");
    }
}

#[test]
fn a_wrong_schema_is_refused_at_the_place() {
    let refusal = |from: &str, to: &str| {
        let text = domain::schema::CORE.replacen(from, to, 1);
        assert_ne!(text, domain::schema::CORE, "{from}");
        let mut schema: Schema = toml::from_str(&text).unwrap();
        for vocabulary in common::open_vocabularies() {
            schema.add_vocabulary(&vocabulary).unwrap();
        }
        let notice = schema.check().unwrap_err();
        common::words(&notice);
        format!("{} {} {}", notice.code, notice.arg("place").unwrap(), notice.arg("value").unwrap())
    };
    assert_eq!(refusal("of = \"scale\"", "of = \"scales\""), "schema-dangling enterprise.scale scales");
    assert_eq!(
        refusal("to = \"recall\"", "to = \"recalls\""),
        "schema-dangling recall.started_on repeat_of.started_on"
    );
    assert_eq!(
        refusal("not_before = [\"filed_on\"]", "not_before = [\"files_on\"]"),
        "schema-dangling case.penalty_on files_on"
    );
    assert_eq!(
        refusal("\"sample.sampled_on\"", "\"sample.tested_on\""),
        "schema-dangling disposal.stop_sale_on sample.tested_on"
    );
    assert_eq!(refusal("[\"conforming\",", "[\"fine\","), "schema-dangling sample.reported_on fine");
    assert_eq!(refusal("title = \"number\"", "title = \"title\""), "schema-dangling sample title");
    assert_eq!(refusal("find = [\"number\",", "find = [\"no\","), "schema-dangling sample no");
    assert_eq!(refusal("name = \"witness\"", "name = \"place\""), "schema-twice inspection place");
    assert_eq!(refusal("name = \"witness\"", "name = \"void\""), "schema-reserved inspection void");
    assert_eq!(refusal("id = \"scale\"", "id = \"status\""), "schema-twice vocabulary status");
    assert_eq!(refusal("code = \"micro\"", "code = \"mi/cro\""), "schema-code scale mi/cro");
}

#[test]
fn field_sets_that_disagree_are_refused() {
    let mut schema = common::schema();
    let set = common::field_set();
    assert_eq!(schema.add_field_set(&set), Ok(()), "the same definition twice is one");
    assert_eq!(schema, common::schema());
    let mut other = FieldSet { id: "other".into(), ..set.clone() };
    assert_eq!(schema.add_field_set(&other), Ok(()), "from another set, too");
    other.fields.get_mut("product").unwrap()[0].rules.required_for = vec!["cloth".into()];
    assert_eq!(schema.add_field_set(&other).unwrap_err().code, "field-sets-disagree");
    let mut core = set.clone();
    core.fields.get_mut("product").unwrap()[0].name = "name".into();
    assert_eq!(schema.add_field_set(&core).unwrap_err().code, "field-sets-disagree", "the core is not redefined");
}

#[test]
fn vocabularies_grow_only_where_open() {
    let mut schema = common::schema();
    let addition = |id: &str, code: &str, zh: &str| -> Vocabulary {
        toml::from_str(&format!("id = {id:?}\nentries = [{{ code = {code:?}, zh = {zh:?}, en = \"E\" }}]")).unwrap()
    };
    assert_eq!(schema.add_vocabulary(&addition("line", "night_market", "夜市")), Ok(()));
    assert_eq!(schema.label("line", "night_market"), "夜市");
    assert_eq!(schema.label("line", "unheard-of"), "unheard-of");
    assert_eq!(
        schema.add_vocabulary(&addition("line", "night_market", "早市")).unwrap_err().code,
        "vocabulary-entry-differs"
    );
    assert_eq!(schema.add_vocabulary(&addition("scale", "huge", "巨型")).unwrap_err().code, "vocabulary-closed");
    assert_eq!(schema.unit("mask"), "只");
    assert_eq!(schema.unit("unheard-of"), "");
}

/// The screen receives the schema as JSON: types, conditions and labels flat beside the name.
#[test]
fn a_field_is_flat_in_json_and_reads_back() {
    let schema = common::schema();
    let json = serde_json::to_value(&schema).unwrap();
    let case = json["kind"].as_array().unwrap().iter().find(|kind| kind["id"] == "case").unwrap();
    let field = case["fields"].as_array().unwrap().iter().find(|field| field["name"] == "order_kind").unwrap();
    assert_eq!(field["type"], "code");
    assert_eq!(field["of"], "order_kind");
    assert_eq!(field["only_with"]["line"][0], "order");
    assert_eq!(field["set"], "extra");
    let back: Schema = serde_json::from_value(json).unwrap();
    assert_eq!(back, schema);
}

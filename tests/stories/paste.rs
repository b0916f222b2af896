//! A county's sheets of samples: filled in a spreadsheet, pasted, sent to the laboratory, and pasted again when they come back.
//! The workbooks were made by LibreOffice from the flat files beside them.

use std::path::{Path, PathBuf};

use api::Backend;
use serde_json::{Value, json};

use crate::support::{ask, new_book};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/paste").join(name)
}

fn block(changes: Value) -> Value {
    let mut block = json!({"kind": "sample", "text": null, "file": null, "sheet": null, "heading": null, "columns": [], "units": [],
        "downwards": false, "preset": {"authority": "market", "category": "mask", "result": "pending"},
        "campaigns": ["nx-2021-24"], "meant": {}, "make": [], "left_out": [], "taken": [], "update": [], "reasons": {},
        "token": null});
    block.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    block
}

fn shown(desk: &mut Backend, block: &Value) -> Value {
    let mut request = block.clone();
    request["do"] = "paste_preview".into();
    ask(desk, request)
}

fn recorded(desk: &mut Backend, block: &Value, shown: &Value) -> Value {
    assert_eq!(shown["ready"], true, "{shown}");
    let mut request = block.clone();
    request["do"] = "paste_apply".into();
    request["token"] = shown["token"].clone();
    ask(desk, request)
}

fn of(desk: &mut Backend, kind: &str) -> Vec<Value> {
    let page = ask(
        desk,
        json!({"do": "record_rows", "kind": kind, "campaign": "nx-2021-24", "with_voided": true, "limit": 100}),
    );
    page["rows"].as_array().unwrap().clone()
}

fn sample(desk: &mut Backend, number: &str) -> Value {
    of(desk, "sample").into_iter().find(|sample| sample["fields"]["number"] == number).unwrap()["fields"].clone()
}

#[test]
fn a_sheet_goes_out_and_comes_back_and_no_sample_is_counted_twice() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = new_book(folder.path());

    // Two rows of headings, cells merged downwards, numbers that show more than they hold, a total and who filled it in.
    let sheet = block(json!({"file": fixture("samples.xlsx")}));
    let first = shown(&mut desk, &sheet);
    assert_eq!((&first["heading"], &first["heading_last"]), (&json!(3), &json!(4)), "{first}");
    let columns = first["columns"].as_array().unwrap();
    let fields: Vec<&Value> = columns.iter().map(|column| &column["field"]).collect();
    assert_eq!(
        json!(fields),
        json!([
            null,
            "number",
            "enterprise",
            null,
            "product_name",
            "sampled_on",
            "batch_quantity",
            "result",
            "reported_on"
        ])
    );
    assert_eq!((&columns[6]["unit"]["words"], &columns[6]["unit"]["from"]), (&json!("千只"), &json!("above")));
    let states: Vec<&Value> = first["rows"]["rows"].as_array().unwrap().iter().map(|row| &row["state"]).collect();
    assert_eq!(states, ["new", "new", "new", "aside", "aside"]);

    // Neither firm is in the book: both are made with the sheet.
    let unknown: Vec<&Value> = first["unmatched"].as_array().unwrap().iter().map(|each| &each["text"]).collect();
    assert_eq!(unknown, ["\"安康\"牌口罩厂", "文华口罩厂"]);
    let make =
        json!([{"kind": "enterprise", "texts": unknown, "fields": {"roles": ["producer"], "division": "640121"}}]);
    let sheet = block(json!({"file": fixture("samples.xlsx"), "make": make}));
    let plan = shown(&mut desk, &sheet);
    assert_eq!(recorded(&mut desk, &sheet, &plan), json!({"recorded": 3, "updated": 0, "made": 2, "kept": 0}));
    let kept = ["000012", "000013", "000014"].map(|number| sample(&mut desk, number));
    let said = |field: &str| kept.iter().map(|sample| sample[field].clone()).collect::<Vec<_>>();
    assert_eq!(said("sampled_on"), ["2021-05-24", "2021-05-25", "2021-05-25"], "a day, a serial number and a text");
    assert_eq!(said("batch_quantity"), [50_000, 1_234, 3_000], "5万只 in its cell, thousands above the table");
    assert_eq!(said("result"), ["conforming", "pending", "pending"]);
    assert_eq!(kept[0]["enterprise"], kept[1]["enterprise"], "merged downwards");
    assert_ne!(kept[0]["enterprise"], kept[2]["enterprise"]);

    // From the laboratory come numbers, results and days.
    let text = "抽样单编号\t检验结论\t报告日期\n000012\t合格\t2021-05-26\n000013\t合格\t2021-05-26\n000014\t合格\t2021-05-27\n";
    let back = block(json!({"text": text}));
    let plan = shown(&mut desk, &back);
    assert_eq!(plan["differing"], json!([3, 4]), "{plan}");
    assert_eq!(plan["ready"], false, "nothing is changed that nobody asked for");
    let back = block(json!({"text": text, "update": [3, 4]}));
    let plan = shown(&mut desk, &back);
    assert_eq!(recorded(&mut desk, &back, &plan), json!({"recorded": 0, "updated": 2, "made": 0, "kept": 1}));
    assert_eq!(sample(&mut desk, "000014")["reported_on"], "2021-05-27");
    assert_eq!(sample(&mut desk, "000014")["product_name"], "日常防护型口罩");
    assert_eq!((of(&mut desk, "sample").len(), of(&mut desk, "enterprise").len()), (3, 2));

    // The first sheet once more: a pasted block never takes back what is known since, unless a person says so.
    let again = shown(&mut desk, &sheet);
    assert_eq!(
        (&again["counts"]["new"], &again["counts"]["same"], &again["counts"]["differing"]),
        (&json!(0), &json!(1), &json!(2))
    );
}

#[test]
fn days_of_a_workbook_that_counts_from_1904_are_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = new_book(folder.path());
    let make = json!([{"kind": "enterprise", "texts": ["文华口罩厂"], "fields": {"roles": ["producer"]}}]);
    let sheet = block(json!({"file": fixture("from-1904.xlsx"), "make": make, "preset":
        {"authority": "market", "category": "mask", "result": "conforming"}}));
    let plan = shown(&mut desk, &sheet);
    recorded(&mut desk, &sheet, &plan);
    let kept = sample(&mut desk, "K1");
    assert_eq!((&kept["sampled_on"], &kept["reported_on"]), (&json!("2021-05-24"), &json!("2021-05-25")));
}

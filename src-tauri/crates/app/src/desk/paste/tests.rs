use std::path::Path;

use serde_json::{Value, json};

use super::*;
use crate::clock::Clock;

fn ask(desk: &mut Desk, request: Value) -> Value {
    let reply: Value = serde_json::from_str(&desk.dispatch(&request.to_string())).unwrap();
    if reply["error"].is_null() { reply["ok"].clone() } else { reply["error"].clone() }
}

/// A book with two enterprises, one of which has a credit code.
fn book(folder: &Path) -> Desk {
    // 2021-05-27, noon in China.
    let mut desk = Desk::at(folder.join("a.book"), Vec::new(), Clock::Fixed(1_622_088_000_000));
    ask(
        &mut desk,
        json!({"do": "book_create", "office": "640121", "name": "永宁县市场监督管理局", "inspector": "张三"}),
    );
    for fields in [
        json!({"name": "永宁县甲口罩厂", "roles": ["producer"], "uscc": "91350100M000100Y43"}),
        json!({"name": "永宁县乙（宁夏）口罩厂", "roles": ["producer"]}),
    ] {
        let saved = ask(
            &mut desk,
            json!({"do": "record_save", "kind": "enterprise", "id": null, "campaigns": [], "void": null, "overrides": {}, "fields": fields}),
        );
        assert!(saved["record"].is_object(), "{saved}");
    }
    desk
}

fn block(text: &str) -> Value {
    json!({"kind": "sample", "text": text, "file": null, "sheet": null, "heading": null, "columns": [], "downwards": false,
        "preset": {"authority": "market", "category": "mask", "result": "pending"}, "campaigns": ["nx-2021-24"],
        "meant": {}, "left_out": [], "reasons": {}, "token": null})
}

fn with(mut block: Value, changes: Value) -> Value {
    block.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    block
}

fn preview(desk: &mut Desk, block: &Value) -> Value {
    ask(desk, with(block.clone(), json!({"do": "paste_preview"})))
}

fn apply(desk: &mut Desk, block: &Value, token: &Value) -> Value {
    ask(desk, with(block.clone(), json!({"do": "paste_apply", "token": token})))
}

fn samples(desk: &mut Desk) -> Vec<Value> {
    let page = ask(
        desk,
        json!({"do": "record_list", "kind": "sample", "codes": {}, "text": "", "enterprise": null, "campaign": null,
            "with_voided": true, "after": null, "limit": 100}),
    );
    page["records"].as_array().unwrap().clone()
}

const SHEET: &str = "口罩专项抽检情况\t\t\t\t\t\t\r\n\
    序号\t抽样单号\t被抽样单位\t样品名称\t抽样日期\t检验结论\t报告日期\t不合格数量（万只）\r\n\
    1\tKZ-1\t永宁县甲口罩厂\t\"一次性\n口罩\"\t2021/3/12\t合格\t44280\t\r\n\
    2\tKZ-2\t91350100M000100Y43\t儿童口罩\t2021年4月2日\t不符合\t20210420\t0.498\r\n\
    3\tKZ-3\t永宁县乙(宁夏)口罩厂\t日常防护口罩\t2021.5.6\t\t\t/\r\n";

#[test]
fn a_sheet_is_understood_shown_and_recorded_as_shown() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = book(folder.path());
    let shown = preview(&mut desk, &block(SHEET));
    assert_eq!(shown["heading"], 2, "{shown}");
    let fields: Vec<&Value> = shown["columns"].as_array().unwrap().iter().map(|column| &column["field"]).collect();
    assert_eq!(
        fields,
        [
            &Value::Null,
            &json!("number"),
            &json!("enterprise"),
            &json!("product_name"),
            &json!("sampled_on"),
            &json!("result"),
            &json!("reported_on"),
            &json!("nonconforming_quantity")
        ]
    );
    let rows = shown["rows"].as_array().unwrap();
    assert_eq!(rows[0]["fields"]["product_name"], "一次性 口罩");
    assert_eq!(rows[0]["fields"]["reported_on"], "2021-03-25");
    assert_eq!(rows[1]["fields"]["nonconforming_quantity"], 4980);
    assert_eq!(rows[1]["fields"]["result"], "nonconforming");
    assert_eq!(rows[0]["fields"]["enterprise"], rows[1]["fields"]["enterprise"], "by name and by code");
    let named = &shown["titles"][rows[2]["fields"]["enterprise"].as_str().unwrap()];
    assert_eq!(named, "永宁县乙（宁夏）口罩厂", "brackets of either width");
    assert_eq!(rows[2]["fields"]["result"], "pending", "a blank cell takes what every row holds");
    assert_eq!((shown["new_rows"].as_u64(), shown["ready"].as_bool()), (Some(3), Some(true)), "{shown}");
    assert!(samples(&mut desk).is_empty(), "a preview keeps nothing");

    let done = apply(&mut desk, &block(SHEET), &shown["token"]);
    assert_eq!(done, json!({"recorded": 3, "again": 0}));
    let kept = samples(&mut desk);
    assert_eq!(kept.len(), 3);
    let second = kept.iter().find(|sample| sample["fields"]["number"] == "KZ-2").unwrap();
    for (field, value) in rows[1]["fields"].as_object().unwrap() {
        assert_eq!(&second["fields"][field], value, "{field}");
    }
    assert_eq!(second["campaigns"], json!(["nx-2021-24"]));
    assert_eq!(second["fields"]["province"], "宁夏", "defaults are those of a form");

    // The same block again changes nothing.
    let again = preview(&mut desk, &block(SHEET));
    assert_eq!((again["new_rows"].as_u64(), again["ready"].as_bool()), (Some(0), Some(false)));
    assert!(again["rows"].as_array().unwrap().iter().all(|row| row["again"] == true));
    assert_eq!(apply(&mut desk, &block(SHEET), &again["token"]), json!({"recorded": 0, "again": 3}));
    assert_eq!(samples(&mut desk).len(), 3);
}

#[test]
fn every_bad_cell_is_named_and_nothing_is_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = book(folder.path());
    let sheet = "抽样单编号\t抽查企业\t产品名称\t抽样日期\t抽查结果\t批量\n\
        K1\t没有这家厂\t口罩\t2021-05-01\t待检\t100\n\
        K2\t永宁县甲口罩厂\t口罩\t3/12/2021\t待检\t约500\n\
        K3\t永宁县甲口罩厂\t口罩\t2021-05-01\t很好\t9.1350E+17\n\
        K4\t永宁县甲口罩厂\t\t2021-05-01\t合格\t\n\
        K5\t永宁县甲口罩厂\t口罩\t2021-05-01\t待检\t5\n";
    let shown = preview(&mut desk, &block(sheet));
    let codes = |row: usize| {
        let row = &shown["rows"][row];
        let unread = row["unread"].as_array().unwrap().iter().map(|cell| &cell["problem"]);
        let all = unread.chain(row["errors"].as_array().unwrap());
        all.map(|problem| problem["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(codes(0), ["paste-unknown"]);
    assert_eq!(codes(1), ["paste-date", "paste-number"]);
    assert_eq!(codes(2), ["paste-code", "paste-digits-lost"]);
    assert_eq!(codes(3), ["required-missing", "required-missing"], "the name, and the day of the report");
    assert!(codes(4).is_empty());
    assert_eq!(shown["ready"], false);
    assert_eq!(shown["unmatched"], json!({"enterprise": ["没有这家厂"]}));
    let refused = apply(&mut desk, &block(sheet), &shown["token"]);
    assert_eq!(refused.as_array().unwrap().len(), 7, "{refused}");
    assert_eq!(refused[0]["line"], 2);
    assert!(samples(&mut desk).is_empty(), "all or nothing");

    // Left out and matched by hand, the rest goes in; what was not shown does not.
    let chosen = shown["rows"][4]["fields"]["enterprise"].clone();
    let mended = with(block(sheet), json!({"left_out": [3, 4, 5], "meant": {"enterprise": {"没有这家厂": chosen}}}));
    assert_eq!(apply(&mut desk, &mended, &shown["token"])[0]["code"], "paste-changed");
    let shown = preview(&mut desk, &mended);
    assert_eq!(apply(&mut desk, &mended, &shown["token"]), json!({"recorded": 2, "again": 0}), "{shown}");
}

#[test]
fn a_warning_asks_for_its_reason_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = book(folder.path());
    let sheet = "抽样单编号\t抽查企业\t产品名称\t生产日期\t抽样日期\n\
        K1\t永宁县甲口罩厂\t口罩\t2021-05-02\t2021-05-01\n\
        K2\t永宁县甲口罩厂\t口罩\t2021-05-03\t2021-05-01\n\
        K3\t永宁县甲口罩厂\t口罩\t2021-04-01\t2021-05-01\n";
    let shown = preview(&mut desk, &block(sheet));
    assert_eq!(shown["warnings"][0]["problem"]["code"], "order-unusual", "{shown}");
    assert_eq!(shown["warnings"][0]["rows"], json!([2, 3]));
    assert_eq!(apply(&mut desk, &block(sheet), &shown["token"]).as_array().unwrap().len(), 2);
    let reasoned = with(block(sheet), json!({"reasons": {"order-unusual": "标注日期有误"}}));
    let shown = preview(&mut desk, &reasoned);
    assert_eq!((shown["ready"].as_bool(), shown["warnings"].as_array().unwrap().len()), (Some(true), 0));
    apply(&mut desk, &reasoned, &shown["token"]);
    let kept = samples(&mut desk);
    let reason =
        |number: &str| kept.iter().find(|kept| kept["fields"]["number"] == number).unwrap()["overrides"].clone();
    assert_eq!(reason("K1"), json!({"order-unusual": "标注日期有误"}));
    assert_eq!(reason("K3"), json!({}), "only where there was something to say");
}

#[test]
fn a_block_as_long_as_may_be_goes_in_whole() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = book(folder.path());
    let mut sheet = "抽样单编号\t抽查企业\t产品名称\t抽样日期\n".to_owned();
    for number in 1..2_000 {
        sheet.push_str(&format!("K{number}\t永宁县甲口罩厂\t口罩\t2021-05-01\n"));
    }
    let shown = preview(&mut desk, &block(&sheet));
    assert_eq!((shown["ready"].as_bool(), shown["new_rows"].as_u64()), (Some(true), Some(1_999)));
    assert_eq!(apply(&mut desk, &block(&sheet), &shown["token"])["recorded"], 1_999);
}

#[test]
fn merged_cells_name_the_enterprise_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = book(folder.path());
    let sheet = "被抽样单位\t抽样单号\t样品名称\t规格\t抽样日期\n\
        永宁县甲口罩厂\tK1\t口罩\tM\t2021-05-01\n\tK2\t口罩\t\t2021-05-01\n永宁县乙（宁夏）口罩厂\tK3\t口罩\t\t2021-05-01\n";
    let blank = preview(&mut desk, &block(sheet));
    assert_eq!(blank["rows"][1]["errors"][0]["code"], "required-missing");
    let down = preview(&mut desk, &with(block(sheet), json!({"downwards": true})));
    assert_eq!(down["ready"], true, "{down}");
    let field = |row: usize, field: &str| down["rows"][row]["fields"][field].clone();
    assert_eq!(field(1, "enterprise"), field(0, "enterprise"));
    assert_ne!(field(2, "enterprise"), field(0, "enterprise"));
    assert_eq!(field(1, "model"), Value::Null, "only what names a record");
}

#[test]
fn columns_and_headings_can_be_chosen_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = book(folder.path());
    let sheet = "K1\t永宁县甲口罩厂\t口罩\t2021-05-01\nK2\t永宁县甲口罩厂\t口罩\t2021-05-01\n";
    let bare = preview(&mut desk, &block(sheet));
    assert_eq!((bare["heading"].as_u64(), bare["rows"].as_array().unwrap().len()), (Some(0), 2));
    let columns: Vec<Value> = ["number", "enterprise", "product_name", "sampled_on"]
        .iter()
        .enumerate()
        .map(|(column, field)| json!({"column": column, "field": field}))
        .collect();
    let chosen = with(block(sheet), json!({"columns": columns}));
    let shown = preview(&mut desk, &chosen);
    assert_eq!(shown["ready"], true, "{shown}");
    assert_eq!(apply(&mut desk, &chosen, &shown["token"])["recorded"], 2);
    let wrong = with(block(sheet), json!({"columns": [{"column": 0, "field": "no_such"}]}));
    assert_eq!(preview(&mut desk, &wrong)[0]["code"], "field-unknown");
}

#[test]
fn products_too_by_the_words_of_the_schema_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = book(folder.path());
    let sheet = "Enterprise\tCategory\tName\tExported\tstandard_level\n永宁县甲口罩厂\t口罩\tKN95\t√\t国标\n";
    let products = with(block(sheet), json!({"kind": "product", "preset": {"medical": false}, "campaigns": []}));
    let shown = preview(&mut desk, &products);
    assert_eq!(shown["ready"], true, "{shown}");
    assert_eq!(shown["rows"][0]["fields"]["exported"], true);
    assert_eq!(shown["rows"][0]["fields"]["standard_level"], "national");
    assert_eq!(apply(&mut desk, &products, &shown["token"])["recorded"], 1);
}

#[test]
fn files_of_every_kind_say_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = book(folder.path());
    let comma = "抽样单编号,抽查企业,产品名称,抽样日期\nK1,永宁县甲口罩厂,\"口罩,大号\",2021-05-01\n";
    let (gb, _, _) = encoding_rs::GB18030.encode(comma);
    let utf16: Vec<u8> = "\u{feff}"
        .chars()
        .chain(comma.replace(',', "\t").replace("口罩\t大号", "口罩,大号").chars())
        .flat_map(|c| (c as u16).to_le_bytes())
        .collect();
    let mut tokens = BTreeSet::new();
    for (name, bytes) in [
        ("utf8.csv", comma.as_bytes().to_vec()),
        ("bom.csv", [b"\xef\xbb\xbf", comma.as_bytes()].concat()),
        ("gb.csv", gb.into_owned()),
        ("utf16.txt", utf16),
    ] {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        let shown = preview(&mut desk, &with(block(""), json!({"text": null, "file": file})));
        assert_eq!(shown["rows"][0]["fields"]["product_name"], "口罩,大号", "{name}: {shown}");
        tokens.insert(shown["token"].as_str().unwrap().to_owned());
    }
    assert_eq!(tokens.len(), 1);
    for (bytes, code) in [
        (&b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"[..], "paste-old-workbook"),
        (b"PK\x03\x04 no archive", "paste-unreadable"),
        (b"\x7fELF\0\0\0", "paste-unknown-file"),
        (b"", "paste-empty"),
    ] {
        let file = folder.path().join("wrong");
        std::fs::write(&file, bytes).unwrap();
        let refused = preview(&mut desk, &with(block(""), json!({"text": null, "file": file})));
        assert_eq!(refused[0]["code"], code);
    }
}

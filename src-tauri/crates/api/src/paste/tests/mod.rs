use std::collections::BTreeSet;
use std::path::Path;

use app::clock::Clock;
use serde_json::{Value, json};

use super::*;

fn ask(backend: &mut Backend, request: Value) -> Value {
    let reply: Value = serde_json::from_str(&backend.dispatch(&request.to_string())).unwrap();
    if reply["error"].is_null() { reply["ok"].clone() } else { reply["error"].clone() }
}

/// A book with two enterprises, one of which has a credit code.
fn book(folder: &Path) -> Backend {
    // 2021-05-27, noon in China.
    let mut backend = Backend::at(folder.join("a.book"), Vec::new(), Clock::Fixed(1_622_088_000_000));
    ask(
        &mut backend,
        json!({"do": "book_create", "office": "640121", "name": "永宁县市场监督管理局", "inspector": "张三"}),
    );
    for fields in [
        json!({"name": "永宁县甲口罩厂", "roles": ["producer"], "uscc": "91350100M000100Y43"}),
        json!({"name": "永宁县乙（宁夏）口罩厂", "roles": ["producer"]}),
    ] {
        let saved = ask(
            &mut backend,
            json!({"do": "record_save", "kind": "enterprise", "id": null, "campaigns": [], "void": null, "overrides": {}, "fields": fields}),
        );
        assert!(saved["record"].is_object(), "{saved}");
    }
    backend
}

fn block(text: &str) -> Value {
    json!({"kind": "sample", "text": text, "file": null, "sheet": null, "heading": null, "columns": [], "units": [], "downwards": false,
        "preset": {"authority": "market", "category": "mask", "result": "pending", "failed_items": ["标识"],
            "entered_market": "no"}, "campaigns": ["nx-2021-24"],
        "meant": {}, "make": [], "left_out": [], "taken": [], "update": [], "reasons": {}, "token": null})
}

fn with(mut block: Value, changes: Value) -> Value {
    block.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    block
}

fn preview(backend: &mut Backend, block: &Value) -> Value {
    ask(backend, with(block.clone(), json!({"do": "paste_preview"})))
}

fn rows_of(shown: &Value) -> &Vec<Value> {
    shown["rows"]["rows"].as_array().unwrap()
}

fn states(shown: &Value) -> Vec<&str> {
    rows_of(shown).iter().map(|row| row["state"].as_str().unwrap()).collect()
}

fn apply(backend: &mut Backend, block: &Value, token: &Value) -> Value {
    ask(backend, with(block.clone(), json!({"do": "paste_apply", "token": token})))
}

fn samples(backend: &mut Backend) -> Vec<Value> {
    let page = ask(
        backend,
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
    let mut backend = book(folder.path());
    let shown = preview(&mut backend, &block(SHEET));
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
    let rows = rows_of(&shown);
    assert_eq!(rows[0]["fields"]["product_name"], "一次性 口罩");
    assert_eq!(rows[0]["fields"]["reported_on"], "2021-03-25");
    assert_eq!(rows[1]["fields"]["nonconforming_quantity"], 4980);
    assert_eq!(rows[1]["fields"]["result"], "nonconforming");
    assert_eq!(rows[0]["fields"]["enterprise"], rows[1]["fields"]["enterprise"], "by name and by code");
    let named = &shown["rows"]["titles"][rows[2]["fields"]["enterprise"].as_str().unwrap()];
    assert_eq!(named, "永宁县乙（宁夏）口罩厂", "brackets of either width");
    assert_eq!(rows[2]["fields"]["result"], "pending", "a blank cell takes what every row holds");
    assert_eq!((shown["counts"]["new"].as_u64(), shown["ready"].as_bool()), (Some(3), Some(true)), "{shown}");
    assert!(samples(&mut backend).is_empty(), "a preview keeps nothing");

    let done = apply(&mut backend, &block(SHEET), &shown["token"]);
    assert_eq!(done, json!({"recorded": 3, "updated": 0, "made": 0, "kept": 0}));
    let kept = samples(&mut backend);
    assert_eq!(kept.len(), 3);
    let second = kept.iter().find(|sample| sample["fields"]["number"] == "KZ-2").unwrap();
    for (field, value) in rows[1]["fields"].as_object().unwrap() {
        assert_eq!(&second["fields"][field], value, "{field}");
    }
    assert_eq!(second["campaigns"], json!(["nx-2021-24"]));
    assert_eq!(second["fields"]["province"], "宁夏", "defaults are those of a form");

    // The same block again changes nothing.
    let again = preview(&mut backend, &block(SHEET));
    assert_eq!((again["counts"]["new"].as_u64(), again["ready"].as_bool()), (Some(0), Some(false)));
    assert!(rows_of(&again).iter().all(|row| row["state"] == "same"), "{again}");
    let kept = json!({"recorded": 0, "updated": 0, "made": 0, "kept": 3});
    assert_eq!(apply(&mut backend, &block(SHEET), &again["token"]), kept);
    assert_eq!(samples(&mut backend).len(), 3);
}

#[test]
fn every_bad_cell_is_named_and_nothing_is_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = book(folder.path());
    let sheet = "抽样单编号\t抽查企业\t产品名称\t抽样日期\t抽查结果\t批量\n\
        K1\t没有这家厂\t口罩\t2021-05-01\t待检\t100\n\
        K2\t永宁县甲口罩厂\t口罩\t3/12/2021\t待检\t约500\n\
        K3\t永宁县甲口罩厂\t口罩\t2021-05-01\t很好\t9.1350E+17\n\
        K4\t永宁县甲口罩厂\t\t2021-05-01\t合格\t\n\
        K5\t永宁县甲口罩厂\t口罩\t2021-05-01\t待检\t5\n";
    let shown = preview(&mut backend, &block(sheet));
    let codes = |row: usize| {
        let row = &shown["rows"]["rows"][row];
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
    let unmatched = json!({"field": "enterprise", "to": "enterprise", "text": "没有这家厂", "rows": 1, "several": 0, "near": [],
        "makeable": true});
    assert_eq!(shown["unmatched"], json!([unmatched]));
    let refused = apply(&mut backend, &block(sheet), &shown["token"]);
    assert_eq!(refused.as_array().unwrap().len(), 7, "{refused}");
    assert_eq!(refused[0]["line"], 2);
    assert!(samples(&mut backend).is_empty(), "all or nothing");

    // Left out and matched by hand, the rest goes in; what was not shown does not.
    let chosen = shown["rows"]["rows"][4]["fields"]["enterprise"].clone();
    let mended = with(block(sheet), json!({"left_out": [3, 4, 5], "meant": {"enterprise": {"没有这家厂": chosen}}}));
    assert_eq!(apply(&mut backend, &mended, &shown["token"])[0]["code"], "paste-changed");
    let shown = preview(&mut backend, &mended);
    assert_eq!(shown["unmatched"], json!([unmatched]), "what was answered stays in its place");
    assert_eq!(apply(&mut backend, &mended, &shown["token"])["recorded"], 2, "{shown}");
}

#[test]
fn a_warning_asks_for_its_reason_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = book(folder.path());
    let sheet = "抽样单编号\t抽查企业\t产品名称\t生产日期\t抽样日期\n\
        K1\t永宁县甲口罩厂\t口罩\t2021-05-02\t2021-05-01\n\
        K2\t永宁县甲口罩厂\t口罩\t2021-05-03\t2021-05-01\n\
        K3\t永宁县甲口罩厂\t口罩\t2021-04-01\t2021-05-01\n";
    let shown = preview(&mut backend, &block(sheet));
    assert_eq!(shown["warnings"][0]["problem"]["code"], "order-unusual", "{shown}");
    assert_eq!(shown["warnings"][0]["rows"], json!([2, 3]));
    assert_eq!(apply(&mut backend, &block(sheet), &shown["token"]).as_array().unwrap().len(), 2);
    let reasoned = with(block(sheet), json!({"reasons": {"order-unusual": "标注日期有误"}}));
    let shown = preview(&mut backend, &reasoned);
    assert_eq!((shown["ready"].as_bool(), shown["warnings"].as_array().unwrap().len()), (Some(true), 0));
    apply(&mut backend, &reasoned, &shown["token"]);
    let kept = samples(&mut backend);
    let reason =
        |number: &str| kept.iter().find(|kept| kept["fields"]["number"] == number).unwrap()["overrides"].clone();
    assert_eq!(reason("K1"), json!({"order-unusual": "标注日期有误"}));
    assert_eq!(reason("K3"), json!({}), "only where there was something to say");
}

#[test]
fn merged_cells_name_the_enterprise_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = book(folder.path());
    let sheet = "被抽样单位\t抽样单号\t样品名称\t规格\t抽样日期\n\
        永宁县甲口罩厂\tK1\t口罩\tM\t2021-05-01\n\tK2\t口罩\t\t2021-05-01\n永宁县乙（宁夏）口罩厂\tK3\t口罩\t\t2021-05-01\n";
    let blank = preview(&mut backend, &block(sheet));
    assert_eq!(blank["rows"]["rows"][1]["errors"][0]["code"], "required-missing");
    let down = preview(&mut backend, &with(block(sheet), json!({"downwards": true})));
    assert_eq!(down["ready"], true, "{down}");
    let field = |row: usize, field: &str| down["rows"]["rows"][row]["fields"][field].clone();
    assert_eq!(field(1, "enterprise"), field(0, "enterprise"));
    assert_ne!(field(2, "enterprise"), field(0, "enterprise"));
    assert_eq!(field(1, "model"), Value::Null, "only what names a record");
}

#[test]
fn columns_and_headings_can_be_chosen_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = book(folder.path());
    let sheet = "K1\t永宁县甲口罩厂\t口罩\t2021-05-01\nK2\t永宁县甲口罩厂\t口罩\t2021-05-01\n";
    let bare = preview(&mut backend, &block(sheet));
    assert_eq!((bare["heading"].as_u64(), rows_of(&bare).len()), (Some(0), 2));
    let columns: Vec<Value> = ["number", "enterprise", "product_name", "sampled_on"]
        .iter()
        .enumerate()
        .map(|(column, field)| json!({"column": column, "field": field}))
        .collect();
    let chosen = with(block(sheet), json!({"columns": columns}));
    let shown = preview(&mut backend, &chosen);
    assert_eq!(shown["ready"], true, "{shown}");
    assert_eq!(apply(&mut backend, &chosen, &shown["token"])["recorded"], 2);
    let wrong = with(block(sheet), json!({"columns": [{"column": 0, "field": "no_such"}]}));
    assert_eq!(preview(&mut backend, &wrong)[0]["code"], "field-unknown");
}

#[test]
fn products_too_by_the_words_of_the_schema_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = book(folder.path());
    let sheet = "Enterprise\tCategory\tName\tExported\tstandard_level\n永宁县甲口罩厂\t口罩\tKN95\t√\t国标\n";
    let products = with(block(sheet), json!({"kind": "product", "preset": {"medical": false}, "campaigns": []}));
    let shown = preview(&mut backend, &products);
    assert_eq!(shown["ready"], true, "{shown}");
    assert_eq!(shown["rows"]["rows"][0]["fields"]["exported"], true);
    assert_eq!(shown["rows"]["rows"][0]["fields"]["standard_level"], "national");
    assert_eq!(apply(&mut backend, &products, &shown["token"])["recorded"], 1);
}

#[test]
fn files_of_every_kind_say_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = book(folder.path());
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
        let shown = preview(&mut backend, &with(block(""), json!({"text": null, "file": file})));
        assert_eq!(shown["rows"]["rows"][0]["fields"]["product_name"], "口罩,大号", "{name}: {shown}");
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
        let refused = preview(&mut backend, &with(block(""), json!({"text": null, "file": file})));
        assert_eq!(refused[0]["code"], code);
    }
}

fn save(backend: &mut Backend, kind: &str, fields: Value) -> String {
    let saved = ask(
        backend,
        json!({"do": "record_save", "kind": kind, "id": null, "campaigns": ["nx-2021-24"], "void": null,
            "overrides": {"division-outside": "外地注册"}, "fields": fields}),
    );
    saved["record"]["id"].as_str().unwrap_or_else(|| panic!("{saved}")).to_owned()
}

fn list(backend: &mut Backend, kind: &str) -> Vec<Value> {
    let page = ask(
        backend,
        json!({"do": "record_list", "kind": kind, "codes": {}, "text": "", "enterprise": null, "campaign": null,
            "with_voided": true, "after": null, "limit": 100}),
    );
    page["records"].as_array().unwrap().clone()
}

fn enterprises(text: &str) -> Value {
    with(block(text), json!({"kind": "enterprise", "preset": {"roles": ["producer"]}}))
}

/// A roster that is sent again, with an address and a telephone number more and a name spelt otherwise.
#[test]
fn a_roster_pasted_again_is_about_the_firms_that_stand() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = book(folder.path());
    let sheet = "企业名称\t统一社会信用代码\t地址\t规模\n\
        永宁县甲口罩厂\t91350100M000100Y43\t望远镇 1 号\t小型\n\
        永宁县乙(宁夏)口罩厂\t\t望远镇 2 号\t\n\
        永宁县丙口罩厂\t\t望远镇 3 号\t微型\n";
    let shown = preview(&mut backend, &enterprises(sheet));
    assert_eq!(states(&shown), ["differs", "differs", "new"], "{shown}");
    let changes = |row: usize| rows_of(&shown)[row]["changes"].clone();
    let campaign = json!({"field": "campaigns", "old": [], "new": ["nx-2021-24"]});
    assert_eq!(
        changes(0),
        json!([
            {"field": "address", "old": null, "new": "望远镇 1 号"},
            {"field": "scale", "old": null, "new": "small"},
            campaign
        ])
    );
    // A name spelt with other brackets is no other name.
    assert_eq!(changes(1), json!([{"field": "address", "old": null, "new": "望远镇 2 号"}, campaign]));
    assert_eq!((shown["counts"]["updating"].as_u64(), shown["differing"].clone()), (Some(0), json!([2, 3])));

    // Unless a person says so, what stands is left as it is.
    assert_eq!(
        apply(&mut backend, &enterprises(sheet), &shown["token"]),
        json!({"recorded": 1, "updated": 0, "made": 0, "kept": 2})
    );
    let of = |backend: &mut Backend, name: &str| {
        list(backend, "enterprise").into_iter().find(|kept| kept["fields"]["name"] == name).unwrap()
    };
    assert_eq!(of(&mut backend, "永宁县甲口罩厂")["fields"]["address"], Value::Null);
    let again = preview(&mut backend, &enterprises(sheet));
    assert_eq!(states(&again), ["differs", "differs", "same"]);

    let updating = with(enterprises(sheet), json!({"update": [2]}));
    assert_eq!(apply(&mut backend, &updating, &again["token"])[0]["code"], "paste-changed", "it was not shown so");
    let again = preview(&mut backend, &updating);
    assert_eq!((again["ready"].as_bool(), again["counts"]["updating"].as_u64()), (Some(true), Some(1)), "{again}");
    assert_eq!(
        apply(&mut backend, &updating, &again["token"]),
        json!({"recorded": 0, "updated": 1, "made": 0, "kept": 2})
    );
    let first = of(&mut backend, "永宁县甲口罩厂");
    assert_eq!((&first["fields"]["address"], &first["fields"]["scale"]), (&json!("望远镇 1 号"), &json!("small")));
    assert_eq!((&first["fields"]["roles"], &first["campaigns"]), (&json!(["producer"]), &json!(["nx-2021-24"])));
    assert_eq!(of(&mut backend, "永宁县乙（宁夏）口罩厂")["fields"]["address"], Value::Null);
    assert_eq!(list(&mut backend, "enterprise").len(), 3);
}

/// The laboratory sends the sheet of samples back with results: numbers, and what was found.
#[test]
fn results_that_come_back_are_those_of_the_samples() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = book(folder.path());
    let shown = preview(&mut backend, &block(SHEET));
    apply(&mut backend, &block(SHEET), &shown["token"]);
    let back = "抽样单编号\t检验结论\t报告签发日期\t批量（千只）\n\
        kz-1\t合格\t2021-03-25\t\n KZ-3\t不合格\t2021-05-20\t1.5\nKZ-9\t合格\t2021-05-20\t\n";
    let shown = preview(&mut backend, &block(back));
    assert_eq!(states(&shown), ["same", "differs", "new"], "{shown}");
    assert_eq!(
        rows_of(&shown)[1]["changes"],
        json!([
            {"field": "batch_quantity", "old": null, "new": 1500},
            {"field": "reported_on", "old": null, "new": "2021-05-20"},
            {"field": "result", "old": "pending", "new": "nonconforming"}
        ])
    );
    let update = with(block(back), json!({"update": [3], "left_out": [4]}));
    let shown = preview(&mut backend, &update);
    let reasons: BTreeMap<String, &str> = shown["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|doubt| (doubt["problem"]["code"].as_str().unwrap().to_owned(), "照实"))
        .collect();
    let update = with(update, json!({"reasons": reasons}));
    let shown = preview(&mut backend, &update);
    assert_eq!(shown["asked"], json!([]), "a record that stands needs nothing");
    assert_eq!(apply(&mut backend, &update, &shown["token"])["updated"], 1, "{shown}");
    let kept = samples(&mut backend);
    assert_eq!(kept.len(), 3, "no second sample");
    let third = kept.iter().find(|kept| kept["fields"]["number"] == "KZ-3").unwrap();
    assert_eq!(third["fields"]["result"], "nonconforming");
    assert_eq!(third["fields"]["product_name"], "日常防护口罩", "a blank cell erases nothing");
}

#[test]
fn rows_about_one_record_are_one_or_contradict_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = book(folder.path());
    // One line for each product, as rosters are.
    let sheet = "企业名称\t统一社会信用代码\t地址\n\
        丁口罩厂\t91640121MA0000000A\t东街\n丁口罩厂\t91640121MA0000000A\t东街\n丁口罩厂\t\t西街\n戊厂\t\t\n戊厂\t\t\n";
    let shown = preview(&mut backend, &enterprises(sheet));
    assert_eq!(states(&shown), ["new", "twice", "new", "new", "twice"], "{shown}");
    assert_eq!(rows_of(&shown)[1]["note"]["code"], "paste-row-twice");
    let error = &rows_of(&shown)[2]["errors"][0];
    assert_eq!(error["code"], "paste-row-contradicts");
    assert!(error["message"].as_str().unwrap().contains("第 2 行"), "{error}");
    assert!(error["message"].as_str().unwrap().contains("地址"), "{error}");
    assert_eq!(shown["ready"], false);
}

#[test]
fn another_code_is_another_firm_whatever_it_is_called() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = book(folder.path());
    let shown = preview(
        &mut backend,
        &enterprises(
            "企业名称\t信用代码\n永宁县甲口罩厂\t91640121MA0000000A\n永宁县乙（宁夏）口罩厂\t91640121MA0000000A\n",
        ),
    );
    assert_eq!(rows_of(&shown)[0]["state"], "new", "{shown}");
    assert_eq!(rows_of(&shown)[1]["state"], "new", "the code of the row above, under another name");
    assert_eq!(rows_of(&shown)[1]["errors"][0]["code"], "paste-row-contradicts");
    // Two firms of one name that nobody joined.
    for division in ["640121", "640122"] {
        save(&mut backend, "enterprise", json!({"name": "同名口罩厂", "roles": ["producer"], "division": division}));
    }
    let shown = preview(&mut backend, &enterprises("企业名称\t所在地\n同名口罩厂\t\n同名口罩厂\t640122\n"));
    assert_eq!(rows_of(&shown)[0]["errors"][0]["code"], "paste-several", "{shown}");
    assert_eq!(rows_of(&shown)[1]["state"], "same", "{shown}");
}

#[test]
fn what_was_voided_is_not_taken_up_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = book(folder.path());
    let shown = preview(&mut backend, &block(SHEET));
    apply(&mut backend, &block(SHEET), &shown["token"]);
    for sample in samples(&mut backend) {
        let voided = ask(
            &mut backend,
            json!({"do": "record_save", "kind": "sample", "id": sample["id"], "campaigns": null, "void": "贴错了", "overrides": {}, "fields": {}}),
        );
        assert!(voided["record"].is_object(), "{voided}");
    }
    let again = preview(&mut backend, &block(SHEET));
    assert_eq!(states(&again), ["new", "new", "new"], "{again}");
    assert_eq!(apply(&mut backend, &block(SHEET), &again["token"])["recorded"], 3);
    assert_eq!(samples(&mut backend).len(), 6);
}

fn cases(text: &str) -> Value {
    with(block(text), json!({"kind": "case", "preset": {"line": "quality", "category": "mask"}}))
}

#[test]
fn units_over_a_column_or_a_table_are_understood_or_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = book(folder.path());
    let row = "\n1号\t永宁县甲口罩厂\t2021-04-01\t1.5\t2\n";
    for (above, money, things, fen, pieces) in [
        ("", "罚没金额（单位：万元）", "查获数量（千只）", 1_500_000, 2_000),
        ("单位：万元、万只\n", "罚没金额", "查获数量", 1_500_000, 20_000),
        ("案件台账\t\t\t\t（单位：万元）\n", "罚没金额", "查获数量", 1_500_000, 2),
        ("单位：万元\n", "罚没金额（元）", "查获数量", 150, 2),
        ("填报单位：永宁县局\n", "罚没金额", "查获数量（万个）", 150, 20_000),
        ("", "罚没款(千元)", "查获数量", 150_000, 2),
    ] {
        let sheet = format!("{above}案号\t当事人\t立案日期\t{money}\t{things}{row}");
        let shown = preview(&mut backend, &cases(&sheet));
        let fields = &rows_of(&shown)[0]["fields"];
        assert_eq!(
            (&fields["penalty_fen"], &fields["seized_quantity"]),
            (&json!(fen), &json!(pieces)),
            "{sheet}\n{shown}"
        );
    }
    let units = |shown: &Value| {
        let columns = shown["columns"].as_array().unwrap().iter().filter(|column| !column["unit"].is_null());
        columns
            .map(|column| {
                [&column["unit"]["words"], &column["unit"]["tens"], &column["unit"]["from"]].map(Value::clone)
            })
            .collect::<Vec<_>>()
    };
    let sheet = format!("单位：万元\n案号\t当事人\t立案日期\t罚没金额\t查获数量（箱）{row}");
    let shown = preview(&mut backend, &cases(&sheet));
    assert_eq!(
        units(&shown),
        [[json!("万元"), json!(4), json!("above")], [json!("箱"), Value::Null, json!("heading")]]
    );
    assert_eq!(rows_of(&shown)[0]["unread"][0]["problem"]["code"], "paste-unit", "{shown}");
    assert_eq!(rows_of(&shown)[0]["fields"]["seized_quantity"], Value::Null, "never the field's own");
    let chosen = with(cases(&sheet), json!({"units": [{"column": 4, "tens": 3}]}));
    let shown = preview(&mut backend, &chosen);
    assert_eq!(rows_of(&shown)[0]["fields"]["seized_quantity"], 2_000);
    assert_eq!(units(&shown)[1], [json!(""), json!(3), json!("chosen")]);
    // A ton of masks is no number of masks; of meltblown it is a thousand of its kilograms.
    let weighed = format!("案号\t当事人\t立案日期\t罚没金额\t查获数量（吨）{row}");
    assert_eq!(rows_of(&preview(&mut backend, &cases(&weighed)))[0]["unread"][0]["problem"]["code"], "paste-unit");
    let meltblown = with(cases(&weighed), json!({"preset": {"line": "quality", "category": "meltblown"}}));
    assert_eq!(rows_of(&preview(&mut backend, &meltblown))[0]["fields"]["seized_quantity"], 2_000);
}

#[test]
fn totals_and_remarks_are_left_aside_and_can_be_taken() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = book(folder.path());
    let sheet = "永宁县口罩生产企业名册\n填报单位：永宁县局\n序号\t企业名称\t地址\n1\t丁口罩厂\t东街\n2\t合计口罩厂\t\n合计：1家\n\
        填表人：张三\t\t审核人：李四\n注：本表为累计数\n";
    let shown = preview(&mut backend, &enterprises(sheet));
    assert_eq!(states(&shown), ["new", "new", "aside", "aside", "aside"], "{shown}");
    let notes: Vec<&Value> = rows_of(&shown)[2..].iter().map(|row| &row["note"]["code"]).collect();
    assert_eq!(notes, ["paste-row-total", "paste-row-remark", "paste-row-remark"]);
    assert_eq!((&shown["counts"]["aside"], &shown["ready"]), (&json!(3), &json!(true)));
    let taken = preview(&mut backend, &with(enterprises(sheet), json!({"taken": [6]})));
    assert_eq!(states(&taken)[2], "new");
    apply(&mut backend, &enterprises(sheet), &shown["token"]);
    assert_eq!(list(&mut backend, "enterprise").len(), 4);
}

#[test]
fn headings_over_two_rows_name_their_columns_together() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = book(folder.path());
    let sheet = "口罩专项抽检情况\t\t\t\t\t\t\n\
        序号\t抽样单编号\t被抽样单位\t\t产品名称\t抽样日期\t检验情况\t\n\
        \t\t名称\t地址\t\t\t结果\t报告日期\n\
        1\tK1\t永宁县甲口罩厂\t东街\t口罩\t2021-05-01\t合格\t2021-05-10\n";
    let shown = preview(&mut backend, &block(sheet));
    assert_eq!((shown["heading"].as_u64(), shown["heading_last"].as_u64()), (Some(2), Some(3)), "{shown}");
    let fields: Vec<&Value> = shown["columns"].as_array().unwrap().iter().map(|column| &column["field"]).collect();
    assert_eq!(
        json!(fields),
        json!([null, "number", "enterprise", null, "product_name", "sampled_on", "result", "reported_on"])
    );
    assert_eq!(shown["columns"][2]["heading"], "被抽样单位 · 名称");
    assert_eq!((rows_of(&shown).len(), shown["ready"].as_bool()), (1, Some(true)), "{shown}");
    // A row of data under one row of headings is no second heading, even if a cell says a heading's word.
    let one = "抽样单编号\t被抽样单位\t产品名称\t抽样日期\t备注\nK1\t永宁县甲口罩厂\t口罩\t2021-05-01\t生产企业\n";
    let shown = preview(&mut backend, &block(one));
    assert_eq!((shown["heading"].as_u64(), shown["heading_last"].as_u64()), (Some(1), Some(1)), "{shown}");
}

#[test]
fn radicals_out_of_a_pdf_meet_the_firm_they_show() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = book(folder.path());
    save(&mut backend, "enterprise", json!({"name": "文华厂", "roles": ["producer"]}));
    let shown = preview(&mut backend, &enterprises("企业名称\t地址\n\u{2F42}华\u{2F1A}\t\u{2F42}明街\n"));
    assert_eq!(states(&shown), ["differs"], "{shown}");
    assert_eq!(rows_of(&shown)[0]["changes"][0], json!({"field": "address", "old": null, "new": "文明街"}));
    let sampled = "抽样单编号\t抽查企业\t产品名称\t抽样日期\nK1\t\u{2F42}华\u{2F1A}\t口罩\t2021-05-01\n";
    assert_eq!(preview(&mut backend, &block(sampled))["ready"], true);
}

#[test]
fn unknown_firms_are_made_at_once_with_the_block() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = book(folder.path());
    let sheet = "抽样单编号\t抽查企业\t产品名称\t抽样日期\nK1\t丁口罩厂\t口罩\t2021-05-01\nK2\t 丁口罩厂\t口罩\t2021-05-02\n\
        K3\t永宁县甲口罩厂\t口罩\t2021-05-01\nK4\t戊口罩厂\t口罩\t2021-05-01\nK5\t91640121MA0000000A\t口罩\t2021-05-01\n";
    let shown = preview(&mut backend, &block(sheet));
    let unmatched: Vec<_> = shown["unmatched"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| [&each["text"], &each["rows"], &each["makeable"]])
        .collect();
    assert_eq!(
        json!(unmatched),
        json!([["丁口罩厂", 2, true], ["戊口罩厂", 1, true], ["91640121MA0000000A", 1, false]])
    );
    let make = |fields: Value| json!({"make": [{"kind": "enterprise", "texts": ["丁口罩厂", "戊口罩厂"], "fields": fields}], "left_out": [6]});
    let wrong = preview(&mut backend, &with(block(sheet), make(json!({}))));
    assert_eq!(
        rows_of(&wrong)[0]["errors"][0]["code"],
        "required-missing",
        "the first row that names it says so: {wrong}"
    );
    let making = with(block(sheet), make(json!({"roles": ["producer"], "division": "640121"})));
    let shown = preview(&mut backend, &making);
    assert_eq!((shown["ready"].as_bool(), shown["counts"]["made"].as_u64()), (Some(true), Some(2)), "{shown}");
    assert_eq!(list(&mut backend, "enterprise").len(), 2, "a preview keeps nothing");
    assert_eq!(
        apply(&mut backend, &making, &shown["token"]),
        json!({"recorded": 4, "updated": 0, "made": 2, "kept": 0})
    );
    let made = list(&mut backend, "enterprise").into_iter().find(|kept| kept["fields"]["name"] == "丁口罩厂").unwrap();
    assert_eq!(made["fields"]["division"], "640121");
    assert_eq!(made["campaigns"], json!(["nx-2021-24"]));
    let own = samples(&mut backend).into_iter().filter(|sample| sample["fields"]["enterprise"] == made["id"]).count();
    assert_eq!(own, 2);
}

#[test]
fn ten_thousand_rows_go_in_whole_and_are_looked_at_page_by_page() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = book(folder.path());
    let mut sheet = "抽样单编号\t抽查企业\t产品名称\t抽样日期\n".to_owned();
    for number in 1..=10_000 {
        sheet.push_str(&format!("K{number}\t永宁县甲口罩厂\t口罩\t2021-05-01\n"));
    }
    let shown = preview(&mut backend, &block(&sheet));
    assert_eq!((shown["ready"].as_bool(), shown["counts"]["new"].as_u64()), (Some(true), Some(10_000)));
    assert_eq!((rows_of(&shown).len(), shown["rows"]["total"].as_u64()), (200, Some(10_000)));
    let turned = ask(&mut backend, json!({"do": "paste_rows", "view": shown["view"], "first": 9_900, "only": "new"}));
    assert_eq!(turned["rows"].as_array().unwrap().len(), 100);
    assert_eq!(turned["rows"][0]["fields"]["number"], "K9901");
    let none = ask(&mut backend, json!({"do": "paste_rows", "view": shown["view"], "first": 0, "only": "doubtful"}));
    assert_eq!(none["total"], 0);
    let stale = ask(&mut backend, json!({"do": "paste_rows", "view": 99, "first": 0, "only": "all"}));
    assert_eq!(stale[0]["code"], "paste-changed");
    assert_eq!(apply(&mut backend, &block(&sheet), &shown["token"])["recorded"], 10_000);
    let again = preview(&mut backend, &block(&sheet));
    assert_eq!(again["counts"]["same"], 10_000);
}

/// Somebody presses the button while it works: nothing of it is kept.
#[test]
fn a_long_block_can_be_stopped_and_leaves_nothing() {
    use std::ops::ControlFlow;
    let folder = tempfile::tempdir().unwrap();
    let mut backend = book(folder.path());
    let mut sheet = "抽样单编号\t抽查企业\t产品名称\t抽样日期\n".to_owned();
    for number in 1..=3_000 {
        sheet.push_str(&format!("K{number}\t永宁县甲口罩厂\t口罩\t2021-05-01\n"));
    }
    let (pasted, _): (Block, _) = serde_json::from_value::<Paste>(block(&sheet)).unwrap().into();
    let session = backend.session_mut().unwrap();
    let mut seen = Vec::new();
    let shown = session
        .preview_paste(&pasted, &mut |progress| {
            seen.push((progress.stage, progress.done, progress.total));
            ControlFlow::Continue(())
        })
        .unwrap();
    assert!(seen.windows(2).filter(|pair| pair[0].0 == pair[1].0 && pair[0].1 < pair[1].1).count() >= 5, "{seen:?}");
    for stop_at in [app::Stage::Reading, app::Stage::Checking, app::Stage::Saving] {
        let stopped = session.apply_paste(&pasted, &shown.token, &mut |progress| match progress.stage == stop_at {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        });
        assert!(stopped.is_err(), "{stop_at:?}");
    }
    assert!(samples(&mut backend).is_empty());
}

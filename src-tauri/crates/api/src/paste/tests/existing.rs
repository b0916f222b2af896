//! Rows about records that stand already, and about firms that do not yet.

use super::*;

fn save(backend: &mut Backend, kind: &str, fields: Value) -> String {
    let saved = ask(
        backend,
        json!({"do": "record_save", "kind": kind, "id": null, "campaigns": ["nx-2021-24"], "void": null,
            "overrides": {"division-outside": "外地注册"}, "fields": fields}),
    );
    saved["record"]["id"].as_str().unwrap_or_else(|| panic!("{saved}")).to_owned()
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

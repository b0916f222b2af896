//! How cells are understood: headings, units, totals, files of every kind, and what is wrong in them.

use std::collections::BTreeSet;

use super::*;

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
        (&b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"[..], "paste-unreadable"),
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

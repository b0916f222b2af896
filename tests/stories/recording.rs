//! Recording through the window's own door: judged while it is typed, led on to what comes next, and taken back.

use api::Backend;
use serde_json::{Value, json};

use crate::support::{Drawer, ask, id, new_book};

const CAMPAIGN: &str = "nx-2021-24";

fn saving(kind: &str, id: Value, fields: Value) -> Value {
    json!({"do": "record_save", "kind": kind, "id": id, "campaigns": [CAMPAIGN], "void": null, "overrides": {}, "fields": fields})
}

fn save(desk: &mut Backend, kind: &str, id: Value, fields: Value) -> Value {
    let saved = ask(desk, saving(kind, id, fields));
    assert!(saved["record"].is_object(), "{saved}");
    saved
}

fn enterprise(desk: &mut Backend, name: &str, uscc: &str) -> Value {
    let uscc = if uscc.is_empty() { Value::Null } else { json!(uscc) };
    save(desk, "enterprise", Value::Null, json!({"name": name, "roles": ["producer"], "uscc": uscc}))["record"]["id"]
        .clone()
}

fn inspection(desk: &mut Backend, enterprise: &Value, more: Value) -> Value {
    let mut fields = json!({"enterprise": enterprise, "date": "2021-05-20", "inspectors": ["王五", "赵六"], "line": "quality",
        "department": "market", "categories": ["mask"], "outcome": "normal"});
    fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    save(desk, "inspection", Value::Null, fields)["record"]["id"].clone()
}

fn offers(desk: &mut Backend, id: &Value) -> Vec<Value> {
    ask(desk, json!({"do": "record_beside", "id": id}))["offers"].as_array().unwrap().clone()
}

fn codes(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|problem| problem["code"].as_str().unwrap()).collect()
}

#[test]
fn a_form_is_judged_without_being_saved() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = new_book(folder.path());
    let check = |desk: &mut Backend, fields: Value| {
        let mut request = saving("enterprise", Value::Null, fields);
        request["do"] = json!("record_check");
        ask(desk, request)
    };
    let checked =
        check(&mut desk, json!({"name": "甲厂", "uscc": "91350100M0001TGQXM", "established_on": "2021-05-20"}));
    assert_eq!(codes(&checked["errors"]), ["required-missing"]);
    assert_eq!(checked["errors"][0]["field"], "roles");
    assert_eq!(checked["warnings"][0]["field"], "uscc", "{checked}");
    // What is of the wrong type is said like everything else.
    let checked = check(&mut desk, json!({"name": 5, "roles": ["producer"]}));
    assert_eq!(checked["errors"][0]["field"], "name", "{checked}");
    let counted = ask(&mut desk, json!({"do": "status"}))["book"].clone();
    assert_eq!((&counted["unsent"], &counted["set_aside"]), (&json!(0), &json!(0)));
}

#[test]
fn a_record_that_counts_nowhere_asks_why() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = new_book(folder.path());
    let factory = enterprise(&mut desk, "甲厂", "");
    let mut request = saving(
        "case",
        Value::Null,
        json!({"enterprise": factory, "line": "quality", "category": "mask", "filed_on": "2021-05-20"}),
    );
    request["campaigns"] = json!([]);
    let refused = ask(&mut desk, request.clone());
    assert_eq!(codes(&refused["warnings"]), ["campaigns-missing"]);
    assert_eq!(refused["warnings"][0]["field"], "campaigns");
    request["overrides"] = json!({"campaigns-missing": "日常监管"});
    assert!(ask(&mut desk, request)["record"].is_object());
}

#[test]
fn a_failed_item_becomes_a_problem_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = new_book(folder.path());
    let factory = enterprise(&mut desk, "甲厂", "");
    let checklist = json!({"licences": {"result": "pass"}, "labelling": {"result": "fail", "note": "未标生产日期"}});
    let visit = inspection(
        &mut desk,
        &factory,
        json!({"checklist": checklist, "outcome": "rectify", "rectify_by": "2021-06-01", "findings": "标签不全"}),
    );
    let next = offers(&mut desk, &visit);
    assert_eq!(
        next.iter().map(|offer| offer["opens"].as_str().unwrap()).collect::<Vec<_>>(),
        ["problem", "problem", "inspection"]
    );
    assert_eq!(next[0]["item"], "口罩标签标注情况");
    let preset = &next[0]["preset"];
    let expected = json!({"inspection": visit, "enterprise": factory, "found_on": "2021-05-20", "due_on": "2021-06-01",
        "description": "口罩标签标注情况：未标生产日期", "state": "open"});
    assert_eq!(*preset, expected);
    assert_eq!(next[1]["preset"]["description"], "标签不全");
    assert_eq!(next[2]["preset"]["follow_up_of"], visit);

    let problem = save(&mut desk, "problem", Value::Null, preset.clone())["record"]["id"].clone();
    let beside = ask(&mut desk, json!({"do": "record_beside", "id": visit}));
    assert_eq!(beside["offers"][0]["existing"], problem);
    assert_eq!(beside["related"][0]["kind"], "problem");
    assert_eq!(beside["related"][0]["records"][0]["id"], problem);
    let english = ask(&mut desk, json!({"do": "record_beside", "id": visit, "lang": "en"}));
    assert_eq!(english["offers"][0]["label"], "Enter as a problem");
}

#[test]
fn a_case_and_a_disposal_start_with_what_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = new_book(folder.path());
    let factory = enterprise(&mut desk, "甲厂", "");
    let visit = inspection(&mut desk, &factory, json!({"outcome": "case"}));
    let next = offers(&mut desk, &visit);
    assert_eq!(next[0]["opens"], "case");
    assert_eq!(
        next[0]["preset"],
        json!({"enterprise": factory, "line": "quality", "category": "mask", "filed_on": "2021-05-20"})
    );
    assert_eq!(next[0]["campaigns"], json!([CAMPAIGN]));

    let sample = |result: &str| {
        json!({"number": "KZ-1", "enterprise": factory, "product_name": "口罩", "category": "mask", "sampled_on": "2021-05-05",
            "authority": "market", "result": result, "reported_on": "2021-05-15", "failed_items": ["过滤效率"],
            "nonconforming_quantity": 100, "entered_market": "no"})
    };
    let taken = save(&mut desk, "sample", Value::Null, sample("conforming"))["record"]["id"].clone();
    assert_eq!(offers(&mut desk, &taken), Vec::<Value>::new());
    save(&mut desk, "sample", taken.clone(), sample("nonconforming"));
    let next = offers(&mut desk, &taken);
    assert_eq!((next[0]["opens"].as_str(), &next[0]["existing"]), (Some("disposal"), &Value::Null));
    // It counts where its sample does, and has no campaigns of its own.
    let mut request = saving("disposal", Value::Null, next[0]["preset"].clone());
    request["campaigns"] = next[0]["campaigns"].clone();
    let disposal = ask(&mut desk, request)["record"]["id"].clone();
    assert_eq!(offers(&mut desk, &taken)[0]["existing"], disposal);
}

#[test]
fn who_is_typed_twice_is_seen_while_typing() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = new_book(folder.path());
    let known = enterprise(&mut desk, "宁夏康护医疗用品有限公司", "91640100MA76GBNW1P");
    enterprise(&mut desk, "灵武市福利纸箱厂", "");
    let alike = |desk: &mut Backend, id: Value, fields: Value| {
        let hits = ask(desk, json!({"do": "record_similar", "kind": "enterprise", "id": id, "fields": fields}));
        let hits = hits.as_array().unwrap();
        hits.iter().map(|hit| (hit["id"].clone(), hit["likeness"].as_str().unwrap().to_owned())).collect::<Vec<_>>()
    };
    let one = |likeness: &str| vec![(known.clone(), likeness.to_owned())];
    assert_eq!(alike(&mut desk, Value::Null, json!({"uscc": "91640100ma76gbnw1p"})), one("code"));
    assert_eq!(alike(&mut desk, Value::Null, json!({"name": "宁夏康护医疗用品 有限公司"})), one("name"));
    assert_eq!(alike(&mut desk, Value::Null, json!({"name": "康护医疗用品有限责任公司"})), one("near_name"));
    assert_eq!(alike(&mut desk, Value::Null, json!({"name": "宁夏"})), []);
    assert_eq!(alike(&mut desk, Value::Null, json!({"name": "\"* OR 1=1 --"})), []);
    assert_eq!(alike(&mut desk, known.clone(), json!({"name": "宁夏康护医疗用品有限公司"})), [], "itself");
    let void = json!({"do": "record_save", "kind": "enterprise", "id": known, "campaigns": null, "void": "重复", "overrides": {}, "fields": {}});
    assert!(ask(&mut desk, void)["record"].is_object());
    assert_eq!(alike(&mut desk, Value::Null, json!({"name": "宁夏康护医疗用品有限公司"})), []);
}

#[test]
fn an_enterprises_file_is_where_its_records_begin() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = new_book(folder.path());
    let factory = enterprise(&mut desk, "甲厂", "");
    let next = offers(&mut desk, &factory);
    let begun: Vec<&str> = next.iter().map(|offer| offer["opens"].as_str().unwrap()).collect();
    assert_eq!(begun, ["inspection", "sample", "case", "assistance", "product", "clue"]);
    for offer in &next {
        let named = match offer["opens"].as_str().unwrap() {
            "assistance" => (&offer["preset"]["enterprises"], json!([factory])),
            _ => (&offer["preset"]["enterprise"], factory.clone()),
        };
        assert_eq!(named.0, &named.1, "{offer}");
        let campaigns = if offer["opens"] == "product" { json!([]) } else { json!([CAMPAIGN]) };
        assert_eq!(offer["campaigns"], campaigns, "{offer}");
    }

    // What is listed of it is what its file counts, those joined to it included.
    let other = enterprise(&mut desk, "甲厂（旧）", "");
    inspection(&mut desk, &factory, json!({}));
    inspection(&mut desk, &other, json!({}));
    ask(&mut desk, json!({"do": "enterprise_join", "member": other, "kept": factory}));
    let listed = |desk: &mut Backend, of: &Value| {
        let list = json!({"do": "record_rows", "kind": "inspection", "enterprise": of, "limit": 10});
        ask(desk, list)["total"].clone()
    };
    let totals = ask(&mut desk, json!({"do": "dossier", "id": factory}))["totals"]["kinds"].clone();
    assert_eq!(totals, json!([{"kind": "inspection", "count": 2}]));
    assert_eq!((listed(&mut desk, &factory), listed(&mut desk, &other)), (json!(2), json!(2)));
    ask(&mut desk, json!({"do": "enterprise_split", "id": other}));
    assert_eq!((listed(&mut desk, &factory), listed(&mut desk, &other)), (json!(1), json!(1)));
}

#[test]
fn only_an_office_above_remarks_and_the_one_below_answers() {
    let drawer = Drawer::new();
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    county.record(&[crate::support::enterprise(1, "甲厂")]);
    region.take(&county.hand_up());
    let remark = |id: Option<String>, fields: Value| -> app::RecordInput {
        serde_json::from_value(json!({"kind": "review", "id": id, "fields": fields})).unwrap()
    };
    let new = json!({"of": id(1), "text": "请补录地址。", "state": "open"});
    assert_eq!(county.session.save_if_valid(remark(None, new.clone()), None).unwrap_err().code(), "written-above");
    let made = region.session.save_if_valid(remark(None, new), None).unwrap().unwrap();
    let review = made.record.to_string();
    county.take(&region.send_down("640121"));
    assert_eq!(county.field(&review, "text"), "请补录地址。");

    let reworded = json!({"text": "已补录。", "state": "answered"});
    let refused = county.session.save_if_valid(remark(Some(review.clone()), reworded), None);
    assert_eq!(refused.unwrap_err().code(), "answered-below");
    let answer = json!({"text": "请补录地址。", "state": "answered"});
    county.session.save_if_valid(remark(Some(review.clone()), answer), None).unwrap().unwrap();
    region.take(&county.hand_up());
    assert_eq!(region.field(&review, "state"), "answered");
    assert_eq!(region.digest(), county.digest());
}

#[test]
fn figures_are_declared_in_the_forms_own_words() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = new_book(folder.path());
    let forms = ask(&mut desk, json!({"do": "declarable"}));
    let form = forms.as_array().unwrap().iter().find(|form| form["id"] == "nx-2021-24/1").expect("a statistics form");
    assert_eq!(form["campaign"], CAMPAIGN);
    let labels = |part: &str| -> Vec<(String, String)> {
        let of = |each: &Value, key: &str| each[key].as_str().unwrap().to_owned();
        form[part].as_array().unwrap().iter().map(|each| (of(each, "id"), of(each, "label"))).collect()
    };
    assert!(labels("rows").contains(&("quality".into(), "质量类案件".into())), "{form}");
    assert!(!labels("rows").iter().any(|(id, _)| id == "total"), "{form}");
    assert!(labels("columns").iter().any(|(id, label)| id == "penalty" && label.contains("罚没")), "{form}");
    assert!(!forms.as_array().unwrap().iter().any(|form| form["id"] == "nx-2021-24/2"), "a list takes no figures");
    // Whatever is offered is taken.
    for form in forms.as_array().unwrap() {
        // Those of summer are not under way yet: a day before their first would be refused.
        let later = form["campaign"].as_str().unwrap().starts_with("nx-2021-28");
        for column in form["columns"].as_array().unwrap() {
            let fields = json!({"form": form["id"], "row": form["rows"][0]["id"], "column": column["id"],
                "as_of": if later { "2021-06-07" } else { "2021-05-20" }, "value": 3, "source": "customs"});
            let mut request = saving("declared", Value::Null, fields);
            if later {
                request["overrides"] = json!({"day-after-today": "按计划先录"});
            }
            request["campaigns"] = json!([form["campaign"]]);
            assert!(ask(&mut desk, request.clone())["record"].is_object(), "{request}");
        }
    }
    let listed = ask(&mut desk, json!({"do": "record_rows", "kind": "declared", "limit": 500}));
    let titles = &listed["rows"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["fields"]["form"] == "nx-2021-24/1")
        .unwrap()["titles"];
    assert_eq!(titles["form=nx-2021-24/1"], "口罩案件查处情况统计表");
}

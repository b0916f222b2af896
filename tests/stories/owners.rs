//! Whoever may write for offices below chooses whose record a new one is.

use serde_json::{Value, json};

use crate::support::Drawer;

#[test]
fn a_region_records_for_a_county_whose_name_is_known() {
    let drawer = Drawer::new();
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    region.take(&county.hand_up());
    let window = drawer.window(region);
    let owners = window.done(json!({"do": "owners"}));
    let codes: Vec<&str> = owners.as_array().unwrap().iter().map(|each| each["office"].as_str().unwrap()).collect();
    assert_eq!(codes, ["640000", "640121"]);
    let save = |office: Value| {
        json!({"do": "record_save", "kind": "enterprise", "id": null, "campaigns": ["nx-2021-24"], "void": null,
            "overrides": {}, "office": office, "fields": {"name": format!("{office}的厂"), "roles": ["producer"]}})
    };
    let saved = window.done(save(json!("640121")));
    assert_eq!(saved["record"]["office"], "640121", "{saved}");
    assert_eq!(window.done(save(Value::Null))["record"]["office"], "640000");
    assert_eq!(window.refused(save(json!("640122"))), "owner-unnamed");
    assert_eq!(window.refused(save(json!("210100"))), "office-not-below");
    window.done(json!({"do": "office_name", "office": "640122", "name": "贺兰县市场监督管理局"}));
    assert_eq!(window.done(save(json!("640122")))["record"]["office"], "640122");

    // Once recorded it never changes.
    let id = saved["record"]["id"].clone();
    let moved = json!({"do": "record_save", "kind": "enterprise", "id": id, "campaigns": null, "void": null,
        "overrides": {}, "office": "640122", "fields": {"contact": "李四"}});
    assert_eq!(window.refused(moved), "office-changed");
    let history = window.done(json!({"do": "history", "record": id, "field": "name"}));
    assert_eq!(history[0]["assigned"]["author"], "高远");
    assert_eq!(history[0]["assigned"]["office"], "640000", "{history}");

    // A pasted list too, with what it makes of names.
    let text = "抽样单编号\t企业名称\t产品名称\t抽样日期\nXQ-1\t贺兰口罩厂\t口罩\t2021-05-06\n";
    let make = json!([{"kind": "enterprise", "texts": ["贺兰口罩厂"], "fields": {"roles": ["producer"]}}]);
    let mut paste = json!({"do": "paste_preview", "kind": "sample", "text": text, "file": null, "sheet": null,
        "heading": null, "columns": [], "units": [], "downwards": false, "office": "640122",
        "preset": {"authority": "market", "category": "mask", "result": "pending"}, "campaigns": ["nx-2021-24"],
        "meant": {}, "make": make, "left_out": [], "taken": [], "update": [], "reasons": {}, "token": null});
    let shown = window.done(paste.clone());
    assert_eq!(shown["ready"], true, "{shown}");
    paste["do"] = "paste_apply".into();
    paste["token"] = shown["token"].clone();
    window.done(paste.clone());
    for kind in ["sample", "enterprise"] {
        let rows = window.done(json!({"do": "record_rows", "kind": kind, "text": "贺兰口罩厂", "limit": 10}));
        assert_eq!(rows["rows"][0]["office"], "640122", "{rows}");
    }
    // Pasted again it is the same.
    paste["do"] = "paste_preview".into();
    paste["make"] = json!([]);
    assert_eq!(window.done(paste.clone())["counts"]["same"], 1);
    paste["office"] = json!("640123");
    assert_eq!(window.refused(paste), "owner-unnamed");
    county.is_sound();
}

//! A block of cells from the clipboard or a file until it is recorded, by the requests of the window.

mod existing;
mod long;
mod reading;

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
    let page = ask(backend, json!({"do": "record_rows", "kind": "sample", "with_voided": true, "limit": 100}));
    page["rows"].as_array().unwrap().clone()
}

const SHEET: &str = "口罩专项抽检情况\t\t\t\t\t\t\r\n\
    序号\t抽样单号\t被抽样单位\t样品名称\t抽样日期\t检验结论\t报告日期\t不合格数量（万只）\r\n\
    1\tKZ-1\t永宁县甲口罩厂\t\"一次性\n口罩\"\t2021/3/12\t合格\t44280\t\r\n\
    2\tKZ-2\t91350100M000100Y43\t儿童口罩\t2021年4月2日\t不符合\t20210420\t0.498\r\n\
    3\tKZ-3\t永宁县乙(宁夏)口罩厂\t日常防护口罩\t2021.5.6\t\t\t/\r\n";

fn list(backend: &mut Backend, kind: &str) -> Vec<Value> {
    let page = ask(backend, json!({"do": "record_rows", "kind": kind, "with_voided": true, "limit": 100}));
    page["rows"].as_array().unwrap().clone()
}

fn enterprises(text: &str) -> Value {
    with(block(text), json!({"kind": "enterprise", "preset": {"roles": ["producer"]}}))
}

//! A list as it stands on the screen, in a file: for the office above, for a colleague, for next year's archive.

use std::path::Path;

use calamine::{Data, Reader, Xlsx, open_workbook};
use serde_json::{Value, json};

use crate::support::Drawer;

fn of(kind: &str, more: Value) -> Value {
    let mut list = json!({"kind": kind, "limit": 0, "dated": true, "oldest_first": true});
    list.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    list
}

fn csv(file: &Path) -> Vec<String> {
    let text = String::from_utf8(std::fs::read(file).unwrap()).unwrap();
    text.strip_prefix('\u{FEFF}').expect("what Excel knows UTF-8 by").lines().map(str::to_owned).collect()
}

#[test]
fn a_list_is_saved_as_it_is_narrowed_and_ordered_and_so_is_what_a_number_counts() {
    let drawer = Drawer::new();
    let mut county = drawer.office("640121", "永宁县市场监督管理局");
    let case = |number: &str, line: &str, day: &str| {
        json!({"kind": "case", "campaigns": ["nx-2021-24"],
            "fields": {"number": number, "decision_no": format!("{number}罚"), "cause": "=1+1", "enterprise": "01900000-0000-7000-8000-000000000001",
            "line": line, "category": "mask", "filed_on": day, "penalty_on": day, "penalty_fen": 123_456}})
    };
    county.record(&[
        json!({"kind": "enterprise", "id": "01900000-0000-7000-8000-000000000001", "campaigns": ["nx-2021-24"],
            "fields": {"name": "银川永宁口罩厂", "roles": ["producer"]}}),
        case("永市监案〔2021〕2号", "quality", "2021-05-10"),
        case("永市监案〔2021〕1号", "price", "2021-05-01"),
        case("永市监案〔2021〕3号", "quality", "2021-05-20"),
    ]);
    let window = drawer.window(county);
    let (out, book) = (drawer.path("cases.csv"), drawer.path("cases.xlsx"));
    let list = |more: Value, out: &Path| json!({"do": "list_to_file", "list": of("case", more), "out": out});

    window.done(list(json!({"codes": {"line": "quality"}}), &out));
    let lines = csv(&out);
    assert_eq!(lines[0], "案号,案由,当事人,执法条线,产品类别,立案日期,罚没金额（元）,结案日期");
    assert_eq!(lines[1], "永市监案〔2021〕2号,'=1+1,银川永宁口罩厂,质量,口罩,2021-05-10,1234.56,");
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[2].starts_with("永市监案〔2021〕3号"), "{lines:?}");

    window.done(list(json!({}), &book));
    let mut saved: Xlsx<_> = open_workbook(&book).unwrap();
    let range = saved.worksheet_range_at(0).unwrap().unwrap();
    assert_eq!(range.height(), 4);
    assert_eq!(range.get_value((1, 0)), Some(&Data::String("永市监案〔2021〕1号".to_owned())));
    assert_eq!(range.get_value((1, 1)), Some(&Data::String("=1+1".to_owned())));
    assert_eq!(range.get_value((1, 6)), Some(&Data::Float(1234.56)));

    let filling = json!({"form": "nx-2021-24/1", "as_of": "2021-05-27", "office": null, "date": null});
    let trace = json!({"do": "trace_to_file", "filling": filling, "row": "quality", "column": "filed", "out": out});
    window.done(trace);
    let lines = csv(&out);
    assert_eq!(lines.len(), 3);
    assert!(lines[0].starts_with("填报单位,案号"), "{lines:?}");
    assert!(lines[1].starts_with("永宁县市场监督管理局,永市监案"), "{lines:?}");

    // A list in the page's own words.
    let rows = json!([["=1", 2], ["三", "四"]]);
    window.done(json!({"do": "table_to_file", "title": "清单", "columns": ["甲", "乙"], "rows": rows, "out": out}));
    assert_eq!(csv(&out), ["甲,乙", "'=1,2", "三,四"]);

    // The same list by its ledger.
    let ledger = json!({"form": "nx-2021-24/cases", "as_of": "2021-05-27", "office": null, "date": null});
    window.done(json!({"do": "fill_to_file", "filling": ledger, "out": out}));
    assert_eq!(csv(&out).len(), 4);
    assert_eq!(window.refused(list(json!({}), &drawer.path("cases.txt"))), "list-output-unknown");
}

//! Numbers that stand for one thing: two counties used one sampling sheet, and the region sees it, opens both and puts it right.

use app::Language;
use serde_json::{Value, json};

use crate::support::{Drawer, Office, enterprise, id};

fn sample(n: u32, enterprise: u32, number: &str) -> Value {
    json!({"kind": "sample", "id": id(n), "campaigns": ["nx-2021-24"], "fields": {
        "number": number, "enterprise": id(enterprise), "product_name": "一次性口罩", "category": "mask",
        "sampled_on": "2021-04-08", "authority": "market", "result": "pending"}})
}

/// A finding's code and words, and the records it opens: kind and id.
type Found = (String, String, Vec<(String, String)>);

fn findings(office: &Office) -> Vec<Found> {
    let page = office.session.findings_in_words(0, Language::Zh).expect("findings");
    assert_eq!(page.total as u64, office.session.finding_count().expect("counted"));
    let line = |line: app::FindingLine| {
        let records = line.records.into_iter().map(|record| (record.kind.unwrap_or_default(), record.id)).collect();
        (line.problem.code, line.problem.message, records)
    };
    page.lines.into_iter().map(line).collect()
}

#[test]
fn one_sampling_sheet_in_two_counties_is_a_finding_that_opens_both() {
    let drawer = Drawer::new();
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut yongning = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    let mut lingwu = drawer.below(&mut region, "640181", "灵武市市场监督管理局");
    yongning.record(&[enterprise(1, "甲口罩厂"), sample(11, 1, "NX2021-0408")]);
    lingwu.record(&[enterprise(2, "乙口罩厂"), sample(12, 2, "ＮＸ2021—0408"), sample(13, 2, "NX2021-0409")]);
    region.take(&yongning.hand_up());
    assert_eq!(findings(&region), []);
    region.take(&lingwu.hand_up());
    let both = vec![("sample".to_owned(), id(11)), ("sample".to_owned(), id(12))];
    let [(code, message, records)] = &findings(&region)[..] else { panic!("{:?}", findings(&region)) };
    assert_eq!((code.as_str(), records), ("finding-identifier-twice", &both));
    assert!(message.contains("抽样单编号") && message.contains("NX2021-0408") && message.contains("2 条"), "{message}");
    region.is_sound();

    // The county that wrote the number wrong puts it right, and nothing is left to find.
    lingwu.edit("sample", &id(12), json!({"number": "NX2021-0410"}));
    region.take(&lingwu.hand_up());
    assert_eq!(findings(&region), []);
    region.is_sound();
}

#[test]
fn a_credit_code_in_two_counties_is_found_until_the_two_are_joined() {
    let drawer = Drawer::new();
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut yongning = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    let mut lingwu = drawer.below(&mut region, "640181", "灵武市市场监督管理局");
    let coded = |n: u32, name: &str| {
        let mut line = enterprise(n, name);
        line["fields"]["uscc"] = json!("91110108551385082Q");
        line
    };
    yongning.record(&[coded(1, "甲口罩厂")]);
    lingwu.record(&[coded(2, "甲口罩厂灵武分厂")]);
    region.take(&yongning.hand_up());
    region.take(&lingwu.hand_up());
    assert_eq!(findings(&region)[0].0, "finding-identifier-twice");
    region.edit("enterprise", &id(2), json!({"same_as": id(1)}));
    assert_eq!(findings(&region), []);
    // Taken apart again, and then left so for a reason.
    region.edit("enterprise", &id(2), json!({"same_as": null}));
    assert_eq!(findings(&region).len(), 1);
    region.record(&[
        json!({"kind": "enterprise", "id": id(2), "overrides": {"identifier-taken": "分支机构沿用总厂代码"}}),
    ]);
    assert_eq!(findings(&region), []);
}

//! The composed texts of 附件2, word for word (nx-2021-24/2, domain.md section 4).

extern crate sweepbook_domain as domain;

mod common;

use common::{day, id, record, sample, schema};
use domain::Record;
use domain::compose::{ComposeContext, NAMES, compose, reads};

const DISPOSAL: &str = r#"{"sample":"00000000-0000-4000-8000-000000000002","stop_sale_on":"2021-03-21",
    "sealed_quantity":100,"sealed_on":"2021-03-21","detained_quantity":200,"detained_on":"2021-03-22",
    "recalled_quantity":300,"recalled_on":"2021-03-23","destroyed_quantity":600,"destroyed_on":"2021-03-24",
    "rectify_ordered_on":"2021-03-25","rectify_by":"2021-04-25","reinspected_on":"2021-04-20","reinspection":"pass",
    "transferred_on":"2021-04-21","measures":"约谈负责人\n","assistance":"技术指导",
    "flows":[{"destination":"吴忠","quantity":300},{"destination":"中卫"},{"division":"640500"}]}"#;

struct Given {
    sample: Record,
    disposal: Option<Record>,
    cases: Vec<Record>,
    assistance: Vec<Record>,
}

fn usual() -> Given {
    Given {
        sample: sample(2, "nonconforming"),
        disposal: Some(record(3, "disposal", DISPOSAL)),
        cases: vec![record(4, "case", r#"{"filed_on":"2021-04-01"}"#)],
        assistance: vec![
            record(9, "assistance", r#"{"date":"2021-04-10","mode":"clinic"}"#),
            record(8, "assistance", r#"{"date":"2021-04-10","mode":"training","content":"GB 2626 宣讲"}"#),
            record(7, "assistance", r#"{"date":"2021-05-01","mode":"talk","content":"  "}"#),
        ],
    }
}

impl Given {
    fn text(&self, name: &str, as_of: &str) -> String {
        let schema = schema();
        let context = ComposeContext {
            schema: &schema,
            as_of: day(as_of),
            sample: &self.sample,
            disposal: self.disposal.as_ref(),
            cases: &self.cases,
            assistance: &self.assistance,
        };
        compose(name, &context).unwrap_or_else(|| panic!("{name}"))
    }
}

#[test]
fn measures_print_what_is_dated_by_the_cut_off() {
    let given = usual();
    assert_eq!(
        given.text("measures", "2021-05-27"),
        "责令停止销售；查封100只；扣押200只；召回300只；销毁600只；责令整改（2021-04-25前）；复查合格；立案查处；移送公安机关；约谈负责人"
    );
    assert_eq!(
        given.text("measures", "2021-04-20"),
        given.text("measures", "2021-05-27").replace("；移送公安机关", "")
    );
    assert_eq!(given.text("measures", "2021-03-22"), "责令停止销售；查封100只；扣押200只；约谈负责人");
    assert_eq!(given.text("measures", "2021-03-01"), "约谈负责人");
}

#[test]
fn measures_follow_what_is_known() {
    let mut given = usual();
    let disposal = given.disposal.as_mut().unwrap();
    disposal.fields.remove("rectify_by");
    disposal.fields.insert("reinspection".into(), "fail".into());
    disposal.fields.remove("sealed_quantity");
    let text = given.text("measures", "2021-05-27");
    assert!(text.starts_with("责令停止销售；查封；扣押200只；"), "{text}");
    assert!(text.contains("；责令整改；复查不合格；"), "{text}");
    given.disposal = None;
    assert_eq!(given.text("measures", "2021-05-27"), "立案查处", "a case can name the sample without a disposal");
    assert_eq!(given.text("measures", "2021-03-31"), "");
    given.sample.fields.insert("category".into(), "unheard-of".into());
    given.disposal = usual().disposal;
    assert!(given.text("measures", "2021-05-27").contains("查封100；"), "an unknown category has no unit");
}

#[test]
fn a_result_is_pending_until_it_is_reported() {
    let given = usual();
    assert_eq!(given.text("result", "2021-03-19"), "待检");
    assert_eq!(given.text("result", "2021-03-20"), "不合格");
    assert_eq!(Given { sample: sample(2, "conforming"), ..usual() }.text("result", "2021-03-20"), "合格");
    assert_eq!(Given { sample: sample(2, "pending"), ..usual() }.text("result", "2021-03-20"), "待检");
}

#[test]
fn flows_are_the_destinations_as_listed() {
    assert_eq!(usual().text("flows", "2021-03-01"), "吴忠、中卫");
    assert_eq!(Given { disposal: None, ..usual() }.text("flows", "2021-05-27"), "");
}

#[test]
fn assistance_is_listed_by_date_and_id() {
    let given = usual();
    assert_eq!(given.text("assistance", "2021-05-27"), "技术指导；培训：GB 2626 宣讲；质量义诊；约谈");
    assert_eq!(given.text("assistance", "2021-04-30"), "技术指导；培训：GB 2626 宣讲；质量义诊");
    assert_eq!(Given { disposal: None, ..usual() }.text("assistance", "2021-04-09"), "");
}

#[test]
fn every_name_reads_fields_that_exist() {
    let schema = schema();
    for name in NAMES {
        assert!(!reads(name).is_empty());
        for (kind, field) in reads(name) {
            assert!(schema.kind(kind).unwrap().field(field).is_some(), "{name} reads {kind}.{field}");
        }
    }
    let given = usual();
    let context = ComposeContext {
        schema: &schema,
        as_of: day("2021-05-27"),
        sample: &given.sample,
        disposal: None,
        cases: &[],
        assistance: &[],
    };
    assert_eq!(compose("no-such-text", &context), None);
    assert!(reads("no-such-text").is_empty());
    assert_eq!(given.sample.id, id(2));
}

/// What changes a text must be named by `reads`, or a conflict in it would not leave the cell unsettled.
#[test]
fn what_a_text_rests_on_is_named() {
    let given = usual();
    let texts = |given: &Given| NAMES.iter().map(|name| (*name, given.text(name, "2021-05-27"))).collect::<Vec<_>>();
    let before = texts(&given);
    let mut moved = 0;
    for kind in ["sample", "disposal"] {
        let fields: Vec<String> = schema().kind(kind).unwrap().fields.iter().map(|field| field.name.clone()).collect();
        for field in fields {
            let mut without = usual();
            let record = if kind == "sample" { &mut without.sample } else { without.disposal.as_mut().unwrap() };
            record.fields.remove(&field);
            for ((name, old), (_, new)) in before.iter().zip(texts(&without)) {
                if *old != new {
                    moved += 1;
                    assert!(reads(name).contains(&(kind, field.as_str())), "{name} rests on {kind}.{field}");
                }
            }
        }
    }
    assert!(moved >= 12, "{moved}");
}

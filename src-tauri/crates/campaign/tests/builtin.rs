//! The campaigns that are shipped: that they load, and that their forms are the documents'.

use std::collections::BTreeMap;

use domain::Date;
use sweepbook_campaign as campaign;

use campaign::{Body, CellRule, Form, Library, Unit};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn form<'a>(library: &'a Library, id: &str) -> &'a Form {
    library.form(id).unwrap_or_else(|| panic!("{id}")).1
}

#[test]
fn the_shipped_campaigns_load() {
    let library = Library::builtin();
    let ids: Vec<&str> = library.campaigns().map(|campaign| campaign.id.as_str()).collect();
    assert_eq!(
        ids,
        ["ln-2020", "samr-2020-51", "nx-2021-24", "weibin-2021", "nx-2021-28-care", "nx-2021-28-masks"],
        "by first day, then by id"
    );
    for campaign in library.campaigns() {
        assert!(!campaign.checklist.is_empty() && !campaign.tasks.is_empty(), "{}", campaign.id);
    }
}

#[test]
fn headers_are_the_documents_words() {
    let library = Library::builtin();
    let mut expected: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut current = "";
    for line in include_str!("headers.txt").lines().filter(|line| !line.starts_with('#')) {
        if library.form(line).is_some() {
            current = line;
        } else {
            expected.entry(current).or_default().push(line);
        }
    }
    assert_eq!(expected.len(), 5);
    for (id, words) in expected {
        let form = form(&library, id);
        let mut printed: Vec<String> = form.columns.iter().map(|column| column.header.join(">")).collect();
        if let Body::Statistics { stub, .. } = &form.body
            && !stub.is_empty()
        {
            printed.insert(0, format!("stub {stub}"));
        }
        assert_eq!(printed, words, "{id}");
    }
}

#[test]
fn column_ids_are_those_declared_figures_name() {
    let library = Library::builtin();
    let ids = |id: &str| -> String {
        let columns: Vec<&str> = form(&library, id).columns.iter().map(|column| column.id.as_str()).collect();
        columns.join(" ")
    };
    assert_eq!(ids("nx-2021-24/1"), "person_times enterprises filed closed penalty value seized transferred");
    assert_eq!(
        ids("nx-2021-24/2"),
        "no product_name model province enterprise result failed_items nonconforming_quantity entered_market flows \
         measures assistance status scale established_on"
    );
    assert_eq!(
        ids("samr-2020-51/1"),
        "no name uscc varieties standards meltblown_suppliers converted_yes converted_no exports_yes exports_no \
         medical_yes medical_no daily_output"
    );
    assert_eq!(
        ids("ln-2020/1"),
        "swept approval_defect certification_defect other_defect sampled_enterprises batches nonconforming rate recalled \
         no_standard"
    );
    assert_eq!(
        ids("ln-2020/2"),
        "quality.filed quality.penalised certification.filed certification.penalised qualification.filed \
         qualification.penalised qualification.penalty price.filed price.penalised public_security.administrative \
         public_security.criminal other.filed other.penalised other.penalty total.filed total.penalised total.penalty \
         total.transferred total.enterprises total.person_times"
    );
}

#[test]
fn rows_are_the_documents() {
    let library = Library::builtin();
    let labels = |id: &str| -> Vec<String> {
        let Body::Statistics { rows, .. } = &form(&library, id).body else { panic!("{id} is a table") };
        rows.iter().map(|row| format!("{} {}", row.id, row.label)).collect()
    };
    assert_eq!(
        labels("nx-2021-24/1"),
        [
            "price 价格类案件",
            "quality 质量类案件",
            "competition 不正当竞争案件",
            "ip 知识产权类案件",
            "qualification 药械资质类案件",
            "advertising 虚假广告类案件",
            "other 其他案件",
            "total 合计数",
        ]
    );
    let (one, two) = (labels("ln-2020/1"), labels("ln-2020/2"));
    assert_eq!(one[3], "thermometer 红外体温计（额温枪）", "full-width in attachment 1");
    assert_eq!(two[3], "thermometer 红外体温计(额温枪)", "half-width in attachment 2");
    assert_eq!(one.len(), 8);
    assert_eq!(one.iter().filter(|label| two.contains(label)).count(), 7);
}

#[test]
fn heads_and_feet_are_as_issued() {
    let library = Library::builtin();
    for id in ["nx-2021-24/1", "nx-2021-24/2"] {
        let head = &form(&library, id).head[0];
        assert_eq!((head.left.as_str(), head.right.as_str()), ("填报单位（盖章）：{office}{seal}", "{date}"));
    }
    let samr = form(&library, "samr-2020-51/1");
    assert_eq!((samr.head[0].left.as_str(), samr.head[0].right.as_str()), ("填报单位：{office}", "填报日期：{date}"));
    let feet: Vec<&str> = samr.foot.iter().map(|line| line.left.as_str()).collect();
    assert_eq!(
        feet,
        ["注：产品品种主要指：防尘口罩、日常防护型口罩、儿童口罩。", "(请于2020年5月22日前报送总局质量监督司)"]
    );
    for id in ["ln-2020/1", "ln-2020/2"] {
        let form = form(&library, id);
        let feet: Vec<&str> = form.foot.iter().map(|line| line.left.as_str()).collect();
        assert_eq!(form.head[0].left, "填报单位：{office}");
        for words in ["填报人：{filler}", "电 话：{phone}", "数据截至时间：{as_of_cn}"] {
            assert!(feet.contains(&words), "{id} {words}");
        }
    }
}

#[test]
fn units_and_derived_columns() {
    let library = Library::builtin();
    let column = |form_id: &str, id: &str| {
        form(&library, form_id).columns.iter().find(|column| column.id == id).unwrap().clone()
    };
    assert_eq!(column("nx-2021-24/1", "penalty").unit, Unit::TenThousandYuan);
    assert_eq!(column("nx-2021-24/1", "seized").unit, Unit::TenThousand);
    assert_eq!(column("nx-2021-24/1", "filed").unit, Unit::One);
    let CellRule::SumOf(parts) = column("ln-2020/2", "total.filed").cell else { panic!("a sum") };
    assert_eq!(parts, ["quality.filed", "certification.filed", "qualification.filed", "price.filed", "other.filed"]);
    assert_eq!(column("ln-2020/2", "total.penalty").declared_with, ["qualification.penalty", "other.penalty"]);
    let facts = |row: &str, column: &str| library.cell_facts("ln-2020/2", row, column).unwrap();
    assert!(facts("mask", "total.filed").refuses_declared);
    assert!(!facts("mask", "total.penalty").refuses_declared);
    assert!(!facts("masks", "total.penalty").row_known);
    assert!(!facts("mask", "penalty").column_known);
    assert!(library.cell_facts("nx-2021-24/1", "total", "filed").unwrap().refuses_declared);
    assert!(library.cell_facts("ln-2020/1", "mask", "rate").unwrap().refuses_declared);
    assert!(library.cell_facts("ln-2020/3", "mask", "rate").is_none());
    assert_eq!(facts("mask", "total.penalty").first_day, day("2020-05-15"));
}

#[test]
fn the_schema_has_what_the_campaigns_include() {
    let library = Library::builtin();
    let schema = library.schema();
    let set = |kind: &str, field: &str| schema.kind(kind).unwrap().field(field).unwrap().set.clone().unwrap();
    assert_eq!(set("enterprise", "meltblown_suppliers"), "mask");
    assert_eq!(set("product", "medical"), "medical_device");
    assert_eq!(set("case", "public_order"), "epidemic_supplies");
    assert_eq!(schema.kind("product").unwrap().field("medical").unwrap().rules.required_for, ["mask"]);
    assert_eq!(schema.unit("test_kit"), "人份");
    assert_eq!(schema.label("line", "qualification"), "药械资质");
    for vocabulary in &schema.vocabularies {
        assert!(vocabulary.entries.iter().all(|entry| entry.zh != entry.en), "{} has English labels", vocabulary.id);
    }
}

#[test]
fn guarded_is_what_the_forms_read() {
    let library = Library::builtin();
    let guarded = library.guarded();
    let is = |kind: &str, field: &str| guarded.contains(&(kind.to_owned(), field.to_owned()));
    for (kind, field) in [
        ("case", "penalty_fen"),
        ("case", "penalty_on"),
        ("case", "category"),
        ("case", "campaigns"),
        ("case", "void"),
        ("case", "public_order"),
        ("case", "sample"),
        ("inspection", "inspectors"),
        ("inspection", "enterprise"),
        ("enterprise", "same_as"),
        ("enterprise", "void"),
        ("enterprise", "roles"),
        ("enterprise", "exports"),
        ("enterprise", "established_on"),
        ("product", "standard"),
        ("product", "medical"),
        ("product", "enterprise"),
        ("disposal", "flows"),
        ("disposal", "sample"),
        ("disposal", "void"),
        ("assistance", "content"),
        ("sample", "number"),
        ("recall", "repeat_of"),
        ("declared", "value"),
    ] {
        assert!(is(kind, field), "{kind}.{field}");
    }
    for (kind, field) in
        [("case", "number"), ("enterprise", "legal_representative"), ("inspection", "place"), ("clue", "content")]
    {
        assert!(!is(kind, field), "{kind}.{field}");
    }
    let (campaign, form) = library.form("nx-2021-24/1").unwrap();
    let reads = library.form_reads(campaign, form);
    assert!(reads.contains(&("case".to_owned(), "line".to_owned())));
    assert!(!reads.iter().any(|(kind, _)| kind == "sample"), "attachment 1 reads no samples");
    assert!(reads.is_subset(guarded));
}

#[test]
fn report_days() {
    let library = Library::builtin();
    let ln = library.campaign("ln-2020").unwrap();
    let due = ln.next_reports(day("2020-05-29"));
    let (weekly, report) = &due[0];
    assert_eq!((weekly.on, weekly.time.as_deref()), (day("2020-06-04"), Some("14:00")), "the next Thursday");
    assert_eq!(weekly.cut_off, day("2020-06-03"), "the day before");
    assert!(report.forms.iter().any(|form| form == "ln-2020/1") || report.id == "weekly_departments");
    assert_eq!(ln.next_reports(day("2020-06-04"))[0].0.on, day("2020-06-04"), "a due day is its own next");
    assert_eq!(due.last().unwrap().0.on, day("2020-06-25"));
    assert!(ln.next_reports(day("2020-06-26")).is_empty());
    let weeks = ln.reports[0].schedule.due_between(ln.first_day, day("2020-12-31"));
    assert_eq!(weeks.len(), 6);
    // 前: the day itself is no longer counted.
    for (campaign, report, on, cut_off) in [
        ("ln-2020", "final", "2020-06-25", "2020-06-24"),
        ("nx-2021-24", "experience", "2021-05-30", "2021-05-29"),
        ("nx-2021-28-care", "written", "2021-12-20", "2021-12-19"),
        ("nx-2021-28-masks", "written", "2021-12-20", "2021-12-19"),
        ("samr-2020-51", "survey", "2020-05-22", "2020-05-21"),
    ] {
        let campaign = library.campaign(campaign).unwrap();
        let report = campaign.reports.iter().find(|known| known.id == report).unwrap();
        let due = report.schedule.next_due(campaign.first_day).unwrap();
        assert_eq!((due.on, due.cut_off), (day(on), day(cut_off)), "{}", campaign.id);
    }
    let nx = library.campaign("nx-2021-24").unwrap();
    assert_eq!(nx.next_reports(nx.first_day)[0].0.on, day("2021-05-30"));
    assert!(library.campaign("weibin-2021").unwrap().reports.is_empty());
    let care = library.campaign("nx-2021-28-care").unwrap();
    assert!(care.watched_on(day("2021-11-11")).any(|watch| watch.zh.contains("双11")));
    assert_eq!(care.watched_on(day("2021-10-10")).count(), 0);
}

#[test]
fn every_item_is_answered_in_the_words_it_asks_in() {
    let library = Library::builtin();
    let mut seen = 0;
    for campaign in library.campaigns() {
        for item in &campaign.checklist {
            seen += 1;
            let fits: &[&str] = match &item.zh {
                words if words.contains("是否") => &["check_yes", "check_no"],
                words if words.contains("有无") => &["check_none", "check_have"],
                _ => &["check_result"],
            };
            assert!(fits.contains(&item.answers.as_str()), "{} {}: {}", campaign.id, item.code, item.answers);
            // A question in Chinese is one in English.
            let asks = item.answers == "check_yes" || item.answers == "check_no";
            assert_eq!(item.en.ends_with('?'), asks, "{} {}: {}", campaign.id, item.code, item.en);
            assert!(!item.en.starts_with("No "), "{} {}: {}", campaign.id, item.code, item.en);
        }
    }
    assert_eq!(seen, 89, "87 as first written, and the quality system in two");
}

#[test]
fn what_is_asked_depends_on_the_shop() {
    let library = Library::builtin();
    let asked = |campaign: &str, stage: Option<&str>, role: &str, category: &str| -> Vec<String> {
        let items = library.campaign(campaign).unwrap().checklist.iter();
        items.filter(|item| item.applies(stage, [role], [category])).map(|item| item.code.clone()).collect()
    };
    let meltblown = asked("nx-2021-24", Some("production"), "material_producer", "meltblown");
    assert!(meltblown.contains(&"material_records".to_owned()));
    for code in ["medical_registration", "medical_mandatory_standard", "nonmedical_requirements", "labelling"] {
        assert!(!meltblown.contains(&code.to_owned()), "{code} is about masks");
    }
    let optical = asked("nx-2021-28-care", None, "optical_shop", "eyewear");
    assert!(optical.contains(&"instruments".to_owned()) && !optical.iter().any(|code| code.starts_with("ad_")));
    let medium = asked("nx-2021-28-care", None, "medium", "advertising");
    assert!(medium.contains(&"ad_experts".to_owned()) && !medium.contains(&"ledgers".to_owned()));
    // The office's own duties are asked of nobody; they are tasks.
    for (campaign, code) in [
        ("samr-2020-51", "stop_sale"),
        ("samr-2020-51", "look_back"),
        ("nx-2021-28-care", "product_quality"),
        ("nx-2021-28-care", "ad_review"),
        ("nx-2021-28-masks", "penalty_publication"),
        ("nx-2021-28-masks", "recall"),
        ("ln-2020", "export_complaints"),
    ] {
        let item = library.campaign(campaign).unwrap().checklist.iter().find(|item| item.code == code).unwrap();
        assert!(!item.applies(None, [], []), "{campaign} {code}");
    }
    // What is not known yet leaves nothing out.
    let item = &library.campaign("nx-2021-24").unwrap().checklist[1];
    assert!(
        item.applies(None, [], []) && item.applies(Some("production"), ["seller", "producer"], ["mask", "meltblown"])
    );
    assert!(!item.applies(Some("circulation"), [], []));
    for campaign in ["nx-2021-24", "weibin-2021", "samr-2020-51"] {
        assert!(library.campaign(campaign).unwrap().checklist.iter().any(|item| item.code == "quality_system"));
    }
}

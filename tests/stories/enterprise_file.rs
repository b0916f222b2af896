//! One enterprise, one file: what is counted, told and printed of it, alone and joined with its double. The figures were
//! worked out by hand from the records below.

use std::path::Path;
use std::process::Command;

use api::Backend;
use app::Clock;
use base64::Engine;
use serde_json::{Value, json};

/// 2021-05-27, noon in China.
const NOW: u64 = 1_622_088_000_000;

struct Office {
    desk: Backend,
    folder: tempfile::TempDir,
}

impl Office {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let desk = Backend::at(folder.path().join("a.book"), Vec::new(), Clock::Fixed(NOW));
        let mut office = Office { desk, folder };
        office
            .ask(json!({"do": "book_create", "office": "640121", "name": "永宁县市场监督管理局", "inspector": "张三"}));
        office
    }

    fn reply(&mut self, request: Value) -> Value {
        serde_json::from_str(&self.desk.dispatch(&request.to_string())).unwrap()
    }

    #[track_caller]
    fn ask(&mut self, request: Value) -> Value {
        let reply = self.reply(request.clone());
        assert!(reply.get("error").is_none(), "{request}: {reply}");
        reply["ok"].clone()
    }

    #[track_caller]
    fn refused(&mut self, request: Value) -> String {
        let reply = self.reply(request);
        reply["error"][0]["code"].as_str().unwrap_or_else(|| panic!("{reply}")).to_owned()
    }

    #[track_caller]
    fn record(&mut self, kind: &str, fields: Value) -> String {
        let reply = self.ask(json!({"do": "record_save", "kind": kind, "id": null, "campaigns": ["nx-2021-24"],
            "void": null, "overrides": {}, "fields": fields}));
        reply["record"]["id"].as_str().unwrap_or_else(|| panic!("{reply}")).to_owned()
    }

    fn factory(&mut self, name: &str) -> String {
        self.record(
            "enterprise",
            json!({"name": name, "roles": ["producer"], "division": "640121", "address": "望远镇工业园"}),
        )
    }

    fn dossier(&mut self, id: &str) -> Value {
        self.ask(json!({"do": "dossier", "id": id}))
    }

    /// The words of a document's PDF without white space.
    fn printed(&mut self, id: &str) -> String {
        let out = self.folder.path().join("printed.pdf");
        self.ask(json!({"do": "document_to_file", "of": {"document": null, "id": id}, "out": out}));
        pdftotext(&out)
    }
}

fn pdftotext(file: &Path) -> String {
    let run = Command::new("pdftotext").args(["-raw", "-enc", "UTF-8"]).arg(file).arg("-").output();
    let run = run.expect("pdftotext (poppler-utils) is installed");
    assert!(run.status.success());
    String::from_utf8(run.stdout).unwrap().split_whitespace().collect()
}

fn inspection(enterprise: &str, day: &str, findings: &str) -> Value {
    json!({"enterprise": enterprise, "date": day, "started_at": "09:30", "ended_at": "11:00", "inspectors": ["马立群", "李秀梅"],
        "certificates": ["NX640121001", "NX640121002"], "person_in_charge": "何承宇", "line": "quality",
        "department": "market", "categories": ["mask"], "stage": "production", "place": "生产车间",
        "checklist": {"licences": {"result": "pass"}, "labelling": {"result": "fail", "note": "未标注执行标准"}},
        "findings": findings, "outcome": "rectify", "rectify_by": "2021-04-01"})
}

fn sample(enterprise: &str, number: &str, result: &str) -> Value {
    json!({"enterprise": enterprise, "number": number, "product_name": "日常防护型口罩", "category": "mask",
        "sampled_on": "2021-03-15", "authority": "market", "reported_on": "2021-04-02", "result": result,
        "failed_items": ["过滤效率"], "nonconforming_quantity": 1000, "entered_market": "no"})
}

fn counted(dossier: &Value, kind: &str) -> u64 {
    let kinds = dossier["totals"]["kinds"].as_array().unwrap();
    kinds.iter().find(|each| each["kind"] == kind).map_or(0, |each| each["count"].as_u64().unwrap())
}

fn days(page: &Value) -> Vec<String> {
    let events = page["events"].as_array().unwrap();
    events
        .iter()
        .map(|event| format!("{} {}", event["day"].as_str().unwrap(), event["what"].as_str().unwrap()))
        .collect()
}

#[test]
fn the_file_counts_and_tells_what_was_recorded() {
    let mut office = Office::new();
    let (factory, other) = (office.factory("永宁甲口罩厂"), office.factory("永宁乙口罩厂"));
    let visit = office.record("inspection", inspection(&factory, "2021-03-12", "标签不规范"));
    office.record("inspection", inspection(&factory, "2021-03-20", "已改正"));
    office.record("inspection", inspection(&other, "2021-03-12", "另一家"));
    office.record(
        "product",
        json!({"enterprise": factory, "category": "mask", "name": "日常防护型口罩", "medical": false}),
    );
    office.record(
        "problem",
        json!({"enterprise": factory, "inspection": visit, "found_on": "2021-03-12", "description": "未标注执行标准",
            "measure": "责令改正", "due_on": "2021-04-01", "state": "open"}),
    );
    office.record("sample", sample(&factory, "YN-001", "conforming"));
    let batch = office.record("sample", sample(&factory, "YN-002", "nonconforming"));
    office.record(
        "disposal",
        json!({"sample": batch, "stop_sale_on": "2021-04-03", "sealed_quantity": 800, "sealed_on": "2021-04-03"}),
    );
    office.record(
        "case",
        json!({"enterprise": factory, "number": "永市监案〔2021〕8号", "line": "quality", "category": "mask",
            "filed_on": "2021-04-06", "penalty_on": "2021-05-10", "penalty_fen": 1_234_560, "penalty_kinds": ["fine"],
            "decision_no": "永市监罚〔2021〕3号"}),
    );
    office.record("assistance", json!({"date": "2021-05-20", "enterprises": [other, factory], "mode": "training"}));

    let file = office.dossier(&factory);
    let kinds = ["inspection", "sample", "problem", "disposal", "case", "assistance", "product", "recall"];
    assert_eq!(kinds.map(|kind| counted(&file, kind)), [2, 2, 1, 1, 1, 1, 1, 0]);
    let totals = &file["totals"];
    assert_eq!(
        (&totals["nonconforming_samples"], &totals["open_problems"], &totals["penalty_fen"]),
        (&json!(1), &json!(1), &json!(1_234_560))
    );
    // Within one day the later step of the usual order comes first, since the newest does.
    let told = [
        "2021-05-20 帮扶",
        "2021-05-10 行政处罚",
        "2021-04-06 立案",
        "2021-04-03 查封",
        "2021-04-03 责令停止销售",
        "2021-04-02 检验报告",
        "2021-04-02 检验报告",
        "2021-03-20 现场检查",
        "2021-03-15 抽样",
        "2021-03-15 抽样",
        "2021-03-12 发现问题",
        "2021-03-12 现场检查",
    ];
    assert_eq!(days(&file["timeline"]), told);
    let words = |at: usize| file["timeline"]["events"][at]["words"].as_str().unwrap().to_owned();
    assert_eq!(words(1), "永市监罚〔2021〕3号 · 罚款 · 12345.60元");
    assert_eq!(words(3), "800只 · YN-002");
    assert_eq!(file["timeline"]["events"][11]["words"], "质量 · 责令改正 · 标签不规范");

    // Page by page it tells the same.
    let (mut paged, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = office.ask(json!({"do": "timeline", "id": factory, "after": after, "limit": 5}));
        assert_eq!(page["total"], 12);
        paged.extend(days(&page));
        after = page["next"].clone();
        if after.is_null() {
            break;
        }
    }
    assert_eq!(paged, told);
    let english = office.ask(json!({"do": "timeline", "lang": "en", "id": factory, "after": null, "limit": 2}));
    assert_eq!(days(&english), ["2021-05-20 Assistance", "2021-05-10 Penalised"]);

    let printed = office.printed(&factory);
    for words in
        ["企业质量档案", "永宁甲口罩厂", "2次", "2批次，其中不合格1批次", "1件，罚没12345.60元", "未标注执行标准"]
    {
        assert!(printed.contains(words), "{words} in {printed}");
    }
    assert!(!printed.contains("另一家"), "{printed}");
}

#[test]
fn the_record_of_an_inspection_is_ready_to_be_signed() {
    let mut office = Office::new();
    let factory = office.factory("永宁#1口罩厂 $x$ @甲");
    let visit = office.record("inspection", inspection(&factory, "2021-03-12", "标签\\n不规范 *重点* #panic()"));
    office.record(
        "problem",
        json!({"enterprise": factory, "inspection": visit, "found_on": "2021-03-12", "description": "未标注执行标准", "state": "open"}),
    );
    let shown = office.ask(json!({"do": "document_pages", "document": "inspection", "id": visit}));
    assert_eq!((&shown["title"], &shown["unsettled"]), (&json!("现场检查记录"), &json!(false)));
    assert!(shown["pages"][0].as_str().unwrap().starts_with("<svg"));
    assert_eq!(shown["name"], "现场检查记录 永宁#1口罩厂 $x$ @甲 2021-03-12");
    let printed = office.printed(&visit);
    for words in [
        "永宁#1口罩厂$x$@甲",
        "2021年3月12日",
        "09:30",
        "马立群",
        "NX640121002",
        "企业持有证照情况",
        "合规",
        "发现问题",
        "未标注执行标准",
        "标签\\n不规范*重点*#panic()",
        "责令改正",
        "2021年4月1日",
        "现场负责人（签名）：",
        "见证人（签名）：",
        "检查单位（盖章）：永宁县市场监督管理局",
    ] {
        assert!(printed.contains(words), "{words} in {printed}");
    }
    // One line for each inspector.
    assert_eq!(printed.matches("检查人员（签名）：执法证号：").count(), 2, "{printed}");
    let wrong = json!({"do": "document_pages", "document": "dossier", "id": visit});
    assert_eq!(office.refused(wrong), "document-unknown");
    let elsewhere = json!({"do": "document_to_file", "of": {"document": null, "id": visit}, "out": "/tmp/x.txt"});
    assert_eq!(office.refused(elsewhere), "document-not-pdf");
}

#[test]
fn photos_are_printed_with_what_they_belong_to() {
    let mut office = Office::new();
    let factory = office.factory("永宁口罩厂");
    let visit = office.record("inspection", inspection(&factory, "2021-03-12", "标签不规范"));
    let problem = office.record(
        "problem",
        json!({"enterprise": factory, "inspection": visit, "found_on": "2021-03-12", "description": "未标注执行标准", "state": "open"}),
    );
    let without = office.ask(json!({"do": "document_pages", "document": "inspection", "id": visit}));
    let before = without["pages"].as_array().unwrap().len();

    let sideways = include_bytes!("../fixtures/photos/sideways.jpg");
    let photo = |desk: &mut Office, of: &str, name: &str, content: &[u8]| {
        let content = base64::engine::general_purpose::STANDARD.encode(content);
        let added = desk.ask(json!({"do": "photo_add", "of": of, "name": name, "content": content}));
        added["photo"]["id"].as_str().unwrap().to_owned()
    };
    photo(&mut office, &visit, "车间#1.jpg", sideways);
    photo(&mut office, &problem, "标签.jpg", sideways);
    photo(&mut office, &factory, "门头.jpg", sideways);
    let file = office.ask(json!({"do": "dossier", "id": factory}));
    let owned: Vec<_> = file["attachments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| (each["of_kind"].clone(), each["of"].clone(), each["photo"]["name"].clone()))
        .collect();
    for (kind, of, name) in
        [("inspection", &visit, "车间#1.jpg"), ("problem", &problem, "标签.jpg"), ("enterprise", &factory, "门头.jpg")]
    {
        assert!(owned.contains(&(json!(kind), json!(of), json!(name))), "{owned:?}");
    }
    let taken_back = photo(&mut office, &visit, "拍错了.jpg", include_bytes!("../../assets/icons/32x32.png"));
    office
        .ask(json!({"do": "record_save", "kind": "attachment", "id": taken_back, "campaigns": null, "void": "拍错了",
        "overrides": {}, "fields": {}}));

    let shown = office.ask(json!({"do": "document_pages", "document": "inspection", "id": visit}));
    let pages = shown["pages"].as_array().unwrap();
    assert_eq!(pages.len(), before + 1);
    assert_eq!(pages[before].as_str().unwrap().matches("<image").count(), 2, "its own and its problem's");
    let printed = office.printed(&visit);
    for words in
        ["照片附页", "1．车间#1.jpg", "检查2021年3月12日永宁口罩厂", "拍摄于2021年5月26日", "2．标签.jpg", "问题"]
    {
        assert!(printed.contains(words), "{words} in {printed}");
    }
    assert!(!printed.contains("门头") && !printed.contains("拍错了"), "{printed}");
    let file = office.printed(&factory);
    for words in ["照片附页", "1．门头.jpg", "2．标签.jpg", "3．车间#1.jpg"] {
        assert!(file.contains(words), "{words} in {file}");
    }
}

#[test]
fn a_list_prints_the_names_of_divisions_as_far_as_its_office_leaves_them_open() {
    let mut office = Office::new();
    // 330103 stood until 2021.
    for (name, code) in [("甲厂", "640121"), ("乙厂", "640000"), ("丙厂", "330103")] {
        let mut record = |kind: &str, fields: Value| {
            let reply = office.ask(json!({"do": "record_save", "kind": kind, "id": null, "campaigns": ["ln-2020"],
                "void": null, "overrides": {"division-outside": "外地注册"}, "fields": fields}));
            reply["record"]["id"].as_str().unwrap_or_else(|| panic!("{reply}")).to_owned()
        };
        let made = record("enterprise", json!({"name": name, "roles": ["producer"], "division": code}));
        record("product", json!({"enterprise": made, "name": "口罩", "category": "mask", "medical": false}));
    }
    let filling =
        |office: &str| json!({"form": "ln-2020/producers", "office": office, "as_of": "2021-05-27", "date": null});
    let mut printed = |of: &str| -> Vec<String> {
        let mut request = filling(of);
        request["do"] = json!("fill");
        let filled = office.ask(request);
        let at = filled["columns"].as_array().unwrap().iter().position(|column| column["id"] == "division").unwrap();
        let cell = |row: &Value| row["cells"][at].as_str().unwrap().to_owned();
        filled["rows"].as_array().unwrap().iter().map(cell).collect()
    };
    // By code, which is what is stored.
    assert_eq!(printed("640000"), ["浙江省杭州市下城区", "宁夏回族自治区", "银川市永宁县"]);
    assert_eq!(printed("640121"), ["浙江省杭州市下城区", "宁夏回族自治区", "永宁县"]);

    office.ask(json!({"do": "office_name", "office": "640000", "name": "宁夏回族自治区市场监督管理厅"}));
    let out = |ending: &str| office.folder.path().join(format!("list.{ending}"));
    let outs = ["pdf", "xlsx", "json"].map(out);
    for out in &outs {
        office.ask(json!({"do": "fill_to_file", "filling": filling("640000"), "out": out}));
    }
    let json = std::fs::read_to_string(&outs[2]).unwrap();
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(&outs[1]).unwrap();
    let sheet = calamine::Reader::worksheet_range_at(&mut book, 0).unwrap().unwrap();
    let cells: Vec<String> = sheet.used_cells().map(|(_, _, cell)| cell.to_string()).collect();
    assert!(cells.iter().any(|cell| cell == "银川市永宁县") && cells.iter().all(|cell| cell != "640121"), "{cells:?}");
    assert!(json.contains("\"银川市永宁县\"") && !json.contains("\"640121\""), "{json}");
    assert!(pdftotext(&outs[0]).contains("银川市永宁县"));
}

#[test]
fn two_records_become_one_enterprise_and_two_again() {
    let mut office = Office::new();
    let (kept, double, third) =
        (office.factory("永宁口罩厂"), office.factory("永宁口罩厂"), office.factory("永宁口罩厂"));
    office.record("inspection", inspection(&kept, "2021-03-12", "甲"));
    office.record("inspection", inspection(&double, "2021-03-13", "乙"));
    let pairs = office.ask(json!({"do": "pairs"}));
    assert_eq!((&pairs["total"], &pairs["pairs"][0]["reason"]), (&json!(2), &json!("name")));

    // The third turned out to be another one. That is remembered, and can be forgotten.
    for other in [&kept, &double] {
        office.ask(json!({"do": "pair_set_apart", "left": third, "right": other, "apart": true}));
    }
    let pairs = office.ask(json!({"do": "pairs"}));
    assert_eq!((&pairs["total"], pairs["apart"].as_array().unwrap().len()), (&json!(1), 2));
    let pair = &pairs["pairs"][0];
    let mut found = [pair["left"]["id"].as_str().unwrap(), pair["right"]["id"].as_str().unwrap()];
    found.sort();
    let mut wanted = [kept.as_str(), double.as_str()];
    wanted.sort();
    assert_eq!(found, wanted);
    office.ask(json!({"do": "pair_set_apart", "left": kept, "right": third, "apart": false}));
    assert_eq!(office.ask(json!({"do": "pairs"}))["total"], 2);

    let compared = office.ask(json!({"do": "compare", "left": kept, "right": double}));
    assert_eq!(compared["left"]["records"], json!([{"kind": "inspection", "count": 1}]));
    assert_eq!(compared["right"]["writable"], true);

    office.ask(json!({"do": "enterprise_join", "member": double, "kept": kept}));
    for asked in [&kept, &double] {
        let file = office.dossier(asked);
        assert_eq!(file["enterprise"]["id"], kept.as_str());
        assert_eq!(file["joined"][0]["id"], double.as_str());
        assert_eq!(counted(&file, "inspection"), 2);
        assert_eq!(days(&file["timeline"]), ["2021-03-13 现场检查", "2021-03-12 现场检查"]);
    }
    assert!(office.printed(&double).contains("2次"));

    // No ring, nothing joined twice, nothing joined to itself.
    let join = |member: &str, kept: &str| json!({"do": "enterprise_join", "member": member, "kept": kept});
    assert_eq!(office.refused(join(&kept, &double)), "enterprises-joined-already");
    assert_eq!(office.refused(join(&double, &kept)), "enterprises-joined-already");
    assert_eq!(office.refused(join(&kept, &kept)), "enterprises-joined-already");
    // A chain is followed to its end.
    office.ask(join(&kept, &third));
    assert_eq!(office.dossier(&double)["enterprise"]["id"], third.as_str());
    assert_eq!(office.dossier(&double)["joined"].as_array().unwrap().len(), 2);
    assert_eq!(office.refused(join(&third, &double)), "enterprises-joined-already");

    office.ask(json!({"do": "enterprise_split", "id": kept}));
    office.ask(json!({"do": "enterprise_split", "id": double}));
    assert_eq!(office.refused(json!({"do": "enterprise_split", "id": double})), "enterprise-not-joined");
    let file = office.dossier(&double);
    assert_eq!((counted(&file, "inspection"), &file["joined"]), (1, &json!([])));
    assert_eq!(
        office.refused(json!({"do": "dossier", "id": "00000000-0000-4000-8000-000000000009"})),
        "enterprise-unknown"
    );
}

#[test]
fn what_this_book_has_not_cannot_be_joined() {
    let mut office = Office::new();
    let own = office.factory("灵武口罩厂");
    let unknown = "00000000-0000-4000-8000-000000000009";
    assert_eq!(office.refused(json!({"do": "enterprise_join", "member": own, "kept": unknown})), "enterprise-unknown");
    assert_eq!(office.refused(json!({"do": "enterprise_join", "member": unknown, "kept": own})), "enterprise-unknown");
}

//! What was done is taken back newest first, by whoever did it, in the words of what it was; and brought back as it was.

use api::Backend;
use app::Language;
use serde_json::{Value, json};

use crate::support::{Drawer, Office, ask, case, enterprise, id, inspection, new_book};

const CAMPAIGN: &str = "nx-2021-24";

/// What the request answered, and what can be taken back from now on, where that has changed.
fn tell(desk: &mut Backend, request: Value) -> (Value, Value) {
    let reply: Value = serde_json::from_str(&desk.dispatch(&request.to_string())).unwrap();
    assert!(reply["error"].is_null(), "{request}: {reply}");
    (reply["ok"].clone(), reply["journal"].clone())
}

fn refused(desk: &mut Backend, request: Value) -> Value {
    let reply: Value = serde_json::from_str(&desk.dispatch(&request.to_string())).unwrap();
    assert!(reply["error"][0]["code"].is_string(), "{request}: {reply}");
    assert!(!reply["error"][0]["remedy"].as_str().unwrap().is_empty(), "{reply}");
    reply["error"][0].clone()
}

fn saving(kind: &str, id: &Value, fields: Value) -> Value {
    json!({"do": "record_save", "kind": kind, "id": id, "campaigns": [CAMPAIGN], "void": null, "overrides": {}, "fields": fields})
}

fn save(desk: &mut Backend, kind: &str, id: &Value, fields: Value) -> Value {
    let (saved, journal) = tell(desk, saving(kind, id, fields));
    assert!(saved["record"].is_object(), "{saved}");
    assert_eq!(journal["done"], journal["undo"], "what was done is what is taken back first");
    saved["record"].clone()
}

fn journal(desk: &mut Backend) -> Value {
    ask(desk, json!({"do": "journal"}))
}

fn undo(desk: &mut Backend) -> Value {
    let entry = journal(desk)["undo"]["id"].clone();
    tell(desk, json!({"do": "journal_undo", "entry": entry})).1
}

fn redo(desk: &mut Backend) -> Value {
    let entry = journal(desk)["redo"]["id"].clone();
    tell(desk, json!({"do": "journal_redo", "entry": entry})).1
}

fn record(desk: &mut Backend, id: &Value) -> Value {
    ask(desk, json!({"do": "record_get", "id": id}))
}

fn factory(desk: &mut Backend, name: &str) -> Value {
    save(desk, "enterprise", &Value::Null, json!({"name": name, "roles": ["producer"]}))["id"].clone()
}

fn filed(desk: &mut Backend, enterprise: &Value) -> Value {
    save(
        desk,
        "case",
        &Value::Null,
        json!({"number": "贺市监案〔2021〕3号", "enterprise": enterprise, "line": "quality", "category": "mask",
            "filed_on": "2021-05-20"}),
    )["id"]
        .clone()
}

fn live(desk: &mut Backend, kind: &str) -> Value {
    let list = json!({"do": "record_rows", "kind": kind, "limit": 100});
    ask(desk, list)["total"].clone()
}

fn paste(desk: &mut Backend, count: usize) -> Value {
    let mut text = String::from("抽样单编号\t抽查企业\t产品名称\t抽样日期\n");
    for at in 0..count {
        text.push_str(&format!("K{at}\t甲厂\t一次性口罩\t2021-05-20\n"));
    }
    let block = json!({"do": "paste_preview", "kind": "sample", "text": text, "file": null, "sheet": null, "heading": null,
        "columns": [], "units": [], "make": [], "taken": [], "update": [], "downwards": false, "preset": {"authority": "market", "category": "mask", "result": "pending"},
        "campaigns": [CAMPAIGN], "meant": {}, "left_out": [], "reasons": {}, "token": null});
    let shown = ask(desk, block.clone());
    assert_eq!(shown["ready"], true, "{shown}");
    let mut agreed = block;
    agreed["do"] = json!("paste_apply");
    agreed["token"] = shown["token"].clone();
    let (pasted, journal) = tell(desk, agreed);
    assert_eq!(pasted["recorded"], count);
    journal
}

#[test]
fn a_paste_is_one_thing_done_and_what_came_before_it_stays() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = new_book(folder.path());
    let factory = factory(&mut desk, "甲厂");
    let case = filed(&mut desk, &factory);
    let before = record(&mut desk, &case);
    let done = paste(&mut desk, 20)["done"].clone();
    assert_eq!((&done["operation"], &done["kinds"]), (&json!("new"), &json!([{"kind": "sample", "count": 20}])));
    assert_eq!(live(&mut desk, "sample"), 20);

    let told = undo(&mut desk);
    assert_eq!(told["redo"]["id"], done["id"]);
    assert_eq!(told["undo"]["record"], json!({"id": case, "kind": "case", "title": "贺市监案〔2021〕3号"}));
    assert_eq!((live(&mut desk, "sample"), record(&mut desk, &case)), (json!(0), before.clone()));

    undo(&mut desk);
    assert_eq!(record(&mut desk, &case)["void"], "录入后撤销");
    redo(&mut desk);
    assert_eq!(record(&mut desk, &case), before);
    let last = redo(&mut desk);
    assert_eq!((live(&mut desk, "sample"), last["redo"].clone()), (json!(20), Value::Null));

    // Whoever goes on from there has nothing left to bring back.
    undo(&mut desk);
    save(&mut desk, "enterprise", &factory, json!({"contact": "李"}));
    assert_eq!(journal(&mut desk)["redo"], Value::Null);
    let moved = refused(&mut desk, json!({"do": "journal_undo", "entry": done["id"]}));
    assert_eq!(moved["code"], "undo-moved-on");
}

#[test]
fn an_edit_goes_back_field_by_field_and_one_that_changed_nothing_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = new_book(folder.path());
    let first = json!({"name": "甲厂", "roles": ["producer", "seller"], "phone": "1"});
    let made = save(&mut desk, "enterprise", &Value::Null, first)["id"].clone();
    let before = record(&mut desk, &made);
    let mut changing =
        saving("enterprise", &made, json!({"name": "乙厂", "roles": ["exporter"], "phone": null, "contact": "李"}));
    changing["campaigns"] = json!([]);
    changing["overrides"] = json!({"campaigns-missing": "不属于任何一项"});
    let (changed, told) = tell(&mut desk, changing);
    assert_eq!(told["done"]["operation"], "edit");
    assert_eq!(told["done"]["fields"], json!(["campaigns", "contact", "name", "phone", "roles"]));
    let (_, nothing) = tell(&mut desk, {
        let mut same = saving("enterprise", &made, json!({"name": "乙厂"}));
        (same["campaigns"], same["overrides"]) = (Value::Null, changed["record"]["overrides"].clone());
        same
    });
    assert_eq!(nothing, Value::Null, "nothing was done");
    undo(&mut desk);
    assert_eq!(record(&mut desk, &made), before);
    redo(&mut desk);
    assert_eq!(record(&mut desk, &made), changed["record"]);
    let history = ask(&mut desk, json!({"do": "history", "record": made, "field": "name"}));
    assert_eq!(history.as_array().unwrap().len(), 4, "every step stands in the history");
}

#[test]
fn each_takes_back_their_own_and_nobody_what_another_built_upon() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = new_book(folder.path());
    let people = |current: &str| json!({"do": "people_set", "names": ["张三", "李梅"], "current": current});
    let factory = factory(&mut desk, "甲厂");
    let (_, told) = tell(&mut desk, people("李梅"));
    assert_eq!((&told["undo"], &told["redo"]), (&Value::Null, &Value::Null));
    save(&mut desk, "enterprise", &factory, json!({"contact": "李"}));
    let (_, told) = tell(&mut desk, people("张三"));
    let own = told["undo"]["id"].clone();
    assert_eq!(told["undo"]["operation"], "new");
    let overtaken = refused(&mut desk, json!({"do": "journal_undo", "entry": own}));
    assert_eq!(overtaken["code"], "undo-overtaken");
    let words = overtaken["message"].as_str().unwrap();
    assert!(words.contains("甲厂") && words.contains("李梅"), "{words}");
    assert_eq!(record(&mut desk, &factory)["void"], Value::Null);
    // Once she has taken hers back, nothing stands on it any more.
    tell(&mut desk, people("李梅"));
    undo(&mut desk);
    tell(&mut desk, people("张三"));
    undo(&mut desk);
    assert_eq!(record(&mut desk, &factory)["void"], "录入后撤销");
}

#[test]
fn every_kind_of_thing_done_is_one_entry() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = new_book(folder.path());
    let one = factory(&mut desk, "甲厂");
    let two = factory(&mut desk, "乙厂");
    let picture = include_bytes!("../fixtures/photos/sideways.jpg");
    let picture = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, picture);
    let requests = [
        ("edit", json!({"do": "enterprise_join", "member": two, "kept": one})),
        ("edit", json!({"do": "enterprise_split", "id": two})),
        ("new", json!({"do": "photo_add", "of": one, "name": "门头.jpg", "content": picture})),
        ("void", with_void(saving("enterprise", &two, json!({})), "重复录入")),
        ("restore", json!({"do": "record_restore", "id": two, "reason": "不是同一家"})),
    ];
    let shown = |desk: &mut Backend| {
        let records = [record(desk, &one), record(desk, &two)];
        let photos = ask(desk, json!({"do": "photos", "of": one}))["photos"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|photo| photo["void"].is_null())
            .count();
        (records.map(|each| (each["fields"].clone(), each["void"].clone())), photos)
    };
    let mut states = vec![shown(&mut desk)];
    for (operation, request) in requests {
        let (_, told) = tell(&mut desk, request.clone());
        assert_eq!(told["done"]["operation"], operation, "{request}");
        states.push(shown(&mut desk));
        assert_ne!(states[states.len() - 1], states[states.len() - 2], "{request}");
    }
    for at in (0..states.len() - 1).rev() {
        undo(&mut desk);
        assert_eq!(shown(&mut desk), states[at]);
    }
    for state in &states[1..] {
        redo(&mut desk);
        assert_eq!(shown(&mut desk), *state);
    }
}

fn with_void(mut saving: Value, reason: &str) -> Value {
    saving["void"] = json!(reason);
    saving
}

#[test]
fn what_another_record_rests_on_is_not_taken_from_under_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = new_book(folder.path());
    let people = |current: &str| json!({"do": "people_set", "names": ["张三", "李梅"], "current": current});
    let factory = factory(&mut desk, "甲厂");
    tell(&mut desk, people("李梅"));
    filed(&mut desk, &factory);
    tell(&mut desk, people("张三"));
    let entry = journal(&mut desk)["undo"]["id"].clone();
    assert_eq!(refused(&mut desk, json!({"do": "journal_undo", "entry": entry}))["code"], "enterprise-in-use");
    assert_eq!(record(&mut desk, &factory)["void"], Value::Null);
}

#[test]
fn a_void_is_lifted_with_a_reason_and_a_void_record_is_not_saved_over() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = new_book(folder.path());
    let factory = factory(&mut desk, "甲厂");
    let case = filed(&mut desk, &factory);
    let none = refused(&mut desk, json!({"do": "record_restore", "id": case, "reason": "没有作废"}));
    assert_eq!(none["code"], "record-not-void");
    tell(&mut desk, with_void(saving("case", &case, json!({})), "重复录入"));
    let shown = record(&mut desk, &case);
    let voided = json!({"author": "张三", "at": "2021-05-27 08:01", "office_name": "永宁县市场监督管理局"});
    assert_eq!((&shown["void"], &shown["voided"]), (&json!("重复录入"), &voided));

    // A form that was open all the while neither lifts the void nor is saved for nothing.
    assert_eq!(refused(&mut desk, saving("case", &case, json!({"cause": "无标识"})))["code"], "record-is-void");
    for (reason, code) in [("  ", "restore-reason-missing"), (&"长".repeat(501), "restore-reason-long")] {
        assert_eq!(refused(&mut desk, json!({"do": "record_restore", "id": case, "reason": reason}))["code"], code);
    }
    let back = ask(&mut desk, json!({"do": "record_restore", "id": case, "reason": "误作废"}))["record"].clone();
    assert_eq!((&back["void"], back.get("voided")), (&Value::Null, None));
    let history = |desk: &mut Backend, field: &str| -> Vec<Value> {
        let lines = ask(desk, json!({"do": "history", "record": case, "field": field}));
        lines.as_array().unwrap().iter().map(|line| line["assigned"]["value"].clone()).collect()
    };
    assert_eq!(history(&mut desk, "void"), [Value::Null, json!("重复录入")]);
    assert_eq!(history(&mut desk, "restored"), [json!("误作废")]);

    // Voided again, and lifted again for the same reason: it is said each time.
    tell(&mut desk, with_void(saving("case", &case, json!({})), "重复录入"));
    tell(&mut desk, json!({"do": "record_restore", "id": case, "reason": "误作废"}));
    assert_eq!(history(&mut desk, "restored"), [json!("误作废"), Value::Null, json!("误作废")]);
    save(&mut desk, "case", &case, json!({"cause": "无标识"}));
}

#[test]
fn the_journal_is_of_one_sitting() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = new_book(folder.path());
    factory(&mut desk, "甲厂");
    assert!(journal(&mut desk)["undo"].is_object());
    let (_, told) = tell(&mut desk, json!({"do": "book_close"}));
    assert_eq!(told, json!({"done": null, "undo": null, "redo": null}));
    drop(desk);
    let mut desk =
        Backend::at(folder.path().join("永宁县.book"), Vec::new(), app::Clock::Fixed(crate::support::MAY_27));
    ask(&mut desk, json!({"do": "status"}));
    assert_eq!(live(&mut desk, "enterprise"), 1);
    assert_eq!(journal(&mut desk)["undo"], Value::Null);
}

fn region_and_county(drawer: &Drawer) -> (Office, Office) {
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    county.record(&[
        enterprise(1, "甲厂"),
        inspection(2, 1, "2021-04-01", &["马立群", "李秀梅"]),
        case(3, 1, "2021-04-02", 1_000_000),
    ]);
    region.take(&county.hand_up());
    (region, county)
}

fn take_back(office: &mut Office) -> Result<(), app::Failure> {
    office.session.note_writes().unwrap();
    let last = office.session.journal(None).unwrap().undo.expect("something to take back").id;
    office.session.take_back(last, Language::Zh)
}

fn bring_back(office: &mut Office) {
    let last = office.session.journal(None).unwrap().redo.expect("something to bring back").id;
    office.session.bring_back(last).unwrap();
}

#[test]
fn a_package_is_not_taken_back_by_this_nor_anything_before_it() {
    let drawer = Drawer::new();
    let (mut region, mut county) = region_and_county(&drawer);
    region.session.keep_journal();
    region.edit("case", &id(3), json!({"cause": "无标识"}));
    region.session.note_writes().unwrap();
    county.edit("enterprise", &id(1), json!({"phone": "0951-5550001"}));
    region.take(&county.hand_up());
    assert_eq!(take_back(&mut region).unwrap_err().code(), "undo-package");
    region.edit("case", &id(3), json!({"cause": "假冒"}));
    take_back(&mut region).unwrap();
    assert_eq!(take_back(&mut region).unwrap_err().code(), "undo-package");
    assert_eq!(
        (region.field(&id(3), "cause"), region.field(&id(1), "phone")),
        (json!("无标识"), json!("0951-5550001"))
    );
    region.is_sound();
}

#[test]
fn a_decision_taken_back_is_open_again_and_travels_so() {
    let drawer = Drawer::new();
    let (mut region, mut county) = region_and_county(&drawer);
    region.edit("case", &id(3), json!({"penalty_fen": 2_000_000}));
    county.edit("case", &id(3), json!({"penalty_fen": 3_000_000}));
    region.take(&county.hand_up());
    region.session.keep_journal();
    let open = region.conflicts();
    let shown = region.field(&id(3), "penalty_fen");
    let values = |conflicts: &[app::ConflictView]| -> Vec<(String, bool)> {
        let side = |side: &app::CandidateView| (serde_json::to_string(&side.value).unwrap(), side.shown);
        let mut sides: Vec<_> = conflicts.iter().flat_map(|one| &one.candidates).map(side).collect();
        sides.sort();
        sides
    };
    let other = open[0].candidates.iter().find(|side| !side.shown).unwrap();
    region.session.resolve(&open[0].id, &other.revision).unwrap();
    let decided = region.field(&id(3), "penalty_fen");
    assert_ne!(decided, shown);

    take_back(&mut region).unwrap();
    assert_eq!(region.field(&id(3), "penalty_fen"), shown);
    assert_eq!(values(&region.conflicts()), values(&open), "nobody has decided");
    bring_back(&mut region);
    assert_eq!((region.field(&id(3), "penalty_fen"), region.conflicts().len()), (decided, 0));
    take_back(&mut region).unwrap();
    county.take(&region.send_down("640121"));
    assert_eq!(values(&county.conflicts()), values(&open));
    assert_eq!(region.digest(), county.digest());

    // A rule over many is one thing done.
    let filter = app::ConflictFilter::default();
    let mut go = |_: app::Progress| std::ops::ControlFlow::Continue(());
    let plan = region.session.rule_plan(&filter, app::Side::Newest, None, &mut go).unwrap();
    assert_eq!(region.session.rule_apply(&filter, app::Side::Newest, &plan.token, &mut go).unwrap(), 1);
    assert_eq!(region.conflicts().len(), 0);
    take_back(&mut region).unwrap();
    assert_eq!(values(&region.conflicts()), values(&open));
    region.is_sound();
    county.is_sound();
}

//! What is typed is no record: it is not counted, not sent, and goes when the record is saved.

use api::Backend;
use serde_json::{Value, json};

use crate::support::{Drawer, ask, new_book};

fn keep(desk: &mut Backend, id: &Value, record: Value, fields: Value, typed: Value) -> Value {
    let form = json!({"fields": fields, "campaigns": ["nx-2021-24"], "overrides": {"odd": "核实"}, "typed": typed});
    ask(desk, json!({"do": "draft_keep", "id": id, "kind": "inspection", "record": record, "form": form}))
}

fn get(desk: &mut Backend, record: Value) -> Value {
    ask(desk, json!({"do": "draft_get", "id": null, "kind": "inspection", "record": record}))
}

#[test]
fn a_record_has_one_draft_and_new_ones_have_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = new_book(folder.path());
    let record = json!("00000000-0000-4000-8000-000000000001");
    let first = keep(&mut desk, &Value::Null, record.clone(), json!({"findings": "甲"}), json!({}));
    let again = keep(&mut desk, &Value::Null, record.clone(), json!({"findings": "乙"}), json!({}));
    assert_eq!(first["id"], again["id"]);
    let (one, two) = (
        keep(&mut desk, &Value::Null, Value::Null, json!({"findings": "丙"}), json!({})),
        keep(&mut desk, &Value::Null, Value::Null, json!({"findings": "丁"}), json!({})),
    );
    assert_ne!(one["id"], two["id"]);
    assert_eq!(get(&mut desk, record)["form"]["fields"]["findings"], "乙");
    assert_eq!(get(&mut desk, Value::Null)["form"]["fields"]["findings"], "丁", "the last one typed into");
    let one = ask(&mut desk, json!({"do": "draft_get", "id": one["id"], "kind": "inspection", "record": null}));
    assert_eq!(one["form"]["fields"]["findings"], "丙");
    let lines = ask(&mut desk, json!({"do": "drafts", "kind": null}));
    assert_eq!(lines.as_array().unwrap().len(), 3);
    assert_eq!(ask(&mut desk, json!({"do": "drafts", "kind": "case"})), json!([]));
}

#[test]
fn a_draft_goes_with_the_save_and_stays_with_a_refusal() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = new_book(folder.path());
    let draft = |desk: &mut Backend, fields: &Value| {
        let form = json!({"fields": fields, "campaigns": [], "overrides": {}, "typed": {}});
        ask(desk, json!({"do": "draft_keep", "id": null, "kind": "enterprise", "record": null, "form": form}))["id"]
            .clone()
    };
    let save = |draft: &Value, fields: &Value| {
        json!({"do": "record_save", "kind": "enterprise", "id": null, "campaigns": [], "void": null, "overrides": {},
            "fields": fields, "draft": draft})
    };
    let short = json!({"name": "甲厂"});
    let kept = draft(&mut desk, &short);
    assert_eq!(ask(&mut desk, save(&kept, &short))["record"], Value::Null);
    let line = ask(&mut desk, json!({"do": "drafts", "kind": "enterprise"}))[0].clone();
    assert_eq!((&line["id"], &line["title"]), (&kept, &json!("甲厂")));
    let whole = json!({"name": "甲厂", "roles": ["producer"]});
    assert!(ask(&mut desk, save(&kept, &whole))["record"].is_object());
    assert_eq!(ask(&mut desk, json!({"do": "drafts", "kind": null})), json!([]));
}

#[test]
fn a_draft_belongs_to_who_typed_it_until_another_takes_it_over() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = new_book(folder.path());
    let be = |desk: &mut Backend, name: &str| {
        ask(desk, json!({"do": "people_set", "names": ["张三", "李梅"], "current": name}));
    };
    let lines =
        |desk: &mut Backend| ask(desk, json!({"do": "drafts", "kind": "inspection"})).as_array().unwrap().clone();
    let record = json!("00000000-0000-4000-8000-000000000001");
    be(&mut desk, "李梅");
    let new = keep(&mut desk, &Value::Null, Value::Null, json!({"findings": "李梅写的"}), json!({}));
    let change = keep(&mut desk, &Value::Null, record.clone(), json!({"findings": "李梅改的"}), json!({}));
    be(&mut desk, "张三");
    assert_eq!(get(&mut desk, Value::Null), Value::Null, "a new form starts empty");
    assert_eq!(get(&mut desk, record.clone()), Value::Null);
    let by_id = json!({"do": "draft_get", "id": new["id"], "kind": "inspection", "record": null});
    assert_eq!(ask(&mut desk, by_id.clone()), Value::Null);
    let seen: Vec<Value> = lines(&mut desk).iter().map(|line| json!([line["author"], line["own"]])).collect();
    assert_eq!(seen, [json!(["李梅", false]), json!(["李梅", false])]);

    // Of one record each has a draft of one's own; what her form still had to keep stays hers.
    let own = keep(&mut desk, &Value::Null, record.clone(), json!({"findings": "张三改的"}), json!({}));
    assert_ne!(own["id"], change["id"]);
    keep(&mut desk, &change["id"], record.clone(), json!({"findings": "李梅最后几个字"}), json!({}));
    assert_eq!(get(&mut desk, record.clone())["form"]["fields"]["findings"], "张三改的");
    let take = |id: &Value| json!({"do": "draft_take", "id": id});
    let reply: Value = serde_json::from_str(&desk.dispatch(&take(&change["id"]).to_string())).unwrap();
    assert_eq!(reply["error"][0]["code"], "draft-of-own");

    ask(&mut desk, take(&new["id"]));
    assert_eq!(ask(&mut desk, by_id)["form"]["fields"]["findings"], "李梅写的");
    be(&mut desk, "李梅");
    assert_eq!(get(&mut desk, Value::Null), Value::Null, "it is his now");
    assert_eq!(get(&mut desk, record)["form"]["fields"]["findings"], "李梅最后几个字");
}

#[test]
fn a_draft_is_not_counted_and_not_sent() {
    let drawer = Drawer::new();
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    let digest = county.digest();
    let form = app::FormState {
        fields: [("name".to_owned(), app::Value::text("没填完的厂"))].into(),
        campaigns: vec!["nx-2021-24".into()],
        ..Default::default()
    };
    county.session.keep_draft(None, "enterprise", None, form).unwrap();
    assert_eq!(county.digest(), digest);
    assert_eq!(county.session.status().unwrap().unsent, 0);
    assert!(county.session.search("没填完", 5).unwrap().is_empty());
    let stick = county.hand_up();
    assert_eq!(stick.revisions, 0);
    region.take(&stick);
    assert_eq!(region.session.drafts(None).unwrap(), []);
    county.is_sound();
}

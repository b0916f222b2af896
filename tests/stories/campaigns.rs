//! Campaigns that come from above: shown before they are taken in, removed by a person, gone with their package.

use std::path::{Path, PathBuf};

use app::Clock;
use serde_json::{Value, json};

use crate::support::{Drawer, MAY_27, Office, Stick, Window, id};

fn made_up() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/campaigns")
}

/// The made-up campaign once more, with something else in it.
fn with_changes(drawer: &Drawer, name: &str, change: impl Fn(&str) -> Vec<(String, String)>) -> PathBuf {
    let folder = drawer.path(name);
    for part in ["fields", "vocabulary"] {
        std::fs::create_dir_all(folder.join(part)).unwrap();
        for file in std::fs::read_dir(made_up().join(part)).unwrap().flatten() {
            std::fs::copy(file.path(), folder.join(part).join(file.file_name())).unwrap();
        }
    }
    let text = std::fs::read_to_string(made_up().join("lamps/campaign.toml")).unwrap();
    for (id, text) in change(&text) {
        std::fs::create_dir_all(folder.join(&id)).unwrap();
        std::fs::write(folder.join(&id).join("campaign.toml"), text).unwrap();
    }
    folder
}

/// A county known to its region, and what the region sends down with a folder of campaigns.
fn sent_down(drawer: &Drawer, campaigns: PathBuf) -> (Office, Stick) {
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    region.take(&county.hand_up());
    drop(region);
    let session = app::Writing::open(&drawer.path("640000.book"), &[campaigns], Clock::Fixed(MAY_27)).unwrap();
    let mut region = drawer.desk(session, "640000");
    let stick = region.send_down("640121");
    (county, stick)
}

fn knows(window: &Window, campaign: &str) -> bool {
    let schema = window.done(json!({"do": "schema"}));
    schema["campaigns"].as_array().unwrap().iter().any(|known| known["id"] == campaign)
}

fn codes(campaigns: &Value) -> Vec<&str> {
    campaigns.as_array().unwrap().iter().map(|line| line["code"].as_str().unwrap()).collect()
}

#[test]
fn a_campaign_from_above_is_said_beforehand_and_goes_with_its_package() {
    let drawer = Drawer::new();
    let (county, stick) = sent_down(&drawer, made_up());
    let window = drawer.window(county);
    let files = [window.bring(&stick.file, false)];
    let plan = window.plan(&files);
    assert_eq!(codes(&plan["files"][0]["campaigns"]), ["campaign-comes"], "built-in ones are no news");
    assert!(plan["files"][0]["campaigns"][0]["message"].as_str().unwrap().contains("校园灯具"), "{plan}");
    assert!(!knows(&window, "lamps"), "looking changes nothing");
    let receipts = window.apply(&files, &plan);
    assert_eq!(codes(&receipts[0]["file"]["campaigns"]), ["campaign-comes"]);
    assert!(knows(&window, "lamps"));

    let save = json!({"do": "record_save", "kind": "enterprise", "id": id(1), "campaigns": ["lamps"], "void": null,
        "overrides": {}, "fields": {"name": "永宁县灯具厂", "roles": ["producer"]}});
    assert_ne!(window.done(save)["record"], Value::Null);
    let package = window.done(json!({"do": "packages"}))[0]["package"].clone();
    let undo = window.done(json!({"do": "undo_plan", "package": package}));
    assert_eq!(codes(&undo["campaigns"]), ["campaign-goes"]);
    window.done(json!({"do": "undo", "package": package, "token": undo["token"]}));
    assert!(!knows(&window, "lamps"));
    let record = window.done(json!({"do": "record_get", "id": id(1)}));
    assert_eq!(record["campaigns"], json!(["lamps"]), "a record goes on naming it");
    assert_eq!(window.done(json!({"do": "campaigns_sent"}))[0]["status"], "withdrawn");

    // The file once more is a yes, and brings it back.
    let files = [window.bring(&stick.file, false)];
    let plan = window.plan(&files);
    assert_eq!(codes(&plan["files"][0]["campaigns"]), ["campaign-comes"]);
    window.apply(&files, &plan);
    assert!(knows(&window, "lamps"));
}

#[test]
fn a_campaign_that_a_person_removed_stays_away_until_it_is_wanted_again() {
    let drawer = Drawer::new();
    let (county, stick) = sent_down(&drawer, made_up());
    let again = drawer
        .desk(app::Writing::open(&drawer.path("640000.book"), &[made_up()], Clock::Fixed(MAY_27)).unwrap(), "640000");
    let mut again = again;
    let later = again.send_down("640121");
    let window = drawer.window(county);
    let take = |stick: &Stick| {
        let files = [window.bring(&stick.file, false)];
        let plan = window.plan(&files);
        window.apply(&files, &plan)[0]["file"]["campaigns"].clone()
    };
    assert_eq!(codes(&take(&stick)), ["campaign-comes"]);
    let sent = window.done(json!({"do": "campaigns_sent"}));
    assert_eq!(
        (&sent[0]["id"], &sent[0]["status"], sent.as_array().unwrap().len()),
        (&json!("lamps"), &json!("used"), 1)
    );
    let removed = window.done(json!({"do": "campaign_use", "key": sent[0]["key"], "used": false}));
    assert_eq!(removed[0]["status"], "removed");
    assert!(!knows(&window, "lamps"));
    assert_eq!(codes(&take(&later)), ["campaign-stays-removed"]);
    assert!(!knows(&window, "lamps"));
    window.done(json!({"do": "campaign_use", "key": "lamps", "used": true}));
    assert!(knows(&window, "lamps"));
    assert_eq!(window.refused(json!({"do": "campaign_use", "key": "nx-2021-24", "used": false})), "campaign-not-sent");
    drop(window);
    assert!(drawer.reopen("640121").session.not_loaded().next().is_none());
}

#[test]
fn one_with_the_id_of_a_known_campaign_is_said_to_be_so_and_displaces_nothing() {
    let drawer = Drawer::new();
    let other =
        with_changes(&drawer, "other", |text| vec![("lamps".to_owned(), text.replace("2022-06-30", "2022-07-31"))]);
    let (county, first) = sent_down(&drawer, made_up());
    let session = app::Writing::open(&drawer.path("640000.book"), &[other], Clock::Fixed(MAY_27)).unwrap();
    let second = drawer.desk(session, "640000").send_down("640121");
    let window = drawer.window(county);
    let files = [window.bring(&first.file, false)];
    let plan = window.plan(&files);
    window.apply(&files, &plan);
    let files = [window.bring(&second.file, false)];
    let plan = window.plan(&files);
    assert_eq!(codes(&plan["files"][0]["campaigns"]), ["campaign-known-otherwise"]);
    window.apply(&files, &plan);
    let schema = window.done(json!({"do": "schema"}));
    let lamps = schema["campaigns"].as_array().unwrap().iter().find(|known| known["id"] == "lamps").unwrap();
    assert_eq!(lamps["last_day"], "2022-06-30");
    let statuses: Vec<Value> = window.done(json!({"do": "campaigns_sent"})).as_array().unwrap().to_vec();
    let statuses: Vec<&str> = statuses.iter().map(|sent| sent["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["used", "not_loaded"]);
}

#[test]
fn more_campaigns_than_anyone_orders_are_refused_as_a_whole() {
    let drawer = Drawer::new();
    let many = with_changes(&drawer, "many", |text| {
        let named = |n: u32| {
            text.replace("id = \"lamps", &format!("id = \"lamps-{n}")).replace("[\"lamps/1", &format!("[\"lamps-{n}/1"))
        };
        (0..51).map(|n| (format!("lamps-{n}"), named(n))).collect()
    });
    let (county, stick) = sent_down(&drawer, many);
    let window = drawer.window(county);
    let files = [window.bring(&stick.file, false)];
    let plan = window.plan(&files);
    assert_eq!(plan["files"][0]["status"], "refused");
    assert_eq!(plan["files"][0]["problems"][0]["code"], "campaigns-too-many");
    assert_eq!(window.done(json!({"do": "campaigns_sent"})), json!([]));
}

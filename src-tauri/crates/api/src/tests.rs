//! Books coming and going, backups, and what the log says, through the one door.

use std::path::Path;
use std::time::Duration;

use app::clock::Clock;
use serde_json::{Value, json};

use crate::Backend;

/// 2021-05-27, noon in China.
const NOON: u64 = 1_622_088_000_000;

fn backend_in(folder: &Path) -> Backend {
    let backend = Backend::at(folder.join("data/Sweepbook.book"), Vec::new(), Clock::Fixed(NOON));
    let mut backend = backend.keeping_in(folder.join("state"));
    backend.background.settling = Duration::ZERO;
    backend
}

fn ask(backend: &mut Backend, request: Value) -> Value {
    serde_json::from_str(&backend.dispatch(&request.to_string())).unwrap()
}

fn done(backend: &mut Backend, request: Value) -> Value {
    let reply = ask(backend, request);
    assert!(reply.get("error").is_none(), "{reply}");
    reply["ok"].clone()
}

fn refused(backend: &mut Backend, request: Value) -> String {
    ask(backend, request)["error"][0]["code"].as_str().unwrap().to_owned()
}

fn create(backend: &mut Backend, office: &str, name: &str) -> Value {
    done(backend, json!({"do": "book_create", "office": office, "name": name, "inspector": "张三"}))
}

/// Waits for the long work of a kind, and shows it.
fn ended(backend: &mut Backend, kind: &str) -> Value {
    backend.tick();
    backend.background.wait();
    let jobs = done(backend, json!({"do": "jobs"}));
    jobs.as_array().unwrap().iter().find(|work| work["kind"] == kind).unwrap_or_else(|| panic!("{jobs}")).clone()
}

#[test]
fn books_are_switched_and_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut one = backend_in(folder.path());
    assert_eq!(done(&mut one, json!({"do": "status"}))["book"], Value::Null);
    create(&mut one, "640121", "永宁县市场监督管理局");
    // A second book stands beside the first, which is closed for it.
    let second = create(&mut one, "640181", "灵武市市场监督管理局");
    assert_eq!(second["book"]["office"], "640181");
    let start = done(&mut one, json!({"do": "start"}));
    let recent = start["recent"].as_array().unwrap();
    assert_eq!(recent.len(), 2);
    assert_eq!((&recent[0]["open"], &recent[1]["open"]), (&json!(true), &json!(false)));
    let first = recent[1]["id"].clone();
    assert_eq!(done(&mut one, json!({"do": "book_reopen", "id": first}))["book"]["office"], "640121");
    drop(one);

    // The next start opens what was open; after closing it, nothing.
    let mut two = backend_in(folder.path());
    assert_eq!(done(&mut two, json!({"do": "status"}))["book"]["office"], "640121");
    assert_eq!(done(&mut two, json!({"do": "book_close"}))["book"], Value::Null);
    assert_eq!(done(&mut two, json!({"do": "status"}))["book"], Value::Null, "closed stays closed");
    drop(two);
    let mut three = backend_in(folder.path());
    assert_eq!(done(&mut three, json!({"do": "status"}))["book"], Value::Null);

    assert_eq!(refused(&mut three, json!({"do": "book_reopen", "id": "../../etc/passwd"})), "book-not-listed");
    let left = done(&mut three, json!({"do": "book_forget", "id": first}));
    assert_eq!(left["recent"].as_array().unwrap().len(), 1);
    assert!(folder.path().join("data/Sweepbook.book").exists(), "a forgotten book stays where it is");
}

#[test]
fn a_book_that_cannot_be_opened_leaves_the_open_one_open() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = backend_in(folder.path());
    create(&mut backend, "640121", "永宁县市场监督管理局");
    let wrong = folder.path().join("wrong.book");
    std::fs::write(&wrong, "no book").unwrap();
    assert_eq!(refused(&mut backend, json!({"do": "book_open", "file": wrong})), "not-a-book");
    assert_eq!(done(&mut backend, json!({"do": "status"}))["book"]["office"], "640121");
    assert_eq!(
        refused(&mut backend, json!({"do": "book_join", "file": wrong, "words": "", "inspector": "李四"})),
        "not-an-invitation"
    );
    assert_eq!(done(&mut backend, json!({"do": "status"}))["book"]["office"], "640121");
}

#[test]
fn a_damaged_book_at_the_start_is_said_once_and_another_way_is_open() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("data")).unwrap();
    std::fs::write(folder.path().join("data/Sweepbook.book"), "damaged").unwrap();
    let mut backend = backend_in(folder.path());
    // As the shell does, before there is a page that could ask.
    backend.begin();
    assert_eq!(refused(&mut backend, json!({"do": "status"})), "not-a-book");
    assert_eq!(done(&mut backend, json!({"do": "status"}))["book"], Value::Null);
    let made = create(&mut backend, "640121", "永宁县市场监督管理局");
    assert!(made["book"]["path"].as_str().unwrap().ends_with("Sweepbook-640121.book"), "nothing is written over");
}

#[test]
fn a_clock_set_back_is_said_until_it_is_right_or_a_person_vouches_for_it() {
    const HOUR: u64 = 60 * 60 * 1000;
    let folder = tempfile::tempdir().unwrap();
    let at = |now: u64| {
        let backend = Backend::at(folder.path().join("data/Sweepbook.book"), Vec::new(), Clock::Fixed(now));
        backend.keeping_in(folder.path().join("state"))
    };
    let save = |backend: &mut Backend, name: &str| {
        let fields = json!({"name": name, "roles": ["producer"]});
        let saved = json!({"do": "record_save", "kind": "enterprise", "id": null, "campaigns": [], "void": null,
            "overrides": {}, "fields": fields});
        done(backend, saved);
    };
    let said = |backend: &mut Backend| done(backend, json!({"do": "status"}))["set_back"].clone();
    let back = |now: &str| json!({"now": now, "saved": "2021-05-27 12:00"});

    let mut right = at(NOON);
    create(&mut right, "640121", "永宁县市场监督管理局");
    assert_eq!(said(&mut right), Value::Null, "nothing was saved yet");
    save(&mut right, "甲厂");
    assert_eq!(said(&mut right), Value::Null);
    drop(right);
    assert_eq!(said(&mut at(NOON - HOUR)), Value::Null, "clocks drift");

    // What is saved meanwhile does not make the wrong clock right.
    let mut wrong = at(NOON - 25 * HOUR);
    assert_eq!(said(&mut wrong), back("2021-05-26 11:00"));
    save(&mut wrong, "乙厂");
    assert_eq!(said(&mut wrong), back("2021-05-26 11:00"));
    drop(wrong);
    assert_eq!(said(&mut at(NOON + HOUR)), Value::Null);

    // Or it was the last save whose clock was wrong.
    let mut vouched = at(NOON - 24 * HOUR);
    assert_eq!(said(&mut vouched), back("2021-05-26 12:00"));
    assert_eq!(done(&mut vouched, json!({"do": "clock_trust"}))["set_back"], Value::Null);
    save(&mut vouched, "丙厂");
    assert_eq!(said(&mut vouched), Value::Null);
}

#[test]
fn divisions_are_found_by_name_code_and_initials_before_there_is_a_book() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = backend_in(folder.path());
    let mut find = |text: &str| done(&mut backend, json!({"do": "divisions", "text": text, "limit": 12}));
    for text in ["永宁", "640121", "ynx", "YNX"] {
        let found = find(text);
        let codes: Vec<&str> = found.as_array().unwrap().iter().map(|each| each["code"].as_str().unwrap()).collect();
        assert!(codes.contains(&"640121"), "{text}: {found}");
    }
    let first = find("");
    assert_eq!((&first[0]["code"], &first[1]["code"]), (&json!("000000"), &json!("110000")), "the provinces first");
    assert_eq!(find("不存在的地方"), json!([]));
    let named = |found: &Value| {
        let each = |each: &Value| (each["own"].as_str().unwrap().to_owned(), each["alike"] == true);
        found.as_array().unwrap().iter().map(each).collect::<Vec<_>>()
    };
    let counties = named(&find("ynx"));
    assert!(counties.contains(&("永宁县".to_owned(), true)), "no place is nearer than another: {counties:?}");
    let whole: Vec<&str> = counties.iter().filter(|(_, alike)| *alike).map(|(name, _)| name.as_str()).collect();
    assert!(whole.iter().all(|name| name.ends_with('县')), "by their usual readings: {counties:?}");
    assert!(counties[..whole.len()].iter().all(|(_, alike)| *alike), "whole initials first: {counties:?}");
    assert_eq!(named(&find("永宁县")), [("永宁县".to_owned(), false)]);
    assert_eq!(named(&find("ycsynx"))[0], ("永宁县".to_owned(), false), "by the city it lies in");
}

#[test]
fn what_is_near_the_office_comes_before_what_is_called_alike_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let codes = |office: &str, text: &str| {
        let mut backend = backend_in(&folder.path().join(office).join(text));
        create(&mut backend, office, "某局");
        let found = done(&mut backend, json!({"do": "divisions", "text": text, "limit": 4}));
        let code = |each: &Value| each["code"].as_str().unwrap().to_owned();
        found.as_array().unwrap().iter().map(code).collect::<Vec<String>>()
    };
    assert_eq!(codes("640122", "hlx")[0], "640122", "贺兰县 at home, not 怀来县");
    assert_eq!(codes("640121", "hlx")[0], "640122", "贺兰县 in the same city");
    assert_eq!(codes("640122-01", "hlx")[0], "640122");
    assert_eq!(codes("640425", "hlx")[0], "640122", "贺兰县 in the same province");
    assert_eq!(codes("130700", "hlx")[0], "130730", "怀来县 at home");
    assert_eq!(codes("640000", "y"), ["640100", "640121", "640323", "640402"], "the region's own");
    assert_eq!(codes("640122", "")[..3], ["640122", "640100", "640104"].map(str::to_owned), "itself, then its city");
}

#[test]
fn a_division_is_told_from_its_like_in_lists_and_in_full_where_one_record_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = backend_in(folder.path());
    create(&mut backend, "640100", "银川市局");
    let mut titles = |division: &str| {
        let fields = json!({"name": format!("{division}厂"), "roles": ["producer"], "division": division});
        let save = json!({"do": "record_save", "kind": "enterprise", "id": null, "fields": fields, "campaigns": [],
            "overrides": {"division-outside": "迁来"}, "void": null});
        let id = done(&mut backend, save)["record"]["id"].clone();
        let list = json!({"do": "record_rows", "kind": "enterprise", "limit": 1});
        let listed = done(&mut backend, list)["rows"][0]["titles"][division].clone();
        [listed, done(&mut backend, json!({"do": "record_get", "id": id}))["titles"][division].clone()]
    };
    assert_eq!(titles("640121"), ["永宁县", "宁夏回族自治区银川市永宁县"]);
    assert_eq!(titles("130730"), ["河北省张家口市怀来县", "河北省张家口市怀来县"]);
}

#[test]
fn the_sample_campaign_is_made_apart_and_deleted_whole() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = backend_in(folder.path());
    create(&mut backend, "640121", "永宁县市场监督管理局");
    done(&mut backend, json!({"do": "sample_make"}));
    assert_eq!(ended(&mut backend, "sample")["state"], "done");
    let open = done(&mut backend, json!({"do": "sample_open"}));
    assert_eq!((&open["sample"], &open["today"]), (&json!(true), &json!("2021-05-28")));
    let records = open["book"]["records"].as_array().unwrap();
    assert!(records.iter().any(|kind| kind["kind"] == "inspection" && kind["live"].as_u64().unwrap() > 10));
    assert_eq!(open["book"]["office"], "640000");
    done(&mut backend, json!({"do": "status"}));
    assert!(!folder.path().join("sweepbook-backups").join("640000").exists());
    let backups = done(&mut backend, json!({"do": "backups"}))["backups"].as_array().unwrap().len();
    assert_eq!(backups, 0, "what is made up is not backed up");

    let after = done(&mut backend, json!({"do": "sample_delete"}));
    assert_eq!((&after["book"], &after["sample"]), (&Value::Null, &json!(false)));
    assert!(!folder.path().join("state/sample").exists());
    let start = done(&mut backend, json!({"do": "start"}));
    assert_eq!(start["recent"].as_array().unwrap().len(), 1, "the real book is still listed: {start}");
    let id = start["recent"][0]["id"].clone();
    let real = done(&mut backend, json!({"do": "book_reopen", "id": id}));
    assert_eq!((&real["sample"], &real["today"]), (&json!(false), &json!("2021-05-27")), "back to its own day");
}

#[test]
fn stopping_the_sample_leaves_no_part_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = backend_in(folder.path());
    let id = done(&mut backend, json!({"do": "sample_make"}))["id"].clone();
    assert!(backend.is_busy());
    done(&mut backend, json!({"do": "job_stop", "id": id}));
    assert_eq!(ended(&mut backend, "sample")["state"], "stopped");
    assert!(!folder.path().join("state/sample").exists() && !folder.path().join("state/sample.begun").exists());
}

#[test]
fn an_open_book_is_backed_up_by_itself_and_restored_to_a_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = backend_in(folder.path());
    create(&mut backend, "640121", "永宁县市场监督管理局");
    let made = ended(&mut backend, "backup");
    assert_eq!((&made["state"], &made["asked"]), (&json!("done"), &json!(false)), "{made}");
    let listed = done(&mut backend, json!({"do": "backups"}));
    assert!(listed["folder"].as_str().unwrap().ends_with("sweepbook-backups"));
    assert_eq!(listed["backups"].as_array().unwrap().len(), 1, "{listed}");
    done(&mut backend, json!({"do": "people_set", "names": ["张三", "李四"], "current": "李四"}));
    done(&mut backend, json!({"do": "backup_now"}));
    assert_eq!(ended(&mut backend, "backup")["asked"], true);
    let listed = done(&mut backend, json!({"do": "backups"}));
    let oldest = listed["backups"][1]["name"].clone();

    done(&mut backend, json!({"do": "backup_restore", "backup": oldest, "file": null}));
    let restored = ended(&mut backend, "restore");
    let opened = done(&mut backend, json!({"do": "book_reopen", "id": restored["restored"]}));
    assert_eq!(opened["book"]["inspector"], "张三", "as it was then");
    assert_eq!(done(&mut backend, json!({"do": "start"}))["recent"].as_array().unwrap().len(), 2);
    for name in ["../data/Sweepbook.book", "/etc/passwd", ""] {
        assert_eq!(
            refused(&mut backend, json!({"do": "backup_restore", "backup": name, "file": null})),
            "file-missing"
        );
    }
}

#[test]
fn a_book_that_was_just_opened_is_not_backed_up_yet() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = backend_in(folder.path());
    backend.background.settling = Duration::from_secs(3600);
    create(&mut backend, "640121", "永宁县市场监督管理局");
    backend.tick();
    assert_eq!(done(&mut backend, json!({"do": "jobs"})), json!([]));
    backend.background.settling = Duration::ZERO;
    assert_eq!(ended(&mut backend, "backup")["state"], "done");
}

#[test]
fn a_backup_that_fails_is_said_once_until_it_fails_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("sweepbook-backups"), "in the way").unwrap();
    let mut backend = backend_in(folder.path());
    create(&mut backend, "640121", "永宁县市场监督管理局");
    let first = ended(&mut backend, "backup");
    assert_eq!((&first["state"], &first["said"]), (&json!("failed"), &json!(false)), "{first}");
    backend.back_up(false);
    assert_eq!(ended(&mut backend, "backup")["said"], true, "the same trouble is not said again");
    std::fs::remove_file(folder.path().join("sweepbook-backups")).unwrap();
    backend.back_up(false);
    assert_eq!(ended(&mut backend, "backup")["state"], "done");
}

#[test]
fn the_place_of_backups_can_be_chosen() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = backend_in(folder.path());
    create(&mut backend, "640121", "永宁县市场监督管理局");
    ended(&mut backend, "backup");
    let stick = folder.path().join("stick");
    std::fs::create_dir(&stick).unwrap();
    let set = done(&mut backend, json!({"do": "backups_set", "hours": 4, "out": stick, "place": "second"}));
    assert_eq!((&set["hours"], &set["second_present"], &set["second_at"]), (&json!(4), &json!(true), &Value::Null));
    done(&mut backend, json!({"do": "backup_now"}));
    assert_eq!(ended(&mut backend, "backup")["second"], true);
    assert_eq!(done(&mut backend, json!({"do": "backups"}))["second_at"], NOON);
    assert_eq!(app::books::backups::list(&stick).len(), 1);
    let set = done(&mut backend, json!({"do": "backups_set", "hours": 99, "out": null, "place": "second"}));
    assert_eq!((&set["hours"], &set["second"]), (&json!(4), &Value::Null), "an hour nobody offers is not taken");
}

#[test]
fn a_book_is_checked_beside_the_window() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = backend_in(folder.path());
    create(&mut backend, "640121", "永宁县市场监督管理局");
    done(&mut backend, json!({"do": "book_check"}));
    let checked = ended(&mut backend, "check");
    assert_eq!(checked["checked"], json!({"revisions": 0, "records": 0, "findings": []}), "{checked}");
}

#[test]
fn people_and_the_offices_name_can_be_changed() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = backend_in(folder.path());
    create(&mut backend, "640121", "永宁县局");
    let people = done(&mut backend, json!({"do": "people"}));
    assert_eq!((&people["names"], &people["current"]), (&json!(["张三"]), &json!("张三")));
    assert_eq!(people["division"], "宁夏回族自治区银川市永宁县");
    let set = json!({"do": "people_set", "names": ["张三", " 李四 ", "李四"], "current": "李四"});
    assert_eq!(done(&mut backend, set)["names"], json!(["张三", "李四"]));
    assert_eq!(done(&mut backend, json!({"do": "status"}))["book"]["inspector"], "李四");
    for name in ["", "  ", "a\nb", &"长".repeat(51)] {
        let set = json!({"do": "people_set", "names": [name], "current": "李四"});
        assert_eq!(refused(&mut backend, set), "inspector-name-wrong", "{name:?}");
    }
    let many: Vec<String> = (0..101).map(|n| format!("甲{n}")).collect();
    assert_eq!(
        refused(&mut backend, json!({"do": "people_set", "names": many, "current": "甲1"})),
        "inspectors-too-many"
    );
    let renamed = done(&mut backend, json!({"do": "office_rename", "name": " 永宁县市场监督管理局 "}));
    assert_eq!(renamed["office_name"], "永宁县市场监督管理局");
    assert_eq!(refused(&mut backend, json!({"do": "office_rename", "name": " "})), "office-name-missing");
    drop(backend);
    let mut again = self::backend_in(folder.path());
    let book = done(&mut again, json!({"do": "status"}))["book"].clone();
    assert_eq!((&book["office_name"], &book["inspector"]), (&json!("永宁县市场监督管理局"), &json!("李四")));
}

#[test]
fn the_day_the_recovery_sheet_was_written_is_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = backend_in(folder.path());
    create(&mut backend, "640121", "永宁县市场监督管理局");
    assert_eq!(done(&mut backend, json!({"do": "keys_look"}))["sheet"], Value::Null);
    done(&mut backend, json!({"do": "keys", "out": folder.path().join("sheet.txt")}));
    let keys = done(&mut backend, json!({"do": "keys_look"}));
    assert_eq!(keys["sheet"], "2021-05-27");
    let sheet = std::fs::read_to_string(folder.path().join("sheet.txt")).unwrap();
    let secret = sheet.lines().find(|line| line.starts_with("AGE-SECRET-KEY")).expect("a secret key to print");
    assert!(sheet.contains(keys["fingerprint"]["zh"].as_str().unwrap()));
    assert!(!keys.to_string().contains(secret), "no secret crosses to the page");

    // As a page, the same keys in groups of five.
    let page = folder.path().join("sheet.PDF");
    done(&mut backend, json!({"do": "keys", "out": page}));
    assert_eq!(refused(&mut backend, json!({"do": "keys", "out": page})), "file-exists");
    let run = std::process::Command::new("pdftotext").args(["-raw", "-enc", "UTF-8"]).arg(&page).arg("-").output();
    let told = String::from_utf8(run.expect("pdftotext (poppler-utils) is installed").stdout).unwrap();
    assert!(told.contains(&secret[..5]) && !told.contains(secret), "{told}");
    assert_eq!(told.matches('\u{c}').count(), 1, "one sheet, one page");
    let told: String = told.split_whitespace().collect();
    let keys = sheet.lines().filter(|line| line.len() > 30 && line.is_ascii() && !line.contains(' '));
    let keys: Vec<&str> = keys.collect();
    assert_eq!(keys.len(), 4, "{keys:?}");
    for words in
        keys.into_iter().chain(["永宁县市场监督管理局", "2021-05-27", "像公章一样保管", "Whoeverholdsthissheet"])
    {
        assert!(told.contains(words), "{words} in {told}");
    }
}

#[test]
fn neither_the_log_nor_what_is_exported_ever_holds_a_field_a_name_or_a_path() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = backend_in(folder.path());
    backend.shown_by("WebKitGTK 2.48".to_owned());
    create(&mut backend, "640121", "密局名");
    let text = |n: usize| format!("密值{n}");
    let record = json!({
        "do": "record_save", "kind": "enterprise", "id": null, "campaigns": [], "void": null, "overrides": {},
        "fields": {"name": text(1), "roles": ["producer"], "address": text(2), "contact": text(3), "phone": "13912345678"},
    });
    done(&mut backend, record.clone());
    // Refused, unknown, malformed, with words where none belong: all of it is noted and none of it quoted.
    let requests = [
        json!({"do": "record_save", "kind": text(4), "id": text(5), "campaigns": [text(6)], "fields": {}}),
        json!({"do": text(7)}),
        json!({"do": "search", "kind": "enterprise", "text": text(8), "limit": 5}),
        json!({"do": "book_open", "file": format!("/密路径/{}.book", text(9))}),
        json!({"do": "book_reopen", "id": text(10)}),
        json!({"do": "people_set", "names": ["密姓名"], "current": "密姓名"}),
        json!({"do": "office_rename", "name": "密局名二"}),
        json!({"do": "keys", "out": folder.path().join("密钥.txt")}),
        json!({"密": text(11)}),
    ];
    for request in requests {
        ask(&mut backend, request);
    }
    backend.dispatch("密：不是请求");
    ended(&mut backend, "backup");
    let out = folder.path().join("log.txt");
    done(&mut backend, json!({"do": "log_export", "out": out}));
    let exported = std::fs::read_to_string(&out).unwrap();
    let kept = std::fs::read_to_string(folder.path().join("state/program.log")).unwrap();
    for noted in ["book_create", "record_save", "request-malformed", "action-unknown", "file-missing", "unknown"] {
        assert!(exported.contains(noted) && kept.contains(noted), "{noted}: {exported}");
    }
    assert!(exported.contains("enterprise 1 0") && exported.contains("WebKitGTK 2.48"));
    let secrets = std::fs::read_to_string(folder.path().join("密钥.txt")).unwrap();
    let keys = secrets.lines().filter(|line| line.len() > 30 && line.is_ascii());
    for private in ["密", "张三", "13912345678", "640121", folder.path().to_str().unwrap()].into_iter().chain(keys) {
        assert!(!exported.contains(private) && !kept.contains(private), "{private} in:\n{exported}");
    }
    assert!(exported.lines().all(|line| line.starts_with("# ") || line.is_ascii() || line.contains('·')), "{exported}");
}

#[test]
fn a_reply_says_what_changed_in_the_book_and_nothing_where_nothing_did() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = backend_in(folder.path());
    create(&mut backend, "640121", "永宁县局");
    let save = |name: &str, roles: Value| {
        json!({"do": "record_save", "kind": "enterprise", "id": null, "campaigns": [], "void": null, "overrides": {},
            "fields": {"name": name, "roles": roles}})
    };
    let saved = ask(&mut backend, save("银川口罩厂", json!(["producer"])));
    let id = saved["ok"]["record"]["id"].clone();
    let only = |kinds: Value, records: Value| json!({"kinds": kinds, "records": records, "more": false, "packages": false, "drafts": false});
    assert_eq!(saved["changed"], only(json!(["enterprise"]), json!([id])), "{saved}");
    // A book has more than records.
    let renamed = ask(&mut backend, json!({"do": "office_rename", "name": "永宁县市场监督管理局"}));
    assert_eq!(renamed["changed"], only(json!([]), json!([])));
    for asked in [
        json!({"do": "status"}),
        json!({"do": "search", "kind": "enterprise", "text": "银川", "limit": 5}),
        save("", json!([])),
        json!({"do": "record_check", "kind": "enterprise", "id": null, "campaigns": [], "void": null, "overrides": {},
            "fields": {"name": "灵武口罩厂", "roles": ["producer"]}}),
    ] {
        let told = ask(&mut backend, asked);
        assert!(told.get("changed").is_none(), "{told}");
    }
    let keep = json!({"do": "draft_keep", "id": null, "kind": "enterprise", "record": null, "form": {"fields": {}, "campaigns": [], "overrides": {}, "typed": {}}});
    let kept = ask(&mut backend, keep);
    assert_eq!((&kept["changed"]["kinds"], &kept["changed"]["drafts"]), (&json!([]), &json!(true)), "{kept}");
    // Taken back, it changed again.
    let entry = ask(&mut backend, json!({"do": "journal"}))["ok"]["undo"]["id"].clone();
    let undone = ask(&mut backend, json!({"do": "journal_undo", "entry": entry}));
    assert_eq!(undone["changed"]["records"], json!([id]), "{undone}");
}

#[test]
fn what_does_not_hold_of_a_form_is_said_in_words_with_its_cells_and_records() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = backend_in(folder.path());
    create(&mut backend, "640121", "永宁县市场监督管理局");
    let save = |kind: &str, fields: Value| {
        json!({"do": "record_save", "kind": kind, "id": null, "campaigns": ["nx-2021-24"], "void": null, "overrides": {},
            "fields": fields})
    };
    let maker = done(&mut backend, save("enterprise", json!({"name": "甲厂", "roles": ["producer"]})));
    let declared = json!({"form": "nx-2021-24/1", "row": "quality", "column": "seized", "as_of": "2021-05-20",
        "value": 900, "source": "customs"});
    let declared = done(&mut backend, save("declared", declared));
    for made in [&maker, &declared] {
        assert!(made["record"]["id"].is_string(), "{made}");
    }
    let ask = json!({"do": "fill_checks", "form": "nx-2021-24/1", "as_of": "2021-05-27", "office": null, "date": null});
    let failed = done(&mut backend, ask);
    assert_eq!(failed.as_array().unwrap().len(), 1, "{failed}");
    let check = &failed[0];
    assert_eq!((check["id"].as_str(), check["level"].as_str()), (Some("seized"), Some("error")));
    assert_eq!(check["words"], "有查获口罩必有立案");
    assert!(check["problem"]["remedy"].as_str().unwrap().contains("说明原因"));
    let cells: Vec<[&str; 3]> = check["cells"]
        .as_array()
        .unwrap()
        .iter()
        .map(|cell| ["row_label", "column_label", "text"].map(|key| cell[key].as_str().unwrap()))
        .collect();
    let of_row = |row| [[row, "其中:立案(件)", "0"], [row, "查获口罩(万只)累计", "0.09"]];
    assert_eq!(cells, [of_row("质量类案件"), of_row("合计数")].concat());
    assert_eq!(check["records"][0]["id"], declared["record"]["id"]);
    assert_eq!(check["records_in_all"], 1);
}

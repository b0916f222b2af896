//! The commands in the order of a day, and the shapes of what they print.

mod common;

use common::{FACTORY, Folder, factory, inspection};
use serde_json::json;

/// A region and a county that joined it; the county has recorded a factory and two visits.
fn two_books() -> Folder {
    let folder = Folder::with_book();
    folder.run(&["new", "r.book", "--office", "640000", "--name", "宁夏回族自治区市场监督管理厅"]).done();
    let invited = folder
        .run(&["invite", "r.book", "--office", "640121", "--name", "永宁县", "--out", "i", "--json"])
        .done()
        .json();
    let shown = folder.run(&["join", "a.book", "i", "--json"]).done().json();
    // Both sides can read the same words to each other.
    assert_eq!(invited["fingerprint"], shown["fingerprint"]);
    assert_eq!((&shown["inviter"], &shown["joined"]), (&json!("640000"), &json!(false)));
    let words = shown["fingerprint"]["zh"].as_str().unwrap();
    let joined = folder.run(&["join", "a.book", "i", "--fingerprint", words, "--json"]).done().json();
    assert_eq!(joined["joined"], true);
    folder.record(&(factory("甲口罩厂") + &inspection("2021-03-05") + &inspection("2021-03-06"))).done();
    folder
}

#[test]
fn a_package_waits_is_planned_imported_and_undone() {
    let folder = two_books();
    let exported = folder.run(&["export", "a.book", "--out", "a.sweep", "--json"]).done().json();
    assert_eq!((exported["to"].as_str(), exported["revisions"].as_u64()), (Some("640000"), Some(3)));
    let print = exported["fingerprint"]["zh"].as_str().unwrap();

    let waits = folder.run(&["import", "r.book", "a.sweep", "--json"]);
    assert_eq!((waits.code, waits.json()["outcome"].as_str()), (1, Some("waiting")));
    assert_eq!(waits.json()["problems"][0]["code"], "device-unconfirmed");
    let wrong = folder.run(&["import", "r.book", "a.sweep", "--confirm-device", "苹果 苹果", "--json"]);
    assert_eq!((wrong.code, wrong.json()["problems"][0]["code"].as_str()), (1, Some("fingerprint-differs")));

    let empty = folder.digest("r.book");
    let as_of = ["--as-of", "2021-05-27"];
    let arguments = ["import", "r.book", "a.sweep", "--plan", "--json", "--confirm-device", print, as_of[0], as_of[1]];
    let plan = folder.run(&arguments).done().json();
    assert_eq!(plan["outcome"], "planned");
    assert_eq!((plan["counts"]["new_records"].as_u64(), plan["counts"]["conflicts"].as_u64()), (Some(3), Some(0)));
    let change =
        plan["cells"].as_array().unwrap().iter().find(|cell| cell["column"] == "person_times").unwrap().clone();
    assert_eq!(
        change,
        json!({"form": "nx-2021-24/1", "row": "quality", "column": "person_times", "before": "0", "after": "4"})
    );
    assert_eq!(folder.digest("r.book"), empty);

    // A plan lets nobody in, however it was asked: the import asks again.
    let open = ["import", "r.book", "a.sweep", "--plan", "--without-comparing"];
    folder.run(&open).done();
    folder.run(&["import", "r.book", "a.sweep"]).refused("device-unconfirmed");
    let done = folder.run(&["import", "r.book", "a.sweep", "--confirm-device", print, "--json"]).done().json();
    assert_eq!((done["outcome"].as_str(), done["package"].as_str()), (Some("applied"), exported["package"].as_str()));
    assert_eq!(folder.digest("r.book"), folder.digest("a.book"));
    folder.run(&["import", "r.book", "a.sweep"]).refused("package-already-imported");

    let listed = folder.run(&["packages", "r.book", "--json"]).done().json();
    assert_eq!((listed["incoming"].as_bool(), listed["state"].as_str()), (Some(true), Some("applied")));
    let undone = folder.run(&["undo", "r.book", exported["package"].as_str().unwrap(), "--json"]).done().json();
    assert_eq!(undone["changed_records"], 3);
    assert_eq!(folder.digest("r.book"), empty);
    folder.run(&["import", "r.book", "a.sweep"]).done();
    assert_eq!(folder.digest("r.book"), folder.digest("a.book"));
}

#[test]
fn a_form_is_filled_to_four_kinds_of_file_and_every_number_opens() {
    let folder = two_books();
    let outs = ["--out", "x.json", "--out", "x.xlsx", "--out", "x.pdf", "--out", "x.svg"];
    let arguments = [&["fill", "a.book", "nx-2021-24/1", "--as-of", "2021-05-27"][..], &outs].concat();
    let ran = folder.run(&arguments).done();
    assert_eq!(ran.out.lines().collect::<Vec<_>>(), ["x.json", "x.xlsx", "x.pdf", "x.svg"]);
    let head = |name: &str| std::fs::read(folder.path(name)).unwrap()[..4].to_vec();
    assert_eq!(head("x.xlsx"), b"PK\x03\x04");
    assert_eq!(head("x.pdf"), b"%PDF");
    assert!(folder.read("x.svg").contains("<svg"));

    let form: serde_json::Value = serde_json::from_str(&folder.read("x.json")).unwrap();
    assert_eq!((form["form"].as_str(), form["office"].as_str()), (Some("nx-2021-24/1"), Some("640121")));
    assert_eq!(form["as_of"], "2021-05-27");
    assert_eq!(form["row_ids"][1], "quality");
    assert_eq!(form["columns"][0], "person_times");
    assert_eq!(form["rows"][1][0], "质量类案件");
    assert_eq!(form["rows"][1][1], "4");
    assert_eq!(form["unsettled"], json!([]));
    // Standard output, where no file is named; filling again replaces what was filled.
    let printed = folder.run(&["fill", "a.book", "nx-2021-24/1", "--as-of", "2021-05-27"]).done().json();
    assert_eq!(printed, form);
    folder.run(&arguments).done();

    let traced = folder
        .run(&[
            "trace",
            "a.book",
            "nx-2021-24/1",
            "--as-of",
            "2021-05-27",
            "--row",
            "total",
            "--column",
            "person_times",
        ])
        .done()
        .lines();
    assert_eq!(traced.iter().map(|line| line["amount"].as_i64().unwrap()).sum::<i64>(), 4);
    let record = traced[0]["record"]["id"].as_str().unwrap();
    let cells = folder.run(&["cells", "a.book", record, "--as-of", "2021-05-27", "--json"]).done().lines();
    assert!(
        cells.iter().any(|cell| cell["row"] == "quality" && cell["column"] == "person_times" && cell["amount"] == 2)
    );
}

#[test]
fn what_does_not_add_up_is_said_with_its_cells_and_records() {
    let folder = two_books();
    let checks = |more: &[&str]| {
        folder.run(&[&["checks", "a.book", "nx-2021-24/1", "--as-of", "2021-05-27"][..], more].concat())
    };
    assert_eq!(checks(&[]).done().out, "");
    let case = |line: &str, more: serde_json::Value| {
        let mut fields = json!({"enterprise": FACTORY, "line": line, "category": "mask", "filed_on": "2021-05-20"});
        fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        format!("{}\n", json!({"kind": "case", "campaigns": ["nx-2021-24"], "fields": fields}))
    };
    // Penalised without a number: seldom right, yet no fault of the figures.
    folder.record(&case("price", json!({"penalty_on": "2021-05-21", "penalty_fen": 50_000}))).done();
    let seldom = checks(&["--json"]).done().json();
    assert_eq!((seldom["id"].as_str(), seldom["level"].as_str()), (Some("decision_no"), Some("warn")));
    assert_eq!(seldom["words"], "有罚没的案件应有处罚决定书文号");
    assert_eq!(seldom["cells"], json!([["nx-2021-24/1", "price", "penalty", "0.05"]]));
    assert_eq!(seldom["records"][0], folder.show("case")[0]["id"]);
    // Filed before the campaign and closed in it: more is closed than was filed.
    folder.record(&case("quality", json!({"filed_on": "2021-02-20", "closed_on": "2021-05-20"}))).done();
    let wrong = checks(&[]);
    assert_eq!(wrong.code, 1, "{}", wrong.err);
    let first = wrong.out.lines().next().unwrap();
    assert!(first.starts_with("error[closed]\t结案不多于立案\t质量类案件 结案(件) 1，"), "{first}");
    let english = checks(&["--lang", "en"]);
    assert!(english.out.starts_with("error[closed]\tCases closed are at most cases filed\t"), "{}", english.out);
    checks(&["--office", "640181"]).refused("fill-outside");
}

#[test]
fn a_conflict_is_listed_and_settled() {
    let folder = two_books();
    folder.run(&["export", "a.book", "--out", "1.sweep"]).done();
    folder.run(&["import", "r.book", "1.sweep", "--without-comparing"]).done();
    for (book, name) in [("a.book", "甲口罩一厂"), ("r.book", "甲口罩二厂")] {
        let edit = json!({"kind": "enterprise", "id": FACTORY, "fields": {"name": name}});
        folder.run_with_input(&["record", book, "-"], &format!("{edit}\n")).done();
    }
    folder.run(&["export", "a.book", "--out", "2.sweep"]).done();
    folder.run(&["import", "r.book", "2.sweep"]).done();
    let conflict = folder.run(&["conflicts", "r.book", "--json"]).done().json();
    assert_eq!((conflict["record"].as_str(), conflict["field"].as_str()), (Some(FACTORY), Some("name")));
    assert_eq!(conflict["candidates"].as_array().unwrap().len(), 2);
    folder
        .run(&["resolve", "r.book", conflict["id"].as_str().unwrap(), "--keep", "不是 JSON"])
        .refused("resolution-malformed");
    folder.run(&["resolve", "r.book", conflict["id"].as_str().unwrap(), "--keep", "\"甲口罩三厂\""]).done();
    assert_eq!(folder.run(&["conflicts", "r.book", "--json"]).done().out, "");
    let shown = folder.run(&["show", "r.book", "enterprise", "--json"]).done().json();
    assert_eq!(shown["fields"]["name"], "甲口罩三厂");
}

#[test]
fn enterprises_are_found_and_pairs_suggested() {
    let folder = Folder::with_book();
    let twin = json!({"kind": "enterprise", "fields": {"name": "重庆口罩厂", "roles": ["seller"], "uscc": "91640121DEM001025A"}});
    let other =
        json!({"kind": "enterprise", "fields": {"name": "乙厂", "roles": ["seller"], "uscc": "91640121DEM001025A"}});
    folder.record(&format!("{twin}\n{other}\n")).done();
    for words in ["口罩", "cq", "zq", "91640121DEM"] {
        let found = folder.run(&["search", "a.book", words, "--json"]).done().lines();
        assert!(found.iter().any(|record| record["fields"]["name"] == "重庆口罩厂"), "{words}");
    }
    let pair = folder.run(&["pairs", "a.book", "--json"]).done().json();
    assert_eq!(pair["reason"], "uscc");
}

#[test]
fn backup_keys_check_and_digest() {
    let folder = two_books();
    folder.run(&["backup", "a.book", "--out", "b.book"]).done();
    assert_eq!(folder.digest("b.book"), folder.digest("a.book"));
    folder.run(&["keys", "a.book", "--out", "keys.txt"]).done();
    let sheet = folder.read("keys.txt");
    assert!(sheet.contains("AGE-SECRET-KEY-1") && sheet.contains("永宁县"), "{sheet}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(folder.path("keys.txt")).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "only its owner reads it");
    }
    let checked = folder.run(&["check", "a.book", "--json"]).done().json();
    assert_eq!((checked["revisions"].as_u64(), checked["records"].as_u64()), (Some(3), Some(3)));
    assert_eq!(checked["digest"].as_str().unwrap(), folder.digest("a.book").trim());
    let digest = folder.digest("a.book");
    assert!(folder.run(&["rebuild", "a.book"]).done().out.contains('3'));
    assert_eq!(folder.digest("a.book"), digest);
    let status = folder.run(&["status", "a.book", "--json"]).done().json();
    assert_eq!((status["unsent"].as_u64(), status["upper_office"].as_str()), (Some(3), Some("640000")));
}

#[test]
fn the_demonstration_plays_to_its_end_without_a_warning() {
    let folder = Folder::new();
    let ran = folder.run(&["demo", "--out", "out"]).done();
    assert!(!ran.err.contains("error[") && !ran.err.contains("warning["), "{}", ran.err);
    let mut filled: Vec<&str> = ran.out.lines().filter(|line| line.ends_with(".pdf")).collect();
    filled.sort_unstable();
    for form in [
        "ningxia/nx-2021-24-1",
        "ningxia/nx-2021-24-2",
        "ningxia/samr-2020-51-1",
        "liaoning/ln-2020-1",
        "liaoning/ln-2020-2",
        "weibin/weibin-2021-work",
        "weibin/weibin-2021-cases",
        "ningxia-28/nx-2021-28-care-work",
        "ningxia-28/nx-2021-28-care-products",
        "ningxia-28/nx-2021-28-masks-work",
    ] {
        for ending in ["xlsx", "pdf", "json"] {
            assert!(folder.path(&format!("out/{form}.{ending}")).exists(), "{form}.{ending}");
        }
        let filled: serde_json::Value = serde_json::from_str(&folder.read(&format!("out/{form}.json"))).unwrap();
        assert_eq!(filled["unsettled"], json!([]), "{form}");
    }
    // Everything the three counties hold is at the region, and every book is whole.
    for book in [
        "ningxia/ningxia",
        "ningxia/yongning",
        "ningxia/lingwu",
        "ningxia/pingluo",
        "liaoning/liaoning",
        "liaoning/shenyang",
        "weibin/weibin",
        "weibin/station",
        "ningxia-28/ningxia",
        "ningxia-28/lingwu",
    ] {
        let book = format!("out/{book}.book");
        folder.run(&["check", &book]).done();
        let status = folder.run(&["status", &book, "--json"]).done().json();
        assert_eq!((status["conflicts"].as_u64(), status["set_aside"].as_u64()), (Some(0), Some(0)), "{book}");
    }
    // A second time it would have to write over the first.
    folder.run(&["demo", "--out", "out"]).refused("file-exists");
}

#[test]
fn an_inspection_and_an_enterprise_are_printed_as_documents() {
    let folder = Folder::with_book();
    folder.record(&(factory("甲口罩厂") + &inspection("2021-03-05"))).done();
    let visit = folder.show("inspection")[0]["id"].as_str().unwrap().to_owned();
    let said = folder.run(&["print", "a.book", &visit, "--out", "visit.pdf"]).done().out;
    assert_eq!(said.trim(), "visit.pdf");
    folder.run(&["print", "a.book", FACTORY, "--document", "dossier", "--out", "file.pdf"]).done();
    for file in ["visit.pdf", "file.pdf"] {
        assert!(std::fs::read(folder.path(file)).unwrap().starts_with(b"%PDF-"), "{file}");
    }
    folder.run(&["print", "a.book", FACTORY, "--document", "inspection", "--out", "x.pdf"]).refused("document-unknown");
    folder.run(&["print", "a.book", FACTORY, "--out", "x.docx"]).refused("document-not-pdf");
    assert!(!folder.path("x.docx").exists() && !folder.path("x.pdf").exists());
}

#[test]
fn an_invitation_is_shown_and_joined_only_with_its_words_and_one_at_a_time() {
    let folder = two_books();
    // Another office that stands above invites too: the county goes on reporting to the one it knows.
    folder.run(&["new", "s.book", "--office", "640100", "--name", "宁夏回族自治区市场监督管理厅"]).done();
    folder.run(&["invite", "s.book", "--office", "640121", "--name", "永宁县", "--out", "j"]).done();
    let shown = folder.run(&["join", "a.book", "j"]).done();
    assert!(shown.out.contains("邀请词语") && shown.out.contains("尚未加入"), "{}", shown.out);
    folder.run(&["join", "a.book", "j", "--fingerprint", "苹果 苹果"]).refused("inviter-words-differ");
    folder.join("a.book", "j").refused("upper-office-known");
    let exported = folder.run(&["export", "a.book", "--out", "1.sweep", "--json"]).done().json();
    assert_eq!(exported["to"], "640000");
    let offices = folder.run(&["offices", "a.book", "--json"]).done().json();
    assert_eq!(offices["check_in"], exported["fingerprint"], "one list of words, wherever one looks");

    folder.run(&["offices", "r.book", "remove", "640121"]).refused("office-not-known");
    folder.run(&["offices", "a.book", "remove", "640000"]).done();
    folder.run(&["export", "a.book", "--out", "2.sweep"]).refused("no-upper-office");
    folder.join("a.book", "j").done();
    let exported = folder.run(&["export", "a.book", "--out", "3.sweep", "--json"]).done().json();
    assert_eq!(exported["to"], "640100");
}

#[test]
fn a_table_is_made_for_an_office_that_has_a_name_and_lies_in_the_area() {
    let folder = Folder::with_book();
    let fill =
        |office: &str| folder.run(&["fill", "a.book", "nx-2021-24/1", "--as-of", "2021-05-27", "--office", office]);
    fill("640121-01").refused("office-unnamed");
    fill("640181").refused("fill-outside");
    folder.run(&["offices", "a.book", "name", "640181", "灵武市市场监督管理局"]).refused("fill-outside");
    folder.run(&["offices", "a.book", "name", "640121-01", " "]).refused("office-name-missing");
    folder.run(&["offices", "a.book", "name", "640121-01", "杨和市场监管所"]).done();
    let filled = fill("640121-01").done().json();
    assert_eq!(filled["head"][0]["left"], "填报单位（盖章）：杨和市场监管所");
}

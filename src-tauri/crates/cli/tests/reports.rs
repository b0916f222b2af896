//! `report`: a week's report from its first draft to what the office above says of it.

mod common;

use common::{FACTORY, Folder, factory};
use serde_json::{Value, json};

/// Thursday 2020-05-28, 13:30 in China, half an hour before the weekly report is due.
const THURSDAY: &str = "1590643800000";
const DUE: &str = "2020-05-28";

fn case() -> String {
    let case = json!({"kind": "case", "id": "00000000-0000-4000-8000-000000000041", "campaigns": ["ln-2020"],
        "fields": {"enterprise": FACTORY, "line": "quality", "category": "mask", "filed_on": "2020-05-20",
        "penalty_on": "2020-05-22", "penalty_fen": 1_000_000, "decision_no": "罚〔2020〕1号"}});
    factory("甲口罩厂").replace("nx-2021-24", "ln-2020") + &format!("{case}\n")
}

#[test]
fn a_weekly_report_is_written_sealed_shown_and_traced() {
    let folder = Folder::at(THURSDAY);
    folder.run(&["new", "a.book", "--office", "210100", "--name", "沈阳市市场监督管理局"]).done();
    folder.record(&case()).done();

    let lines = folder.run(&["reports", "a.book", "--json"]).done().lines();
    let weekly = lines.iter().find(|line| line["report"] == "weekly" && line["due"] == DUE).expect("due today");
    assert_eq!((weekly["state"].clone(), weekly["owed"].clone()), (json!("none"), json!(true)));

    let begun = folder.run(&["report", "begin", "a.book", "ln-2020/weekly", "--due", DUE, "--json"]).done().json();
    let id = begun["id"].as_str().expect("an id").to_owned();
    let open: Vec<&str> =
        begun["refusals"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert_eq!(open, ["filing-not-reviewed", "filler-missing"]);
    // A draft is shown as it is written, with what its campaign begins it with; begun again with another day it counts up to that.
    folder.run(&["report", "show", "a.book", &id]).done();
    let words = folder.run(&["report", "words", "a.book", &id, "--section", "cases"]).done();
    assert!(words.out.contains("{figure:"), "{}", words.out);
    folder.run(&["report", "words", "a.book", &id, "--section", "nosuch"]).refused("section-unknown");
    std::fs::write(folder.path("gbk.txt"), b"\xbc\xec\xb2\xe9").unwrap();
    folder.run(&["report", "words", "a.book", &id, "--section", "next", "--text", "gbk.txt"]).refused("text-not-utf8");
    let begin = ["report", "begin", "a.book", "ln-2020/weekly", "--due", DUE, "--as-of"];
    let ahead = folder.run(&[&begin[..], &["2020-05-30"]].concat()).done();
    assert!(ahead.err.contains("as-of-ahead") || ahead.err.contains("2020-05-30"), "{}", ahead.err);
    folder.run(&[&begin[..], &["2020-05-27"]].concat()).done();
    let seal = ["report", "seal", "a.book", &id, "--filler", "张三", "--phone", "024-1"];
    folder.run(&seal).refused("filing-not-reviewed");
    folder.run(&["report", "review", "a.book", &id, "--reviewer", "李四"]).done();
    folder.run(&seal).done();
    folder.run(&seal).refused("filing-sealed");

    let sealed = folder.run(&["report", "show", "a.book", &id, "--json"]).done().json();
    let forms: Vec<&Value> = sealed["forms"].as_array().unwrap().iter().map(|form| &form["form"]).collect();
    assert_eq!(forms, ["ln-2020/1", "ln-2020/2"]);
    assert_eq!((sealed["filler"].as_str(), sealed["as_of"].as_str()), (Some("张三"), Some("2020-05-27")));
    let trace = ["trace", "a.book", "ln-2020/2", "--filing", &id, "--row", "mask", "--column", "total.filed"];
    let behind = folder.run(&trace).done().lines();
    assert_eq!(behind.len(), 1);
    assert_eq!(behind[0]["record"]["fields"]["penalty_fen"], 1_000_000);

    for out in ["a.pdf", "a.docx", "a.json"] {
        folder.run(&["report", "show", "a.book", &id, "--out", out]).done();
        assert!(folder.path(out).metadata().unwrap().len() > 500, "{out}");
    }
    folder.run(&["report", "show", "a.book", &id, "--form", "ln-2020/2", "--out", "b.xlsx"]).done();
    folder
        .run(&["report", "show", "a.book", &id, "--form", "ln-2020/9", "--out", "c.pdf"])
        .refused("form-not-in-filing");
    assert_eq!(folder.run(&["report", "since", "a.book", &id, "--json"]).done().json()["cells"], json!([]));
    folder.run(&["report", "begin", "a.book", "ln-2020/weekly", "--due", DUE]).refused("filing-exists");
    folder.run(&["report", "begin", "a.book", "ln-2020/weekly", "--due", "2020-05-29"]).refused("report-not-due-then");
    folder.run(&["report", "accept", "a.book", &id]).refused("answer-from-below");
    let correct = |words: &str| {
        let out = folder.run(&["report", "correct", "a.book", &id, "--correction", words]).done().out;
        out.lines().next().unwrap_or_default().to_owned()
    };
    let correction = correct("");
    assert_eq!(
        (correction.len(), correct("漏报一件") == correction),
        (36, true),
        "one correction is begun, and gone on with"
    );
    folder.run(&["report", "review", "a.book", &correction, "--reviewer", "李四"]).done();
    folder.run(&["report", "seal", "a.book", &correction, "--filler", "张三"]).done();
    let shown = folder.run(&["report", "show", "a.book", &correction]).done().out;
    assert!(shown.contains("更正说明\t漏报一件"), "{shown}");
    let to_file = [&trace[..], &["--out", "t.csv"]].concat();
    assert_eq!(folder.run(&to_file).code, 2, "the records of a sealed cell are printed, not saved");
}

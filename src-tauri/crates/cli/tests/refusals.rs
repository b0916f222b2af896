//! Bad input of every other kind: an exit code, a code, words and a remedy, and nothing lost.

mod common;

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use common::{Folder, factory, inspection, made_up_campaigns, wrong_campaigns};

const FORM: &str = "nx-2021-24/1";
const CUTOFF: [&str; 2] = ["--as-of", "2021-05-27"];

#[test]
fn a_book_is_not_made_over_a_file_nor_in_no_division_nor_where_nothing_can_be_written() {
    let folder = Folder::with_book();
    let digest = folder.digest("a.book");
    folder.run(&["new", "a.book", "--office", "640121", "--name", "永宁县"]).refused("book-exists");
    assert_eq!(folder.digest("a.book"), digest);
    folder.run(&["new", "b.book", "--office", "999999", "--name", "无"]).refused("division-unknown");
    folder.run(&["new", "b.book", "--office", "640121", "--name", "  "]).refused("office-name-missing");
    assert!(!folder.path("b.book").exists());
    // A file stands where the folder should be.
    folder.write("file", "");
    folder.run(&["new", "file/b.book", "--office", "640121", "--name", "永宁县"]).refused("folder-not-writable");
    folder.run(&["keys", "a.book", "--out", "file/k.txt"]).refused("folder-not-writable");
    folder.run(&["fill", "a.book", FORM, CUTOFF[0], CUTOFF[1], "--out", "file/x.json"]).refused("folder-not-writable");
}

#[test]
fn what_is_no_book_is_told_from_what_is_not_there_and_what_is_newer() {
    let folder = Folder::with_book();
    folder.write("text.book", "hello");
    folder.run(&["status", "text.book"]).refused("not-a-book");
    assert_eq!(folder.read("text.book"), "hello");
    folder.run(&["status", "none.book"]).refused("book-missing");
    assert!(!folder.path("none.book").exists());
    // SQLite keeps the version of the program's schema at offset 60 of the file (user_version).
    let mut bytes = std::fs::read(folder.path("a.book")).unwrap();
    bytes[60..64].copy_from_slice(&1_000_000_u32.to_be_bytes());
    folder.write("newer.book", &bytes);
    folder.run(&["status", "newer.book"]).refused("book-newer");
    assert_eq!(std::fs::read(folder.path("newer.book")).unwrap(), bytes);
}

#[test]
fn a_book_in_use_is_waited_for_and_then_said_to_be() {
    let folder = Folder::with_book();
    // It holds the book while it waits for lines.
    let mut holder =
        folder.command(&["record", "a.book", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let lock = folder.path("a.book.lock");
    let started = std::time::Instant::now();
    while !std::fs::read_to_string(&lock).is_ok_and(|text| text.contains(&holder.id().to_string())) {
        assert!(started.elapsed().as_secs() < 600, "the holder never took the lock");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    folder.run(&["status", "a.book"]).refused("book-in-use");
    let mut input = holder.stdin.take().unwrap();
    input.write_all(factory("甲口罩厂").as_bytes()).unwrap();
    drop(input);
    let mut answer = String::new();
    BufReader::new(holder.stdout.take().unwrap()).read_line(&mut answer).unwrap();
    assert!(holder.wait().unwrap().success());
    assert!(answer.contains("新增 1"), "{answer}");
    folder.run(&["status", "a.book"]).done();
}

#[test]
fn unknown_forms_offices_rows_columns_and_endings_are_refused() {
    let folder = Folder::with_book();
    let fill = |more: &[&str]| folder.run(&[&["fill", "a.book"], more, &CUTOFF].concat());
    fill(&["nowhere/1"]).refused("form-unknown");
    fill(&[FORM, "--office", "999999"]).refused("division-unknown");
    fill(&[FORM, "--out", "x.doc"]).refused("output-unknown");
    assert!(!folder.path("x.doc").exists());
    let trace = |row: &str, column: &str| {
        folder.run(&["trace", "a.book", FORM, CUTOFF[0], CUTOFF[1], "--row", row, "--column", column])
    };
    trace("nowhere", "filed").refused("form-cell-unknown");
    trace("quality", "nowhere").refused("column-unknown");
    folder.run(&["show", "a.book", "wizard"]).refused("kind-unknown");
    folder.run(&["cells", "a.book", common::FACTORY]).refused("record-unknown");
    folder.run(&["cells", "a.book", "xyz"]).refused("id-malformed");
    folder.run(&["resolve", "a.book", "0123456789", "--keep", "1"]).refused("conflict-unknown");
    folder.run(&["undo", "a.book", "0123456789"]).refused("package-unknown");
}

#[test]
#[cfg(unix)]
fn what_is_no_unicode_is_taken_as_a_name_or_refused() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = Folder::new();
    // 永宁 as GBK writes it, where a file is named.
    let [book, lines, list] =
        [&b"\xd3\xc0\xc4\xfe.book"[..], b"\xd3\xc0.jsonl", b"\xc4\xfe.json"].map(OsStr::from_bytes);
    std::fs::write(folder.path(".").join(lines), factory("甲口罩厂")).unwrap();
    let ran = |arguments: &[&OsStr]| {
        let mut command = folder.command(&[]);
        command.args(arguments).env("LANG", OsStr::from_bytes(b"\xff")).env("LC_ALL", OsStr::from_bytes(b"\xff"));
        let ended = command.output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        (ended.status.code(), said)
    };
    let word = OsStr::new;
    assert_eq!(
        ran(&[word("new"), book, word("--office"), word("640121"), word("--name"), word("永宁县局")]).0,
        Some(0)
    );
    assert_eq!(ran(&[word("record"), book, lines]).0, Some(0));
    assert_eq!(
        ran(&[word("fill"), book, word(FORM), word(CUTOFF[0]), word(CUTOFF[1]), word("--out"), list]).0,
        Some(0)
    );
    assert!(folder.path(".").join(list).is_file());
    // Opened again it is the same device: its marker was found.
    assert_eq!(ran(&[word("check"), book]).0, Some(0));
    // Where words belong.
    for wrong in
        [&[book][..], &[word("show"), book, book], &[word("search"), book, lines, lines], &[word("--lang"), book]]
    {
        let (code, said) = ran(wrong);
        assert!(matches!(code, Some(1 | 2)) && !said.is_empty() && !said.contains("panicked"), "{code:?} {said}");
    }
    let mut late = folder.command(&["status"]);
    let ended = late.arg(book).env("SWEEPBOOK_NOW", OsStr::from_bytes(b"\xff")).output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(ended.status.code() == Some(1) && said.contains("clock-malformed"), "{said}");
    for far in ["9223372036854775807", "18446744073709551615"] {
        let ended = folder.command(&["status"]).arg(book).env("SWEEPBOOK_NOW", far).output().unwrap();
        assert_eq!(ended.status.code(), Some(1), "{}", String::from_utf8_lossy(&ended.stderr));
    }
}

#[test]
fn a_wrong_command_line_ends_with_two() {
    let folder = Folder::with_book();
    for arguments in [
        &["frobnicate"][..],
        &["fill", "a.book", FORM],
        &["fill", "a.book", FORM, "--as-of", "2021-02-30"],
        &["new", "b.book", "--office", "64", "--name", "x"],
        &["--lang", "fr", "status", "a.book"],
    ] {
        let ran = folder.run(arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.err);
        assert!(!ran.err.is_empty());
    }
    // Even there the reason is in words.
    let ran = folder.run(&["fill", "a.book", FORM, "--as-of", "2021-02-30"]);
    assert!(ran.err.contains("“2021-02-30”不是有效的日期"), "{}", ran.err);
}

#[test]
fn messages_come_in_both_languages() {
    let folder = Folder::with_book();
    let zh = folder.run(&["fill", "a.book", "nowhere/1", "--as-of", "2021-05-27"]).refused("form-unknown");
    assert!(zh.err.contains("没有附件表"), "{}", zh.err);
    let en =
        folder.run(&["--lang", "en", "fill", "a.book", "nowhere/1", "--as-of", "2021-05-27"]).refused("form-unknown");
    assert!(en.err.is_ascii() || !en.err.contains("没有"), "{}", en.err);
    let by_locale =
        folder.command(&["fill", "a.book", "nowhere/1", "--as-of", "2021-05-27"]).env("LC_ALL", "en_US.UTF-8").output();
    assert_eq!(String::from_utf8(by_locale.unwrap().stderr).unwrap(), en.err);
}

#[test]
fn what_is_no_package_or_invitation_is_refused_and_the_others_still_go_in() {
    let folder = Folder::with_book();
    folder.write("x.sweep", "hello");
    folder.run(&["import", "a.book", "x.sweep"]).refused("not-a-package");
    folder.run(&["import", "a.book", "none.sweep"]).refused("file-missing");
    folder.run(&["join", "c.book", "x.sweep"]).refused("not-an-invitation");
    assert!(!folder.path("c.book").exists());
    folder.run(&["export", "a.book", "--out", "y.sweep"]).refused("no-upper-office");
    folder.run(&["export", "a.book", "--to", "640122", "--out", "y.sweep"]).refused("office-not-known");
    assert!(!folder.path("y.sweep").exists());

    folder.run(&["new", "r.book", "--office", "640000", "--name", "宁夏"]).done();
    folder.run(&["invite", "r.book", "--office", "640121", "--name", "永宁县", "--out", "i"]).done();
    folder.join("a.book", "i").done();
    folder.record(&factory("甲口罩厂")).done();
    folder.run(&["export", "a.book", "--out", "a.sweep"]).done();
    let ran = folder.run(&["import", "r.book", "x.sweep", "a.sweep", "--without-comparing", "--json"]);
    assert_eq!(ran.code, 1);
    let answers = ran.lines();
    assert_eq!((answers[0]["outcome"].as_str(), answers[1]["outcome"].as_str()), (Some("refused"), Some("applied")));
    assert_eq!(answers[0]["problems"][0]["code"], "not-a-package");
    assert_eq!(folder.digest("r.book"), folder.digest("a.book"));
}

#[test]
fn a_damaged_package_changes_nothing_wherever_it_is_damaged() {
    let folder = Folder::with_book();
    folder.run(&["new", "r.book", "--office", "640000", "--name", "宁夏"]).done();
    folder.run(&["invite", "r.book", "--office", "640121", "--name", "永宁县", "--out", "i"]).done();
    folder.join("a.book", "i").done();
    folder.record(&(factory("甲口罩厂") + &inspection("2021-03-05"))).done();
    folder.run(&["export", "a.book", "--out", "a.sweep"]).done();
    let good = std::fs::read(folder.path("a.sweep")).unwrap();
    let empty = folder.digest("r.book");
    for at in [0, good.len() / 3, good.len() / 2, good.len() - 1] {
        let mut flipped = good.clone();
        flipped[at] ^= 1;
        for bad in [flipped, good[..at].to_vec()] {
            folder.write("bad.sweep", &bad);
            let ran = folder.run(&["import", "r.book", "bad.sweep", "--without-comparing"]);
            assert_eq!(ran.code, 1, "damaged at {at}");
            assert!(ran.err.contains("error["), "{}", ran.err);
        }
    }
    assert_eq!(folder.digest("r.book"), empty);
    folder.run(&["import", "r.book", "a.sweep", "--without-comparing"]).done();
}

#[test]
fn nothing_that_is_there_is_written_over() {
    let folder = Folder::with_book();
    folder.write("there", "mine");
    folder.run(&["keys", "a.book", "--out", "there"]).refused("file-exists");
    folder.run(&["invite", "a.book", "--office", "640121-01", "--name", "所", "--out", "there"]).refused("file-exists");
    folder.run(&["backup", "a.book", "--out", "there"]);
    assert_eq!(folder.read("there"), "mine");
}

#[test]
fn an_invitation_runs_out_and_is_for_one_office() {
    let folder = Folder::with_book();
    folder.run(&["new", "r.book", "--office", "640000", "--name", "宁夏"]).done();
    folder.run(&["invite", "r.book", "--office", "640181", "--name", "灵武市", "--out", "i"]).done();
    folder.join("a.book", "i").refused("invitation-for-another");
    folder
        .run(&["invite", "r.book", "--office", "210100", "--name", "沈阳市", "--out", "j"])
        .refused("wrong-direction");
    // Half a year later.
    let late = folder.command(&["join", "late.book", "i"]).env("SWEEPBOOK_NOW", "1637625600000").output().unwrap();
    assert_eq!(late.status.code(), Some(1));
    assert!(String::from_utf8(late.stderr).unwrap().contains("error[invitation-expired]"));
    assert!(!folder.path("late.book").exists());
    folder.join("in-time.book", "i").done();
}

#[test]
fn wrong_campaign_files_are_refused_with_file_line_and_reason() {
    let folder = Folder::new();
    let wrong = std::fs::read(wrong_campaigns().join("cycle-of-sums.toml")).unwrap();
    std::fs::create_dir_all(folder.path("c/x")).unwrap();
    folder.write("c/x/campaign.toml", wrong);
    let ran = folder.run(&["campaigns", "check", "c"]).refused("column-cycle");
    assert!(ran.err.contains("campaign.toml"), "{}", ran.err);
    assert_eq!(ran.err.matches(" 行：").count(), 1, "the line once: {}", ran.err);
    folder.run(&["--campaigns", "c", "campaigns"]).refused("column-cycle");
    assert_eq!(folder.run(&["campaigns", "check", "none"]).code, 1);
}

#[test]
fn a_made_up_campaign_needs_no_code() {
    let folder = Folder::new();
    let dir = made_up_campaigns();
    let dir = dir.to_str().unwrap();
    folder.run(&["campaigns", "check", dir]).done();
    folder.run(&["new", "a.book", "--office", "640121", "--name", "永宁县", "--campaigns", dir]).done();
    let factory = factory("明亮灯具厂").replace("nx-2021-24", "lamps");
    let visit = serde_json::json!({"kind": "inspection", "campaigns": ["lamps"], "fields": {"enterprise": common::FACTORY,
        "date": "2022-03-05", "inspectors": ["甲", "乙"], "line": "photobiology", "department": "market",
        "categories": ["desk_lamp"], "lamps_measured": 12, "blue_light_exceeded": true, "outcome": "rectify"}});
    folder.write("lines.jsonl", format!("{factory}{visit}\n"));
    // Without its folder the campaign is not known, nor are its fields.
    let ran = folder.run(&["record", "a.book", "lines.jsonl", "--json"]);
    assert_eq!(ran.problems()[0].1, "campaign-unknown");
    folder.run(&["record", "a.book", "lines.jsonl", "--campaigns", dir]).done();
    let filled = folder.run(&["--campaigns", dir, "fill", "a.book", "lamps/1", "--as-of", "2022-06-30"]).done().json();
    let column = |id: &str| filled["columns"].as_array().unwrap().iter().position(|known| known == id).unwrap() + 1;
    assert_eq!(filled["row_ids"][0], "safety");
    assert_eq!(filled["rows"][0][column("schools")], "1");
    assert_eq!(filled["rows"][0][column("desk")], "12");
    folder.run(&["fill", "a.book", "lamps/1", "--as-of", "2022-06-30"]).refused("form-unknown");
}

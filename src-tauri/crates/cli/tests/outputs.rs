//! Where results and files go: a result that cannot be printed is a failure, a reader that goes away is none; and every file
//! has the permissions it is for.
#![cfg(target_os = "linux")]

mod common;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use common::{FACTORY, Folder, factory, inspection};

const VOIDED: &str = "00000000-0000-4000-8000-000000000009";
const FORM: [&str; 3] = ["nx-2021-24/1", "--as-of", "2021-05-27"];

/// A region, and a county that joined it and recorded something: every command has something to say.
fn two_books() -> Folder {
    let folder = Folder::with_book();
    folder.run(&["new", "r.book", "--office", "640000", "--name", "宁夏回族自治区市场监督管理厅"]).done();
    folder.run(&["invite", "r.book", "--office", "640121", "--name", "永宁县", "--out", "i"]).done();
    folder.join("a.book", "i").done();
    let pair: String = ["乙厂", "丙厂"]
        .map(|name| {
            serde_json::json!({"kind": "enterprise", "fields": {"name": name, "roles": ["seller"],
                "uscc": "91640121DEM001025A"}})
        })
        .map(|line| format!("{line}\n"))
        .concat();
    folder.record(&(factory("甲口罩厂") + &pair + &inspection("2021-03-05"))).done();
    folder.run(&["export", "a.book", "--out", "a.sweep"]).done();
    folder.run(&["import", "r.book", "a.sweep", "--without-comparing"]).done();
    // Both change a name, the region refers to nothing, and answers: a conflict, a finding, an outcome.
    for (book, name) in [("a.book", "甲一厂"), ("r.book", "甲二厂")] {
        let edit = serde_json::json!({"kind": "enterprise", "id": FACTORY, "fields": {"name": name}});
        folder.run_with_input(&["record", book, "-"], &format!("{edit}\n")).done();
    }
    folder.run(&["export", "a.book", "--out", "b.sweep"]).done();
    folder.run(&["import", "r.book", "b.sweep"]).done();
    folder
}

/// The subcommands that `--help` names.
fn subcommands(folder: &Folder) -> BTreeSet<String> {
    let help = folder.run(&["--help"]).done().out;
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = listed.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

#[test]
fn what_cannot_be_printed_fails_with_a_code_in_every_command() {
    let folder = two_books();
    let conflict = folder.run(&["conflicts", "r.book", "--json"]).done().json();
    folder.run(&["export", "r.book", "--to", "640121", "--out", "down.sweep"]).done();
    folder.run(&["import", "a.book", "down.sweep"]).done();
    let package = folder.run(&["export", "a.book", "--out", "c.sweep", "--json"]).done().json();
    let package = package["package"].as_str().unwrap().to_owned();
    folder.write("lines.jsonl", inspection("2021-03-06"));
    let made = serde_json::json!({"kind": "enterprise", "id": VOIDED, "fields": {"name": "丁厂", "roles": ["seller"]}});
    let voided = serde_json::json!({"kind": "enterprise", "id": VOIDED, "void": "重复"});
    folder.run_with_input(&["record", "a.book", "-"], &format!("{made}\n{voided}\n")).done();
    let key = conflict["id"].as_str().unwrap();
    let shown = folder.run(&["join", "m.book", "i", "--json"]).done().json();
    let words = shown["fingerprint"]["zh"].as_str().unwrap();
    let mut commands: Vec<Vec<&str>> = [
        "new n.book --office 640122 --name 贺兰县",
        "record a.book lines.jsonl",
        "show a.book enterprise",
        "show a.book enterprise --json",
        "status a.book",
        "pairs a.book",
        "search a.book 甲",
        "print a.book FACTORY --out p.pdf",
        "cells a.book VISIT --as-of 2021-05-27",
        "invite r.book --office 640181 --name 灵武市 --out j",
        "join m.book i",
        "restore a.book VOIDED --reason 误作废",
        "offices a.book",
        "keys a.book --out k.txt",
        "export a.book --out d.sweep",
        "import r.book c.sweep",
        "packages r.book",
        "outcomes a.book",
        "conflicts r.book",
        "digest a.book",
        "check a.book",
        "rebuild a.book",
        "backup a.book --out copy.book",
        "reports a.book",
        "report begin a.book nx-2021-24/experience --due 2021-05-30",
        "campaigns",
        "demo --out out",
        "help",
    ]
    .into_iter()
    .map(|words| words.split(' ').collect())
    .collect();
    commands.push([&["fill", "a.book"], &FORM[..]].concat());
    commands.push([&["trace", "a.book"], &FORM[..], &["--row", "quality", "--column", "person_times"]].concat());
    commands.push(vec!["list", "a.book", "inspection", "--out", "l.csv"]);
    commands.push(vec!["blank", "a.book", "nx-2021-24/1", "--out", "b.xlsx"]);
    commands.push(vec!["read", "a.book", "b.xlsx", "--as-of", "2021-05-27"]);
    commands.push(vec!["join", "m.book", "i", "--fingerprint", words]);
    commands.push(vec!["resolve", "r.book", key, "--keep", "\"甲三厂\""]);
    commands.push(vec!["undo", "r.book", &package]);
    let visit = folder.show("inspection")[0]["id"].as_str().unwrap().to_owned();
    let run = |arguments: &[&str]| {
        let arguments: Vec<&str> = arguments
            .iter()
            .map(|word| match *word {
                "FACTORY" => FACTORY,
                "VISIT" => visit.as_str(),
                "VOIDED" => VOIDED,
                word => word,
            })
            .collect();
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = folder.command(&arguments).stdout(full).stderr(Stdio::piped()).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let mut met: BTreeSet<String> = BTreeSet::new();
    for arguments in &commands {
        let (code, said) = run(arguments);
        assert_eq!(code, Some(1), "{arguments:?}: {said}");
        assert!(said.contains("error[output-failed]") && said.contains("磁盘已满"), "{arguments:?}: {said}");
        met.insert(arguments[0].to_owned());
    }
    // What they changed is done all the same.
    assert_eq!(folder.show("inspection").len(), 2);
    assert!(
        folder.path("m.book").exists()
            && folder.path("n.book").exists()
            && folder.path("copy.book").exists()
            && folder.path("d.sweep").exists()
    );
    assert_eq!(folder.run(&["conflicts", "r.book"]).done().out, "");
    // These say nothing while there is nothing wrong, so nothing can fail.
    let of_a_form = [&["checks", "r.book"], &FORM[..]].concat();
    for silent in [&["findings", "r.book"], &["aside", "r.book"], &of_a_form[..]] {
        met.insert(silent[0].to_owned());
        let (code, said) = run(silent);
        let anything = !folder.run(silent).done().out.is_empty();
        assert_eq!(code, Some(i32::from(anything)), "{silent:?}: {said}");
    }
    assert_eq!(met, subcommands(&folder), "every subcommand is asked");
}

#[test]
fn a_reader_that_goes_away_ends_the_printing_without_a_word() {
    let folder = Folder::with_book();
    let many: String =
        (0..3_000).map(|n| factory(&format!("{n}厂")).replace("00000001\"", &format!("{n:08}\""))).collect();
    folder.record(&many).done();
    let mut shown = folder
        .command(&["show", "a.book", "enterprise", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    // One line, then the pipe is closed, long before everything is written.
    BufReader::with_capacity(64, shown.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let ended = shown.wait_with_output().unwrap();
    assert!(first.contains("enterprise"), "{first}");
    assert_eq!((ended.status.code(), ended.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn nothing_is_written_over_a_device() {
    let folder = Folder::with_book();
    let fill = |out: &str| folder.run(&[&["fill", "a.book"], &FORM[..], &["--out", out]].concat());
    std::fs::create_dir(folder.path("x.json")).unwrap();
    fill("x.json").refused("file-exists");
    // A device of the test's own, so that nobody's is lost.
    let pipe = folder.path("pipe.json");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    fill("pipe.json").refused("file-exists");
    assert!(!std::fs::symlink_metadata(&pipe).unwrap().is_file());
}

#[test]
fn what_is_handed_on_is_as_the_umask_says_and_what_is_private_is_the_owners_alone() {
    for (umask, open) in [("022", 0o644), ("077", 0o600), ("002", 0o664)] {
        let folder = two_books();
        let shell = |line: &str| {
            let command = folder.command(&[]);
            let program = command.get_program().to_owned();
            let mut shell = Command::new("/bin/sh");
            shell.args(["-c", &format!("umask {umask}; exec \"$0\" {line}")]).arg(program);
            shell.current_dir(folder.path("."));
            for (name, value) in command.get_envs() {
                shell.env(name, value.unwrap_or_default());
            }
            let ran = shell.output().unwrap();
            assert!(ran.status.success(), "{line}: {}", String::from_utf8_lossy(&ran.stderr));
        };
        shell("new own.book --office 640181 --name 灵武市");
        shell("backup own.book --out own-copy.book");
        shell("keys own.book --out own-keys.txt");
        shell("keys own.book --out own-keys.pdf");
        shell("invite r.book --office 640181 --name 灵武市 --out own.invite");
        shell("export a.book --out z.sweep");
        shell("fill a.book nx-2021-24/1 --as-of 2021-05-27 --out z.xlsx --out z.pdf --out z.svg --out z.json");
        shell(&format!("print a.book {FACTORY} --out z-document.pdf"));
        let mode = |name: &str| std::fs::metadata(folder.path(name)).unwrap().permissions().mode() & 0o777;
        for name in ["z.sweep", "z.xlsx", "z.pdf", "z.svg", "z.json", "z-document.pdf"] {
            assert_eq!(mode(name), open, "{name} under umask {umask}");
        }
        let private = ["own.book", "own.book.lock", "own-copy.book", "own-keys.txt", "own-keys.pdf", "own.invite"];
        for name in private {
            assert_eq!(mode(name), 0o600, "{name} under umask {umask}");
        }
    }
}

#[test]
fn what_a_crash_left_is_cleared_away_by_the_next_export_or_backup_there() {
    let folder = two_books();
    std::fs::create_dir(folder.path("stick")).unwrap();
    let names = || {
        let entries = std::fs::read_dir(folder.path("stick")).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect::<BTreeSet<String>>()
    };
    for (command, made) in [
        (["export", "a.book", "--out", "stick/1.sweep"], "1.sweep"),
        (["backup", "a.book", "--out", "stick/2.book"], "2.book"),
    ] {
        for left in [".sweepbook-abc", ".sweepbook-abc-wal", ".sweepbook-abc-shm", ".sweep-def.part"] {
            folder.write(&format!("stick/{left}"), "half");
        }
        // Another process is still writing this one.
        let running = File::create(folder.path("stick/.sweepbook-running")).unwrap();
        running.lock().unwrap();
        folder.write("stick/家庭照片.jpg", "mine");
        folder.run(&command).done();
        let kept = names();
        assert!(
            kept.contains(".sweepbook-running") && kept.contains("家庭照片.jpg") && kept.contains(made),
            "{kept:?}"
        );
        assert!(!kept.iter().any(|name| name.contains("abc") || name.contains("def")), "{kept:?}");
    }
}

#[test]
fn the_status_says_the_same_in_both_languages() {
    let folder = two_books();
    let made = serde_json::json!({"kind": "enterprise", "id": VOIDED, "fields": {"name": "丁厂", "roles": ["seller"]}});
    let voided = serde_json::json!({"kind": "enterprise", "id": VOIDED, "void": "重复"});
    folder.run_with_input(&["record", "r.book", "-"], &format!("{made}\n{voided}\n")).done();
    let status = folder.run(&["status", "r.book", "--json"]).done().json();
    let counts = ["unsent", "conflicts", "findings", "set_aside"].map(|name| status[name].as_u64().unwrap());
    let zh = folder.run(&["status", "r.book"]).done().out;
    let en = folder.run(&["--lang", "en", "status", "r.book"]).done().out;
    let [unsent, conflicts, findings, aside] = counts;
    assert!(
        zh.contains(&format!("未上交记录 {unsent} · 未解决冲突 {conflicts} · 待核问题 {findings} · 搁置修订 {aside}")),
        "{zh}"
    );
    assert!(
        en.contains(&format!(
            "{unsent} records not sent · {conflicts} conflicts · {findings} findings · {aside} revisions set aside"
        )),
        "{en}"
    );
    assert!(zh.contains("作废") && !en.contains("作废") && en.contains("voided"), "{zh}{en}");
    let shown = folder.run(&["--lang", "en", "show", "r.book", "enterprise"]).done().out;
    assert!(shown.contains("voided: 重复") && !shown.contains("作废"), "{shown}");
}

//! The clerk's Thursday: several counties' packages at once, looked at together and taken in one after another.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use app::{BatchFile, Clock, Desk, FormChange, Progress, Stage, Standing};
use serde_json::{Value, json};

use crate::support::{Drawer, MAY_27, Office, Stick, as_of, case, enterprise, id, inspection};

const FORM: &str = "nx-2021-24/1";
const CUTOFF: &str = "2021-05-27";

fn go(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn bring(office: &mut Office, file: &Path, admit: bool) -> BatchFile {
    let (kept, _) = office.session.inbox_file(file, &mut go).unwrap();
    BatchFile { key: kept.key, admit, include_undone: false }
}

fn becomes(changes: &[FormChange], form: &str, row: &str, column: &str) -> Option<(String, String)> {
    let row = changes.iter().find(|change| change.form == form)?.rows.iter().find(|found| found.row == row)?;
    let cell = row.cells.iter().find(|cell| cell.column == column)?;
    Some((cell.before.clone(), cell.after.clone()))
}

/// A region and what three of its counties hand up for the first time.
fn thursday(drawer: &Drawer) -> (Office, Vec<Stick>) {
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let counties =
        [("640121", "永宁县市场监督管理局"), ("640181", "灵武市市场监督管理局"), ("640221", "平罗县市场监督管理局")];
    let sticks = counties.iter().enumerate().map(|(at, (code, name))| {
        let mut county = drawer.below(&mut region, code, name);
        let first = at as u32 * 10 + 1;
        county.record(&[
            enterprise(first, &format!("{name}口罩厂")),
            inspection(first + 1, first, "2021-04-01", &["马立群", "李秀梅"]),
            case(first + 2, first, "2021-04-02", 1_000_000),
        ]);
        county.hand_up()
    });
    let sticks = sticks.collect();
    (region, sticks)
}

fn folder_of(stick: &Stick) -> &Path {
    stick.file.parent().unwrap()
}

#[test]
fn three_packages_and_a_broken_one_are_planned_together_and_taken_in_one_by_one() {
    let drawer = Drawer::new();
    let (mut region, sticks) = thursday(&drawer);
    let broken = drawer.path("tampered.sweep");
    let mut bytes = std::fs::read(&sticks[0].file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&broken, bytes).unwrap();
    let before = region.digest();

    // First nobody has phoned: three ask to be let in, one is damaged, and nothing would change.
    let mut files: Vec<BatchFile> = sticks.iter().map(|stick| bring(&mut region, &stick.file, false)).collect();
    files.push(bring(&mut region, &broken, false));
    let asked = region.session.plan_batch(&files, Some(as_of(CUTOFF)), &mut go).unwrap();
    let standings: Vec<Standing> = asked.files.iter().map(|file| file.standing).collect();
    assert_eq!(standings, [Standing::Asking, Standing::Asking, Standing::Asking, Standing::Refused]);
    assert_eq!(asked.files[0].fingerprint.as_ref().unwrap().zh, sticks[0].fingerprint.clone().unwrap());
    assert_eq!(asked.files[3].notices[0].code, "flipped");
    assert_eq!(asked.changes, []);

    files.iter_mut().for_each(|file| file.admit = true);
    let plan = region.session.plan_batch(&files, Some(as_of(CUTOFF)), &mut go).unwrap();
    let standings: Vec<Standing> = plan.files.iter().map(|file| file.standing).collect();
    assert_eq!(standings, [Standing::Ready, Standing::Ready, Standing::Ready, Standing::Refused]);
    // Each changes the cell from where the one before it left it; all together from where it stands.
    let of = |changes| becomes(changes, FORM, "total", "filed").unwrap();
    let pair = |before: &str, after: &str| (before.to_owned(), after.to_owned());
    let each: Vec<_> = plan.files[..3].iter().map(|file| of(&file.changes)).collect();
    assert_eq!(each, [pair("0", "1"), pair("1", "2"), pair("2", "3")]);
    assert_eq!(of(&plan.changes), pair("0", "3"));
    assert_eq!(plan.files[0].counts.new_records, 3);
    assert_eq!(region.digest(), before, "looking changes nothing");

    let receipts = region.session.import_batch(&files, &plan.token, &mut go).unwrap();
    let standings: Vec<Standing> = receipts.iter().map(|receipt| receipt.plan.standing).collect();
    assert_eq!(standings, [Standing::Applied, Standing::Applied, Standing::Applied, Standing::Refused]);
    assert!(receipts[..3].iter().all(|receipt| receipt.can_answer));
    assert_eq!(region.cell(FORM, CUTOFF, "total", "filed"), "3");
    region.is_sound();

    // The same plan twice is one import.
    let again = region.session.import_batch(&files, &plan.token, &mut go).unwrap_err();
    assert_eq!(again.code(), "plan-outdated");
    for stick in &sticks {
        assert_eq!(region.refuses(stick), "package-already-imported");
    }
}

#[test]
fn two_packages_of_one_county_follow_each_other_however_they_were_chosen() {
    let drawer = Drawer::new();
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    county.record(&[enterprise(1, "永宁县甲口罩厂")]);
    region.take(&county.hand_up());
    county.take(&region.send_down("640121"));
    county.record(&[case(3, 1, "2021-04-02", 1_000_000)]);
    let earlier = county.hand_up();
    county.edit("case", &id(3), json!({"penalty_fen": 2_000_000}));
    let later = county.hand_up();

    let files = [bring(&mut region, &later.file, false), bring(&mut region, &earlier.file, false)];
    let plan = region.session.plan_batch(&files, Some(as_of(CUTOFF)), &mut go).unwrap();
    assert_eq!(plan.files[0].key, files[1].key, "the earlier one first");
    assert_eq!((plan.files[0].counts.new_records, plan.files[1].counts.changed_records), (1, 1));
    assert_eq!(becomes(&plan.files[1].changes, FORM, "total", "penalty").unwrap().1, "2");
    assert_eq!(plan.files[1].counts.pending, 0);
}

#[test]
fn the_same_file_is_noticed_and_a_missing_one_stops_no_other() {
    let drawer = Drawer::new();
    let (mut region, sticks) = thursday(&drawer);
    let copy = drawer.path("copy.sweep");
    std::fs::copy(&sticks[0].file, &copy).unwrap();
    let (first, again) = region.session.inbox_file(&sticks[0].file, &mut go).unwrap();
    assert!(!again);
    let (second, again) = region.session.inbox_file(&copy, &mut go).unwrap();
    assert!(again, "by its content, not its name");
    assert_eq!(second, first);
    let gone = region.session.inbox_file(&drawer.path("pulled.sweep"), &mut go).unwrap_err();
    assert_eq!(gone.code(), "file-missing");
    // The stick may leave once its file is in.
    std::fs::remove_file(&sticks[0].file).unwrap();
    let files = [BatchFile { key: first.key, admit: true, include_undone: false }];
    let plan = region.session.plan_batch(&files, Some(as_of(CUTOFF)), &mut go).unwrap();
    assert_eq!(region.session.import_batch(&files, &plan.token, &mut go).unwrap()[0].plan.counts.new_records, 3);
}

#[test]
fn what_was_undone_needs_a_yes_of_its_own() {
    let drawer = Drawer::new();
    let (mut region, sticks) = thursday(&drawer);
    let taken = region.take(&sticks[0]);
    let full = region.digest();
    let undo = region.session.undo_plan(&taken.package, Some(as_of(CUTOFF)), &mut go).unwrap();
    assert_eq!(becomes(&undo.changes, FORM, "total", "filed").unwrap(), ("1".to_owned(), "0".to_owned()));
    assert_eq!(undo.counts.withheld, 3);
    assert_eq!(region.digest(), full, "looking changes nothing");
    region.session.undo(&taken.package).unwrap();
    assert_eq!(region.cell(FORM, CUTOFF, "total", "filed"), "0");

    let mut county =
        drawer.desk(app::Session::open(&drawer.path("640121.book"), &[], Clock::Fixed(MAY_27)).unwrap(), "640121");
    let later = county.hand_up();
    let mut file = bring(&mut region, &later.file, false);
    let plan = region.session.plan_batch(std::slice::from_ref(&file), Some(as_of(CUTOFF)), &mut go).unwrap();
    assert_eq!((plan.files[0].standing, plan.files[0].counts.withheld), (Standing::Undone, 3));
    assert_eq!(plan.files[0].notices[0].code, "includes-undone");
    file.include_undone = true;
    let plan = region.session.plan_batch(std::slice::from_ref(&file), Some(as_of(CUTOFF)), &mut go).unwrap();
    assert_eq!(plan.files[0].standing, Standing::Ready);
    region.session.import_batch(&[file], &plan.token, &mut go).unwrap();
    assert_eq!(region.digest(), full);
}

/// Runs `act` again and again, stopped one step later each time, until it gets through; says how often it was stopped and
/// at which stages.
fn stopped_everywhere(mut act: impl FnMut(&mut dyn FnMut(Progress) -> ControlFlow<()>) -> bool) -> Vec<Stage> {
    let mut stages = Vec::new();
    for last in 0..10_000 {
        let mut steps = 0;
        let through = act(&mut |progress| {
            steps += 1;
            if steps <= last {
                return ControlFlow::Continue(());
            }
            if stages.last() != Some(&progress.stage) {
                stages.push(progress.stage);
            }
            ControlFlow::Break(())
        });
        if through {
            return stages;
        }
    }
    panic!("it never gets through");
}

#[test]
fn an_import_stopped_at_any_step_leaves_the_book_as_it_was() {
    let drawer = Drawer::new();
    let (mut region, sticks) = thursday(&drawer);
    let inbox = drawer.path("640000.book.inbox");
    let stages = stopped_everywhere(|tell| match region.session.inbox_file(&sticks[0].file, tell) {
        Ok(_) => true,
        Err(failure) => {
            assert_eq!(failure.code(), "cancelled");
            assert!(std::fs::read_dir(&inbox).map_or(0, Iterator::count) == 0, "half a file is no file");
            false
        }
    });
    assert_eq!(stages, [Stage::Copying]);

    let files: Vec<BatchFile> = sticks.iter().map(|stick| bring(&mut region, &stick.file, true)).collect();
    let plan = region.session.plan_batch(&files, Some(as_of(CUTOFF)), &mut go).unwrap();
    let (before, packages) = (region.digest(), region.session.packages().unwrap().len());
    let stages = stopped_everywhere(|tell| match region.session.plan_batch(&files, Some(as_of(CUTOFF)), tell) {
        Ok(again) => {
            assert_eq!(again, plan);
            true
        }
        Err(failure) => {
            assert_eq!(failure.code(), "cancelled");
            assert_eq!(region.session.packages().unwrap().len(), packages);
            false
        }
    });
    assert!(stages.starts_with(&[Stage::Checking]) && stages.contains(&Stage::Counting), "{stages:?}");
    assert!(stages.contains(&Stage::Reading), "{stages:?}");
    assert_eq!(region.digest(), before);

    // Of one file: nothing, or all of it.
    let one = &files[..1];
    let token = region.session.plan_batch(one, Some(as_of(CUTOFF)), &mut go).unwrap().token;
    let stages = stopped_everywhere(|tell| match region.session.import_batch(one, &token, tell) {
        Ok(receipts) if receipts[0].plan.standing == Standing::Applied => true,
        Ok(receipts) => {
            assert_eq!(receipts[0].plan.standing, Standing::Stopped);
            assert_eq!(region.digest(), before);
            assert_eq!(region.session.packages().unwrap().len(), packages);
            false
        }
        Err(failure) => {
            assert_eq!(failure.code(), "cancelled");
            false
        }
    });
    assert_eq!(stages, [Stage::Checking, Stage::Reading, Stage::Saving]);
    assert_ne!(region.digest(), before);
    region.is_sound();
}

#[test]
fn stopping_between_two_files_keeps_the_first_and_leaves_the_second() {
    let drawer = Drawer::new();
    let (mut region, sticks) = thursday(&drawer);
    let files: Vec<BatchFile> = sticks.iter().map(|stick| bring(&mut region, &stick.file, true)).collect();
    let plan = region.session.plan_batch(&files, Some(as_of(CUTOFF)), &mut go).unwrap();
    let receipts = region
        .session
        .import_batch(&files, &plan.token, &mut |progress| {
            let second = progress.stage == Stage::Reading && progress.file == 2;
            if second { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .unwrap();
    let standings: Vec<Standing> = receipts.iter().map(|receipt| receipt.plan.standing).collect();
    assert_eq!(standings, [Standing::Applied, Standing::Stopped, Standing::Stopped]);
    assert_eq!(region.cell(FORM, CUTOFF, "total", "filed"), "1");
    region.is_sound();
    // The rest can be taken in at once.
    let rest = &files[1..];
    let plan = region.session.plan_batch(rest, Some(as_of(CUTOFF)), &mut go).unwrap();
    region.session.import_batch(rest, &plan.token, &mut go).unwrap();
    assert_eq!(region.cell(FORM, CUTOFF, "total", "filed"), "3");
}

#[test]
fn an_export_stopped_at_any_step_leaves_no_file() {
    let drawer = Drawer::new();
    let (mut region, sticks) = thursday(&drawer);
    region.take(&sticks[0]);
    let folder = folder_of(&sticks[0]).join("stick");
    std::fs::create_dir(&folder).unwrap();
    let out = folder.join("down.sweep");
    let to = "640121".parse().unwrap();
    let stages = stopped_everywhere(|tell| match region.session.export(Some(&to), &out, tell) {
        Ok(exported) => {
            assert!(exported.bytes > 0 && out.exists());
            true
        }
        Err(failure) => {
            assert_eq!(failure.code(), "cancelled");
            assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
            assert_eq!(region.session.packages().unwrap().len(), 1);
            false
        }
    });
    // So small a package is written between two looks; a large one stops there too.
    assert_eq!(stages, [Stage::Measuring, Stage::Checking]);
}

#[test]
fn while_the_desk_works_it_is_watched_and_stopped_from_beside_it() {
    let drawer = Drawer::new();
    let (region, sticks) = thursday(&drawer);
    let before = region.digest();
    drop(region);
    let mut desk = Desk::at(drawer.path("640000.book"), Vec::new(), Clock::Fixed(MAY_27));
    let mut ask = |request: Value| -> Value {
        let reply = desk.dispatch(&request.to_string());
        serde_json::from_str(&reply).unwrap()
    };
    ask(json!({"do": "status"}));
    let files: Vec<Value> = sticks
        .iter()
        .map(|stick| {
            let kept = ask(json!({"do": "inbox_file", "file": stick.file}));
            json!({"key": kept["ok"]["key"], "admit": true, "include_undone": false})
        })
        .collect();
    let work = desk.work();
    let over = AtomicBool::new(false);
    let (reply, seen) = std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                let said: Value = serde_json::from_str(&work.answer(r#"{"do":"progress"}"#).unwrap()).unwrap();
                if said["ok"]["stage"].is_string() {
                    work.answer(r#"{"do":"cancel"}"#).unwrap();
                    return said["ok"].clone();
                }
                std::thread::yield_now();
            }
            Value::Null
        });
        let reply = desk.dispatch(&json!({"do": "import_plan", "files": files}).to_string());
        over.store(true, Ordering::Relaxed);
        (reply, watcher.join().unwrap())
    });
    assert_eq!((&seen["files"], &seen["stopping"]), (&json!(3), &json!(false)), "{seen}");
    let reply: Value = serde_json::from_str(&reply).unwrap();
    assert_eq!(reply["error"][0]["code"], "cancelled", "{reply}");
    assert_eq!(work.view(), None, "nothing is under way any more");
    // What was asked to stop was that work, and not the next.
    let plan: Value =
        serde_json::from_str(&desk.dispatch(&json!({"do": "import_plan", "files": files}).to_string())).unwrap();
    assert_eq!(plan["ok"]["files"][2]["standing"], "ready", "{plan}");
    drop(desk);
    let region = app::Session::open(&drawer.path("640000.book"), &[], Clock::Fixed(MAY_27)).unwrap();
    assert_eq!(region.digest().unwrap(), before);
    assert!(!drawer.path("640000.book.inbox").exists());
}

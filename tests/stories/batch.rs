//! The clerk's Thursday: several counties' packages at once, looked at together and taken in one after another.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use app::{Admit, BatchFile, ImportStatus, Progress, Stage};
use serde_json::{Value, json};

use crate::support::{Drawer, Office, Stick, Window, as_of, case, enterprise, id, inspection, statuses};

const FORM: &str = "nx-2021-24/1";
const CUTOFF: &str = "2021-05-27";

fn go(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn bring(office: &mut Office, file: &Path, admit: bool) -> BatchFile {
    let (kept, _) = office.inbox.copy(file, &mut go).unwrap();
    BatchFile { key: kept.key, admit: if admit { Admit::Anyone } else { Admit::Nobody }, include_undone: false }
}

/// What a cell is before and after.
fn becomes(changes: &Value, form: &str, row: &str, column: &str) -> (String, String) {
    let find = |list: &Value, name: &str, wanted: &str| {
        let list = list.as_array().unwrap();
        list.iter().find(|each| each[name] == wanted).unwrap_or_else(|| panic!("no {wanted} in {changes}")).clone()
    };
    let cell = find(&find(&find(changes, "form", form)["rows"], "row", row)["cells"], "column", column);
    (cell["before"].as_str().unwrap().to_owned(), cell["after"].as_str().unwrap().to_owned())
}

fn pair(before: &str, after: &str) -> (String, String) {
    (before.to_owned(), after.to_owned())
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
    let (region, sticks) = thursday(&drawer);
    let broken = drawer.path("tampered.sweep");
    let mut bytes = std::fs::read(&sticks[0].file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&broken, bytes).unwrap();
    let before = region.digest();
    let window = drawer.window(region);

    // First nobody has phoned: three ask to be let in, one is damaged, and nothing would change.
    let mut files: Vec<Value> = sticks.iter().map(|stick| window.bring(&stick.file, false)).collect();
    files.push(window.bring(&broken, false));
    let asked = window.plan(&files);
    assert_eq!(statuses(&asked["files"]), ["asking", "asking", "asking", "refused"]);
    assert_eq!(asked["files"][0]["fingerprint"]["zh"], sticks[0].fingerprint.clone().unwrap());
    assert_eq!(asked["files"][3]["problems"][0]["code"], "flipped");
    assert_eq!(asked["changes"], json!([]));

    files.iter_mut().for_each(|file| file["admit"] = true.into());
    let plan = window.plan(&files);
    assert_eq!(statuses(&plan["files"]), ["ready", "ready", "ready", "refused"]);
    // Each changes the cell from where the one before it left it; all together from where it stands.
    let of = |changes| becomes(changes, FORM, "total", "filed");
    let each: Vec<_> = (0..3).map(|at| of(&plan["files"][at]["changes"])).collect();
    assert_eq!(each, [pair("0", "1"), pair("1", "2"), pair("2", "3")]);
    assert_eq!(of(&plan["changes"]), pair("0", "3"));
    assert_eq!(plan["files"][0]["counts"]["new_records"], 3);
    drop(window);
    assert_eq!(drawer.reopen("640000").digest(), before, "looking changes nothing");
    assert!(!drawer.path("640000.book.inbox").exists(), "and leaves nothing");

    let window = drawer.window(drawer.reopen("640000"));
    for (file, stick) in files.iter().zip(&sticks) {
        assert_eq!(window.bring(&stick.file, true), *file, "a file is known by its content");
    }
    window.bring(&broken, true);
    let plan = window.plan(&files);
    let receipts = window.apply(&files, &plan);
    assert_eq!(statuses(&receipts), ["applied", "applied", "applied", "refused"]);
    assert!((0..3).all(|at| receipts[at]["can_answer"] == true), "{receipts}");
    assert_eq!(window.cell(FORM, CUTOFF, "total", "filed"), "3");

    // The same plan twice is one import.
    let again = json!({"do": "import_apply", "files": files, "token": plan["token"]});
    assert_eq!(window.refused(again), "plan-outdated");
    drop(window);
    let mut region = drawer.reopen("640000");
    region.is_sound();
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

    let window = drawer.window(region);
    let files = [window.bring(&later.file, false), window.bring(&earlier.file, false)];
    let plan = window.plan(&files);
    assert_eq!(plan["files"][0]["key"], files[1]["key"], "the earlier one first");
    assert_eq!(plan["files"][0]["counts"]["new_records"], 1);
    assert_eq!(plan["files"][1]["counts"]["changed_records"], 1);
    assert_eq!(becomes(&plan["files"][1]["changes"], FORM, "total", "penalty").1, "2");
    assert_eq!(plan["files"][1]["counts"]["pending"], 0);
}

#[test]
fn the_same_file_is_noticed_and_a_missing_one_stops_no_other() {
    let drawer = Drawer::new();
    let (region, sticks) = thursday(&drawer);
    let copy = drawer.path("copy.sweep");
    std::fs::copy(&sticks[0].file, &copy).unwrap();
    let window = drawer.window(region);
    let choose = |file: &Path| window.done(json!({"do": "inbox_file", "file": file}));
    let first = choose(&sticks[0].file);
    assert_eq!(first["again"], false);
    let second = choose(&copy);
    assert_eq!(second["again"], true, "by its content, not its name");
    assert_eq!((&second["key"], &second["name"]), (&first["key"], &first["name"]));
    let gone = json!({"do": "inbox_file", "file": drawer.path("pulled.sweep")});
    assert_eq!(window.refused(gone), "file-missing");
    // The stick may leave once its file is in.
    std::fs::remove_file(&sticks[0].file).unwrap();
    let files = [json!({"key": first["key"], "admit": true, "include_undone": false})];
    let plan = window.plan(&files);
    assert_eq!(window.apply(&files, &plan)[0]["file"]["counts"]["new_records"], 3);
}

#[test]
fn what_was_undone_needs_a_yes_of_its_own() {
    let drawer = Drawer::new();
    let (mut region, sticks) = thursday(&drawer);
    let taken = region.take(&sticks[0]);
    let full = region.digest();
    let window = drawer.window(region);
    let undo = window.done(json!({"do": "undo_plan", "package": taken.package}));
    assert_eq!(becomes(&undo["changes"], FORM, "total", "filed"), pair("1", "0"));
    assert_eq!(undo["counts"]["withheld"], 3);
    assert_eq!(window.cell(FORM, CUTOFF, "total", "filed"), "1", "looking changes nothing");
    window.done(json!({"do": "undo", "package": taken.package, "token": undo["token"]}));
    assert_eq!(window.cell(FORM, CUTOFF, "total", "filed"), "0");

    let later = drawer.reopen("640121").hand_up();
    let mut files = [window.bring(&later.file, false)];
    let plan = window.plan(&files);
    assert_eq!(statuses(&plan["files"]), ["undone"]);
    assert_eq!(plan["files"][0]["counts"]["withheld"], 3);
    assert_eq!(plan["files"][0]["problems"][0]["code"], "includes-undone");
    files[0]["include_undone"] = true.into();
    let plan = window.plan(&files);
    assert_eq!(statuses(&plan["files"]), ["ready"]);
    window.apply(&files, &plan);
    drop(window);
    assert_eq!(drawer.reopen("640000").digest(), full);
}

/// Files in a folder and the folders in it.
fn files_under(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| if entry.path().is_dir() { files_under(&entry.path()) } else { 1 }).sum()
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
    let stages = stopped_everywhere(|tell| match region.inbox.copy(&sticks[0].file, tell) {
        Ok(_) => true,
        Err(failure) => {
            assert_eq!(failure.code(), "cancelled");
            assert_eq!(files_under(&drawer.path("640000.book.inbox")), 0, "half a file is no file");
            false
        }
    });
    assert_eq!(stages, [Stage::Copying]);

    let files: Vec<BatchFile> = sticks.iter().map(|stick| bring(&mut region, &stick.file, true)).collect();
    let plan = region.session.plan_batch(&region.inbox, &files, Some(as_of(CUTOFF)), &mut go).unwrap();
    let (before, packages) = (region.digest(), region.session.packages().unwrap().len());
    let stages =
        stopped_everywhere(|tell| match region.session.plan_batch(&region.inbox, &files, Some(as_of(CUTOFF)), tell) {
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
    let token = region.session.plan_batch(&region.inbox, one, Some(as_of(CUTOFF)), &mut go).unwrap().token;
    let stages = stopped_everywhere(|tell| match region.session.import_batch(&mut region.inbox, one, &token, tell) {
        Ok(receipts) if receipts[0].plan.status == ImportStatus::Applied => true,
        Ok(receipts) => {
            assert_eq!(receipts[0].plan.status, ImportStatus::Stopped);
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
    let plan = region.session.plan_batch(&region.inbox, &files, Some(as_of(CUTOFF)), &mut go).unwrap();
    let receipts = region
        .session
        .import_batch(&mut region.inbox, &files, &plan.token, &mut |progress| {
            let second = progress.stage == Stage::Reading && progress.file == 2;
            if second { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .unwrap();
    let statuses: Vec<ImportStatus> = receipts.iter().map(|receipt| receipt.plan.status).collect();
    assert_eq!(statuses, [ImportStatus::Applied, ImportStatus::Stopped, ImportStatus::Stopped]);
    assert_eq!(region.cell(FORM, CUTOFF, "total", "filed"), "1");
    region.is_sound();
    // The rest can be taken in at once.
    let rest = &files[1..];
    let plan = region.session.plan_batch(&region.inbox, rest, Some(as_of(CUTOFF)), &mut go).unwrap();
    region.session.import_batch(&mut region.inbox, rest, &plan.token, &mut go).unwrap();
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
    let window = drawer.window(region);
    let files: Vec<Value> = sticks.iter().map(|stick| window.bring(&stick.file, true)).collect();
    // So small a plan may be made before anybody sees it begin: it is asked for until it was seen and stopped.
    let mut plans = std::iter::repeat_with(|| watched(&window, &files)).take(10_000);
    let (reply, seen) = plans.find(|(reply, _)| reply["error"].is_array()).expect("it is seen once in so many times");
    assert_eq!((&seen["files"], &seen["stopping"]), (&json!(3), &json!(false)), "{seen}");
    assert_eq!(reply["error"][0]["code"], "cancelled", "{reply}");
    assert_eq!(window.jobs.running(), [], "nothing is under way any more");
    // What was asked to stop was that work, and not the next.
    assert_eq!(statuses(&window.plan(&files)["files"])[2], "ready");
    drop(window);
    assert_eq!(drawer.reopen("640000").digest(), before);
    assert!(!drawer.path("640000.book.inbox").exists());
}

/// Has an import planned, and stops it as soon as it is seen from beside; what was answered, and what was seen.
fn watched(window: &Window, files: &[Value]) -> (Value, Value) {
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                if let Some(seen) = window.jobs.running().pop() {
                    window.done(json!({"do": "job_stop", "id": seen.id}));
                    return json!(seen);
                }
                std::thread::yield_now();
            }
            Value::Null
        });
        let reply = window.ask(&json!({"do": "import_plan", "files": files}));
        over.store(true, Ordering::Relaxed);
        (reply, watcher.join().unwrap())
    })
}

/// What waits to be taken in is there whatever is read meanwhile.
fn all_are_taken_in(window: &Window, files: &[Value]) {
    let plan = window.while_read(|| window.plan(files));
    assert_eq!(statuses(&plan["files"]), vec!["ready"; files.len()], "{plan}");
    let receipts = window.while_read(|| window.apply(files, &plan));
    assert_eq!(statuses(&receipts), vec!["applied"; files.len()], "{receipts}");
}

#[test]
fn a_package_is_opened_from_outside_while_the_workbench_is_read() {
    let drawer = Drawer::new();
    let (region, sticks) = thursday(&drawer);
    let window = drawer.window(region);
    let files: Vec<Value> = window.while_read(|| sticks.iter().map(|stick| window.bring(&stick.file, true)).collect());
    all_are_taken_in(&window, &files);
    assert_eq!(window.cell(FORM, CUTOFF, "total", "filed"), "3");
    drop(window);
    drawer.reopen("640000").is_sound();
}

#[test]
fn packages_wait_while_the_office_is_renamed_and_others_are_taken_in() {
    let drawer = Drawer::new();
    let (region, sticks) = thursday(&drawer);
    let window = drawer.window(region);
    let files: Vec<Value> = sticks.iter().map(|stick| window.bring(&stick.file, true)).collect();
    let people = json!({"do": "people"});
    let before = window.done(people.clone())["office_name"].clone();
    window.done(json!({"do": "office_rename", "name": "宁夏市场监管厅"}));
    let after = window.done(people)["office_name"].clone();
    assert_eq!((before, after), (json!("宁夏回族自治区市场监督管理厅"), json!("宁夏市场监管厅")));
    all_are_taken_in(&window, &files[..1]);
    window.done(json!({"do": "people_set", "names": ["李四"], "current": "李四"}));
    all_are_taken_in(&window, &files[1..]);
    assert_eq!(window.cell(FORM, CUTOFF, "total", "filed"), "3");
}

#[test]
fn a_package_waits_while_another_brings_a_campaign() {
    let drawer = Drawer::new();
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    let mut town = drawer.below(&mut county, "640121-01", "杨和市场监管所");
    town.record(&[enterprise(1, "永宁县甲口罩厂"), case(2, 1, "2021-04-02", 1_000_000)]);
    let from_below = town.hand_up();
    region.take(&county.hand_up());
    drop(region);
    // The region goes on with a campaign that the county does not know.
    let campaigns = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/campaigns");
    let session =
        app::Writing::open(&drawer.path("640000.book"), &[campaigns], app::Clock::Fixed(crate::support::MAY_27));
    let from_above = drawer.desk(session.unwrap(), "640000").send_down("640121");

    let window = drawer.window(county);
    let waits = [window.bring(&from_below.file, true)];
    let known = |window: &Window| window.done(json!({"do": "schema"}))["campaigns"].as_array().unwrap().len();
    let before = known(&window);
    let brings = [window.bring(&from_above.file, false)];
    all_are_taken_in(&window, &brings);
    assert_eq!(known(&window), before + 1);
    all_are_taken_in(&window, &waits);
    assert_eq!(window.cell(FORM, CUTOFF, "total", "filed"), "1");
}

#[test]
fn what_a_killed_program_left_is_removed_when_the_book_is_next_opened_and_not_before() {
    let drawer = Drawer::new();
    let (region, sticks) = thursday(&drawer);
    let left = drawer.path("640000.book.inbox/left/half.sweep");
    std::fs::create_dir_all(left.parent().unwrap()).unwrap();
    std::fs::write(&left, "half a package").unwrap();
    let mut office = region;
    bring(&mut office, &sticks[0].file, true);
    assert!(left.exists(), "an importer removes its own files only");
    let window = drawer.window(office);
    assert!(!drawer.path("640000.book.inbox").exists());
    let files = [window.bring(&sticks[0].file, true)];
    // Somebody else cannot open the book meanwhile, and empties nothing by trying.
    let elsewhere = app::Writing::open(&drawer.path("640000.book"), &[], app::Clock::Fixed(crate::support::MAY_27));
    assert_eq!(elsewhere.err().unwrap().code(), "book-in-use");
    all_are_taken_in(&window, &files);
}

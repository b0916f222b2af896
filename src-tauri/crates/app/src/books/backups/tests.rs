use std::collections::BTreeSet;
use std::ops::ControlFlow;

use domain::OfficeCode;

use super::*;
use crate::books::NewBook;
use crate::session::{Reading, Writing};

/// 2021-05-27, noon in China.
const NOON: u64 = 1_622_088_000_000;
const DAY: u64 = 24 * 60 * 60 * 1000;
const DEVICE: &str = "3f2a9c01b7e40d52";

fn book(folder: &Path) -> Writing {
    let new = NewBook {
        path: folder.join("a.book"),
        office: "640121".parse::<OfficeCode>().unwrap(),
        name: "永宁县市场监督管理局".into(),
        inspector: Some("张三".into()),
    };
    Writing::create(&new, &[], Clock::Fixed(NOON)).unwrap()
}

fn plan(session: &Reading, folder: &Path, now: u64) -> Plan {
    Plan {
        book: session.path().to_owned(),
        office: session.office().to_string(),
        device: session.device().to_string(),
        folder: folder.join("backups"),
        second: None,
        clock: Clock::Fixed(now),
    }
}

fn change(session: &mut Writing, n: u64) {
    session.rename_office(&format!("永宁县市场监督管理局{n}")).unwrap();
}

fn names(folder: &Path) -> Vec<String> {
    series_of(folder).into_iter().map(|backup| backup.name).collect()
}

fn series_of(folder: &Path) -> Vec<Backup> {
    let mut all = list(folder);
    all.sort_by_key(|backup| std::cmp::Reverse(backup.number));
    all
}

#[test]
fn a_backup_is_made_when_something_changed_and_only_then() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = book(folder.path());
    let made = plan(&session, folder.path(), NOON).carry_out(false, &mut |_, _| ControlFlow::Continue(())).unwrap();
    assert_eq!(made.name.unwrap(), format!("640121-{}-000001-20210527-1200.book", session.device()));
    assert_eq!(
        plan(&session, folder.path(), NOON + 1).carry_out(false, &mut |_, _| ControlFlow::Continue(())).unwrap().name,
        None
    );
    let asked = plan(&session, folder.path(), NOON + 1).carry_out(true, &mut |_, _| ControlFlow::Continue(())).unwrap();
    assert!(asked.name.is_some(), "a person who asks gets one");
    change(&mut session, 1);
    assert!(
        plan(&session, folder.path(), NOON + 2)
            .carry_out(false, &mut |_, _| ControlFlow::Continue(()))
            .unwrap()
            .name
            .is_some()
    );
    let kept = series_of(&folder.path().join("backups"));
    assert_eq!(kept.iter().map(|backup| backup.number).collect::<Vec<_>>(), [3, 2, 1]);
    let view = kept[0].view(session.device().as_str());
    assert_eq!((view.at.as_str(), view.own, view.revisions), ("2021-05-27 12:00", true, Some(0)));
    // Nothing but the books themselves is left in the folder, and looking at them adds nothing.
    assert_eq!(std::fs::read_dir(folder.path().join("backups")).unwrap().count(), 3);
}

#[test]
fn the_last_ones_days_and_months_are_kept() {
    let at = |number: u32, day: u64| {
        let clock = Clock::Fixed(NOON + day * DAY);
        let stamp = clock.file_stamp();
        let name = format!("640121-{DEVICE}-{number:06}-{stamp}.book");
        Backup::of(Path::new(&name)).unwrap()
    };
    // Four a day for a hundred days.
    let mut own: Vec<Backup> = (0..400).map(|n| at(n + 1, u64::from(n / 4))).collect();
    own.reverse();
    let gone: BTreeSet<u32> = spare(&own).iter().map(|backup| backup.number).collect();
    let kept: Vec<&Backup> = own.iter().filter(|backup| !gone.contains(&backup.number)).collect();
    assert!((391..=400).all(|number| !gone.contains(&number)), "the last ten");
    let days: BTreeSet<&str> = kept.iter().map(|backup| backup.day.as_str()).collect();
    assert!(days.len() >= 14, "{days:?}");
    let months: BTreeSet<&str> = kept.iter().map(|backup| &backup.day[..6]).collect();
    assert_eq!(months.into_iter().collect::<Vec<_>>(), ["202105", "202106", "202107", "202108", "202109"]);
    // The last day of August is among the days already.
    assert_eq!(kept.len(), 10 + (14 - 3) + 3, "and no more: {:?}", kept.iter().map(|b| &b.name).collect::<Vec<_>>());
}

#[test]
fn a_clock_set_back_costs_no_backup() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = book(folder.path());
    for n in 0..12 {
        change(&mut session, n);
        // From the tenth on the clock stands twenty years earlier.
        let now = if n < 10 { NOON + n * DAY } else { NOON - 7300 * DAY };
        plan(&session, folder.path(), now).carry_out(false, &mut |_, _| ControlFlow::Continue(())).unwrap();
    }
    let kept = series_of(&folder.path().join("backups"));
    assert_eq!(kept[0].number, 12);
    assert_eq!(&kept[0].day[..4], "2001");
    let newest = ReadOnlyBook::open(&kept[0].path).unwrap();
    let name = newest.read::<_, crate::Failure>(|reader| Ok(reader.meta(meta::OFFICE_NAME)?)).unwrap();
    assert_eq!(name.as_deref(), Some("永宁县市场监督管理局11"), "the newest state is there whatever the clock said");
}

#[test]
fn a_folder_that_cannot_be_written_is_said_and_the_book_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = book(folder.path());
    // Where the folder should be, a file is.
    std::fs::write(folder.path().join("backups"), "").unwrap();
    let failure =
        plan(&session, folder.path(), NOON).carry_out(false, &mut |_, _| ControlFlow::Continue(())).unwrap_err();
    assert!(["folder-not-writable", "file-exists"].contains(&failure.code()), "{failure}");
    change(&mut session, 1);
    std::fs::remove_file(folder.path().join("backups")).unwrap();
    assert!(
        plan(&session, folder.path(), NOON)
            .carry_out(false, &mut |_, _| ControlFlow::Continue(()))
            .unwrap()
            .name
            .is_some()
    );
}

#[test]
fn what_a_crash_left_behind_is_swept_away_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let session = book(folder.path());
    let backups = folder.path().join("backups");
    std::fs::create_dir(&backups).unwrap();
    std::fs::write(backups.join(".sweepbook-abc"), "half").unwrap();
    std::fs::write(backups.join("家庭照片.jpg"), "mine").unwrap();
    plan(&session, folder.path(), NOON).carry_out(false, &mut |_, _| ControlFlow::Continue(())).unwrap();
    let mut left: Vec<String> = std::fs::read_dir(&backups)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    left.retain(|name| Backup::of(Path::new(name)).is_none());
    assert_eq!(left, ["家庭照片.jpg"]);
}

#[test]
fn a_second_place_gets_it_when_it_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let session = book(folder.path());
    let stick = folder.path().join("stick");
    let plan = Plan { second: Some(stick.clone()), ..plan(&session, folder.path(), NOON) };
    let made = plan.carry_out(false, &mut |_, _| ControlFlow::Continue(())).unwrap();
    assert!(!made.second, "an unplugged stick is no failure");
    std::fs::create_dir(&stick).unwrap();
    let made = plan.carry_out(false, &mut |_, _| ControlFlow::Continue(())).unwrap();
    assert_eq!((made.name, made.second), (None, true), "it catches up without a change");
    assert_eq!(names(&stick), names(&plan.folder));
}

#[test]
fn stopping_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let session = book(folder.path());
    let stopped = plan(&session, folder.path(), NOON).carry_out(false, &mut |_, _| ControlFlow::Break(()));
    let failure = stopped.unwrap_err();
    assert_eq!(failure.code(), "job-stopped");
    assert_eq!(std::fs::read_dir(folder.path().join("backups")).unwrap().count(), 0);
}

#[test]
fn a_restored_book_is_a_new_one_and_a_new_device() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = book(folder.path());
    plan(&session, folder.path(), NOON).carry_out(false, &mut |_, _| ControlFlow::Continue(())).unwrap();
    change(&mut session, 7);
    let device = session.device().clone();
    let backup = list(&folder.path().join("backups")).remove(0);
    let to = folder.path().join("restored.book");
    restore(&backup.path, &to, &[], Clock::Fixed(NOON), &mut |_, _| ControlFlow::Continue(())).unwrap();
    let restored = Writing::open(&to, &[], Clock::Fixed(NOON)).unwrap();
    assert_ne!(*restored.device(), device);
    assert_eq!(restored.office_name(), "永宁县市场监督管理局", "as it was when the backup was made");
    assert_eq!(session.office_name(), "永宁县市场监督管理局7", "the old one is untouched");
    let again = restore(&backup.path, &to, &[], Clock::Fixed(NOON), &mut |_, _| ControlFlow::Continue(())).unwrap_err();
    assert_eq!(again.code(), "book-exists");

    // The old book gone, and no package was ever sealed: still another device, since the old file may come back.
    drop((session, restored));
    std::fs::remove_file(folder.path().join("a.book")).unwrap();
    let second = folder.path().join("second.book");
    restore(&backup.path, &second, &[], Clock::Fixed(NOON), &mut |_, _| ControlFlow::Continue(())).unwrap();
    assert_ne!(*Writing::open(&second, &[], Clock::Fixed(NOON)).unwrap().device(), device);
}

#[test]
fn what_is_no_backup_is_restored_to_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let session = book(folder.path());
    plan(&session, folder.path(), NOON).carry_out(false, &mut |_, _| ControlFlow::Continue(())).unwrap();
    let backup = list(&folder.path().join("backups")).remove(0);
    let bytes = std::fs::read(&backup.path).unwrap();
    let wrong = folder.path().join("wrong.book");
    for damaged in [b"no book".to_vec(), bytes[..bytes.len() / 2].to_vec(), Vec::new()] {
        std::fs::write(&wrong, damaged).unwrap();
        let to = folder.path().join("to.book");
        assert!(restore(&wrong, &to, &[], Clock::Fixed(NOON), &mut |_, _| ControlFlow::Continue(())).is_err());
        assert!(!to.exists());
    }
}

#[test]
fn only_names_this_program_gives_are_backups() {
    for name in
        ["640121-3f2a9c01b7e40d52-000012-20210527-1200.book", "640000-01-3f2a9c01b7e40d52-000012-20210527-1200.book"]
    {
        assert_eq!(Backup::of(Path::new(name)).unwrap().name, name);
    }
    for name in [
        "Sweepbook.book",
        "640121-3f2a9c01b7e40d52-000012-20210527-1200.zip",
        "640121-3f2a9c01b7e40d52-12-20210527-1200.book",
        "640121-永宁县永宁县永-000012-20210527-1200.book",
        "abc-3f2a9c01b7e40d52-000012-20210527-1200.book",
        "640121-3f2a9c01b7e40d52-000012-２０２１０５27-1200.book",
        "..-3f2a9c01b7e40d52-000012-20210527-1200.book",
    ] {
        assert_eq!(Backup::of(Path::new(name)), None, "{name}");
    }
    assert!(free_name(Path::new("/nowhere"), "a").ends_with("a.book"));
}

//! A package that is cut off while it is written.

use std::ops::ControlFlow;
use std::path::Path;

use app::{Clock, PackageView, Stage, Writing};
use store::{ReadOnlyBook, StoreError};
use testkit::faults::{Helper, tell};

use crate::support::{Drawer, MAY_27, Office, Stick, enterprise};

/// Another process: seals a package, and is killed once the file stands at its place.
pub fn exports(book: &Path, file: &Path) {
    // The markers of these stories, not the user's own.
    drop(Drawer::new());
    let mut session = Writing::open(book, &[], Clock::Fixed(MAY_27)).unwrap();
    let exported = session.export(None, file, &mut |progress| {
        if progress.stage == Stage::Checking {
            tell("written");
            // Nothing wakes it: it is killed here.
            std::thread::park();
        }
        ControlFlow::Continue(())
    });
    tell(&format!("{exported:?}"));
}

pub fn a_number_is_never_given_twice_though_its_package_was_cut_off() {
    let drawer = Drawer::new();
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    county.record(&[enterprise(1, "永宁县甲口罩厂")]);
    let fingerprint = county.hand_up().fingerprint;
    let states = |county: &Office| -> Vec<(String, String)> {
        let packages: Vec<PackageView> = county.session.packages().unwrap();
        packages.into_iter().map(|package| (package.file, package.state)).collect()
    };

    county.record(&[enterprise(2, "永宁县乙口罩厂")]);
    let (device, book) = (county.session.device().clone(), drawer.path("640121.book"));
    drop(county);
    let cut_off = drawer.path("cut-off.sweep");
    let mut helper = Helper::start(&format!("export|{}|{}", book.display(), cut_off.display()));
    assert_eq!(helper.hear().as_deref(), Some("written"));
    helper.kill();
    assert!(cut_off.exists(), "it stood at its place when it was cut off");

    let session = Writing::open(&book, &[], Clock::Fixed(MAY_27)).unwrap();
    assert_eq!(*session.device(), device, "no copy: it goes on as what it is");
    let mut county = drawer.desk(session, "640121");
    assert_eq!(states(&county)[0], ("cut-off.sweep".to_owned(), "sealing".to_owned()));
    county.record(&[enterprise(3, "永宁县丙口罩厂")]);
    let next = county.hand_up();
    assert_eq!(states(&county)[0].1, "written");
    assert_eq!(states(&county)[1].1, "sealing", "and is still said not to be finished");

    // Both are whole, in whatever order they arrive, and the later one has the later receipt.
    region.take(&Stick { fingerprint, ..next });
    region.take(&Stick { file: cut_off, revisions: 0, fingerprint: None });
    assert_eq!(region.digest(), county.digest());
    let before = county.session.packages().unwrap().len();
    let broken = county.session.export(None, &drawer.path("stopped.sweep"), &mut |progress| {
        if progress.stage == Stage::Checking { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!(broken.unwrap_err().code(), "cancelled");
    assert!(!drawer.path("stopped.sweep").exists());
    assert_eq!(county.session.packages().unwrap().len(), before, "one that was stopped leaves nothing to be said");
    county.hand_up();
    let rows = ReadOnlyBook::open(&book).unwrap().read::<_, StoreError>(|reader| reader.packages()).unwrap();
    let manifests = rows.iter().rev().filter_map(|row| serde_json::from_str::<serde_json::Value>(&row.manifest).ok());
    let numbers: Vec<u64> = manifests.map(|manifest| manifest["number"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [1, 3, 5], "2 was cut off, 4 was stopped");
}

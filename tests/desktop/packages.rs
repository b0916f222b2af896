//! The clerk's Thursday at the window: three counties' packages and a tampered one, dropped together.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use app::{Clock, NewBook, Writing};

use crate::window::{Window, built};

/// 2021-05-28 10:00 in China.
pub const NOW: u64 = 1_622_167_200_000;
pub const COUNTIES: [(&str, &str, &str); 3] = [
    ("640121", "永宁县市场监督管理局", "yongning"),
    ("640181", "灵武市市场监督管理局", "lingwu"),
    ("640221", "平罗县市场监督管理局", "pingluo"),
];

fn record(session: &mut Writing, demo: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/demo").join(format!("{demo}.jsonl"));
    let text = std::fs::read(file).unwrap();
    session.load(&mut text.as_slice(), true, &mut |_| {}).unwrap();
}

/// The region's book of the sample campaign, before anything came in, and what its counties hand up.
pub fn thursday(home: &Path) -> (PathBuf, Vec<PathBuf>) {
    app::keep_markers_in(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("desktop"));
    let clock = Clock::Fixed(NOW);
    let book = home.join("宁夏.book");
    let mut region = Writing::create(
        &NewBook {
            path: book.clone(),
            office: "640000".parse().unwrap(),
            name: "宁夏回族自治区市场监督管理厅".into(),
            inspector: Some("高远".into()),
        },
        &[],
        clock,
    )
    .unwrap();
    record(&mut region, "ningxia");
    let packages = COUNTIES.map(|(code, name, demo)| {
        let invitation = home.join(format!("{demo}.invite"));
        region.invite(&code.parse().unwrap(), name, &invitation).unwrap();
        let path = home.join(format!("{demo}.book"));
        let words = Writing::look_at_invitation(&invitation, clock).unwrap().fingerprint.zh;
        let (mut county, _) = Writing::join(&path, &invitation, &words, Some("马立群".into()), &[], clock).unwrap();
        record(&mut county, demo);
        let package = home.join(format!("{name}.sweep"));
        county.export(None, &package, &mut |_| ControlFlow::Continue(())).unwrap();
        package
    });
    (book, packages.into())
}

/// A copy of a package with one bit turned.
fn tampered(package: &Path) -> PathBuf {
    let mut bytes = std::fs::read(package).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let copy = package.with_file_name("被改动的.sweep");
    std::fs::write(&copy, bytes).unwrap();
    copy
}

/// A book that was closed opens again and holds what it should.
pub fn sound(book: &Path) {
    let checked = Writing::open(book, &[], Clock::Fixed(NOW)).unwrap().check(&mut |_, _| {}).unwrap();
    assert!(checked.findings.is_empty(), "{checked:?}");
}

pub async fn open(home: &Path, book: &Path) -> Window {
    open_as(home, book, &built("sweepbook")).await
}

/// The same, started by another program.
pub async fn open_as(home: &Path, book: &Path, program: &Path) -> Window {
    // The book was made by this test, whose markers it keeps: elsewhere it would be taken for a copy.
    let markers = Path::new(env!("CARGO_TARGET_TMPDIR")).join("desktop");
    let now = NOW.to_string();
    let environment = [
        ("SWEEPBOOK_BOOK", book.to_str().unwrap()),
        ("SWEEPBOOK_NOW", now.as_str()),
        ("SWEEPBOOK_STATE", markers.to_str().unwrap()),
    ];
    Window::open_with(home, &environment, program, &[]).await
}

#[tokio::test]
async fn three_packages_come_in_together_a_tampered_one_does_not_and_one_is_taken_back() {
    let home = tempfile::tempdir().unwrap();
    let (book, mut packages) = thursday(home.path());
    packages.push(tampered(&packages[0]));
    let window = open(home.path(), &book).await;
    window.click("[data-menu=packages]").await;
    let dragged: Vec<&Path> = packages.iter().map(PathBuf::as_path).collect();
    window.drop_files(".drop-zone", &dragged).await;

    // Three new devices ask; the fourth file is refused in words.
    window.read("[data-problem='被改动的.sweep']", "怎么办").await;
    window.picture("import-asking").await;
    for (_, name, _) in COUNTIES {
        window.see(&format!("[data-file='{name}.sweep'][data-status=asking]")).await;
        window.click(&format!("[data-file='{name}.sweep'] + .file-details .compared")).await;
    }
    window.click(".look").await;
    for (_, name, _) in COUNTIES {
        window.see(&format!("[data-file='{name}.sweep'][data-status=ready]")).await;
    }
    window.see("[data-file='被改动的.sweep'][data-status=refused]").await;

    // What a printed cell becomes: before and after, in the words of the form.
    let filed = window.read("[data-form='nx-2021-24/1'] [data-cell='total/filed']", "立案").await;
    let filed: Vec<&str> = filed.split_whitespace().collect();
    let (before, after) = (filed[filed.len() - 2], filed[filed.len() - 1].to_owned());
    assert!(before.parse::<u32>().unwrap() < after.parse().unwrap(), "{filed:?}");
    window.picture("import-plan").await;
    window.click(".language").await;
    window.read(".apply", "Import 3 files").await;
    window.picture("import-plan-en").await;
    window.click(".language").await;
    window.click(".apply").await;

    // The receipt, and in the log what can be taken back.
    for (_, name, _) in COUNTIES {
        window.read(&format!("[data-receipt='{name}.sweep']"), "已导入").await;
    }
    window.read("[data-receipt='被改动的.sweep']", "不能导入").await;
    window.picture("import-receipt").await;
    window.click("[data-menu=forms]").await;
    window.choose("[data-field=form]", "口罩案件查处情况统计表").await;
    window.see(".sheet img").await;
    let counted = window.attribute(".sheet .box[data-row=total][data-column=filed]", "aria-label").await;
    assert_eq!(counted, after, "the table prints what the plan said");

    window.click("[data-menu=packages]").await;
    window.click("[data-package='永宁县市场监督管理局.sweep'] .undo").await;
    window.read(".undo-plan", "附件表的变化").await;
    window.see(".undo-plan [data-form='nx-2021-24/1']").await;
    window.picture("undo").await;
    window.click(".confirm-undo").await;
    window.read(".package-log .done", "不再计入").await;
    window.read("[data-package='永宁县市场监督管理局.sweep']", "已撤销").await;

    window.click("a[href='#/packages/offices']").await;
    window.read(".known-offices", "平罗县市场监督管理局").await;
    window.picture("offices").await;
    window.click("a[href='#/packages/export']").await;
    window.see(".export-page .export-facts").await;
    window.picture("export").await;
    window.close().await;
}

#[tokio::test]
async fn two_who_wrote_at_once_are_shown_side_by_side_and_a_person_decides() {
    let home = tempfile::tempdir().unwrap();
    let (book, packages) = thursday(home.path());
    // The region takes all in, corrects two cases of one county, and the county meanwhile does too.
    let clock = Clock::Fixed(NOW);
    let mut region = Writing::open(&book, &[], clock).unwrap();
    for package in &packages {
        let request = app::ImportRequest { file: package.clone(), admit: app::Admit::Anyone, ..Default::default() };
        region.import(&request, None, &mut |_| ControlFlow::Continue(())).unwrap();
    }
    let mut county = Writing::open(&home.path().join("yongning.book"), &[], clock).unwrap();
    let query = app::ListQuery { kind: "case".into(), limit: 2, ..Default::default() };
    let cases: Vec<String> =
        county.list(&query).unwrap().records.into_iter().map(|record| record.id.to_string()).collect();
    assert_eq!(cases.len(), 2);
    let fine = |session: &mut Writing, fen: u64| {
        let lines: String = cases
            .iter()
            .map(|id| format!("{{\"kind\":\"case\",\"id\":\"{id}\",\"fields\":{{\"penalty_fen\":{fen}}}}}\n"))
            .collect();
        session.load(&mut lines.as_bytes(), false, &mut |_| {}).unwrap();
    };
    fine(&mut region, 6_600_000);
    fine(&mut county, 7_700_000);
    let package = home.path().join("更正.sweep");
    county.export(None, &package, &mut |_| ControlFlow::Continue(())).unwrap();
    let request = app::ImportRequest { file: package, ..Default::default() };
    region.import(&request, None, &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(region.conflicts().unwrap().len(), 2);
    drop((region, county));

    let window = open(home.path(), &book).await;
    window.click("[data-menu=packages]").await;
    window.click("a[href='#/packages/conflicts']").await;
    let card = format!("[data-record='{}']", cases[0]);
    window.read(&format!("{card} [data-office='640121']"), "77,000.00").await;
    window.read(&format!("{card} [data-office='640000']"), "66,000.00").await;
    window.read(&format!("{card} .base"), "原来").await;
    window.picture("conflicts").await;
    window.click(&format!("{card} [data-office='640121'] .keep")).await;
    window.read(".decision-value", "77,000.00").await;
    window.picture("conflict-decision").await;
    window.click(".confirm-decision").await;
    window.read(".conflicts-page > .done", "已处理").await;
    // What did not win is still there to see.
    window.read(".settled", "66,000.00").await;
    window.gone(&card).await;

    // One is left: no rule is needed, and its history is there to look at.
    let card = format!("[data-record='{}']", cases[1]);
    window.click(&format!("{card} .show-history")).await;
    window.read(&format!("{card} .history"), "66,000.00").await;
    window.click(&format!("{card} .other")).await;
    window.type_into(&format!("{card} .other-value input"), "70000").await;
    window.click(&format!("{card} .use-other")).await;
    window.read(".decision-value", "70,000.00").await;
    window.click(".confirm-decision").await;
    window.read(".conflicts-page .empty", "没有待处理的冲突").await;
    window.close().await;
}

#[tokio::test]
async fn a_rule_for_a_whole_county_is_looked_at_first() {
    let home = tempfile::tempdir().unwrap();
    let (book, packages) = thursday(home.path());
    let clock = Clock::Fixed(NOW);
    let mut region = Writing::open(&book, &[], clock).unwrap();
    let request = app::ImportRequest { file: packages[0].clone(), admit: app::Admit::Anyone, ..Default::default() };
    region.import(&request, None, &mut |_| ControlFlow::Continue(())).unwrap();
    let mut county = Writing::open(&home.path().join("yongning.book"), &[], clock).unwrap();
    let query = app::ListQuery { kind: "enterprise".into(), limit: 6, ..Default::default() };
    let ids: Vec<String> =
        county.list(&query).unwrap().records.into_iter().map(|record| record.id.to_string()).collect();
    for (session, phone) in [(&mut region, "0951-1111111"), (&mut county, "0951-2222222")] {
        let lines: String = ids
            .iter()
            .map(|id| format!("{{\"kind\":\"enterprise\",\"id\":\"{id}\",\"fields\":{{\"phone\":\"{phone}\"}}}}\n"))
            .collect();
        session.load(&mut lines.as_bytes(), false, &mut |_| {}).unwrap();
    }
    let package = home.path().join("更正.sweep");
    county.export(None, &package, &mut |_| ControlFlow::Continue(())).unwrap();
    let request = app::ImportRequest { file: package, ..Default::default() };
    region.import(&request, None, &mut |_| ControlFlow::Continue(())).unwrap();
    drop((region, county));

    let window = open(home.path(), &book).await;
    window.click("[data-menu=packages]").await;
    window.click("a[href='#/packages/conflicts']").await;
    window.read(".conflict-filter", &format!("共 {} 处", ids.len())).await;
    window.click(".rule-plan").await;
    window.read(".rule .summary", &format!("将处理 {} 处", ids.len())).await;
    window.read(".rule .decided", "0951-2222222").await;
    window.picture("rule").await;
    window.click(".rule-apply").await;
    window.read(".conflicts-page .empty", "没有待处理的冲突").await;
    window.close().await;
}

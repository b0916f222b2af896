//! Long lists, finding anything, and the attachment tables' page.

use std::path::Path;
use std::process::Command;

use domain::{Hlc, RecordId, RevisionDraft, Value};
use store::{Book, PackageRow, PackageState, StoreError};
use testkit::edits::AUTHOR;
use testkit::offices::office;

use crate::window::{Window, built};
use crate::{ENTER, NOW};

const CONTROL_K: &str = "\u{e009}k\u{e000}";
const CONTROL_MINUS: &str = "\u{e009}-\u{e000}";
const END: &str = "\u{e010}";
const ESCAPE: &str = "\u{e00c}";
const COUNTY: &str = "640121";
const CAMPAIGN: &str = "nx-2021-24";

const ENTERPRISES: u64 = 2_000;
const INSPECTIONS: u64 = 60_000;
const CASES: u64 = 300;

/// A county's book as after years of sweeps: taken in as a package would be, in one transaction.
pub fn many(path: &Path, state: &Path, inspections: u64) {
    let made = Command::new(built("sweepctl"))
        .args(["new", path.to_str().unwrap(), "--office", COUNTY, "--name", "永宁县市场监督管理局"])
        .args(["--inspector", "张三"])
        .env("SWEEPBOOK_NOW", NOW)
        .env("SWEEPBOOK_STATE", state)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let now: u64 = NOW.parse().unwrap();
    let county = office(COUNTY);
    let device = testkit::device(0x77);
    let id = |kind: &str, at: u64| RecordId::derived(&county, kind, at as u32);
    let mut lines: Vec<String> = Vec::new();
    let mut add = |kind: &str, at: u64, fields: Vec<(&str, Value)>| {
        let mut fields: domain::Fields = fields.into_iter().map(|(slot, value)| (slot.to_owned(), value)).collect();
        fields.insert(format!("campaigns/{CAMPAIGN}"), true.into());
        let seq = lines.len() as u64 + 1;
        let draft = RevisionDraft {
            record: id(kind, at),
            kind: kind.to_owned(),
            office: county.clone(),
            parents: Vec::new(),
            device: device.clone(),
            seq,
            clock: Hlc { millis: now - 10_000_000 + seq, counter: 0 },
            author: AUTHOR.to_owned(),
            fields,
        };
        lines.push(draft.to_line().unwrap());
    };
    let about = |at: u64| Value::from(id("enterprise", at % ENTERPRISES).to_string().as_str());
    for at in 0..ENTERPRISES {
        let name = format!("银川第{at}防护用品厂");
        add("enterprise", at, vec![("name", name.as_str().into()), ("roles/producer", true.into())]);
    }
    for at in 0..inspections {
        let day = format!("2021-{:02}-{:02}", 3 + at % 2, 1 + at % 28);
        let who = Value::List(vec![format!("检查员{at}").as_str().into(), "赵六".into()]);
        let fields = vec![
            ("enterprise", about(at)),
            ("date", day.as_str().into()),
            ("inspectors", who),
            ("line", "quality".into()),
            ("department", "market".into()),
            ("categories/mask", true.into()),
            ("outcome", "normal".into()),
        ];
        add("inspection", at, fields);
    }
    for at in 0..CASES {
        let number = format!("永市监案〔2021〕{at}号");
        let day = format!("2021-{:02}-{:02}", 3 + at % 3, 1 + at % 26);
        let fields = vec![
            ("number", number.as_str().into()),
            ("enterprise", about(at)),
            ("line", "quality".into()),
            ("category", "mask".into()),
            ("filed_on", day.as_str().into()),
        ];
        add("case", at, fields);
    }
    let package = PackageRow {
        id: 0,
        uuid: "years-of-sweeps".to_owned(),
        incoming: true,
        office: county.clone(),
        device,
        sha256: [0; 32],
        at: now,
        state: PackageState::Applied,
        manifest: "{}".to_owned(),
        signature: String::new(),
        file: String::new(),
        summary: "{}".to_owned(),
    };
    let mut book = Book::open(path).unwrap();
    let (tally, _) = book
        .transact::<_, StoreError>(|writer| {
            let package = writer.put_package(&package)?;
            writer.ingest::<StoreError>(package, false, now, |sink| {
                lines.iter().try_for_each(|line| sink(line.as_bytes()))
            })
        })
        .unwrap();
    assert_eq!(tally.new_records, ENTERPRISES + inspections + CASES);
}

#[tokio::test]
async fn a_list_of_sixty_thousand_scrolls_to_any_place_and_anything_is_found() {
    let home = tempfile::tempdir().unwrap();
    let book = home.path().join("永宁县.book");
    many(&book, &home.path().join("state"), INSPECTIONS);
    let window = Window::open(home.path(), &[("SWEEPBOOK_BOOK", book.to_str().unwrap()), ("SWEEPBOOK_NOW", NOW)]).await;

    // To the end and back by keyboard; the newest stands first.
    window.click("[data-menu=inspections]").await;
    window.read(".list-tools .total", "60,000").await;
    window.read(".virtual tbody tr:first-child", "检查员59999").await;
    window.picture("long-list").await;
    window.script("document.querySelector('.virtual table').focus()").await;
    window.press(END).await;
    window.read(".virtual tr[data-row-number='60000']", "检查员0").await;
    let drawn = window.script("return document.querySelectorAll('.virtual tbody tr').length").await;
    assert!(drawn.as_u64().unwrap() < 60, "only what is in view is drawn, not {drawn} rows");
    window.picture("long-list-end").await;

    // Anywhere by the scrollbar, and by row number.
    let middle = "const frame = document.querySelector('.virtual'); \
                  frame.scrollTop = Math.round((frame.scrollHeight - frame.clientHeight) / 2); \
                  return frame.scrollTop";
    assert!(window.script(middle).await.as_f64().unwrap() > 100_000.0);
    let first = "return Number(document.querySelector('.virtual tbody tr').dataset.rowNumber)";
    window.gone(".virtual tr[data-row-number='60000']").await;
    let first = window.script(first).await.as_u64().unwrap();
    assert!((29_900..30_100).contains(&first), "half way down stands row {first}");
    window.read(&format!(".virtual tr[data-row-number='{first}']"), &format!("检查员{}", 60_000 - first)).await;
    window.type_into(".jump input", &format!("12345{ENTER}")).await;
    window.read(".virtual tr.current", "检查员47655").await;

    // Opened from there, and back to the same row.
    window.press(ENTER).await;
    window.read(".page-head h2", "银川第1655防护用品厂").await;
    window.press(ESCAPE).await;
    window.read(".virtual tr.current", "检查员47655").await;

    // Narrowed by words while they are typed, and by days.
    window.type_into(".filter-bar .search input", "ycd1655").await;
    window.read(".list-tools .total", "30").await;
    window.read(".virtual tbody tr:first-child", "银川第1655防护用品厂").await;
    window.type_into("[data-filter=from] input", "20210401").await;
    window.type_into("[data-filter=to] input", "20210430").await;
    window.read(".virtual tbody tr:first-child", "2021-04").await;

    // Ctrl+K: a record of another kind by part of its number, by keyboard alone.
    window.press(CONTROL_K).await;
    window.type_into(".palette input", "〕287号").await;
    window.read(".palette-line[aria-selected=true]", "永市监案〔2021〕287号").await;
    window.picture("palette").await;
    window.press(ENTER).await;
    window.read(".page-head h2", "永市监案〔2021〕287号").await;

    // What counts it leads to the form, at the cell; the cell opens to what it counts, some at a time.
    window.click(".counted a").await;
    window.see(".sheet img").await;
    window.read(".el-drawer .trace-more", "300").await;
    window.click(".el-drawer .more").await;
    window.read(".el-drawer .trace-more", "200").await;
    window.click(".el-drawer__close-btn").await;
    window.gone(".el-drawer").await;
    window.see(".box.asked").await;

    // Compared with an earlier day, and zoomed.
    window.type_into("[data-field=earlier] input", "20210331").await;
    window.read(".form-changes", "2021-03-31").await;
    window.see(".box.changed[data-row=quality][data-column=filed]").await;
    window.picture("attachment-changes").await;
    window.click("[data-zoom=real]").await;
    window.read(".zoom span", "100%").await;
    window.press(CONTROL_MINUS).await;
    window.read(".zoom span", "90%").await;

    // A form by the initials of its name.
    window.press(CONTROL_K).await;
    window.type_into(".palette input", "kzzxcc").await;
    window.read(".palette-line[aria-selected=true]", "口罩专项抽查/抽检情况统计表").await;
    window.press(ENTER).await;
    window.read(".forms-page", "抽检情况统计表").await;
    window.close().await;
}

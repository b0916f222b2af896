//! Forms that come back as spreadsheets: blank ones that were filled in, tables drawn by hand, and what is none of them. The
//! workbooks in `fixtures/readback` were made by LibreOffice from the flat files beside them.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};

use calamine::{Reader, Xlsx, open_workbook};
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;

use crate::support::{Drawer, Window, case, enterprise};

const CASES: &str = "nx-2021-24/1";

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/readback").join(name)
}

fn file(path: &Path, more: Value) -> Value {
    let mut request = json!({"do": "read_preview", "file": path, "sheet": null, "form": null, "office": null, "as_of": null,
        "sources": {}, "how": null, "reasons": {}, "token": null});
    request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    request
}

fn stored(window: &Window, request: &Value) -> Value {
    let shown = window.done(request.clone());
    let figures = &shown["figures"];
    assert_eq!(figures["ready"], true, "{shown}");
    let mut request = request.clone();
    request["do"] = "read_apply".into();
    request["token"] = figures["token"].clone();
    window.done(request)
}

/// Typed and state of a cell.
fn cell<'v>(shown: &'v Value, row: &str, column: &str) -> (&'v str, &'v str) {
    let figures = &shown["figures"];
    let columns = figures["columns"].as_array().unwrap_or_else(|| panic!("{shown}"));
    let at = columns.iter().position(|known| known["id"] == column).unwrap();
    let row = figures["rows"].as_array().unwrap().iter().find(|known| known["id"] == row).unwrap();
    (row["cells"][at]["typed"].as_str().unwrap(), row["cells"][at]["state"].as_str().unwrap())
}

fn remarks(shown: &Value) -> Vec<&str> {
    let remarks = shown["figures"]["remarks"].as_array().unwrap();
    remarks.iter().map(|remark| remark["code"].as_str().unwrap()).collect()
}

/// A workbook with the blank cells of its first sheet filled in, as far as `say` says something.
fn filled_in(blank: &Path, to: &Path, say: impl Fn(u32, u32) -> Option<String>) {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(blank).unwrap()).unwrap();
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        if name == "xl/worksheets/sheet1.xml" {
            bytes = with_cells(&String::from_utf8(bytes).unwrap(), &say).into_bytes();
        }
        out.start_file(name, SimpleFileOptions::default()).unwrap();
        out.write_all(&bytes).unwrap();
    }
    std::fs::write(to, out.finish().unwrap().into_inner()).unwrap();
}

fn with_cells(sheet: &str, say: &impl Fn(u32, u32) -> Option<String>) -> String {
    let mut text = String::new();
    let mut rest = sheet;
    while let Some(at) = rest.find("<c r=\"") {
        let end = at + rest[at..].find('>').unwrap() + 1;
        let tag = &rest[at..end];
        text.push_str(&rest[..at]);
        let place = tag.split('"').nth(1).unwrap();
        let letters = place.bytes().take_while(u8::is_ascii_alphabetic).count();
        let column = place[..letters].bytes().fold(0u32, |sum, letter| sum * 26 + u32::from(letter - b'A') + 1) - 1;
        let row: u32 = place[letters..].parse().unwrap();
        match say(row - 1, column).filter(|_| tag.ends_with("/>")) {
            Some(said) => {
                let open = tag.trim_end_matches("/>");
                match said.parse::<f64>() {
                    Ok(_) => text.push_str(&format!("{open}><v>{said}</v></c>")),
                    Err(_) => text.push_str(&format!("{open} t=\"inlineStr\"><is><t>{said}</t></is></c>")),
                }
            }
            None => text.push_str(tag),
        }
        rest = &rest[end..];
    }
    text + rest
}

/// The rows of a sheet that are of the form, by their labels.
fn places(book: &Path, labels: &[String]) -> BTreeMap<u32, String> {
    let mut workbook: Xlsx<_> = open_workbook(book).unwrap();
    let range = workbook.worksheet_range_at(0).unwrap().unwrap();
    let first = range.start().unwrap().0;
    let of = |(at, cells): (usize, &[calamine::Data])| {
        let label = cells[0].to_string();
        labels.contains(&label).then(|| (first + at as u32, label))
    };
    range.rows().enumerate().filter_map(of).collect()
}

#[test]
fn every_form_that_is_shipped_goes_out_blank_and_comes_back_as_it_was_typed() {
    let drawer = Drawer::new();
    let window = drawer.window(drawer.office("640121", "永宁县市场监督管理局"));
    let schema = window.done(json!({"do": "schema"}));
    let (mut statistics, mut lists) = (0, 0);
    for campaign in schema["campaigns"].as_array().unwrap() {
        let forms = campaign["forms"].as_array().unwrap().iter().chain(campaign["ledgers"].as_array().unwrap());
        for form in forms.map(|form| form["id"].as_str().unwrap()) {
            let (blank, full) = (drawer.path("空表.xlsx"), drawer.path("交回来的表.xlsx"));
            window.done(json!({"do": "blank_to_file", "form": form, "office": null, "out": blank}));
            let day = campaign["first_day"].clone();
            let filling = json!({"form": form, "as_of": day, "office": null, "date": null});
            let printed = |window: &Window| {
                let mut request = filling.clone();
                request["do"] = "fill".into();
                window.done(request)
            };
            let empty = printed(&window);
            let shown = window.done(file(&blank, json!({"as_of": day})));
            if empty["stub"].is_null() {
                lists += 1;
                assert_eq!(shown["list"]["form"], form, "{shown}");
                continue;
            }
            statistics += 1;
            assert_eq!(shown["figures"]["changes"], 0, "{form}: a blank form says nothing, {shown}");
            let rows = empty["rows"].as_array().unwrap();
            let labels: Vec<String> = rows.iter().map(|row| row["cells"][0].as_str().unwrap().to_owned()).collect();
            let places = places(&blank, &labels);
            assert_eq!(places.len(), labels.len(), "{form}");
            // Sums over other columns are the greatest, so that nothing contradicts what is typed beside it.
            let say = |row: u32, column: u32| {
                let at = places.keys().position(|known| *known == row)? as u32;
                (column > 0).then(|| (at * 7 + column * column * 40).to_string())
            };
            filled_in(&blank, &full, say);
            let mut request = file(&full, json!({"as_of": day, "sources": {"": "market"}}));
            let shown = window.done(request.clone());
            let why = |doubt: &Value| (doubt["code"].as_str().unwrap().to_owned(), json!("核对过"));
            let reasons: serde_json::Map<String, Value> =
                shown["figures"]["doubts"].as_array().unwrap_or_else(|| panic!("{shown}")).iter().map(why).collect();
            request["reasons"] = Value::Object(reasons);
            assert_eq!(shown["figures"]["asks_how"], false, "{form}");
            let done = stored(&window, &request);
            let mut typed = 0;
            let now = printed(&window);
            for (row, shown) in now["rows"].as_array().unwrap().iter().zip(shown["figures"]["rows"].as_array().unwrap())
            {
                for (at, cell) in shown["cells"].as_array().unwrap().iter().enumerate() {
                    if cell["state"] == "changed" {
                        typed += 1;
                        let printed = row["cells"][at + 1].as_str().unwrap();
                        let printed = printed.strip_suffix(".00").unwrap_or(printed);
                        assert_eq!(printed, cell["typed"], "{form} {row}");
                    }
                }
            }
            assert!(typed > 0 && done["recorded"] == typed, "{form}: {typed} {done}");
            // Read again it says nothing new.
            let again = window.done(request);
            assert_eq!(again["figures"]["changes"], 0, "{form}: {again}");
        }
    }
    assert!(statistics >= 5 && lists >= 40, "{statistics} {lists}");
}

#[test]
fn a_table_drawn_by_hand_is_recognised_by_its_headings() {
    let drawer = Drawer::new();
    let window = drawer.window(drawer.office("640121", "永宁县市场监督管理局"));
    for name in ["cases.xlsx", "cases.xls"] {
        let shown = window.done(file(&fixture(name), json!({"sources": {"": "market"}})));
        let figures = &shown["figures"];
        assert_eq!((&figures["form"], &figures["as_of"]), (&json!(CASES), &json!("2021-05-27")), "{name}: {shown}");
        assert_eq!(figures["office"], "640121");
        assert_eq!(cell(&shown, "price", "penalty"), ("1,234.5", "changed"), "{name}");
        assert_eq!(cell(&shown, "quality", "person_times"), ("20", "changed"), "{name}");
        assert_eq!(cell(&shown, "ip", "person_times"), ("—", "blank"), "{name}");
        assert_eq!(cell(&shown, "total", "closed"), ("3", "agrees"), "{name}");
        // A sum leaves out what is kept as text: the total is only compared, and said not to agree.
        assert_eq!(cell(&shown, "total", "filed"), ("4", "differs"), "{name}");
        assert!(remarks(&shown).contains(&"read-total-differs"), "{name}: {:?}", remarks(&shown));
    }
    let request = file(&fixture("cases.xlsx"), json!({"sources": {"": "drug"}}));
    let done = stored(&window, &request);
    assert!(done["recorded"].as_u64().unwrap() >= 12, "{done}");
    assert_eq!(window.cell(CASES, "2021-05-27", "price", "penalty"), "1234.5");
    assert_eq!(window.cell(CASES, "2021-05-27", "quality", "value"), "12.3456");
    assert_eq!(window.cell(CASES, "2021-05-27", "quality", "seized"), "1.2");
    assert_eq!(window.cell(CASES, "2021-05-27", "total", "filed"), "5");
    assert_eq!(window.cell(CASES, "2021-05-26", "total", "filed"), "0", "up to the day it was filled in");
    let again = window.done(request);
    assert_eq!(again["figures"]["changes"], 0, "{again}");
}

#[test]
fn groups_of_columns_have_their_departments_and_rates_are_compared() {
    let drawer = Drawer::new();
    let window = drawer.window(drawer.office("210100", "沈阳市市场监督管理局"));
    let shown = window.done(file(&fixture("survey.xlsx"), json!({})));
    let figures = &shown["figures"];
    assert_eq!((&figures["form"], &figures["as_of"]), (&json!("ln-2020/1"), &json!("2020-06-03")), "{shown}");
    let groups: Vec<(&str, &Value)> = figures["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| (group["words"].as_str().unwrap(), &group["suggested"]))
        .collect();
    assert_eq!(groups.len(), 3, "{groups:?}");
    assert_eq!((groups[1].1, groups[2].1), (&json!("customs"), &json!("commerce")));
    assert_eq!(figures["ready"], false);
    assert_eq!(cell(&shown, "mask", "swept"), ("1,234", "changed"));
    assert_eq!(cell(&shown, "mask", "rate"), ("12.50%", "agrees"));
    assert_eq!(cell(&shown, "thermometer", "rate").1, "agrees");
    assert_eq!(cell(&shown, "meltblown", "swept"), ("约3", "unread"));
    assert_eq!(remarks(&shown), ["read-row-unknown", "read-number"]);

    let mut request = file(&fixture("survey.xlsx"), json!({}));
    for (group, source) in groups.iter().zip(["market", "customs", "commerce"]) {
        request["sources"][group.0] = source.into();
    }
    stored(&window, &request);
    assert_eq!(window.cell("ln-2020/1", "2020-06-03", "mask", "recalled"), "4980");
    let rows =
        window.done(json!({"do": "record_rows", "kind": "declared", "codes": {"source": "customs"}, "limit": 50}));
    assert_eq!(rows["total"], 5, "{rows}");
}

#[test]
fn a_figure_is_all_there_is_or_comes_beside_what_is_counted() {
    for (how, total, later) in [("whole", "3", "4"), ("add", "5", "6")] {
        let drawer = Drawer::new();
        let mut county = drawer.office("640121", "永宁县市场监督管理局");
        county.record(&[enterprise(9, "银川永宁口罩厂"), case(1, 9, "2021-05-10", 100), case(2, 9, "2021-05-11", 100)]);
        let window = drawer.window(county);
        let filed = |day: &str| window.cell(CASES, day, "quality", "filed");
        assert_eq!(filed("2021-05-27"), "2");
        let mut request = file(&fixture("cases.xlsx"), json!({"sources": {"": "drug"}}));
        let shown = window.done(request.clone());
        assert_eq!((&shown["figures"]["asks_how"], &shown["figures"]["ready"]), (&json!(true), &json!(false)));
        let mut early = request.clone();
        early["do"] = "read_apply".into();
        early["token"] = shown["figures"]["token"].clone();
        assert_eq!(window.refused(early), "read-how-missing");
        request["how"] = how.into();
        let shown = window.done(request.clone());
        let why = |doubt: &Value| (doubt["code"].as_str().unwrap().to_owned(), json!("药监部门的"));
        let reasons: serde_json::Map<String, Value> =
            shown["figures"]["doubts"].as_array().unwrap().iter().map(why).collect();
        request["reasons"] = Value::Object(reasons);
        stored(&window, &request);
        assert_eq!(filed("2021-05-27"), total, "{how}");
        // What a number counts is what it opens.
        let trace = json!({"do": "trace", "row": "quality", "column": "filed", "first": 0, "limit": 10,
            "filling": {"form": CASES, "as_of": "2021-05-27", "office": null, "date": null}});
        let records = window.done(trace)["total"].as_u64().unwrap();
        assert_eq!(records, if how == "whole" { 1 } else { 3 }, "{how}");
        let again = window.done(request);
        assert_eq!(again["figures"]["changes"], 0, "{how}: {again}");
        // What happens after that day counts beside it.
        let mut late = case(3, 9, "2021-05-27", 100);
        late["do"] = "record_save".into();
        late["id"] = Value::Null;
        late["void"] = Value::Null;
        late["fields"]["filed_on"] = "2021-05-28".into();
        for penalty in ["penalty_on", "penalty_fen", "decision_no"] {
            late["fields"][penalty] = Value::Null;
        }
        late["overrides"] = json!({"day-after-today": "明日立案"});
        let saved = window.done(late);
        assert!(saved["record"].is_object(), "{saved}");
        assert_eq!(filed("2021-05-28"), later, "{how}");
    }
}

#[test]
fn what_a_department_typed_in_a_blank_form_is_added_even_where_it_equals_what_prints() {
    let drawer = Drawer::new();
    let mut county = drawer.office("640121", "永宁县市场监督管理局");
    county.record(&[enterprise(9, "银川永宁口罩厂"), case(1, 9, "2021-05-10", 100), case(2, 9, "2021-05-11", 100)]);
    let window = drawer.window(county);
    let (blank, full) = (drawer.path("空表.xlsx"), drawer.path("药监的表.xlsx"));
    window.done(json!({"do": "blank_to_file", "form": CASES, "office": null, "out": blank}));
    let quality = places(&blank, &["质量类案件".to_owned()]);
    let row = *quality.keys().next().unwrap_or_else(|| panic!("{quality:?}"));
    // Cumulative figures of the department, beside the two cases counted here.
    for (day, said, printed) in [
        ("2021-05-26", "2", "4"),
        ("2021-05-27", "2", "4"),
        ("2021-05-28", "4", "6"),
        ("2021-05-29", "6", "8"),
        ("2021-05-30", "5", "7"),
    ] {
        filled_in(&blank, &full, |at, column| (at == row && column == 3).then(|| said.to_owned()));
        let mut request = file(&full, json!({"as_of": day, "sources": {"": "drug"}, "how": "add"}));
        let shown = window.done(request.clone());
        let state = if day == "2021-05-27" { "stands" } else { "changed" };
        assert_eq!(cell(&shown, "quality", "filed"), (said, state), "{day}: {shown}");
        if state == "changed" {
            let why = |doubt: &Value| (doubt["code"].as_str().unwrap().to_owned(), json!("药监部门的"));
            let doubts = shown["figures"]["doubts"].as_array().unwrap();
            request["reasons"] = Value::Object(doubts.iter().map(why).collect());
            stored(&window, &request);
        }
        assert_eq!(window.cell(CASES, day, "quality", "filed"), printed, "{day}");
    }
}

#[test]
fn a_figure_left_blank_in_a_later_form_stays_and_is_said() {
    let drawer = Drawer::new();
    let window = drawer.window(drawer.office("640121", "永宁县市场监督管理局"));
    let (blank, full) = (drawer.path("空表.xlsx"), drawer.path("药监的表.xlsx"));
    window.done(json!({"do": "blank_to_file", "form": CASES, "office": null, "out": blank}));
    let rows = places(&blank, &["质量类案件".to_owned(), "其他案件".to_owned()]);
    let (quality, other) = (*rows.keys().next().unwrap(), *rows.keys().nth(1).unwrap());
    for (row, day) in [(quality, "2021-05-26"), (other, "2021-05-27")] {
        filled_in(&blank, &full, |at, column| (at == row && column == 3).then(|| "4".to_owned()));
        let mut request = file(&full, json!({"as_of": day, "sources": {"": "drug"}}));
        let shown = window.done(request.clone());
        let left = if row == quality { "changed" } else { "differs" };
        assert_eq!(cell(&shown, "quality", "filed").1, left, "{shown}");
        assert_eq!(remarks(&shown).contains(&"read-left-blank"), row == other);
        let why = |doubt: &Value| (doubt["code"].as_str().unwrap().to_owned(), json!("药监部门的"));
        let doubts = shown["figures"]["doubts"].as_array().unwrap();
        request["reasons"] = Value::Object(doubts.iter().map(why).collect());
        stored(&window, &request);
    }
    assert_eq!(window.cell(CASES, "2021-05-27", "total", "filed"), "8");
}

#[test]
fn the_numbered_rows_of_a_blank_list_are_no_records() {
    let drawer = Drawer::new();
    let window = drawer.window(drawer.office("640121", "永宁县市场监督管理局"));
    let blank = drawer.path("空表.xlsx");
    window.done(json!({"do": "blank_to_file", "form": "nx-2021-24/2", "office": null, "out": blank}));
    let list = window.done(file(&blank, json!({"as_of": "2021-05-27"})))["list"].clone();
    let columns = list["columns"].as_array().unwrap().iter().map(|of| json!({"column": of[0], "field": of[1]}));
    let shown = window.done(json!({"do": "paste_preview", "kind": list["kind"], "text": null, "file": blank,
        "sheet": list["sheet"], "heading": list["heading"], "heading_last": list["heading_last"],
        "columns": columns.collect::<Vec<_>>(), "units": [], "downwards": false, "numbered": list["numbered"],
        "office": list["office"], "preset": {}, "campaigns": [list["campaign"]], "meant": {}, "make": [], "left_out": [],
        "taken": [], "update": [], "reasons": {}, "token": null}));
    let counts = &shown["counts"];
    assert_eq!((&counts["new"], &counts["wrong"]), (&json!(0), &json!(0)), "{counts}");
}

#[test]
fn a_list_that_comes_back_becomes_records_that_are_not_doubled() {
    let drawer = Drawer::new();
    let window = drawer.window(drawer.office("640121", "永宁县市场监督管理局"));
    let book = fixture("samples.xlsx");
    let list = window.done(file(&book, json!({})))["list"].clone();
    assert_eq!((&list["form"], &list["kind"]), (&json!("nx-2021-24/2"), &json!("sample")), "{list}");
    assert!(list["composed"].as_array().unwrap().iter().any(|words| words == "后处理措施"), "{list}");
    assert_eq!(list["remarks"][0]["code"], "read-list-by-line", "{list}");
    let columns = list["columns"].as_array().unwrap().iter().map(|of| json!({"column": of[0], "field": of[1]}));
    let preset =
        json!({"authority": "market", "category": "mask", "sampled_on": "2021-05-20", "reported_on": "2021-05-25"});
    let make = json!([{"kind": "enterprise", "texts": ["银川永宁口罩厂"], "fields": {"roles": ["producer"]}}]);
    let mut paste = json!({"do": "paste_preview", "kind": list["kind"], "text": null, "file": book, "sheet": list["sheet"],
        "heading": list["heading"], "heading_last": list["heading_last"], "columns": columns.collect::<Vec<_>>(),
        "units": [], "downwards": false, "numbered": list["numbered"], "office": list["office"], "preset": preset,
        "campaigns": [list["campaign"]], "meant": {}, "make": make, "left_out": [], "taken": [], "update": [],
        "reasons": {}, "token": null});
    let shown = window.done(paste.clone());
    assert_eq!(shown["ready"], true, "{shown}");
    assert_eq!((&shown["counts"]["new"], &shown["counts"]["aside"]), (&json!(2), &json!(1)));
    paste["do"] = "paste_apply".into();
    paste["token"] = shown["token"].clone();
    window.done(paste.clone());
    let rows = window.done(json!({"do": "record_rows", "kind": "sample", "oldest_first": true, "limit": 10}));
    assert_eq!(rows["rows"][1]["fields"]["number"], "nx-2021-24/2/2021/640121-2", "{rows}");
    assert_eq!(rows["rows"][1]["fields"]["nonconforming_quantity"], 1000);
    paste["do"] = "paste_preview".into();
    paste["make"] = json!([]);
    let again = window.done(paste);
    assert_eq!((&again["counts"]["new"], &again["counts"]["same"]), (&json!(0), &json!(2)), "{again}");
}

#[test]
fn what_is_no_such_form_is_refused_in_words() {
    let drawer = Drawer::new();
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    region.take(&county.hand_up());
    let window = drawer.window(region);
    let refused = |name: &str, more: Value| window.refused(file(&fixture(name), more));
    assert_eq!(refused("cases.xlsx", json!({"form": "ln-2020/1"})), "read-not-this-form");
    assert_eq!(refused("cases.xlsx", json!({"office": "640000"})), "read-other-office");
    assert_eq!(refused("cases.xlsx", json!({"as_of": "2022-05-27"})), "read-other-year");
    assert_eq!(refused("cases.xlsx", json!({"office": "640122"})), "owner-unnamed");
    assert_eq!(refused("cases.xlsx", json!({"form": "no/such"})), "form-unknown");
    assert_eq!(refused("cases.xlsx", json!({"sheet": "封面"})), "read-form-unknown");
    // It says whose it is.
    let shown = window.done(file(&fixture("cases.xlsx"), json!({"sources": {"": "market"}})));
    assert_eq!(shown["figures"]["office"], "640121");

    let blank = drawer.path("blank.xlsx");
    window.done(json!({"do": "blank_to_file", "form": CASES, "office": "640121", "out": blank}));
    let read = |more: Value| window.refused(file(&blank, more));
    assert_eq!(read(json!({})), "read-day-missing");
    assert_eq!(read(json!({"form": "nx-2021-24/2", "as_of": "2021-05-27"})), "read-other-form");
    assert_eq!(read(json!({"office": "640000", "as_of": "2021-05-27"})), "read-other-office");
    let unnamed = json!({"do": "blank_to_file", "form": CASES, "office": "640122", "out": blank});
    assert_eq!(window.refused(unnamed), "owner-unnamed");

    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (at, words) in [
        "查办案件情况",
        "出动执法人员(人次)累计",
        "检查经营者数(户/人)累计",
        "其中:立案(件)",
        "办结(件)",
        "罚没(万元)",
        "案值(万元)",
        "查获口罩(万只)累计",
        "移送公安机关案件数(件)累计",
    ]
    .into_iter()
    .enumerate()
    {
        sheet.write_string(2, at as u16, words).unwrap();
    }
    let changed = drawer.path("changed.xlsx");
    workbook.save(&changed).unwrap();
    assert_eq!(window.refused(file(&changed, json!({"as_of": "2021-05-27"}))), "read-heading-changed");

    let large = drawer.path("large.xlsx");
    std::fs::write(&large, vec![b'x'; 50 << 20]).unwrap();
    assert_eq!(window.refused(file(&large, json!({}))), "read-too-large");
    // As Excel writes a workbook with a password: an encrypted part in a compound file.
    let mut locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    let password = drawer.path("password.xlsx");
    std::fs::write(&password, locked).unwrap();
    assert_eq!(window.refused(file(&password, json!({}))), "paste-password");
}

#[test]
fn what_a_person_said_of_columns_is_remembered_by_their_headings() {
    let drawer = Drawer::new();
    let window = drawer.window(drawer.office("640121", "永宁县市场监督管理局"));
    let paste = |text: &str, columns: Value| {
        json!({"do": "paste_preview", "kind": "enterprise", "text": text, "file": null, "sheet": null, "heading": 1,
            "columns": columns, "units": [], "downwards": false, "preset": {"roles": ["producer"]},
            "campaigns": ["nx-2021-24"], "meant": {}, "make": [], "left_out": [], "taken": [], "update": [],
            "reasons": {}, "token": null})
    };
    let heading = "企业名称\t所在乡镇\t厂长\n";
    let mut said = paste(&format!("{heading}甲厂\t杨和镇\t张三\n"), json!([{"column": 2, "field": "contact"}]));
    let shown = window.done(said.clone());
    said["do"] = "paste_apply".into();
    said["token"] = shown["token"].clone();
    window.done(said);
    let field = |shown: &Value| shown["columns"][2]["field"].clone();
    let again = window.done(paste(&format!("{heading}乙厂\t望远镇\t李四\n"), json!([])));
    assert_eq!(field(&again), "contact", "{again}");
    let other = window.done(paste("企业名称\t厂长\t所在乡镇\n丙厂\t王五\t李俊镇\n", json!([])));
    assert_eq!(field(&other), Value::Null, "{other}");
}

//! Filling: units, rates, row numbers, head and foot, header spans, JSON.

mod support;

use std::collections::BTreeSet;

use campaign::answers::{AnswerCell, AnswerRow, Answers};
use proptest::prelude::*;
use serde_json::{Value, json};
use support::*;
use sweepbook_forms::{FilledCell, FilledForm, FormError, HeaderCell, Pages, Purpose, fill, json};

fn printed(filled: &FilledForm, row: &str, column: &str) -> String {
    let at = filled.columns.iter().position(|c| c.id == column).unwrap() + usize::from(filled.stub.is_some());
    filled.rows.iter().find(|r| r.id == row).unwrap().cells[at].text().to_owned()
}

#[test]
fn money_and_pieces_are_rounded_half_up_and_trimmed() {
    let cells = [
        ("price", "penalty", 12_350_049),
        ("quality", "penalty", 12_350_050),
        ("ip", "penalty", 49),
        ("competition", "penalty", 50),
        ("other", "penalty", 1_000_000),
        ("price", "seized", 1),
        ("quality", "seized", 123_400_000),
        ("price", "filed", 7),
    ];
    let filled = filled(&cases(), &statistics(&cells));
    for (row, column, expected) in [
        ("price", "penalty", "12.35"),
        ("quality", "penalty", "12.3501"),
        ("ip", "penalty", "0"),
        ("competition", "penalty", "0.0001"),
        ("other", "penalty", "1"),
        ("total", "penalty", "0"),
        ("price", "seized", "0.0001"),
        ("quality", "seized", "12340"),
        ("price", "filed", "7"),
        ("quality", "filed", "0"),
    ] {
        assert_eq!(printed(&filled, row, column), expected, "{row} {column}");
    }
}

#[test]
fn a_rate_is_taken_from_exact_counts() {
    let cells = [
        ("mask", "batches", 3),
        ("mask", "nonconforming", 2),
        ("ventilator", "batches", 8),
        ("meltblown", "batches", 20_000),
        ("meltblown", "nonconforming", 1),
        ("nonwoven", "nonconforming", 1),
    ];
    let filled = filled(&sweep(), &statistics(&cells));
    let rates =
        [("mask", "66.67%"), ("ventilator", "0.00%"), ("meltblown", "0.01%"), ("nonwoven", "—"), ("test_kit", "—")];
    for (row, expected) in rates {
        assert_eq!(printed(&filled, row, "rate"), expected, "{row}");
    }
}

#[test]
fn lists_number_their_rows_and_leave_blanks_blank() {
    let filled = filled(&samples(), &sample_rows(3));
    let first: Vec<&str> = filled.rows.iter().map(|row| row.cells[0].text()).collect();
    assert_eq!(first, ["1", "2", "3"]);
    assert_eq!(filled.rows[0].cells[7], FilledCell::Number { text: "120000".to_owned(), value: 120_000, scale: 0 });
    assert_eq!(filled.rows[1].cells[7], FilledCell::Text(String::new()));
    assert_eq!(filled.rows[1].id, "0190a6e4-0000-7000-8000-000000000001");
}

#[test]
fn head_and_foot_are_filled_in_once() {
    let form = cases();
    let mut filling = filling(&form);
    filling.office_name = "{date}{seal}局".to_owned();
    let filled = fill(&campaign(), &form, &filling, &statistics(&[])).unwrap();
    assert_eq!(filled.head[0].left, "填报单位（盖章）：{date}{seal}局");
    assert_eq!(filled.head[0].right, "2021年5月28日");
    assert!(filled.head[0].seal);

    let mut form = sweep();
    form.foot[0].left = "{as_of} {as_of_cn} {unknown} {office".to_owned();
    let filled = support::filled(&form, &statistics(&[]));
    assert_eq!(filled.foot[0].left, "2021-05-27 2021年5月27日 {unknown} {office");
    assert!(!filled.foot[0].seal);
    assert_eq!(filled.foot.last().unwrap().left, "数据截至时间：2021年5月27日");
}

#[test]
fn a_rate_is_unsettled_with_either_of_its_counts() {
    let Answers::Statistics { cells, .. } = statistics(&[]) else { unreachable!() };
    let open = |row: &str, column: &str| (row.to_owned(), column.to_owned());
    let unsettled =
        BTreeSet::from([open("mask", "batches"), open("ventilator", "nonconforming"), open("mask", "swept")]);
    let filled = filled(&sweep(), &Answers::Statistics { cells, unsettled, at_most: Default::default() });
    let expected = [
        ("mask", "swept"),
        ("mask", "batches"),
        ("mask", "rate"),
        ("ventilator", "nonconforming"),
        ("ventilator", "rate"),
    ];
    assert_eq!(filled.unsettled, expected.map(|(row, column)| open(row, column)));
}

#[test]
fn a_record_that_may_belong_on_a_list_keeps_it_from_being_sealed() {
    let Answers::List { rows, .. } = sample_rows(2) else { unreachable!() };
    let open = |row: &str| (row.to_owned(), "result".to_owned());
    let unsettled = BTreeSet::from([open(&rows[1].record), open("another")]);
    let filled = filled(&samples(), &Answers::List { rows: rows.clone(), unsettled });
    assert_eq!(filled.unsettled, [open(&rows[1].record)]);
    assert_eq!(filled.unlisted, ["another"]);
    assert!(!filled.settled());
    let left_out = FilledForm { unsettled: Vec::new(), ..filled.clone() };
    assert!(!left_out.settled());
    let sealed = Pages::render(&left_out, Purpose::Sealed).err().unwrap();
    assert_eq!(sealed.code(), "form-unsettled");
    assert!(FilledForm { unlisted: Vec::new(), ..left_out }.settled());
}

#[test]
fn answers_of_another_form_are_refused() {
    let refused = |form: &campaign::model::Form, answers: &Answers| {
        fill(&campaign(), form, &filling(form), answers).unwrap_err().code()
    };
    assert_eq!(refused(&cases(), &sample_rows(1)), "form-answers-do-not-fit");
    assert_eq!(refused(&samples(), &statistics(&[])), "form-answers-do-not-fit");
    let short = AnswerRow { record: "r".to_owned(), cells: vec![AnswerCell::Blank] };
    let short = Answers::List { rows: vec![short], unsettled: BTreeSet::new() };
    assert_eq!(refused(&samples(), &short), "form-answers-do-not-fit");

    let mut form = sweep();
    form.columns.retain(|column| column.id != "batches");
    let error = fill(&campaign(), &form, &filling(&form), &statistics(&[])).unwrap_err();
    let (column, missing) = ("rate".to_owned(), "batches".to_owned());
    assert_eq!(error, FormError::ColumnMissing { form: "ln-2020/1".to_owned(), column, missing });
}

#[test]
fn the_headers_of_all_five_attachments_tile() {
    let answers = [statistics(&[]), sample_rows(1), survey_rows(1), statistics(&[]), statistics(&[])];
    let levels = [1, 1, 3, 2, 2];
    for ((form, answers), levels) in every_form().iter().zip(&answers).zip(levels) {
        let filled = filled(form, answers);
        assert_eq!(filled.header.levels, levels, "{}", form.id);
        assert!(filled.header.tiles(filled.width() as u32), "{}", form.id);
    }
}

/// The survey's header as the document prints it.
#[test]
fn the_survey_has_three_header_levels() {
    let filled = filled(&survey(), &survey_rows(0));
    let spans = |cell: &HeaderCell| (cell.text.clone(), cell.level, cell.column, cell.rows, cell.columns);
    let found: Vec<_> = filled.header.cells.iter().map(spans).skip(6).collect();
    let expected = [
        ("生产状况", 0, 6, 1, 7),
        ("是否为疫情防控期间转产、投产口罩企业", 1, 6, 1, 2),
        ("是否出口", 1, 8, 1, 2),
        ("是否生产医用口罩", 1, 10, 1, 2),
        ("非医用口罩产量 (只/日)", 1, 12, 2, 1),
        ("是", 2, 6, 1, 1),
        ("否", 2, 7, 1, 1),
        ("是", 2, 8, 1, 1),
        ("否", 2, 9, 1, 1),
        ("是", 2, 10, 1, 1),
        ("否", 2, 11, 1, 1),
    ];
    assert_eq!(
        found,
        expected.map(|(text, level, column, rows, columns)| (text.to_owned(), level, column, rows, columns))
    );
}

#[test]
fn json_holds_the_strings_as_printed() {
    let form = sweep();
    let text = json(&filled(&form, &statistics(&[("mask", "batches", 3), ("mask", "nonconforming", 2)])));
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["form"], "ln-2020/1");
    assert_eq!(value["office"], "640121");
    assert_eq!(value["office_name"], "永宁县市场监督管理局");
    assert_eq!((&value["as_of"], &value["date"]), (&json!("2021-05-27"), &json!("2021-05-28")));
    assert_eq!(value["stub"], "");
    assert_eq!(value["columns"].as_array().unwrap().len(), 10);
    assert_eq!(value["header"][7], json!(["海关部门出口物资查验情况", "监督抽查批次不合格发现率"]));
    assert_eq!(value["row_ids"][3], "thermometer");
    assert_eq!(value["rows"][0], json!(["口罩", "0", "0", "0", "0", "0", "3", "2", "66.67%", "0", "0"]));
    assert_eq!(value["unsettled"], json!([]));
    assert_eq!(value["head"], json!([{ "left": "填报单位：永宁县市场监督管理局", "centre": "", "right": "" }]));

    let list: Value = serde_json::from_str(&json(&filled(&samples(), &sample_rows(2)))).unwrap();
    assert_eq!(list["stub"], Value::Null);
    assert_eq!(list["rows"][1].as_array().unwrap().len(), list["columns"].as_array().unwrap().len());
}

proptest! {
    /// Any header paths whatever give cells that tile, each column with its own words at the bottom.
    #[test]
    fn every_header_tiles(paths in prop::collection::vec(prop::collection::vec("[ab]", 1..4), 1..9)) {
        let columns: Vec<Value> = paths
            .iter()
            .enumerate()
            .map(|(at, path)| json!({ "id": format!("c{at}"), "header": path, "width": 20, "cell": { "field": "name" } }))
            .collect();
        let mut form = serde_json::to_value(samples()).unwrap();
        form["column"] = json!(columns);
        let filled = filled(&support::form(form), &sample_rows(0));
        prop_assert!(filled.header.tiles(paths.len() as u32));
        for (at, path) in paths.iter().enumerate() {
            let own = filled.header.cells.iter().find(|cell| {
                cell.column as usize == at && cell.columns == 1 && cell.level + cell.rows == filled.header.levels
            });
            prop_assert_eq!(&own.unwrap().text, path.last().unwrap());
        }
    }
}

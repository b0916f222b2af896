//! Lists the page can scroll to any place of, and finding things while a person types.

use std::collections::BTreeMap;

use app::failure::Outcome;
use app::messages::Language;
use app::records::lists::RowPage;
use app::records::rows::Hit;
use app::session::Reading;
use app::{ListCell, ListQuery, pinyin};
use serde::Deserialize;
use ts_rs::TS;

use crate::files::ChosenFile;
use crate::views::Written;

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ListRows {
    pub kind: String,
    /// Codes that fields must hold, by field.
    #[serde(default)]
    pub codes: BTreeMap<String, String>,
    /// Words to find records by; blank for all.
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub enterprise: Option<String>,
    #[serde(default)]
    pub campaign: Option<String>,
    /// This office and those below it; null for all.
    #[serde(default)]
    pub office: Option<String>,
    /// Days the kind's date may lie on, both included.
    #[serde(default)]
    pub from: Option<String>,
    #[serde(default)]
    pub to: Option<String>,
    #[serde(default)]
    pub with_voided: bool,
    /// In the order of the kind's date, not of recording.
    #[serde(default)]
    pub dated: bool,
    #[serde(default)]
    pub oldest_first: bool,
    /// The number of the first row wanted, from 0.
    #[serde(default)]
    pub first: u64,
    pub limit: u32,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// `*` for any.
    pub kind: String,
    pub text: String,
    pub limit: u32,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Words {
    pub words: Vec<String>,
}

/// At most this many rows are answered at once.
const MOST_ROWS: u32 = 500;

/// A list saved as the screen shows it, to its last row.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WriteList {
    /// `first` and `limit` do not matter: it is written whole.
    pub list: ListRows,
    #[ts(type = "string")]
    pub out: ChosenFile,
}

/// A table whose words are the page's own.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WriteTable {
    pub title: String,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<TableCell>>,
    #[ts(type = "string")]
    pub out: ChosenFile,
}

#[derive(Debug, Deserialize, TS)]
#[serde(untagged)]
pub enum TableCell {
    Whole(i64),
    Text(String),
}

fn query(session: &Reading, input: ListRows) -> Outcome<ListQuery> {
    let date = session.library().schema().kind(&input.kind).and_then(|kind| kind.date.clone());
    Ok(ListQuery {
        kind: input.kind,
        office: input.office.map(|office| office.parse()).transpose()?,
        campaign: input.campaign,
        enterprise: input.enterprise.map(|id| id.parse()).transpose()?,
        codes: input.codes.into_iter().collect(),
        from: input.from.map(|day| day.parse()).transpose()?,
        to: input.to.map(|day| day.parse()).transpose()?,
        with_voided: input.with_voided,
        text: input.text.trim().to_owned(),
        sort: date.clone().filter(|_| input.dated),
        date_field: date,
        oldest_first: input.oldest_first,
        after: None,
        limit: input.limit.min(MOST_ROWS),
    })
}

pub fn rows(session: &Reading, input: ListRows, _: Language) -> Outcome<RowPage> {
    let first = input.first;
    session.record_rows(&query(session, input)?, first)
}

pub fn write(session: &Reading, input: WriteList, language: Language) -> Outcome<Written> {
    session.write_list(&query(session, input.list)?, &[], language, &input.out)?;
    Ok(Written::at(&input.out))
}

pub fn write_table(session: &Reading, input: WriteTable, _: Language) -> Outcome<Written> {
    let cell = |cell: TableCell| match cell {
        TableCell::Whole(value) => ListCell::Number { value, scale: 0 },
        TableCell::Text(text) => ListCell::Text(text),
    };
    let rows: Vec<Vec<ListCell>> = input.rows.into_iter().map(|row| row.into_iter().map(cell).collect()).collect();
    session.write_table(&input.title, input.columns, &rows, &input.out)?;
    Ok(Written::at(&input.out))
}

/// Records by name, number, credit code or initials, of one kind or of any; with nothing typed, the newest of the kind.
pub fn search(session: &Reading, input: Search, _: Language) -> Outcome<Vec<Hit>> {
    session.find_records(&input.kind, input.text.trim(), input.limit.clamp(1, 200))
}

/// Pinyin of words, by which what stands in menus and on forms is found too: the initials of each reading, and the whole of
/// the usual one.
pub fn initials(_: &Reading, input: Words, _: Language) -> Outcome<Vec<Vec<String>>> {
    let of = |words: &String| {
        let whole = Some(pinyin(words)).filter(|whole| !whole.is_empty());
        app::initials(words).into_iter().chain(whole).collect()
    };
    Ok(input.words.iter().map(of).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::Backend;
    use app::clock::Clock;

    fn ask(backend: &mut Backend, request: Value) -> Value {
        let reply: Value = serde_json::from_str(&backend.dispatch(&request.to_string())).unwrap();
        assert!(reply.get("error").is_none(), "{request}: {reply}");
        reply["ok"].clone()
    }

    fn save(backend: &mut Backend, kind: &str, fields: Value) -> String {
        let request = json!({ "do": "record_save", "kind": kind, "id": null, "campaigns": ["nx-2021-24"], "void": null,
            "overrides": {}, "fields": fields });
        let saved = ask(backend, request);
        saved["record"]["id"].as_str().unwrap_or_else(|| panic!("{saved}")).to_owned()
    }

    /// A book with one enterprise, its inspections on ten days, a sample, and a case of each of three days.
    fn backend_in(folder: &std::path::Path) -> Backend {
        let mut backend = Backend::at(folder.join("a.book"), Vec::new(), Clock::Fixed(1_622_088_000_000));
        ask(&mut backend, json!({ "do": "book_create", "office": "640121", "name": "永宁县局", "inspector": "张三" }));
        let enterprise = save(&mut backend, "enterprise", json!({ "name": "银川永宁口罩厂", "roles": ["producer"] }));
        for day in 1..=10 {
            let date = format!("2021-05-{:02}", 11 - day);
            let fields = json!({ "enterprise": enterprise, "date": date, "inspectors": ["王五", "赵六"],
                "line": "quality", "department": "market", "categories": ["mask"], "outcome": "normal" });
            save(&mut backend, "inspection", fields);
        }
        let sample = json!({ "enterprise": enterprise, "number": "YN-2021-0153", "product_name": "日常防护型口罩",
            "category": "mask", "sampled_on": "2021-05-03", "authority": "market", "result": "pending" });
        save(&mut backend, "sample", sample);
        for (number, day) in [("1", "2021-05-01"), ("2", "2021-05-10"), ("3", "2021-05-20")] {
            let fields = json!({ "enterprise": enterprise, "number": format!("永市监案〔2021〕{number}号"),
                "line": "quality", "category": "mask", "filed_on": day });
            save(&mut backend, "case", fields);
        }
        backend
    }

    fn rows(kind: &str, more: Value) -> Value {
        let mut request = json!({ "do": "record_rows", "kind": kind, "codes": {}, "text": "", "enterprise": null,
            "campaign": null, "office": null, "from": null, "to": null, "with_voided": false, "dated": false,
            "oldest_first": false, "first": 0, "limit": 100 });
        request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        request
    }

    #[test]
    fn a_list_is_narrowed_ordered_and_reached_by_row_number() {
        let folder = tempfile::tempdir().unwrap();
        let mut backend = backend_in(folder.path());
        let days = |page: &Value| -> Vec<String> {
            let of = |row: &Value| row["fields"]["date"].as_str().unwrap()[8..].to_owned();
            page["rows"].as_array().unwrap().iter().map(of).collect()
        };
        let mut asked = |more: Value| ask(&mut backend, rows("inspection", more));
        assert_eq!(days(&asked(json!({})))[0], "01", "the last recorded comes first");
        let newest = asked(json!({ "dated": true, "first": 8, "limit": 5 }));
        assert_eq!((days(&newest), newest["total"].as_u64()), (vec!["02".into(), "01".into()], Some(10)));
        let oldest = asked(json!({ "dated": true, "oldest_first": true, "limit": 1 }));
        assert_eq!(days(&oldest), ["01"]);
        let some = asked(json!({ "from": "2021-05-03", "to": "2021-05-05", "dated": true }));
        assert_eq!(days(&some), ["05", "04", "03"]);
        assert_eq!(asked(json!({ "office": "640000" }))["total"], 10);
        assert_eq!(asked(json!({ "office": "640122" }))["total"], 0);
        assert_eq!(asked(json!({ "text": "ycyn" }))["total"], 10);
        assert_eq!(asked(json!({ "text": "没有这家" }))["total"], 0);
        assert_eq!(asked(json!({ "first": 10 }))["rows"], json!([]));
        assert_eq!(asked(json!({}))["rows"][0]["titles"].as_object().unwrap().len(), 1);
    }

    #[test]
    fn a_list_knows_of_what_was_saved_since() {
        let folder = tempfile::tempdir().unwrap();
        let mut backend = backend_in(folder.path());
        assert_eq!(ask(&mut backend, rows("enterprise", json!({})))["total"], 1);
        save(&mut backend, "enterprise", json!({ "name": "新来的厂", "roles": ["producer"] }));
        let page = ask(&mut backend, rows("enterprise", json!({})));
        assert_eq!(page["total"], 2);
        assert_eq!(page["rows"][0]["fields"]["name"], "新来的厂");
    }

    #[test]
    fn anything_is_found_while_it_is_typed() {
        let folder = tempfile::tempdir().unwrap();
        let mut backend = backend_in(folder.path());
        let mut titles = |text: &str| -> Vec<String> {
            let hits = ask(&mut backend, json!({ "do": "search", "kind": "*", "text": text, "limit": 2 }));
            let title = |hit: &Value| format!("{} {}", hit["kind"].as_str().unwrap(), hit["title"].as_str().unwrap());
            hits.as_array().unwrap().iter().map(title).collect()
        };
        assert_eq!(titles("0153"), ["sample YN-2021-0153"]);
        assert_eq!(titles("3号"), ["case 永市监案〔2021〕3号"]);
        assert_eq!(
            titles("ycynk"),
            [
                "enterprise 银川永宁口罩厂",
                "inspection 银川永宁口罩厂",
                "inspection 银川永宁口罩厂",
                "sample YN-2021-0153",
                "case 永市监案〔2021〕3号",
                "case 永市监案〔2021〕2号",
            ]
        );
        assert_eq!(titles("（"), Vec::<String>::new());
        let hit = &ask(&mut backend, json!({ "do": "search", "kind": "sample", "text": "防护", "limit": 2 }))[0];
        assert_eq!(hit["detail"], "2021-05-03 · 日常防护型口罩");
        let initials = ask(&mut backend, json!({ "do": "initials", "words": ["附件表", "重庆", "（）"] }));
        assert!(initials[0].as_array().unwrap().contains(&json!("fjb")), "{initials}");
        assert!(initials[1].as_array().unwrap().contains(&json!("cq")), "{initials}");
        assert_eq!(initials[2], json!([]));
        assert!(initials[0].as_array().unwrap().contains(&json!("fujianbiao")), "{initials}");
    }

    #[test]
    fn a_form_says_what_it_printed_for_an_earlier_day_and_pages_through_what_a_cell_counts() {
        let folder = tempfile::tempdir().unwrap();
        let mut backend = backend_in(folder.path());
        let filling = json!({ "form": "nx-2021-24/1", "as_of": "2021-05-27", "office": null, "date": null });
        let compare = json!({ "do": "fill_differences", "filling": filling, "earlier": "2021-05-09" });
        let changed = ask(&mut backend, compare);
        let text = |of: &Value| of.as_str().unwrap_or_default().to_owned();
        let mut cells = Vec::new();
        for row in changed["rows"].as_array().unwrap() {
            assert_eq!(row["state"], "kept");
            let cell = |cell: &Value| {
                [text(&row["row"])].into_iter().chain(["column", "before", "after", "by"].map(|of| text(&cell[of])))
            };
            cells.extend(row["cells"].as_array().unwrap().iter().map(|each| cell(each).collect::<Vec<_>>()));
        }
        assert!(cells.contains(&["quality", "filed", "1", "3", "＋2"].map(str::to_owned).to_vec()), "{cells:?}");
        assert!(cells.contains(&["total", "person_times", "18", "20", "＋2"].map(str::to_owned).to_vec()));
        assert!(cells.iter().all(|cell| cell[2] != cell[3]));
        assert_eq!(changed["cells_in_all"], cells.len());

        let list = json!({ "form": "nx-2021-24/2", "as_of": "2021-05-27", "office": null, "date": null });
        let added = ask(&mut backend, json!({ "do": "fill_differences", "filling": list, "earlier": "2021-05-02" }));
        let [row] = added["rows"].as_array().unwrap().as_slice() else { panic!("{added}") };
        assert_eq!((&row["state"], &row["cells"][0]["before"]), (&json!("new"), &json!("")));
        assert_eq!(row["cells"][0]["after"], "日常防护型口罩", "{added}");
        assert!(row["cells"].as_array().unwrap().iter().all(|cell| cell["after"] != ""), "what is blank is no change");

        let mut trace = |first: u32| {
            let request = json!({ "do": "trace", "filling": filling, "row": "quality", "column": "filed",
                "first": first, "limit": 2 });
            ask(&mut backend, request)
        };
        assert_eq!(trace(0)["total"], 3);
        assert_eq!(trace(0)["records"].as_array().unwrap().len(), 2);
        assert_eq!(trace(2)["records"].as_array().unwrap().len(), 1);
        assert_eq!(trace(3)["records"], json!([]));
    }

    #[test]
    fn a_declared_amount_stands_in_the_unit_its_column_prints() {
        let folder = tempfile::tempdir().unwrap();
        let mut backend = backend_in(folder.path());
        let forms = ask(&mut backend, json!({ "do": "declarable" }));
        let form = forms.as_array().unwrap().iter().find(|form| form["id"] == "nx-2021-24/1").unwrap();
        let unit = |column: &str| {
            let columns = form["columns"].as_array().unwrap();
            columns.iter().find(|known| known["id"] == column).unwrap()["unit"].as_str().unwrap().to_owned()
        };
        assert_eq!(
            ["filed", "penalty", "seized"].map(unit),
            ["one", "ten_thousand_yuan", "ten_thousand"].map(str::to_owned)
        );
        let mut declare = |column: &str, value: i64| {
            let fields = json!({ "form": "nx-2021-24/1", "row": "quality", "column": column, "as_of": "2021-05-20",
                "value": value, "source": "drug" });
            save(&mut backend, "declared", fields)
        };
        // One fen more than 1.5 万元: a list shows all of it, whatever the form rounds.
        let (penalty, seized, filed) =
            (declare("penalty", 1_500_001), declare("seized", 25_000), declare("filed", 1_500_001));
        let mut titles = |id: &str| ask(&mut backend, json!({ "do": "record_get", "id": id }))["titles"].clone();
        assert_eq!(titles(&penalty)["value=1500001"], "1.500001");
        assert_eq!(titles(&seized)["value=25000"], "2.5");
        assert_eq!(titles(&filed)["value=1500001"], Value::Null);
        let request = json!({ "do": "history", "record": penalty, "field": "value" });
        assert_eq!(ask(&mut backend, request)[0]["titles"]["value=1500001"], "1.500001");
        let all = ask(&mut backend, json!({ "do": "history", "record": penalty, "field": null }));
        let told = |field: &str| all.as_array().unwrap().iter().find(|line| line["field"] == field).unwrap().clone();
        assert_eq!(told("column")["titles"]["column=penalty"], "罚没(万元)");
        assert_eq!(told("value")["assigned"]["author"], "张三");
        assert_eq!(told("value")["office_name"], "永宁县局");
    }
}

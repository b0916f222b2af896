//! Every form and figure of the shipped campaigns is filled from one book. What they are meant to print, line by line, is
//! tested with the stories; here it is that the compiler understands every one of them.

use std::collections::BTreeSet;

use campaign::answers::{AnswerCell, Answers, Filling};
use campaign::model::{Body, CellRule};
use campaign::{Figure, Library};
use domain::{Date, DeviceId, Fields, RecordId, Value};
use store::figures::Over;
use store::{Book, Edit};
use sweepbook_store as store;

const COUNTY: &str = "640121";

fn id(number: u32) -> RecordId {
    RecordId::from_bytes((0x0190_a6e4_0000_7000_8000_0000_0000_0000u128 + u128::from(number)).to_be_bytes())
}

struct Desk {
    _folder: tempfile::TempDir,
    book: Book,
    library: Library,
    /// The records in the order in which they were made.
    made: Vec<RecordId>,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let book = Book::create(&folder.path().join("book.db")).unwrap();
        Desk { _folder: folder, book, library: Library::builtin(), made: Vec::new() }
    }

    /// A record that counts for every campaign. `#3` stands for the id of record 3, `sets` name their elements.
    fn add(&mut self, number: u32, kind: &str, fields: &[(&str, Value)], sets: &[&str]) {
        self.add_of(COUNTY, number, kind, fields, sets);
    }

    fn add_of(&mut self, office: &str, number: u32, kind: &str, fields: &[(&str, Value)], sets: &[&str]) {
        let mut slots = Fields::new();
        for (field, value) in fields {
            slots.insert((*field).to_owned(), value.clone());
        }
        let campaigns = self.library.campaigns().map(|campaign| format!("campaigns/{}", campaign.id));
        for slot in campaigns.chain(sets.iter().map(|slot| (*slot).to_owned())) {
            slots.insert(slot, true.into());
        }
        self.made.push(id(number));
        let device: DeviceId = "00112233445566ff".parse().unwrap();
        let office = office.parse().unwrap();
        let edit = Edit { record: id(number), kind: kind.into(), office, author: "a".into(), slots };
        let at = 1_600_000_000_000 + self.made.len() as u64;
        self.book.transact(|writer| writer.append(edit, &device, at)).unwrap();
    }

    fn fill(&self, form: &str, as_of: &str) -> Answers {
        let (campaign, found) = self.library.form(form).unwrap();
        let as_of: Date = as_of.parse().unwrap();
        let office = COUNTY.parse().unwrap();
        let filling = Filling::to_count(form, office, as_of);
        self.book.read(|reader| reader.fill(self.library.schema(), campaign, found, &filling)).unwrap()
    }

    fn cell(&self, form: &str, row: &str, column: &str) -> i64 {
        match self.fill(form, "2021-12-31") {
            Answers::Statistics { cells, .. } => cells[&(row.to_owned(), column.to_owned())],
            Answers::List { .. } => panic!("a list"),
        }
    }
}

fn reference(number: u32) -> Value {
    Value::text(id(number).to_string())
}

/// One enterprise with a record of every kind.
fn county() -> Desk {
    let mut desk = Desk::new();
    let texts = |items: &[&str]| Value::List(items.iter().map(|item| Value::text(*item)).collect());
    desk.add(
        1,
        "enterprise",
        &[
            ("name", "宁夏甲口罩厂".into()),
            ("exports", true.into()),
            ("converted_for_epidemic", false.into()),
            ("nonmedical_mask_daily_output", 1000.into()),
            ("meltblown_suppliers", texts(&["乙", "丙"])),
        ],
        &["roles/producer", "roles/platform", "roles/online_shop"],
    );
    let product = |name: &str, variety: &str, medical: bool| {
        [
            ("enterprise", reference(1)),
            ("category", "mask".into()),
            ("name", name.into()),
            ("variety", variety.into()),
            ("medical", medical.into()),
        ]
    };
    desk.add(2, "product", &product("口罩", "防尘口罩", false), &[]);
    desk.add(3, "product", &product("口罩", "医用口罩", true), &[]);
    desk.add(
        4,
        "inspection",
        &[
            ("enterprise", reference(1)),
            ("date", "2021-06-10".into()),
            ("inspectors", texts(&["张三", "李四"])),
            ("line", "metrology".into()),
            ("department", "drug".into()),
            ("outcome", "case".into()),
            ("approval_defect", true.into()),
            ("self_checked_on", "2021-06-09".into()),
        ],
        &["categories/mask"],
    );
    desk.add(
        5,
        "case",
        &[
            ("enterprise", reference(1)),
            ("line", "metrology".into()),
            ("category", "mask".into()),
            ("filed_on", "2021-06-11".into()),
            ("penalty_on", "2021-06-12".into()),
            ("penalty_fen", 12_345.into()),
        ],
        &[],
    );
    desk.add(
        6,
        "sample",
        &[
            ("enterprise", reference(1)),
            ("number", "S1".into()),
            ("product_name", "口罩".into()),
            ("category", "mask".into()),
            ("sampled_on", "2021-06-10".into()),
            ("authority", "market".into()),
            ("result", "nonconforming".into()),
            ("reported_on", "2021-06-20".into()),
        ],
        &[],
    );
    desk.add(7, "disposal", &[("sample", reference(6)), ("stop_sale_on", "2021-06-21".into())], &[]);
    desk.add(
        8,
        "problem",
        &[
            ("enterprise", reference(1)),
            ("found_on", "2021-06-10".into()),
            ("description", "x".into()),
            ("state", "open".into()),
        ],
        &[],
    );
    for number in [9, 10] {
        desk.add(
            number,
            "clue",
            &[
                ("enterprise", reference(1)),
                ("received_on", "2021-06-09".into()),
                ("source", "complaint".into()),
                ("content", "x".into()),
            ],
            &[],
        );
    }
    desk
}

#[test]
fn every_form_and_figure_is_understood() {
    let desk = county();
    let office = COUNTY.parse().unwrap();
    let as_of: Date = "2021-12-31".parse().unwrap();
    for campaign in desk.library.campaigns() {
        let over = Over { schema: desk.library.schema(), campaign, office: &office, as_of };
        let figures: Vec<&Figure> = campaign.figures.iter().collect();
        let together = desk.book.read(|reader| reader.figures(over, &figures)).unwrap();
        for (figure, together) in figures.into_iter().zip(together) {
            let value = desk.book.read(|reader| reader.figure(desk.library.schema(), campaign, figure, &office, as_of));
            assert_eq!(value.ok(), Some(together), "{} {}", campaign.id, figure.id);
        }
        // All that is recorded is about masks.
        let of_masks = campaign.categories.iter().any(|used| used.category == "mask");
        for form in &campaign.forms {
            match desk.fill(&form.id, "2021-12-31") {
                Answers::Statistics { cells, .. } => {
                    assert!(!of_masks || cells.values().any(|value| *value > 0), "{}", form.id);
                }
                Answers::List { rows, .. } => {
                    assert_eq!(rows.len(), 1, "{}", form.id);
                    assert_eq!(rows[0].cells.len(), form.columns.len());
                }
            }
        }
    }
    for campaign in desk.library.campaigns() {
        for ledger in &campaign.ledgers {
            let Answers::List { rows, .. } = desk.fill(&ledger.id, "2021-12-31") else { panic!("{}", ledger.id) };
            assert!(rows.iter().all(|row| row.cells.len() == ledger.columns.len()), "{}", ledger.id);
        }
    }
    for number in 1..9 {
        let campaigns: Vec<_> = desk.library.campaigns().collect();
        let cells =
            desk.book.read(|reader| reader.cells(desk.library.schema(), &campaigns, &office, id(number), as_of));
        assert!(cells.is_ok(), "{number}: {cells:?}");
    }
}

/// Asked of every cell that counts by itself, for every department: the first of the office's own is the one that opening the
/// cell shows first in the order in which they were made.
#[test]
fn the_first_record_of_a_cell_is_found_without_opening_it() {
    let mut desk = county();
    let inspection = |department: &str| {
        [
            ("enterprise", reference(1)),
            ("date", "2021-06-10".into()),
            ("inspectors", Value::List(vec!["张三".into(), "李四".into()])),
            ("line", "quality".into()),
            ("department", department.into()),
            ("outcome", "case".into()),
        ]
    };
    // Ids run against the order of making; the station's is made first of all and is not the county's own.
    desk.add_of("640121-01", 40, "inspection", &inspection("market"), &["categories/mask"]);
    for (number, department) in [(39, "drug"), (38, "market"), (37, "market")] {
        desk.add(number, "inspection", &inspection(department), &["categories/mask"]);
    }
    let county = COUNTY.parse().unwrap();
    let schema = desk.library.schema();
    let as_of: Date = "2021-12-31".parse().unwrap();
    let own = |record: RecordId, department: Option<&str>| {
        let record = desk.book.read::<_, store::StoreError>(|reader| reader.record(record)).unwrap().unwrap();
        record.office == county && department.is_none_or(|code| record.text("department") == Some(code))
    };
    let (mut found, mut none) = (BTreeSet::new(), 0);
    for (campaign, form) in desk.library.campaigns().flat_map(|it| it.forms.iter().map(move |form| (it, form))) {
        let Body::Statistics { rows, .. } = &form.body else { continue };
        let filling = Filling::to_count(&form.id, county.clone(), as_of);
        for row in rows.iter().filter(|row| !row.total) {
            for column in &form.columns {
                let CellRule::Figure { id, .. } = &column.cell else { continue };
                let kind = &campaign.figures.iter().find(|figure| figure.id == *id).unwrap().kind;
                let named = schema.kind(kind).unwrap().field("department").is_some();
                let departments = [None, Some("market"), Some("drug"), Some("customs")];
                for department in departments.into_iter().filter(|department| named || department.is_none()) {
                    let coded = department.map(|code| ("department", code));
                    let (first, opened) = desk
                        .book
                        .read::<_, store::StoreError>(|reader| {
                            let cell = (row.id.as_str(), column.id.as_str());
                            let first = reader.first_counted(schema, campaign, form, &filling, cell, coded)?;
                            Ok((first, reader.trace(schema, campaign, form, &filling, cell.0, cell.1)?))
                        })
                        .unwrap();
                    let mut counted: Vec<RecordId> = opened.into_iter().map(|traced| traced.record).collect();
                    counted.retain(|record| own(*record, department));
                    counted.sort_by_key(|record| desk.made.iter().position(|made| made == record));
                    assert_eq!(first, counted.first().copied(), "{} {} {} {department:?}", form.id, row.id, column.id);
                    match first {
                        Some(first) => drop(found.insert(first)),
                        None => none += 1,
                    }
                }
            }
        }
    }
    assert!(none > 0 && found.contains(&id(39)) && found.contains(&id(38)), "{none} {found:?}");
    assert!(!found.contains(&id(40)) && !found.contains(&id(37)), "{found:?}");
}

#[test]
fn lines_without_a_row_are_other_and_those_without_columns_too() {
    let desk = county();
    assert_eq!(desk.cell("nx-2021-24/1", "other", "filed"), 1);
    assert_eq!(desk.cell("nx-2021-24/1", "total", "penalty"), 12_345);
    assert_eq!(desk.cell("ln-2020/2", "mask", "other.filed"), 1);
    assert_eq!(desk.cell("ln-2020/2", "mask", "total.filed"), 1);
    assert_eq!(desk.cell("ln-2020/2", "mask", "total.penalty"), 12_345);
    assert_eq!(desk.cell("ln-2020/1", "mask", "swept"), 1);
    assert_eq!(desk.cell("ln-2020/1", "mask", "approval_defect"), 1);
    assert_eq!(desk.cell("ln-2020/1", "mask", "nonconforming"), 1);
}

#[test]
fn a_declared_share_of_the_penalties_adds_to_the_whole() {
    let mut desk = county();
    let declared = [
        ("form", Value::text("ln-2020/2")),
        ("row", "mask".into()),
        ("column", "qualification.penalty".into()),
        ("as_of", "2021-01-01".into()),
        ("value", 100.into()),
        ("source", "drug".into()),
    ];
    desk.add(20, "declared", &declared, &[]);
    assert_eq!(desk.cell("ln-2020/2", "mask", "qualification.penalty"), 100);
    assert_eq!(desk.cell("ln-2020/2", "mask", "total.penalty"), 12_445);
}

#[test]
fn the_survey_prints_ticks_and_the_products_that_are_not_medical() {
    let desk = county();
    let Answers::List { rows, .. } = desk.fill("samr-2020-51/1", "2021-12-31") else { panic!("no list") };
    let (_, form) = desk.library.form("samr-2020-51/1").unwrap();
    let cell = |column: &str| {
        let at = form.columns.iter().position(|known| known.id == column).unwrap();
        rows[0].cells[at].clone()
    };
    assert_eq!(cell("varieties"), AnswerCell::Text("防尘口罩".into()));
    assert_eq!(cell("meltblown_suppliers"), AnswerCell::Text("乙、丙".into()));
    assert_eq!(cell("exports_yes"), AnswerCell::Text("√".into()));
    assert_eq!((cell("converted_yes"), cell("converted_no")), (AnswerCell::Blank, AnswerCell::Text("√".into())));
    assert_eq!((cell("medical_yes"), cell("medical_no")), (AnswerCell::Blank, AnswerCell::Blank), "unknown");
    assert_eq!(cell("daily_output"), AnswerCell::Number(1000));
}

//! A made-up city in a campaign: eight counties record enterprises, products, inspections, samples, disposals and cases in
//! the proportions a sweep has, four first revisions to one edit. The same seed and size give the same bytes, so that a
//! package can be sealed from it, which asks twice, and two runs can be compared.

use domain::{DeviceId, Fields, Hlc, Notice, OfficeCode, RecordId, RevisionDraft, RevisionId, Value, uscc};
use testkit::clock::NOW;
use testkit::faults::Dice;
use uuid::Uuid;

use crate::words::{CAUSES, CHECKED, FAILURES, FINDINGS, GIVEN, LABS, MODELS, PEOPLE, ROADS, TRADES, VARIETIES, WORDS};

/// The office that sends, above all counties.
pub const CITY: &str = "640100";
const COUNTIES: [(&str, &str); 8] = [
    ("640104", "兴庆区"),
    ("640105", "西夏区"),
    ("640106", "金凤区"),
    ("640121", "永宁县"),
    ("640122", "贺兰县"),
    ("640181", "灵武市"),
    ("640100-1", "经济技术开发区"),
    ("640100-2", "综合保税区"),
];
/// Every record counts for both, as those of an office do that two campaigns reach.
const CAMPAIGNS: [&str; 2] = ["nx-2021-24", "ln-2020"];
/// The last day anything happens; the first is 2021-03-01.
pub const LAST_DAY: &str = "2021-05-31";
const DAYS: u64 = 92;
/// Each fifth revision edits a record.
const EDIT_EVERY: u64 = 5;
/// A device's clock from one save to the next.
const STEP: u64 = 7_013;

const CATEGORIES: [(&str, u64); 8] = [
    ("mask", 58),
    ("meltblown", 12),
    ("protective_suit", 8),
    ("nonwoven", 7),
    ("thermometer", 6),
    ("test_kit", 4),
    ("ventilator", 3),
    ("infrared_sensor", 2),
];
const LINES: [(&str, u64); 10] = [
    ("quality", 46),
    ("price", 14),
    ("qualification", 11),
    ("advertising", 7),
    ("competition", 6),
    ("ip", 5),
    ("certification", 5),
    ("public_security", 2),
    ("metrology", 2),
    ("other", 2),
];
const KINDS: [(&str, u64); 9] = [
    ("inspection", 37),
    ("enterprise", 18),
    ("product", 15),
    ("sample", 14),
    ("case", 7),
    ("problem", 4),
    ("disposal", 2),
    ("assistance", 2),
    ("recall", 1),
];

const SAMPLING_KINDS: [(&str, u64); 5] =
    [("sample", 72), ("enterprise", 9), ("product", 10), ("disposal", 6), ("assistance", 3)];
const SAMPLING_CATEGORIES: [(&str, u64); 2] = [("mask", 85), ("meltblown", 15)];

/// How much to make: revisions in all, spread over the counties, or records only.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub revisions: u64,
    pub edits: bool,
    /// Another part of the same city: its devices and records are other ones.
    pub part: u64,
    /// Mostly samples of what the campaign is about, as after a sampling round.
    pub sampling: bool,
}

impl Size {
    pub fn revisions(revisions: u64) -> Self {
        Size { revisions, edits: true, part: 0, sampling: false }
    }

    /// First revisions only: as many records.
    pub fn records(records: u64, part: u64) -> Self {
        Size { revisions: records, edits: false, part, sampling: false }
    }

    /// Seven records in ten are samples of the campaign's own categories.
    pub fn sampling(records: u64) -> Self {
        Size { revisions: records, edits: false, part: 4, sampling: true }
    }
}

/// The n-th county's device; ascending, as a package orders its streams.
fn device(part: u64, county: usize) -> DeviceId {
    testkit::device(0x5eeb_0000 + part * 0x100 + county as u64)
}

/// Hands over every line, ordered by device, record's office and sequence.
pub fn lines<E>(size: Size, sink: &mut dyn FnMut(&[u8]) -> Result<(), E>) -> Result<(), E>
where
    E: From<Notice>,
{
    let share = size.revisions / COUNTIES.len() as u64;
    for (at, (office, place)) in COUNTIES.iter().enumerate() {
        let count = if at == 0 { size.revisions - share * (COUNTIES.len() as u64 - 1) } else { share };
        County::new(size, at, office, place).write(count, sink)?;
    }
    Ok(())
}

struct Kept {
    id: RecordId,
    head: RevisionId,
    kind: &'static str,
}

struct County {
    dice: Dice,
    edits: bool,
    kinds: &'static [(&'static str, u64)],
    categories: &'static [(&'static str, u64)],
    office: OfficeCode,
    place: &'static str,
    device: DeviceId,
    clock: u64,
    records: Vec<Kept>,
    enterprises: Vec<(RecordId, String)>,
    products: Vec<(RecordId, RecordId, &'static str)>,
    samples: Vec<RecordId>,
    nonconforming: Vec<RecordId>,
    inspections: u64,
    inspectors: Vec<String>,
}

impl County {
    fn new(size: Size, at: usize, office: &str, place: &'static str) -> Self {
        let mut dice = Dice::new(0x5eeb_b00c ^ (size.part << 32) ^ at as u64);
        let inspectors = (0..24).map(|_| person(&mut dice)).collect();
        County {
            dice,
            edits: size.edits,
            kinds: if size.sampling { &SAMPLING_KINDS } else { &KINDS },
            categories: if size.sampling { &SAMPLING_CATEGORIES } else { &CATEGORIES },
            office: testkit::offices::office(office),
            place,
            device: device(size.part, at),
            clock: NOW,
            records: Vec::new(),
            enterprises: Vec::new(),
            products: Vec::new(),
            samples: Vec::new(),
            nonconforming: Vec::new(),
            inspections: 0,
            inspectors,
        }
    }

    fn write<E: From<Notice>>(mut self, count: u64, sink: &mut dyn FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        for seq in 1..=count {
            self.clock += 1 + self.dice.below(2 * STEP);
            let line = match self.edits && seq.is_multiple_of(EDIT_EVERY) {
                true => {
                    let at = self.dice.below(self.records.len() as u64) as usize;
                    let Kept { id, head, kind } = self.records[at];
                    let line = self.line(seq, id, kind, vec![head], Fields::new())?;
                    self.records[at].head = RevisionId::of_line(line.as_bytes());
                    line
                }
                false => {
                    let id = self.fresh();
                    let (kind, fields) = self.first(id);
                    let line = self.line(seq, id, kind, Vec::new(), fields)?;
                    if self.edits {
                        self.records.push(Kept { id, head: RevisionId::of_line(line.as_bytes()), kind });
                    }
                    line
                }
            };
            sink(line.as_bytes())?;
        }
        Ok(())
    }

    /// A version 7 id, as the program gives a new record.
    fn fresh(&mut self) -> RecordId {
        let chance = self.dice.roll();
        let mut bytes = [0; 16];
        bytes[..6].copy_from_slice(&self.clock.to_be_bytes()[2..]);
        bytes[6..14].copy_from_slice(&chance.to_be_bytes());
        bytes[14..].copy_from_slice(&self.dice.roll().to_be_bytes()[..2]);
        RecordId(uuid::Builder::from_bytes(bytes).with_version(uuid::Version::SortRand).into_uuid())
    }

    fn line(
        &mut self,
        seq: u64,
        record: RecordId,
        kind: &'static str,
        parents: Vec<RevisionId>,
        mut fields: Fields,
    ) -> Result<String, Notice> {
        if !parents.is_empty() {
            self.edit(kind, &mut fields);
        }
        let author = self.inspector();
        RevisionDraft {
            record,
            kind: kind.to_owned(),
            office: self.office.clone(),
            parents,
            device: self.device.clone(),
            seq,
            clock: Hlc { millis: self.clock, counter: 0 },
            author,
            fields,
        }
        .to_line()
    }

    fn first(&mut self, id: RecordId) -> (&'static str, Fields) {
        let mut kind = *choose(&mut self.dice, self.kinds);
        if self.enterprises.len() < 3 {
            kind = "enterprise";
        } else if kind == "sample" && self.products.is_empty() {
            kind = "product";
        } else if (kind == "disposal" && self.nonconforming.is_empty()) || (kind == "problem" && self.inspections == 0)
        {
            kind = "inspection";
        }
        let mut fields = Fields::new();
        for campaign in CAMPAIGNS {
            fields.insert(format!("campaigns/{campaign}"), true.into());
        }
        let mut put = Put { fields: &mut fields };
        match kind {
            "enterprise" => self.enterprise(id, &mut put),
            "product" => self.product(id, &mut put),
            "inspection" => self.inspection(&mut put),
            "problem" => self.problem(&mut put),
            "sample" => self.sample(id, &mut put),
            "disposal" => self.disposal(&mut put),
            "case" => self.case(&mut put),
            "recall" => self.recall(&mut put),
            _ => self.assistance(&mut put),
        }
        (kind, fields)
    }

    fn enterprise(&mut self, id: RecordId, put: &mut Put) {
        let name = format!("宁夏{}{}{}有限公司", self.word(), self.word(), self.one(&TRADES));
        put.text("name", &name);
        let mut code = format!("91{}MA", self.office.division());
        for _ in 0..7 {
            code.push(b"0123456789ABCDEFGHJKLMNPQRTUWXY"[self.dice.below(31) as usize] as char);
        }
        code.extend(uscc::check_digit(&code));
        put.text("uscc", code);
        let role =
            *choose(&mut self.dice, &[("producer", 52), ("seller", 34), ("material_producer", 9), ("exporter", 5)]);
        put.fields.insert(format!("roles/{role}"), true.into());
        if role == "producer" && self.often(30) {
            put.fields.insert("roles/exporter".into(), true.into());
        }
        put.text("division", self.office.division());
        let road = self.one(&ROADS);
        put.text("address", format!("{}{road}{}号", self.place, 1 + self.dice.below(980)));
        put.text("legal_representative", person(&mut self.dice));
        put.text("contact", person(&mut self.dice));
        put.text("phone", format!("1{}", 3_000_000_000 + self.dice.below(6_900_000_000)));
        put.text("scale", *choose(&mut self.dice, &[("micro", 45), ("small", 38), ("medium", 13), ("large", 4)]));
        let status = [("producing", 70), ("partial", 12), ("suspended", 9), ("converted", 6), ("closed", 3)];
        put.text("status", *choose(&mut self.dice, &status));
        let (year, month, day) = (2001 + self.dice.below(20), 1 + self.dice.below(12), 1 + self.dice.below(28));
        put.text("established_on", format!("{year}-{month:02}-{day:02}"));
        put.fields.insert("exports".into(), self.often(12).into());
        self.enterprises.push((id, name));
    }

    fn product(&mut self, id: RecordId, put: &mut Put) {
        let (enterprise, _) = self.an_enterprise();
        let category = *choose(&mut self.dice, self.categories);
        put.reference("enterprise", enterprise);
        put.text("category", category);
        put.text("name", self.one(&VARIETIES));
        put.text("variety", self.one(&VARIETIES));
        put.text("model", self.one(&MODELS));
        put.text("standard", ["GB/T 32610-2016", "GB 2626-2019", "T/CNTAC 55-2020", "YY 0469-2011"][self.below(4)]);
        put.text("standard_level", ["national", "industry", "association", "enterprise"][self.below(4)]);
        if category == "mask" {
            put.fields.insert("medical".into(), self.often(35).into());
        }
        self.products.push((id, enterprise, category));
    }

    fn inspection(&mut self, put: &mut Put) {
        let (enterprise, name) = self.an_enterprise();
        put.text("place", format!("{name}生产车间及成品库"));
        put.reference("enterprise", enterprise);
        put.text("date", self.day(0));
        put.text("started_at", format!("{:02}:{:02}", 8 + self.dice.below(4), self.dice.below(60)));
        put.text("ended_at", format!("{:02}:{:02}", 13 + self.dice.below(4), self.dice.below(60)));
        put.text("mode", *choose(&mut self.dice, &[("special", 55), ("daily", 25), ("random", 15), ("recheck", 5)]));
        let team: Vec<Value> = (0..2 + self.dice.below(3)).map(|_| Value::text(self.inspector())).collect();
        put.fields.insert("inspectors".into(), Value::List(team));
        put.text("person_in_charge", person(&mut self.dice));
        put.text("line", *choose(&mut self.dice, &LINES));
        put.text(
            "department",
            *choose(&mut self.dice, &[("market", 72), ("drug", 18), ("customs", 4), ("commerce", 6)]),
        );
        put.fields.insert(format!("categories/{}", choose(&mut self.dice, self.categories)), true.into());
        if self.often(18) {
            put.fields.insert(format!("categories/{}", choose(&mut self.dice, self.categories)), true.into());
        }
        put.text("stage", *choose(&mut self.dice, &[("production", 55), ("circulation", 35), ("online", 10)]));
        for item in CHECKED.iter().take(3 + self.below(6)) {
            let result = *choose(&mut self.dice, &[("pass", 88), ("fail", 7), ("na", 5)]);
            let answer = Fields::from([("result".to_owned(), Value::text(result))]);
            put.fields.insert(format!("checklist/{item}"), Value::Map(answer));
        }
        let defects = [("approval_defect", 2), ("certification_defect", 3), ("other_defect", 4), ("no_standard", 2)];
        for (defect, percent) in defects {
            if self.often(percent) {
                put.fields.insert(defect.into(), true.into());
            }
        }
        if self.often(40) {
            put.text("findings", self.one(&FINDINGS));
        }
        put.text("outcome", *choose(&mut self.dice, &[("normal", 78), ("rectify", 16), ("case", 5), ("transfer", 1)]));
        self.inspections += 1;
    }

    fn problem(&mut self, put: &mut Put) {
        put.reference("enterprise", self.an_enterprise().0);
        let found = self.dice.below(DAYS);
        put.text("found_on", date(found));
        put.text("description", self.one(&FINDINGS));
        put.text("due_on", date((found + 15).min(DAYS - 1)));
        put.text("state", ["open", "rectified", "verified"][self.below(3)]);
    }

    fn sample(&mut self, id: RecordId, put: &mut Put) {
        let at = self.below(self.products.len());
        let (product, enterprise, category) = self.products[at];
        put.reference("enterprise", enterprise);
        put.reference("product", product);
        put.text("number", format!("NX{}{:06}", self.office.division(), self.dice.below(1_000_000)));
        put.text("product_name", self.one(&VARIETIES));
        put.text("model", self.one(&MODELS));
        put.text("category", category);
        put.text("variety", self.one(&VARIETIES));
        let day = self.dice.below(DAYS);
        put.text("sampled_on", date(day));
        put.text("produced_on", format!("2021-01-{:02}", 1 + self.dice.below(31)));
        let team: Vec<Value> = (0..2).map(|_| Value::text(self.inspector())).collect();
        put.fields.insert("samplers".into(), Value::List(team));
        put.text("stage", *choose(&mut self.dice, &[("production", 50), ("circulation", 40), ("online", 10)]));
        put.text("authority", *choose(&mut self.dice, &[("market", 85), ("drug", 12), ("customs", 3)]));
        put.text("province", "宁夏");
        put.text("batch_no", format!("2021{:02}{:02}", 1 + self.dice.below(3), 1 + self.dice.below(28)));
        put.number("batch_quantity", 1_000 * (1 + self.dice.below(200)));
        put.number("sampled_quantity", 20 + 10 * self.dice.below(9));
        put.text("lab", self.one(&LABS));
        let result = *choose(&mut self.dice, &[("conforming", 76), ("pending", 14), ("nonconforming", 10)]);
        put.text("result", result);
        if result != "pending" {
            put.text("reported_on", date((day + 9).min(DAYS - 1)));
        }
        if result == "nonconforming" {
            let items = (0..1 + self.below(2)).map(|_| Value::text(self.one(&FAILURES))).collect();
            put.fields.insert("failed_items".into(), Value::List(items));
            put.number("nonconforming_quantity", 500 * (1 + self.dice.below(100)));
            put.text("entered_market", ["yes", "no", "unknown"][self.below(3)]);
            self.nonconforming.push(id);
        }
        self.samples.push(id);
    }

    fn disposal(&mut self, put: &mut Put) {
        let at = self.below(self.nonconforming.len());
        let sample = self.nonconforming.swap_remove(at);
        put.reference("sample", sample);
        let day = self.dice.below(DAYS);
        put.text("stop_sale_on", date(day));
        put.text("sealed_on", date(day));
        put.number("sealed_quantity", 100 * (1 + self.dice.below(200)));
        put.text("rectify_ordered_on", date(day));
        put.text("rectify_by", date((day + 20).min(DAYS - 1)));
        if self.often(60) {
            put.text("recalled_on", date((day + 5).min(DAYS - 1)));
            put.number("recalled_quantity", 100 * (1 + self.dice.below(300)));
        }
        let road = self.one(&ROADS);
        let flow = Fields::from([
            ("destination".to_owned(), Value::text(format!("{}{road}", self.place))),
            ("quantity".to_owned(), Value::Int(100 * (1 + self.dice.below(90)) as i64)),
        ]);
        put.fields.insert("flows".into(), Value::List(vec![Value::Map(flow)]));
    }

    fn case(&mut self, put: &mut Put) {
        put.reference("enterprise", self.an_enterprise().0);
        let filed = self.dice.below(DAYS);
        put.text("number", format!("宁市监案〔2021〕{}号", 1 + self.dice.below(90_000)));
        put.text("cause", self.one(&CAUSES));
        put.text("line", *choose(&mut self.dice, &LINES));
        put.text("category", *choose(&mut self.dice, self.categories));
        put.text("filed_on", date(filed));
        put.number("value_fen", 10_000 * (1 + self.dice.below(900)));
        if self.often(30) {
            put.number("seized_quantity", 100 * (1 + self.dice.below(500)));
        }
        if self.often(55) {
            self.penalty(filed, put);
        }
        if self.often(4) {
            put.text("transferred_on", date((filed + 20).min(DAYS - 1)));
        }
    }

    fn penalty(&mut self, filed: u64, put: &mut Put) {
        let day = date((filed + 25).min(DAYS - 1));
        put.text("decision_no", format!("宁市监罚字〔2021〕{}号", 1 + self.dice.below(90_000)));
        put.text("penalty_on", &day);
        put.text("closed_on", day);
        put.number("penalty_fen", 5_000 * (1 + self.dice.below(400)));
        put.fields.insert("penalty_kinds/fine".into(), true.into());
    }

    fn recall(&mut self, put: &mut Put) {
        put.reference("enterprise", self.an_enterprise().0);
        put.text("category", *choose(&mut self.dice, self.categories));
        put.text("cause", self.one(&FAILURES));
        put.text("started_on", self.day(0));
        put.number("quantity", 100 * (1 + self.dice.below(900)));
    }

    fn assistance(&mut self, put: &mut Put) {
        put.text("date", self.day(0));
        let enterprises = (0..1 + self.below(3)).map(|_| Value::text(self.an_enterprise().0.to_string())).collect();
        put.fields.insert("enterprises".into(), Value::List(enterprises));
        put.text("mode", ["training", "standards", "clinic", "talk"][self.below(4)]);
        put.text("content", self.one(&FINDINGS));
    }

    /// What comes to be known later, or was written down wrong.
    fn edit(&mut self, kind: &str, fields: &mut Fields) {
        let mut put = Put { fields };
        match kind {
            "enterprise" if self.often(50) => {
                put.text("phone", format!("1{}", 3_000_000_000 + self.dice.below(6_900_000_000)));
            }
            "enterprise" => put.text("status", ["producing", "partial", "suspended"][self.below(3)]),
            "product" => put.text("model", self.one(&MODELS)),
            "inspection" => {
                put.text("findings", self.one(&FINDINGS));
                put.text("outcome", ["normal", "rectify", "case"][self.below(3)]);
            }
            "problem" => put.text("state", "verified"),
            "sample" => {
                put.text("result", "conforming");
                put.text("reported_on", self.day(9));
                put.text("delivered_on", self.day(12));
            }
            "disposal" => {
                put.text("reinspected_on", self.day(40));
                put.text("reinspection", "pass");
            }
            "case" => self.penalty(30, &mut put),
            "recall" => put.number("recalled_quantity", 100 * (1 + self.dice.below(400))),
            _ => put.text("outcome", self.one(&FINDINGS)),
        }
    }

    fn below(&mut self, bound: usize) -> usize {
        self.dice.below(bound as u64) as usize
    }

    fn often(&mut self, percent: u64) -> bool {
        self.dice.below(100) < percent
    }

    fn one(&mut self, words: &[&'static str]) -> &'static str {
        words[self.below(words.len())]
    }

    fn word(&mut self) -> char {
        WORDS[self.below(WORDS.len())]
    }

    fn inspector(&mut self) -> String {
        let at = self.below(self.inspectors.len());
        self.inspectors[at].clone()
    }

    fn an_enterprise(&mut self) -> (RecordId, String) {
        let at = self.below(self.enterprises.len());
        self.enterprises[at].clone()
    }

    fn day(&mut self, from: u64) -> String {
        date(from + self.dice.below(DAYS - from))
    }
}

struct Put<'f> {
    fields: &'f mut Fields,
}

impl Put<'_> {
    fn text(&mut self, field: &str, text: impl Into<String>) {
        self.fields.insert(field.to_owned(), Value::Text(text.into()));
    }

    fn number(&mut self, field: &str, number: u64) {
        self.fields.insert(field.to_owned(), Value::Int(number as i64));
    }

    fn reference(&mut self, field: &str, id: RecordId) {
        self.text(field, id.to_string());
    }
}

/// The n-th day from 2021-03-01.
fn date(day: u64) -> String {
    match day {
        0..31 => format!("2021-03-{:02}", day + 1),
        31..61 => format!("2021-04-{:02}", day - 30),
        _ => format!("2021-05-{:02}", day - 60),
    }
}

fn person(dice: &mut Dice) -> String {
    let mut name = String::new();
    name.push(PEOPLE[dice.below(PEOPLE.len() as u64) as usize]);
    for _ in 0..1 + dice.below(2) {
        name.push(GIVEN[dice.below(GIVEN.len() as u64) as usize]);
    }
    name
}

fn choose<'w, T>(dice: &mut Dice, weighed: &'w [(T, u64)]) -> &'w T {
    let mut left = dice.below(weighed.iter().map(|(_, weight)| weight).sum());
    for (choice, weight) in weighed {
        if left < *weight {
            return choice;
        }
        left -= weight;
    }
    &weighed[0].0
}

/// The package's own id: the same content is the same package.
pub fn package_id(size: Size) -> Uuid {
    Uuid::from_u128(0x5eeb_b00c_0000_7000_8000_0000_0000_0000 + u128::from(size.revisions))
}

//! A made-up city in a campaign: eight counties record enterprises, products, inspections, samples, disposals and cases in
//! the proportions a sweep has, four first revisions to one edit. The same seed and size give the same bytes, so that a
//! package can be sealed from it, which asks twice, and two runs can be compared.

use domain::{DeviceId, Fields, Hlc, Notice, OfficeCode, RecordId, RevisionDraft, RevisionId};
use testkit::clock::NOW;
use testkit::faults::Dice;
use uuid::Uuid;

use crate::put::Put;
use crate::words::{GIVEN, PEOPLE, WORDS};

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
pub const DAYS: u64 = 92;
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
    edits: bool,
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
    #[cfg_attr(not(feature = "forms"), allow(dead_code))]
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

struct BenchRecord {
    id: RecordId,
    head: RevisionId,
    kind: &'static str,
}

pub struct County {
    pub dice: Dice,
    pub edits: bool,
    kinds: &'static [(&'static str, u64)],
    pub categories: &'static [(&'static str, u64)],
    pub office: OfficeCode,
    pub place: &'static str,
    device: DeviceId,
    clock: u64,
    records: Vec<BenchRecord>,
    pub enterprises: Vec<(RecordId, String)>,
    pub products: Vec<(RecordId, RecordId, &'static str)>,
    pub nonconforming: Vec<RecordId>,
    pub inspections: u64,
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
                    let BenchRecord { id, head, kind } = self.records[at];
                    let line = self.line(seq, id, kind, vec![head], Fields::new())?;
                    self.records[at].head = RevisionId::of_line(line.as_bytes());
                    line
                }
                false => {
                    let id = self.fresh();
                    let (kind, fields) = self.first(id);
                    let line = self.line(seq, id, kind, Vec::new(), fields)?;
                    if self.edits {
                        self.records.push(BenchRecord { id, head: RevisionId::of_line(line.as_bytes()), kind });
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

    pub fn below(&mut self, bound: usize) -> usize {
        self.dice.below(bound as u64) as usize
    }

    pub fn often(&mut self, percent: u64) -> bool {
        self.dice.below(100) < percent
    }

    pub fn one(&mut self, words: &[&'static str]) -> &'static str {
        words[self.below(words.len())]
    }

    pub fn word(&mut self) -> char {
        WORDS[self.below(WORDS.len())]
    }

    pub fn inspector(&mut self) -> String {
        let at = self.below(self.inspectors.len());
        self.inspectors[at].clone()
    }

    pub fn an_enterprise(&mut self) -> (RecordId, String) {
        let at = self.below(self.enterprises.len());
        self.enterprises[at].clone()
    }

    pub fn day(&mut self, from: u64) -> String {
        date(from + self.dice.below(DAYS - from))
    }
}

/// The n-th day from 2021-03-01.
pub fn date(day: u64) -> String {
    match day {
        0..31 => format!("2021-03-{:02}", day + 1),
        31..61 => format!("2021-04-{:02}", day - 30),
        _ => format!("2021-05-{:02}", day - 60),
    }
}

pub fn person(dice: &mut Dice) -> String {
    let mut name = String::new();
    name.push(PEOPLE[dice.below(PEOPLE.len() as u64) as usize]);
    for _ in 0..1 + dice.below(2) {
        name.push(GIVEN[dice.below(GIVEN.len() as u64) as usize]);
    }
    name
}

pub fn choose<'w, T>(dice: &mut Dice, weighed: &'w [(T, u64)]) -> &'w T {
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

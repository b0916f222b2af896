//! Random sequences of what people do at one desk, undone and redone in between, against a model that only knows what each
//! record showed before and after.

use std::collections::BTreeMap;

use app::{Clock, Language, NewBook, RecordId, RecordInput, RecordView, Writing};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};
use testkit::clock::NOW;

const PEOPLE: [&str; 2] = ["张三", "李梅"];

#[derive(Debug, Clone)]
enum Op {
    Make,
    Edit(Index, u8, u8),
    Sample(Index),
    /// Several records at once.
    Block(u8, Index),
    Void(Index),
    Restore(Index),
    Join(Index, Index),
    Split(Index),
    Photo(Index),
    Switch,
    Undo,
    Redo,
}

fn op() -> impl Strategy<Value = Op> {
    let which = any::<Index>;
    prop_oneof![
        3 => Just(Op::Make),
        5 => (which(), 0..4u8, 0..4u8).prop_map(|(at, field, value)| Op::Edit(at, field, value)),
        2 => which().prop_map(Op::Sample),
        2 => (1..5u8, which()).prop_map(|(count, at)| Op::Block(count, at)),
        2 => which().prop_map(Op::Void),
        1 => which().prop_map(Op::Restore),
        2 => (which(), which()).prop_map(|(left, right)| Op::Join(left, right)),
        1 => which().prop_map(Op::Split),
        1 => which().prop_map(Op::Photo),
        2 => Just(Op::Switch),
        8 => Just(Op::Undo),
        5 => Just(Op::Redo),
    ]
}

/// What a record shows; one that was made and taken back shows nothing.
type Shown = Option<Value>;
type State = BTreeMap<RecordId, Shown>;

struct Done {
    person: usize,
    /// What its records showed, and as which version, before and after.
    before: BTreeMap<RecordId, (u64, Shown)>,
    after: BTreeMap<RecordId, (u64, Shown)>,
}

struct World {
    session: Writing,
    person: usize,
    state: State,
    /// Which of its versions each record shows: the same number twice is the same state, come to by taking back.
    versions: BTreeMap<RecordId, u64>,
    counter: u64,
    done: Vec<Done>,
    undone: Vec<Done>,
    _folder: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let new = NewBook {
            path: folder.path().join("a.book"),
            office: "640121".parse().unwrap(),
            name: "永宁县局".into(),
            inspector: Some(PEOPLE[0].into()),
        };
        let mut session = Writing::create(&new, &[], Clock::Fixed(NOW)).unwrap();
        session.keep_journal();
        session.note_writes().unwrap();
        World {
            session,
            person: 0,
            state: State::new(),
            versions: BTreeMap::new(),
            counter: 0,
            done: Vec::new(),
            undone: Vec::new(),
            _folder: folder,
        }
    }

    fn shown(&self, id: RecordId) -> Shown {
        let record = self.session.record(id).ok()?;
        let taken_back = record.void.as_deref() == Some("录入后撤销");
        (!taken_back).then(|| serde_json::to_value(RecordView::from(record)).unwrap())
    }

    /// All records there ever were.
    fn ids(&self, kind: &str) -> Vec<RecordId> {
        let query = app::ListQuery { kind: kind.to_owned(), with_voided: true, limit: 500, ..Default::default() };
        let mut ids: Vec<RecordId> =
            self.session.list(&query).unwrap().records.iter().map(|record| record.id).collect();
        ids.sort_unstable();
        ids
    }

    fn now(&self) -> State {
        let kinds = ["enterprise", "sample", "attachment"];
        let ids = kinds.iter().flat_map(|kind| self.ids(kind));
        ids.map(|id| (id, self.shown(id))).collect()
    }

    /// Takes note of what an action did, by looking.
    fn noted(&mut self) {
        let entry = self.session.note_writes().unwrap();
        let now = self.now();
        let changed: Vec<RecordId> = now
            .iter()
            .filter(|(id, shown)| self.state.get(id).cloned().flatten() != **shown)
            .map(|(id, _)| *id)
            .collect();
        assert_eq!(entry.is_some(), !changed.is_empty(), "what changes something is in the journal, and nothing else");
        if changed.is_empty() {
            return;
        }
        let part = |world: &Self, state: &State| -> BTreeMap<RecordId, (u64, Shown)> {
            let one = |id: &RecordId| (world.versions.get(id).copied().unwrap_or(0), state.get(id).cloned().flatten());
            changed.iter().map(|id| (*id, one(id))).collect()
        };
        let before = part(self, &self.state);
        for id in &changed {
            self.counter += 1;
            self.versions.insert(*id, self.counter);
        }
        let after = part(self, &now);
        self.state = now;
        let person = self.person;
        self.undone.retain(|undone| undone.person != person);
        self.done.push(Done { person, before, after });
    }

    fn draft(&mut self, draft: Value) {
        let draft: RecordInput = serde_json::from_value(draft).unwrap();
        let _ = self.session.save_if_valid(draft, None);
        self.noted();
    }

    fn enterprise(&self, at: &Index) -> Option<RecordId> {
        let ids = self.ids("enterprise");
        (!ids.is_empty()).then(|| *at.get(&ids))
    }

    fn apply(&mut self, op: &Op) {
        let campaigns = json!(["nx-2021-24"]);
        let sample = |number: String, enterprise: RecordId| {
            json!({"kind": "sample", "campaigns": campaigns, "fields": {"number": number,
                "enterprise": enterprise.to_string(), "product_name": "口罩", "category": "mask",
                "sampled_on": "2021-04-01", "authority": "market", "result": "pending"}})
        };
        match op {
            Op::Make => {
                let name = format!("{}号厂", self.counter);
                self.draft(json!({"kind": "enterprise", "campaigns": campaigns, "fields": {"name": name, "roles": ["producer"]}}));
            }
            Op::Edit(at, field, value) => {
                let Some(id) = self.enterprise(at) else { return };
                let at = usize::from(*value);
                let field = match field {
                    0 => json!({"contact": (["李", "王", "", "赵"][at])}),
                    1 => {
                        let roles: &[&str] =
                            [&["producer"][..], &["seller"], &["producer", "seller"], &["exporter"]][at];
                        json!({"roles": roles})
                    }
                    2 => json!({"exports": ([Some(true), Some(false), None, Some(true)][at])}),
                    _ => json!({"name": format!("改名{at}厂"), "phone": "1"}),
                };
                self.draft(json!({"kind": "enterprise", "id": id.to_string(), "fields": field}));
            }
            Op::Sample(at) => {
                let Some(id) = self.enterprise(at) else { return };
                self.draft(sample(format!("K{}", self.counter), id));
            }
            Op::Block(count, at) => {
                let Some(known) = self.enterprise(at) else { return };
                let own = RecordId::derived(&"640121".parse().unwrap(), "block", self.counter as u32);
                let mut lines = vec![json!({"kind": "enterprise", "id": own.to_string(), "campaigns": campaigns,
                    "fields": {"name": format!("块{}厂", self.counter), "roles": ["seller"]}})];
                for at in 0..*count {
                    let of = if at % 2 == 0 { own } else { known };
                    lines.push(sample(format!("B{}-{at}", self.counter), of));
                }
                let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
                let _ = self.session.load(&mut text.as_bytes(), false, &mut |_| {});
                self.noted();
            }
            Op::Void(at) => {
                let Some(id) = self.enterprise(at) else { return };
                self.draft(json!({"kind": "enterprise", "id": id.to_string(), "void": "重复录入", "fields": {}}));
            }
            Op::Restore(at) => {
                let Some(id) = self.enterprise(at) else { return };
                let _ = self.session.restore(id, "误作废");
                self.noted();
            }
            Op::Join(left, right) => {
                let (Some(left), Some(right)) = (self.enterprise(left), self.enterprise(right)) else { return };
                let _ = self.session.join_enterprises(left, right);
                self.noted();
            }
            Op::Split(at) => {
                let Some(id) = self.enterprise(at) else { return };
                let _ = self.session.split_enterprise(id);
                self.noted();
            }
            Op::Photo(at) => {
                let Some(id) = self.enterprise(at) else { return };
                let _ = self.session.add_photo(id, "门头.jpg", include_bytes!("../fixtures/photos/sideways.jpg"));
                self.noted();
            }
            Op::Switch => {
                self.person = 1 - self.person;
                let names = PEOPLE.map(str::to_owned);
                self.session.set_people(&names, PEOPLE[self.person]).unwrap();
            }
            Op::Undo => self.reverse(true),
            Op::Redo => self.reverse(false),
        }
        assert_eq!(self.now(), self.state);
    }

    fn reverse(&mut self, back: bool) {
        let view = self.session.journal(None).unwrap();
        let offered = if back { view.undo } else { view.redo };
        let (from, person) = (if back { &self.done } else { &self.undone }, self.person);
        let last = from.iter().rposition(|done| done.person == person);
        assert_eq!(offered.is_some(), last.is_some(), "what one did oneself can be taken back, and nothing else");
        let (Some(at), Some(offered)) = (last, offered) else { return };
        let done = if back { self.done.remove(at) } else { self.undone.remove(at) };
        let (from, to) = if back { (&done.after, &done.before) } else { (&done.before, &done.after) };
        let free = from.iter().all(|(id, (version, _))| self.versions.get(id).copied().unwrap_or(0) == *version);
        let outcome =
            if back { self.session.take_back(offered.id, Language::Zh) } else { self.session.bring_back(offered.id) };
        match outcome {
            Ok(()) => {
                assert!(free, "somebody had built upon it");
                for (id, (version, shown)) in to {
                    self.versions.insert(*id, *version);
                    self.state.insert(*id, shown.clone());
                }
                if back { self.undone.push(done) } else { self.done.push(done) }
            }
            Err(failure) => {
                // What stood before may no longer stand, for what others recorded meanwhile.
                let code = failure.code().to_owned();
                assert_eq!(code == "undo-overtaken", !free, "{code}");
                if free {
                    let rests = ["enterprise-in-use", "reference-voided", "same-as-ring", "enterprise-voided"];
                    assert!(rests.contains(&code.as_str()), "{failure}");
                }
                if back { self.done.insert(at, done) } else { self.undone.insert(at, done) }
            }
        }
    }
}

proptest! {
    #![proptest_config(crate::config(24, "properties/regressions/journal.txt"))]

    #[test]
    fn what_is_undone_and_redone_shows_what_it_showed(ops in prop::collection::vec(op(), 1..40)) {
        let mut world = World::new();
        for op in &ops {
            world.apply(op);
        }
    }
}

//! Offices with books in a temporary folder, and what people there do all day, in a line each.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use app::{Clock, ConflictView, Failure, FillRequest, ImportRequest, NewBook, Plan, RecordView, Session};
use serde_json::{Value, json};
use tempfile::TempDir;

/// 2021-05-27 08:00 in China.
pub const MAY_27: u64 = 1_622_073_600_000;
pub const MINUTE: u64 = 60_000;

/// A desk drawer with everyone's books and sticks.
pub struct Drawer {
    folder: TempDir,
}

pub struct Office {
    pub session: Session,
    pub code: &'static str,
    folder: PathBuf,
}

impl Drawer {
    pub fn new() -> Self {
        app::keep_markers_in(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("stories"));
        Drawer { folder: tempfile::tempdir().expect("a folder") }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// An office with a new book of its own.
    pub fn office(&self, code: &'static str, name: &str) -> Office {
        let new = NewBook {
            path: self.path(&format!("{code}.book")),
            office: code.parse().expect("an office code"),
            name: name.into(),
            inspector: Some("高远".into()),
        };
        let session = Session::create(&new, &[], Clock::Fixed(MAY_27)).expect("a new book");
        self.desk(session, code)
    }

    /// An office that joined by the invitation of the one above.
    pub fn below(&self, upper: &mut Office, code: &'static str, name: &str) -> Office {
        let invitation = self.invitation(upper, code, name);
        self.join(&invitation, code, &format!("{code}.book"))
    }

    pub fn invitation(&self, upper: &mut Office, code: &str, name: &str) -> PathBuf {
        let file = self.path(&format!("{code}.invitation"));
        upper.session.invite(&code.parse().expect("an office code"), name, &file).expect("an invitation");
        file
    }

    pub fn join(&self, invitation: &Path, code: &'static str, book: &str) -> Office {
        let (session, _) =
            Session::join(&self.path(book), invitation, Some("马立群".into()), &[], Clock::Fixed(MAY_27))
                .expect("joined");
        self.desk(session, code)
    }

    pub fn desk(&self, session: Session, code: &'static str) -> Office {
        Office { session, code, folder: self.folder.path().to_owned() }
    }
}

impl Office {
    /// Records lines; panics with every reason if one is bad.
    pub fn record(&mut self, lines: &[Value]) {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        self.session.load(&mut text.as_bytes(), true, &mut |_| {}).expect("recorded");
    }

    /// Changes some fields of a record.
    pub fn edit(&mut self, kind: &str, id: &str, fields: Value) {
        self.record(&[json!({"kind": kind, "id": id, "fields": fields})]);
    }

    fn stick(&self) -> PathBuf {
        static STICKS: AtomicUsize = AtomicUsize::new(0);
        self.folder.join(format!("{}-{}.sweep", self.code, STICKS.fetch_add(1, Ordering::Relaxed)))
    }

    /// A package for the office above.
    pub fn hand_up(&mut self) -> Stick {
        self.seal(None)
    }

    /// A package for an office below.
    pub fn send_down(&mut self, to: &str) -> Stick {
        self.seal(Some(to))
    }

    fn seal(&mut self, to: Option<&str>) -> Stick {
        let file = self.stick();
        let to = to.map(|code| code.parse().expect("an office code"));
        let exported =
            self.session.export(to.as_ref(), &file, &mut |_| ControlFlow::Continue(())).expect("a sealed package");
        Stick { file, revisions: exported.revisions, fingerprint: exported.fingerprint.map(|print| print.zh) }
    }

    /// Imports, and lets a new device in whose fingerprint was read out on the phone.
    pub fn take(&mut self, stick: &Stick) -> Plan {
        self.import(stick, stick.fingerprint.clone().map(Some), false).expect("imported")
    }

    /// Imports without having phoned anyone; the code of the refusal.
    pub fn refuses(&mut self, stick: &Stick) -> String {
        self.import(stick, None, false).expect_err("refused").code().to_owned()
    }

    pub fn import(
        &mut self,
        stick: &Stick,
        confirm_device: Option<Option<String>>,
        include_undone: bool,
    ) -> Result<Plan, Failure> {
        let request = ImportRequest {
            file: stick.file.clone(),
            confirm_device,
            include_undone,
            as_of: Some(as_of("2021-05-27")),
        };
        self.session.import(&request, None, &mut |_| ControlFlow::Continue(()))
    }

    pub fn plan(&mut self, stick: &Stick) -> Plan {
        let request = ImportRequest {
            file: stick.file.clone(),
            confirm_device: stick.fingerprint.clone().map(Some),
            include_undone: false,
            as_of: Some(as_of("2021-05-27")),
        };
        self.session.plan(&request, &mut |_| ControlFlow::Continue(())).expect("a plan")
    }

    /// A form as its JSON.
    pub fn form(&self, form: &str, cutoff: &str) -> Value {
        let request = FillRequest { form: form.into(), office: None, as_of: as_of(cutoff), date: None };
        let filled = self.session.fill(&request).expect("a filled form");
        serde_json::from_str(&app::form_json(&filled.form)).expect("JSON")
    }

    /// One printed cell.
    pub fn cell(&self, form: &str, cutoff: &str, row: &str, column: &str) -> String {
        let filled = self.form(form, cutoff);
        let position = |ids: &str, id: &str| {
            let ids = filled[ids].as_array().expect("ids");
            ids.iter().position(|known| known == id).unwrap_or_else(|| panic!("no {id} in {form}"))
        };
        let (row, column) = (position("row_ids", row), position("columns", column));
        let offset = usize::from(!filled["stub"].is_null());
        filled["rows"][row][column + offset].as_str().expect("a printed cell").to_owned()
    }

    /// What a record holds in a field.
    pub fn field(&self, id: &str, field: &str) -> Value {
        let record = RecordView::from(self.session.record(id.parse().expect("an id")).expect("the record"));
        serde_json::to_value(&record.fields).expect("JSON")[field].clone()
    }

    pub fn conflicts(&self) -> Vec<ConflictView> {
        self.session.conflicts().expect("conflicts")
    }

    pub fn digest(&self) -> String {
        self.session.digest().expect("a digest")
    }

    /// Everything the book says of itself still follows from its log.
    pub fn is_sound(&self) {
        let report = self.session.check(&mut |_, _| {}).expect("checked");
        assert_eq!(report.findings, []);
    }
}

/// A sealed package on its way.
pub struct Stick {
    pub file: PathBuf,
    pub revisions: u64,
    /// What its sender reads out on the phone, while it is not known yet.
    pub fingerprint: Option<String>,
}

pub fn as_of(day: &str) -> app::Date {
    day.parse().expect("a day")
}

/// The n-th record of a story.
pub fn id(n: u32) -> String {
    format!("00000000-0000-4000-8000-{n:012}")
}

pub fn enterprise(n: u32, name: &str) -> Value {
    json!({"kind": "enterprise", "id": id(n), "campaigns": ["nx-2021-24"],
        "fields": {"name": name, "roles": ["producer"]}})
}

pub fn inspection(n: u32, enterprise: u32, day: &str, inspectors: &[&str]) -> Value {
    json!({"kind": "inspection", "id": id(n), "campaigns": ["nx-2021-24"], "fields": {
        "enterprise": id(enterprise), "date": day, "inspectors": inspectors, "line": "quality",
        "department": "market", "categories": ["mask"], "outcome": "normal"}})
}

/// A case with its penalty in fen.
pub fn case(n: u32, enterprise: u32, day: &str, penalty_fen: i64) -> Value {
    json!({"kind": "case", "id": id(n), "campaigns": ["nx-2021-24"], "fields": {
        "enterprise": id(enterprise), "line": "quality", "category": "mask", "filed_on": day,
        "penalty_on": day, "penalty_fen": penalty_fen}})
}

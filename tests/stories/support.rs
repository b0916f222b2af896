//! Offices with books in a temporary folder, and what people there do all day, in a line each.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Barrier, Mutex};

use api::{Backend, Jobs, ReaderPool, Request};
use app::{Admit, Clock, ConflictView, Failure, FillRequest, ImportRequest, Inbox, NewBook, Plan, RecordView, Writing};
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
    pub session: Writing,
    pub inbox: Inbox,
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
        let session = Writing::create(&new, &[], Clock::Fixed(MAY_27)).expect("a new book");
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
        let clock = Clock::Fixed(MAY_27);
        let words = Writing::look_at_invitation(invitation, clock).expect("an invitation").fingerprint.zh;
        let (session, _) =
            Writing::join(&self.path(book), invitation, &words, Some("马立群".into()), &[], clock).expect("joined");
        self.desk(session, code)
    }

    pub fn desk(&self, session: Writing, code: &'static str) -> Office {
        Office { inbox: Inbox::of(&session), session, code, folder: self.folder.path().to_owned() }
    }

    /// The office at its book again, which nobody has open.
    pub fn reopen(&self, code: &'static str) -> Office {
        let session = Writing::open(&self.path(&format!("{code}.book")), &[], Clock::Fixed(MAY_27)).expect("a book");
        self.desk(session, code)
    }

    /// The office's window, on the book that it has had open itself until now.
    pub fn window(&self, office: Office) -> Window {
        let book = office.session.status().expect("the book's status").path;
        drop(office);
        let mut desk = Backend::at(PathBuf::from(book), Vec::new(), Clock::Fixed(MAY_27));
        desk.begin();
        Window::of(desk)
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
        self.import(stick, stick.admit(), false).expect("imported")
    }

    /// Imports without having phoned anyone; the code of the refusal.
    pub fn refuses(&mut self, stick: &Stick) -> String {
        self.import(stick, Admit::Nobody, false).expect_err("refused").code().to_owned()
    }

    pub fn import(&mut self, stick: &Stick, admit: Admit, include_undone: bool) -> Result<Plan, Failure> {
        let request =
            ImportRequest { file: stick.file.clone(), admit, include_undone, as_of: Some(as_of("2021-05-27")) };
        self.session.import(&request, None, &mut |_| ControlFlow::Continue(()))
    }

    pub fn plan(&mut self, stick: &Stick) -> Plan {
        let request = ImportRequest {
            file: stick.file.clone(),
            admit: stick.admit(),
            include_undone: false,
            as_of: Some(as_of("2021-05-27")),
        };
        self.session.plan(&request, &mut |_| ControlFlow::Continue(())).expect("a plan")
    }

    /// A form as its JSON.
    pub fn form(&self, form: &str, cutoff: &str) -> Value {
        let request = FillRequest::new(form, as_of(cutoff));
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

/// What a page has to do with: requests go the way the shell sends them, those that only look beside the desk. Any number of
/// threads may ask at once.
pub struct Window {
    desk: Mutex<Backend>,
    readers: ReaderPool,
    pub jobs: Jobs,
}

/// What pages ask for by themselves while a person does something else; the first of them take long.
fn glances() -> Vec<Value> {
    vec![
        json!({"do": "workbench", "campaign": null}),
        json!({"do": "workbench_due", "campaign": null}),
        json!({"do": "pairs"}),
        json!({"do": "record_rows", "kind": "enterprise", "with_voided": true, "limit": 50}),
        json!({"do": "search", "kind": "enterprise", "text": "kz", "limit": 5}),
        json!({"do": "packages"}),
        json!({"do": "conflicts"}),
        json!({"do": "people"}),
    ]
}

impl Window {
    pub fn of(desk: Backend) -> Self {
        Window { readers: desk.readers(), jobs: desk.jobs(), desk: Mutex::new(desk) }
    }

    /// The reply as it comes.
    pub fn ask(&self, request: &Value) -> Value {
        let request = Request::read(&request.to_string());
        let reply = api::jobs::answer(&self.jobs, &request).or_else(|| self.readers.answer(&request));
        let reply = reply.unwrap_or_else(|| app::held(&self.desk).carry_out(request));
        serde_json::from_str(&reply).expect("a reply")
    }

    /// What the request answers.
    pub fn done(&self, request: Value) -> Value {
        let mut reply = self.ask(&request);
        assert!(reply.get("error").is_none(), "{request}: {reply}");
        reply["ok"].take()
    }

    /// The code with which it is refused.
    pub fn refused(&self, request: Value) -> String {
        self.ask(&request)["error"][0]["code"].as_str().expect("a refusal").to_owned()
    }

    /// Does something while every place for looks is taken by threads that read the book without a pause.
    pub fn while_read<T>(&self, act: impl FnOnce() -> T) -> T {
        let glances = glances();
        let (over, begin) = (AtomicBool::new(false), Barrier::new(glances.len() + 1));
        std::thread::scope(|scope| {
            for glance in glances {
                let (over, begin) = (&over, &begin);
                scope.spawn(move || {
                    begin.wait();
                    loop {
                        self.done(glance.clone());
                        if over.load(Ordering::Acquire) {
                            break;
                        }
                    }
                });
            }
            begin.wait();
            // Also where it fails: the readers would go on for ever.
            let acted = std::panic::catch_unwind(std::panic::AssertUnwindSafe(act));
            over.store(true, Ordering::Release);
            acted.unwrap_or_else(|failed| std::panic::resume_unwind(failed))
        })
    }

    /// Chooses a file to be taken in, as the page passes it on.
    pub fn bring(&self, file: &Path, admit: bool) -> Value {
        let kept = self.done(json!({"do": "inbox_file", "file": file}));
        json!({"key": kept["key"], "admit": admit, "include_undone": false})
    }

    pub fn plan(&self, files: &[Value]) -> Value {
        self.done(json!({"do": "import_plan", "files": files}))
    }

    /// Takes in what a plan showed.
    pub fn apply(&self, files: &[Value], plan: &Value) -> Value {
        self.done(json!({"do": "import_apply", "files": files, "token": plan["token"]}))
    }

    /// One printed cell.
    pub fn cell(&self, form: &str, cutoff: &str, row: &str, column: &str) -> String {
        let filled = self.done(json!({"do": "fill", "form": form, "as_of": cutoff, "office": null, "date": null}));
        let columns = filled["columns"].as_array().expect("columns");
        let at = columns.iter().position(|known| known["id"] == column).expect("the column");
        let rows = filled["rows"].as_array().expect("rows");
        let cells = rows.iter().find(|known| known["id"] == row).expect("the row")["cells"].clone();
        cells[at + usize::from(!filled["stub"].is_null())].as_str().expect("a printed cell").to_owned()
    }
}

/// The status of each file of a plan, or of a receipt.
pub fn statuses(files: &Value) -> Vec<&str> {
    let files = files.as_array().expect("files").iter();
    files.map(|file| file.get("file").unwrap_or(file)["status"].as_str().expect("a status")).collect()
}

/// A sealed package on its way.
pub struct Stick {
    pub file: PathBuf,
    pub revisions: u64,
    /// What its sender reads out on the phone, while it is not known yet.
    pub fingerprint: Option<String>,
}

impl Stick {
    /// Whoever reads out these words is let in.
    pub fn admit(&self) -> Admit {
        self.fingerprint.clone().map_or(Admit::Nobody, |words| Admit::Words(vec![words]))
    }
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
        "penalty_on": day, "penalty_fen": penalty_fen, "decision_no": format!("罚〔2021〕{n}号")}})
}

/// What the window asks, of a book that may not be there yet; a minute later than the offices here.
pub fn desk(path: &Path) -> Backend {
    app::keep_markers_in(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("stories"));
    Backend::at(path.to_owned(), Vec::new(), Clock::Fixed(MAY_27 + MINUTE))
}

/// What is answered; nothing is refused.
pub fn ask(desk: &mut Backend, request: Value) -> Value {
    let reply: Value = serde_json::from_str(&desk.dispatch(&request.to_string())).expect("JSON");
    assert!(reply["error"].is_null(), "{request}: {reply}");
    reply["ok"].clone()
}

/// A new book of a county.
pub fn new_book(folder: &Path) -> Backend {
    let mut desk = desk(&folder.join("永宁县.book"));
    ask(
        &mut desk,
        json!({"do": "book_create", "office": "640121", "name": "永宁县市场监督管理局", "inspector": "张三"}),
    );
    desk
}

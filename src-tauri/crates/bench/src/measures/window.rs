//! From the start of the program to a window that can be used, and the memory of all its processes, against a window with
//! nothing in it. Both draw on a screen of their own, and both mark the moment by the page's own clock.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use serde_json::{Value, json};
use store::Book;

use super::find;
use crate::failure::{Failure, Outcome};
use crate::table::{Bound, Measured, Unit, median, ratio};

const TIMES: usize = 5;
const RECORDS: u64 = 10_000;
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// When the page says it can be used, by the clock all processes share, in milliseconds since 1970.
const USABLE: &str = "const marks = performance.getEntriesByName('usable'); \
                      return marks.length ? performance.timeOrigin + marks[0].startTime : null";

/// One start: how long it took, and what all processes of the program then held, shared pages counted once.
struct Start {
    took: Duration,
    megabytes: f64,
}

/// The programs stand where this one does: `sweepbook`, and the bare window among the examples.
pub fn measure(folder: &Path, tools: &Path) -> Outcome<Vec<Measured>> {
    let here = std::env::current_exe()?;
    let programs = here.parent().ok_or_else(|| Failure::new("this program stands nowhere"))?;
    let (ours, bare) = (programs.join("sweepbook"), programs.join("examples/bare"));
    for program in [&ours, &bare] {
        if !program.exists() {
            return Err(Failure::new(format!("{} is missing: `make bench` builds it", program.display())));
        }
    }
    let book = folder.join("window.swb");
    find::prepare(&book, RECORDS)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (mut our_starts, mut bare_starts) = (Vec::new(), Vec::new());
    // The first of each warms the disk for both.
    for at in 0..=TIMES {
        let pair = [(&ours, &mut our_starts), (&bare, &mut bare_starts)];
        for (program, starts) in pair {
            let home = tempfile::tempdir_in(folder)?;
            // The driver ends the window before hard; the check that follows a crash is no part of a start.
            drop(Book::open(&book)?);
            let start = runtime.block_on(start(program, tools, home.path(), &book))?;
            if at > 0 {
                starts.push(start);
            }
        }
    }
    let took = |starts: &[Start]| median(starts.iter().map(|start| start.took).collect());
    let held = |starts: &[Start]| {
        let mut held: Vec<f64> = starts.iter().map(|start| start.megabytes).collect();
        held.sort_by(f64::total_cmp);
        held[held.len() / 2]
    };
    let (our_time, bare_time) = (took(&our_starts), took(&bare_starts));
    let (our_memory, bare_memory) = (held(&our_starts), held(&bare_starts));
    let against = "a bare Tauri window";
    Ok(vec![
        Measured::new(
            "start",
            format!("from start to a usable window, a book of {RECORDS} records"),
            against,
            Bound::AtMost(1.5),
            Unit::Ratio,
            ratio(our_time, bare_time),
        )
        .detail(format!("{our_time:.0?} against {bare_time:.0?}, medians of {TIMES}")),
        Measured::new(
            "window memory",
            "memory of the window once it can be used, all processes",
            against,
            Bound::AtMost(1.5),
            Unit::Ratio,
            our_memory / bare_memory,
        )
        .detail(format!("{our_memory:.0} MB against {bare_memory:.0} MB, shared pages counted once")),
    ])
}

/// A screen, a session bus and a driver; leaving scope ends them as one group.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg("--").arg(format!("-{}", self.0.id())).status();
        let _ = self.0.wait();
    }
}

async fn start(program: &Path, tools: &Path, home: &Path, book: &Path) -> Outcome<Start> {
    let (port, native) = (free_port()?, free_port()?);
    let installed = tools.join("tauri-driver");
    let driver = if installed.exists() { installed } else { PathBuf::from("tauri-driver") };
    let child = Command::new("dbus-run-session")
        .args(["--", "xvfb-run", "-a", "-s", "-screen 0 1440x900x24"])
        .arg(driver)
        .args(["--port", &port.to_string(), "--native-port", &native.to_string()])
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", home)
        .env("SWEEPBOOK_BOOK", book)
        .env("SWEEPBOOK_STATE", home)
        .env("WEBKIT_DISABLE_COMPOSITING_MODE", "1")
        .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("DISPLAY")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()?;
    let _driver = Driver(child);
    let client = connect(program, port).await?;
    let usable = usable(&client).await?;
    let name = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let processes = processes()?;
    let main = processes.iter().filter(|process| process.name == name).max_by_key(|process| process.started);
    let main = main.ok_or_else(|| Failure::new(format!("{name} does not run")))?;
    let begun = now()? - uptime()? + Duration::from_millis(main.started * 10);
    let megabytes = family(&processes, main.id).into_iter().map(proportional_kib).sum::<u64>() as f64 / 1024.0;
    client.close().await.map_err(|error| Failure::new(error.to_string()))?;
    Ok(Start { took: usable.saturating_sub(begun), megabytes })
}

async fn connect(program: &Path, port: u16) -> Outcome<Client> {
    let mut capabilities = Capabilities::new();
    capabilities.insert("tauri:options".to_owned(), json!({ "application": program }));
    let address = format!("http://127.0.0.1:{port}");
    let began = Instant::now();
    loop {
        let connector = hyper_util::client::legacy::connect::HttpConnector::new();
        match ClientBuilder::new(connector).capabilities(capabilities.clone()).connect(&address).await {
            Ok(client) => return Ok(client),
            Err(error) if began.elapsed() > PATIENCE => return Err(Failure::new(format!("no window: {error}"))),
            Err(_) => tokio::time::sleep(LOOK_AGAIN).await,
        }
    }
}

async fn usable(client: &Client) -> Outcome<Duration> {
    let began = Instant::now();
    loop {
        let said = client.execute(USABLE, Vec::new()).await;
        if let Some(at) = said.as_ref().ok().and_then(Value::as_f64) {
            return Ok(Duration::from_secs_f64(at / 1000.0));
        }
        if began.elapsed() > PATIENCE {
            return Err(Failure::new(format!("the window never said it can be used: {said:?}")));
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

fn free_port() -> Outcome<u16> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

struct Process {
    id: u64,
    parent: u64,
    name: String,
    /// Ticks of a hundredth of a second since the machine started.
    started: u64,
}

fn processes() -> Outcome<Vec<Process>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc")? {
        let Ok(id) = entry?.file_name().to_string_lossy().parse::<u64>() else { continue };
        // One that has ended meanwhile is none.
        let Ok(stat) = std::fs::read_to_string(format!("/proc/{id}/stat")) else { continue };
        let Some((name, rest)) = stat.rsplit_once(')').and_then(|(head, rest)| Some((head.split_once('(')?.1, rest)))
        else {
            continue;
        };
        let fields: Vec<&str> = rest.split_whitespace().collect();
        let field = |at: usize| fields.get(at).and_then(|text| text.parse().ok()).unwrap_or_default();
        found.push(Process { id, name: name.to_owned(), parent: field(1), started: field(19) });
    }
    Ok(found)
}

/// A process and all that came of it.
fn family(processes: &[Process], id: u64) -> Vec<u64> {
    let mut members = vec![id];
    let mut at = 0;
    while let Some(parent) = members.get(at).copied() {
        members.extend(processes.iter().filter(|process| process.parent == parent).map(|process| process.id));
        at += 1;
    }
    members
}

fn proportional_kib(id: u64) -> u64 {
    let rollup = std::fs::read_to_string(format!("/proc/{id}/smaps_rollup")).unwrap_or_default();
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").trim().parse().unwrap_or(0)
}

/// A page's clock says when, not how long since.
#[allow(clippy::disallowed_methods)]
fn now() -> Outcome<Duration> {
    SystemTime::now().duration_since(UNIX_EPOCH).map_err(|error| Failure::new(error.to_string()))
}

fn uptime() -> Outcome<Duration> {
    let text = std::fs::read_to_string("/proc/uptime")?;
    let seconds = text.split_whitespace().next().and_then(|text| text.parse().ok());
    seconds.map(Duration::from_secs_f64).ok_or_else(|| Failure::new("the machine does not say how long it runs"))
}

//! Work in a process of its own, so that its peak memory is only its own.

use std::process::{Command, Stdio};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Outcome};

/// What such a process says at its end.
#[derive(Debug, Serialize, Deserialize)]
pub struct Run {
    /// The measured work alone.
    pub took: Duration,
    pub peak_mb: f64,
}

/// Runs this very program as `child <work> <arguments>`.
pub fn run(work: &str, arguments: &[String]) -> Outcome<Run> {
    let output = Command::new(std::env::current_exe()?)
        .arg("child")
        .arg(work)
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(Failure::new(format!("{work} in a process of its own ended with {}", output.status)));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// In the child: does the work, which says how long its measured part took, and passes that on.
pub fn report(work: impl FnOnce() -> Outcome<Duration>) -> Outcome<()> {
    let run = Run { took: work()?, peak_mb: peak_mb()? };
    println!("{}", serde_json::to_string(&run)?);
    Ok(())
}

/// The most this process ever had resident, in megabytes of 2²⁰ bytes.
pub fn peak_mb() -> Outcome<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    let kib: u64 = line.trim().trim_end_matches(" kB").trim().parse()?;
    Ok(kib as f64 / 1024.0)
}

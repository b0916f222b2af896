//! The project's files: those in version control and those about to be, never what is built.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The top of the project.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ stands in the project")
}

/// Paths from the top, with `/`, ascending.
pub fn files() -> &'static [String] {
    static FILES: OnceLock<Vec<String>> = OnceLock::new();
    FILES.get_or_init(|| {
        let mut files = listed().unwrap_or_else(walked);
        files.retain(|file| root().join(file).is_file());
        files.sort_unstable();
        files.dedup();
        assert!(files.iter().any(|file| file == "Cargo.toml"), "the project's files were not found");
        files
    })
}

/// The text of a file, or none for one that is not text.
pub fn read(file: &str) -> Option<String> {
    let bytes = std::fs::read(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    String::from_utf8(bytes).ok()
}

fn listed() -> Option<Vec<String>> {
    let git =
        Command::new("git").args(["ls-files", "-co", "--exclude-standard", "-z"]).current_dir(root()).output().ok()?;
    let text = String::from_utf8(git.stdout).ok()?;
    let files: Vec<String> = text.split('\0').filter(|file| !file.is_empty()).map(str::to_owned).collect();
    (git.status.success() && !files.is_empty()).then_some(files)
}

/// For an unpacked archive without version control.
fn walked() -> Vec<String> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(root().join(&folder)).expect("a readable folder").flatten() {
            let path = folder.join(entry.file_name());
            let name = entry.file_name();
            let built = ["target", "node_modules", "dist", "out", ".git"].iter().any(|built| name == *built);
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && !built => folders.push(path),
                Ok(kind) if kind.is_file() && !built => files.push(path.to_string_lossy().replace('\\', "/")),
                _ => {}
            }
        }
    }
    files
}

/// Rust that ships: not tests, benches, examples or the test kit.
pub fn is_product_rust(file: &str) -> bool {
    file.starts_with("src-tauri/")
        && file.ends_with(".rs")
        && !file.starts_with("src-tauri/crates/testkit/")
        && !file.starts_with("src-tauri/crates/bench/")
        && !["/tests/", "/benches/", "/examples/", "/fuzz/", "/crates/bench/"]
            .iter()
            .any(|folder| file.contains(folder))
        && !file.ends_with("/tests.rs")
}

/// TypeScript and Vue that ship.
pub fn is_product_page(file: &str) -> bool {
    file.starts_with("ui/src/")
        && (file.ends_with(".ts") || file.ends_with(".vue"))
        && ![".test.", "/testing/"].iter().any(|tests| file.contains(tests))
}

#[test]
fn the_walk_finds_what_version_control_lists() {
    let walked = walked();
    for file in files() {
        assert!(walked.contains(file), "{file}");
    }
}

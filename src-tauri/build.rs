//! Bakes the window's configuration into the program and names the commands the page may call: these and no others.

const COMMANDS: &[&str] = &["dispatch", "listen", "choose", "opened", "dropped", "zoom", "leave", "kept"];

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    let attributes = tauri_build::Attributes::new().app_manifest(manifest);
    if let Err(error) = tauri_build::try_build(attributes) {
        eprintln!("{error:#}");
        std::process::exit(1);
    }
}

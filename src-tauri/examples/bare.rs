//! A window and nothing else: what `make bench` holds the program's start and memory against.

fn main() {
    let outcome = tauri::Builder::default().run(tauri::generate_context!("examples/bare/tauri.conf.json"));
    if let Err(error) = outcome {
        eprintln!("bare: {error}");
        std::process::exit(1);
    }
}

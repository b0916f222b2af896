//! Writes `tests/vectors/`: keys once, then every case as a file and the index that names what opening it must say.
//! Encryption is randomised, so every run writes other bytes that mean the same; commit them only when a case changes:
//! `cargo run -p sweepbook-exchange --example make_vectors` writes what is missing, `-- all` everything but the keys.

#[path = "../tests/craft/mod.rs"]
mod craft;

use std::collections::BTreeMap;

use craft::{KeyTexts, World, cases, vectors_folder};
use serde_json::json;

fn main() -> std::io::Result<()> {
    let folder = vectors_folder();
    let all = std::env::args().any(|argument| argument == "all");
    std::fs::create_dir_all(&folder)?;
    let keys = folder.join("keys.json");
    if !keys.exists() {
        let new: BTreeMap<&str, KeyTexts> =
            ["region", "county", "station", "stranger"].map(|name| (name, KeyTexts::generate())).into();
        std::fs::write(&keys, serde_json::to_string_pretty(&new)? + "\n")?;
    }
    let world = World::load();
    let mut index = Vec::new();
    for case in cases::all() {
        let file = format!("{}.sweep", case.name);
        if !case.large {
            let path = folder.join(&file);
            if all || !path.exists() {
                std::fs::write(path, (case.build)(&world, case.code.is_some()))?;
            }
        }
        index.push(json!({
            "name": case.name, "file": if case.large { None } else { Some(file) }, "expect": case.code.unwrap_or("ok"),
            "opened_by": (case.opener)(&world).office.as_str(), "what": case.what,
        }));
    }
    let invitation = folder.join("good-invitation.tar");
    if all || !invitation.exists() {
        let campaigns = [b"[campaign]\n".to_vec()];
        let bytes = exchange::invitation::write(&craft::new_invitation(&campaigns), &world.region.keys);
        std::fs::write(invitation, bytes.map_err(std::io::Error::other)?)?;
    }
    std::fs::write(folder.join("vectors.json"), serde_json::to_string_pretty(&index)? + "\n")
}

//! A person goes on in a book that an earlier program left: half-typed form and photo are where they were.

use std::path::Path;

use api::Backend;
use app::Clock;
use serde_json::json;

use super::support::{MAY_27, ask};

#[test]
fn a_draft_and_a_photo_of_00762ba_are_there() {
    app::keep_markers_in(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("stories"));
    let packed = Path::new(env!("CARGO_MANIFEST_DIR")).join("upgrades/00762ba/lingwu.book.zst");
    let folder = tempfile::tempdir().expect("a folder");
    let book = folder.path().join("lingwu.book");
    let bytes = zstd::decode_all(&std::fs::read(packed).expect("the book")[..]).expect("unpacked");
    std::fs::write(&book, bytes).expect("written");

    let mut desk = Backend::at(book.clone(), Vec::new(), Clock::Fixed(MAY_27));
    ask(&mut desk, json!({"do": "book_open", "file": book}));
    let draft = ask(&mut desk, json!({"do": "draft_get", "id": null, "kind": "problem", "record": null}));
    assert_eq!(draft["form"]["fields"]["description"], "车间未设更衣室（草稿）");

    let factory = "7811ba10-e7ea-53e2-a03e-bf71627d1168";
    let photos = ask(&mut desk, json!({"do": "photos", "of": factory}))["photos"].clone();
    assert_eq!(photos.as_array().map(Vec::len), Some(1));
    assert_eq!((photos[0]["name"].as_str(), photos[0]["held"].as_bool()), (Some("厂门.png"), Some(true)));
}

//! Photos as the page adds, lists and shows them.

use app::failure::Outcome;
use app::messages::Language;
use app::names::shown_name;
use app::records::photos::PhotoView;
use app::records::picture;
use app::session::Reading;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Backend;
use crate::files::ChosenFile;
use crate::views::Written;

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AddPhoto {
    /// The record it is a photo of.
    pub of: String,
    /// What the file was called.
    pub name: String,
    /// The file, in base64.
    pub content: String,
}

/// A chosen file as a photo; it is called what the file is called.
#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AddPhotoFile {
    /// The record it is a photo of.
    pub of: String,
    #[ts(type = "string")]
    pub file: ChosenFile,
}

#[derive(Debug, Serialize, TS)]
pub struct AddedPhoto {
    pub photo: PhotoView,
    /// The record had this very photo before.
    pub known: bool,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ListPhotos {
    pub of: String,
}

#[derive(Debug, Serialize, TS)]
pub struct Photos {
    /// As they were added; voided ones are among them.
    pub photos: Vec<PhotoView>,
    /// Larger files need not be sent: they would be refused.
    pub most_bytes: u64,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct GetPhoto {
    pub id: String,
    /// Its longer side in pixels at most; null for all there is.
    pub longest: Option<u32>,
}

#[derive(Debug, Serialize, TS)]
pub struct Picture {
    /// A `data:` address.
    pub url: String,
}

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WritePhoto {
    pub id: String,
    #[ts(type = "string")]
    pub out: ChosenFile,
}

pub fn add(backend: &mut Backend, input: AddPhoto, _: Language) -> Outcome<AddedPhoto> {
    let bytes = picture::from_page(&input.content)?;
    added(backend, &input.of, &input.name, &bytes)
}

pub fn add_file(backend: &mut Backend, input: AddPhotoFile, _: Language) -> Outcome<AddedPhoto> {
    let bytes = picture::from_file(&input.file)?;
    added(backend, &input.of, &shown_name(&input.file), &bytes)
}

fn added(backend: &mut Backend, of: &str, name: &str, bytes: &[u8]) -> Outcome<AddedPhoto> {
    let added = backend.session_mut()?.add_photo(of.parse()?, name, bytes)?;
    Ok(AddedPhoto { photo: backend.session()?.photo(added.photo)?, known: added.known })
}

pub fn list(session: &Reading, input: ListPhotos, _: Language) -> Outcome<Photos> {
    let photos = session.photo_list(input.of.parse()?)?;
    Ok(Photos { photos, most_bytes: picture::MOST_BYTES as u64 })
}

pub fn get(session: &Reading, input: GetPhoto, _: Language) -> Outcome<Picture> {
    let content = session.photo_content(input.id.parse()?)?;
    Ok(Picture { url: picture::show(&content, input.longest)? })
}

pub fn write(session: &Reading, input: WritePhoto, _: Language) -> Outcome<Written> {
    session.write_photo(input.id.parse()?, &input.out)?;
    Ok(Written::at(&input.out))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use serde_json::{Value, json};

    use super::*;
    use app::clock::Clock;

    const SIDEWAYS: &[u8] = include_bytes!("../../../../tests/fixtures/photos/sideways.jpg");

    fn ask(backend: &mut Backend, request: Value) -> Value {
        let reply: Value = serde_json::from_str(&backend.dispatch(&request.to_string())).unwrap();
        if reply["error"].is_null() { reply["ok"].clone() } else { reply["error"].clone() }
    }

    /// A book with one enterprise, and its id.
    fn book(folder: &Path) -> (Backend, String) {
        // 2021-05-27, noon in China.
        let mut backend = Backend::at(folder.join("a.book"), Vec::new(), Clock::Fixed(1_622_088_000_000));
        ask(
            &mut backend,
            json!({"do": "book_create", "office": "640121", "name": "永宁县市场监督管理局", "inspector": "张三"}),
        );
        let saved = ask(
            &mut backend,
            json!({"do": "record_save", "kind": "enterprise", "id": null, "campaigns": [], "void": null, "overrides": {},
                "fields": {"name": "银川永宁口罩厂", "roles": ["producer"]}}),
        );
        let id = saved["record"]["id"].as_str().unwrap().to_owned();
        (backend, id)
    }

    fn add(backend: &mut Backend, of: &str, name: &str, bytes: &[u8]) -> Value {
        ask(backend, json!({"do": "photo_add", "of": of, "name": name, "content": STANDARD.encode(bytes)}))
    }

    fn listed(backend: &mut Backend, of: &str) -> Vec<Value> {
        ask(backend, json!({"do": "photos", "of": of}))["photos"].as_array().unwrap().clone()
    }

    #[test]
    fn a_photo_is_added_shown_written_and_voided() {
        let folder = tempfile::tempdir().unwrap();
        let (mut backend, of) = book(folder.path());
        let added = add(&mut backend, &of, "C:\\照片\\车间\u{202e}.jpg", SIDEWAYS);
        assert_eq!((added["known"].as_bool(), added["photo"]["name"].as_str()), (Some(false), Some("车间.jpg")));
        assert_eq!(added["photo"]["taken_on"], "2021-05-26");
        assert_eq!(
            (added["photo"]["author"].as_str(), added["photo"]["added_on"].as_str()),
            (Some("张三"), Some("2021-05-27"))
        );

        let again = add(&mut backend, &of, "另一个名字.jpg", SIDEWAYS);
        assert_eq!((again["known"].as_bool(), &again["photo"]["id"]), (Some(true), &added["photo"]["id"]));
        assert_eq!(listed(&mut backend, &of).len(), 1);

        let id = added["photo"]["id"].as_str().unwrap().to_owned();
        let small = ask(&mut backend, json!({"do": "photo_get", "id": id, "longest": 120}));
        let whole = ask(&mut backend, json!({"do": "photo_get", "id": id, "longest": null}));
        let bytes = |picture: &Value| {
            STANDARD.decode(picture["url"].as_str().unwrap().strip_prefix("data:image/jpeg;base64,").unwrap()).unwrap()
        };
        assert!(bytes(&small).len() < bytes(&whole).len());
        let out = folder.path().join("车间.jpg");
        assert_eq!(ask(&mut backend, json!({"do": "photo_write", "id": id, "out": out}))["name"], "车间.jpg");
        assert_eq!(std::fs::read(&out).unwrap(), bytes(&whole));
        assert_eq!(bytes(&whole).len() as i64, added["photo"]["bytes"].as_i64().unwrap());

        ask(
            &mut backend,
            json!({"do": "record_save", "kind": "attachment", "id": id, "campaigns": null, "overrides": {}, "fields": {}, "void": "拍错了"}),
        );
        assert_eq!(listed(&mut backend, &of)[0]["void"], "拍错了");
        assert_eq!(add(&mut backend, &of, "车间.jpg", SIDEWAYS)["known"], false, "it can be added anew");
        assert_eq!(listed(&mut backend, &of).len(), 2);
    }

    #[test]
    fn a_file_becomes_a_photo_of_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let (mut backend, of) = book(folder.path());
        let file = folder.path().join("车间 1.JPG");
        std::fs::write(&file, SIDEWAYS).unwrap();
        let mut add =
            |file: &Path| ask(&mut backend, json!({"do": "photo_add_file", "of": of, "file": app::names::text(file)}));
        let added = add(&file);
        assert_eq!((&added["known"], &added["photo"]["name"]), (&json!(false), &json!("车间 1.JPG")));
        assert_eq!(add(&file)["known"], true);
        assert_eq!(add(&folder.path().join("gone.jpg"))[0]["code"], "file-missing");
        assert_eq!(add(folder.path())[0]["code"], "file-missing");
        let large = folder.path().join("large.jpg");
        std::fs::File::create(&large).unwrap().set_len(picture::MOST_BYTES as u64 + 1).unwrap();
        assert_eq!(add(&large)[0]["code"], "photo-too-large");
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStrExt;
            let mojibake = folder.path().join(std::ffi::OsStr::from_bytes(b"\xb3\xb5\xbc\xe4.jpg"));
            std::fs::copy(&file, &mojibake).unwrap();
            assert_eq!(add(&mojibake)["known"], true, "its bytes are read, whatever it is called");
        }
    }

    #[test]
    fn what_is_refused_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let (mut backend, of) = book(folder.path());
        for (of, bytes, code) in [
            (of.as_str(), &b"no picture"[..], "photo-not-a-picture"),
            (&of, &SIDEWAYS[..600], "photo-broken"),
            ("00000000-0000-4000-8000-000000000009", SIDEWAYS, "record-unknown"),
        ] {
            let refused = add(&mut backend, of, "x.jpg", bytes);
            assert_eq!(refused[0]["code"], code);
            assert!(!refused[0]["remedy"].as_str().unwrap().is_empty());
        }
        let bad = ask(&mut backend, json!({"do": "photo_add", "of": of, "name": "x", "content": "not base64!"}));
        assert_eq!(bad[0]["code"], "request-malformed");
        assert!(listed(&mut backend, &of).is_empty());
        ask(
            &mut backend,
            json!({"do": "record_save", "kind": "enterprise", "id": of, "campaigns": null, "overrides": {}, "fields": {}, "void": "录错"}),
        );
        assert_eq!(add(&mut backend, &of, "x.jpg", SIDEWAYS)[0]["code"], "reference-voided");
        assert!(listed(&mut backend, &of).is_empty());
    }
}

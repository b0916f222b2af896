//! What tells a book from its copy: each device's marker outside the book.

use std::path::{Path, PathBuf};

use disk::Access;
use domain::DeviceId;
use exchange::SigningKey;
use serde::{Deserialize, Serialize};
use store::StoreError;

use super::{Reading, Writing, meta};
use crate::failure::{Failure, Outcome};
use crate::offices::keys::{office_keys, own_devices, put_own_devices};
use crate::paths::state_folder;
use crate::stored::to_json;

/// What the outside knows of a device: where its book stood and how many packages it had sealed. A book that has none, or
/// is behind it, was restored or copied.
#[derive(Debug, Serialize, Deserialize)]
struct Marker {
    #[serde(with = "crate::names::as_text")]
    book: PathBuf,
    packages: u64,
}

/// Where the markers are kept.
fn markers() -> Option<PathBuf> {
    let folder = state_folder()?.join("devices");
    std::fs::create_dir_all(&folder).ok()?;
    Some(folder)
}

fn marker_path(device: &DeviceId) -> Option<PathBuf> {
    Some(markers()?.join(format!("{device}.json")))
}

fn write_marker(device: &DeviceId, book: &Path, packages: u64) -> Option<()> {
    let path = marker_path(device)?;
    let marker = Marker { book: book.canonicalize().ok()?, packages };
    disk::write_whole(&path, to_json(&marker).as_bytes(), Access::Private, true).ok()?;
    Some(())
}

impl Reading {
    pub(crate) fn packages_sealed(&self) -> Outcome<u64> {
        Ok(self.read(|reader| reader.meta(meta::PACKAGES))?.and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    pub(crate) fn mark_package_sealed(&self, number: u64) {
        let _ = write_marker(self.device(), self.path(), number);
    }
}

impl Writing {
    /// A restored or copied book must not go on under the number it had: it takes a new device, certified by the office's
    /// root. Where no marker can be kept at all, nothing can be told and nothing is done.
    pub(crate) fn take_new_device_if_copied(&mut self, fresh: bool) -> Outcome<()> {
        let Some(path) = marker_path(self.device()) else { return Ok(()) };
        let packages = self.packages_sealed()?;
        let here = self.path().canonicalize().map_err(StoreError::from)?;
        let marker = std::fs::read_to_string(&path).ok().and_then(|text| serde_json::from_str::<Marker>(&text).ok());
        let same = match &marker {
            None => fresh,
            Some(marker) => marker.packages <= packages && (marker.book == here || !marker.book.exists()),
        };
        if !same {
            self.take_new_device()?;
        }
        let _ = write_marker(self.device(), &here, packages);
        Ok(())
    }

    /// A book restored from a backup goes on as a new device whatever the markers say, unless it already does.
    pub(crate) fn leave_device(&mut self, key: Option<&str>) -> Outcome<()> {
        if key == Some(self.device_key().to_text().as_str()) {
            self.take_new_device()?;
            let packages = self.packages_sealed()?;
            let _ = write_marker(self.device(), self.path(), packages);
        }
        Ok(())
    }

    fn take_new_device(&mut self) -> Outcome<()> {
        let key = SigningKey::generate()?;
        let office = self.reading.office.clone();
        self.transact::<_, Failure>(|writer| {
            writer.set_meta(meta::DEVICE_KEY, &key.to_text())?;
            if let Some(keys) = office_keys(writer)? {
                let certificate = keys.certify(&office, &key.public())?;
                writer.set_meta(meta::CERTIFICATE, &to_json(&certificate))?;
                let mut devices = own_devices(writer)?;
                devices.push(key.public());
                put_own_devices(writer, &devices)?;
            }
            Ok(())
        })?;
        self.reading.device = key.public().device_id();
        self.reading.public_key = key.public();
        self.device_key = key;
        Ok(())
    }
}

/// Forgets the devices whose books stood in a folder that is gone.
pub fn forget_markers_of(folder: &Path) {
    for entry in markers().and_then(|markers| std::fs::read_dir(markers).ok()).into_iter().flatten().flatten() {
        let marker =
            std::fs::read_to_string(entry.path()).ok().and_then(|text| serde_json::from_str::<Marker>(&text).ok());
        if marker.is_some_and(|marker| marker.book.starts_with(folder)) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

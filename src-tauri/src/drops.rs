//! Files dragged over the window and let go in it. The page is told where, and gets tokens like those of chosen files; which
//! place takes them is the page's to say.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use app::held;
use serde::Serialize;
use tauri::{DragDropEvent, PhysicalPosition, Window};

use crate::file_tokens::{Chosen, File};

/// A place in the window, as parts of its width and its height: the page knows its own size, however large it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Place {
    pub x: f64,
    pub y: f64,
}

/// What a person let go in the window, as the page sees it.
#[derive(Debug, PartialEq, Serialize)]
pub struct Drop {
    at: Place,
    files: Vec<File>,
    /// How many of the things were no files of this computer: folders, addresses.
    others: usize,
}

/// Let go, and not yet asked for by the page.
#[derive(Debug)]
pub struct LetGo {
    at: Place,
    paths: Vec<PathBuf>,
}

impl LetGo {
    pub fn given(self, chosen: &mut Chosen) -> Drop {
        let all = self.paths.len();
        let files: Vec<File> =
            self.paths.into_iter().filter(|path| is_file(path)).map(|path| chosen.keep(path)).collect();
        Drop { at: self.at, others: all - files.len(), files }
    }
}

/// A file that has gone meanwhile is still one: whoever reads it says so.
fn is_file(path: &Path) -> bool {
    path.is_absolute() && !path.is_dir()
}

/// A step of a drag, as far as it concerns the page.
#[derive(Debug)]
pub enum Step {
    Over(Place),
    Left,
    LetGo(LetGo),
}

/// What a drag did. `dragged` are the files it brings where the toolkit names them better than the event does.
pub fn step(window: &Window, event: &DragDropEvent, dragged: &Mutex<Option<Vec<PathBuf>>>) -> Option<Step> {
    match event {
        DragDropEvent::Enter { position, .. } | DragDropEvent::Over { position } => {
            Some(Step::Over(place(window, *position)?))
        }
        DragDropEvent::Drop { position, paths } => {
            let paths = held(dragged).take().unwrap_or_else(|| paths.clone());
            Some(Step::LetGo(LetGo { at: place(window, *position)?, paths }))
        }
        DragDropEvent::Leave => Some(Step::Left),
        _ => None,
    }
}

fn place(window: &Window, position: PhysicalPosition<f64>) -> Option<Place> {
    let size = window.inner_size().ok()?;
    // Only Windows speaks of a drag in the screen's own pixels.
    let scale = if cfg!(windows) { 1.0 } else { window.scale_factor().ok()? };
    part(position, f64::from(size.width) / scale, f64::from(size.height) / scale)
}

fn part(position: PhysicalPosition<f64>, width: f64, height: f64) -> Option<Place> {
    (width >= 1.0 && height >= 1.0).then(|| Place { x: position.x / width, y: position.y / height })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_part_of_the_window_however_large_the_page_is_shown() {
        assert_eq!(part(PhysicalPosition::new(340.0, 43.0), 1360.0, 860.0), Some(Place { x: 0.25, y: 0.05 }));
        assert_eq!(part(PhysicalPosition::new(340.0, 43.0), 0.0, 860.0), None, "a window that is not there yet");
    }

    #[test]
    fn only_files_are_given_to_the_page() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("永宁县.sweep");
        std::fs::write(&file, "").unwrap();
        let gone = folder.path().join("gone.sweep");
        let paths = vec![file, folder.path().to_owned(), gone, PathBuf::from("https://a.example/")];
        let at = Place { x: 0.5, y: 0.5 };
        let mut chosen = Chosen::default();
        let drop = LetGo { at, paths }.given(&mut chosen);
        assert_eq!((drop.files.len(), drop.others), (2, 2));
        assert_eq!(drop.files[0].name, "永宁县.sweep");
        assert_eq!(chosen.path(&drop.files[0].token), Some(folder.path().join("永宁县.sweep")));
    }
}

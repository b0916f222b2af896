//! Where the window stands: it opens with the size and in the place it was left, and always where a screen is.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tauri::{LogicalSize, PhysicalPosition, PhysicalSize, WebviewWindow, Window};

/// The part of the window that must lie on a screen, in its pixels, for a person to be able to take hold of it.
const HANDLE: i64 = 120;

/// As the window was left: position in pixels of all screens together, size independent of their resolution.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Place {
    x: i32,
    y: i32,
    width: f64,
    height: f64,
    maximized: bool,
}

/// A screen, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Screen {
    x: i32,
    y: i32,
    width: u32,
    height: u32,
}

/// A window that is dragged tells of every step; its place is noted when it has gone some way.
const AFTER: Duration = Duration::from_millis(300);

/// Keeps the place in a file of its own; one that cannot be read or written is done without.
#[derive(Debug, Clone)]
pub struct WindowState {
    file: Option<PathBuf>,
    awaited: Arc<AtomicBool>,
}

impl WindowState {
    pub fn in_folder(folder: Option<PathBuf>) -> Self {
        WindowState { file: folder.map(|folder| folder.join("window.json")), awaited: Arc::default() }
    }

    fn read(&self) -> Option<Place> {
        serde_json::from_str(&std::fs::read_to_string(self.file.as_ref()?).ok()?).ok()
    }

    fn write(&self, place: Place) {
        if let (Some(file), Ok(text)) = (&self.file, serde_json::to_string(&place)) {
            app::keep(file, &text);
        }
    }

    /// Puts the window where it was left, as far as the screens allow, and shows it.
    pub fn restore(&self, window: &WebviewWindow) {
        let screens: Vec<Screen> = window
            .available_monitors()
            .unwrap_or_default()
            .iter()
            .map(|monitor| {
                let (at, size) = (monitor.position(), monitor.size());
                Screen { x: at.x, y: at.y, width: size.width, height: size.height }
            })
            .collect();
        let scale = window.scale_factor().unwrap_or(1.0);
        if let Some(place) = self.read().and_then(|place| place.on(&screens, scale)) {
            // A window manager may have it its own way; the window is shown all the same.
            let _ = window.set_size(LogicalSize::new(place.width, place.height));
            let _ = window.set_position(PhysicalPosition::new(place.x, place.y));
            if place.maximized {
                let _ = window.maximize();
            }
        }
        let _ = window.show();
    }

    /// Notes a little later where the window is then, so that it is known even if the program is ended from outside.
    pub fn note_soon(&self, window: &Window) {
        if self.awaited.swap(true, Ordering::Relaxed) {
            return;
        }
        let (kept, window) = (self.clone(), window.clone());
        std::thread::spawn(move || {
            std::thread::sleep(AFTER);
            kept.awaited.store(false, Ordering::Relaxed);
            kept.note(&window);
        });
    }

    /// Notes where the window is. While it fills the screen, what it was before is kept beside that fact.
    pub fn note(&self, window: &Window) {
        if window.is_minimized().unwrap_or(true) {
            return;
        }
        let maximized = window.is_maximized().unwrap_or(false);
        let (Ok(at), Ok(size), Ok(scale)) = (window.outer_position(), window.inner_size(), window.scale_factor())
        else {
            return;
        };
        let here = Place::of(at, size, scale);
        let before = self.read().filter(|_| maximized).unwrap_or(here);
        self.write(Place { maximized, ..before });
    }
}

impl Place {
    fn of(at: PhysicalPosition<i32>, size: PhysicalSize<u32>, scale: f64) -> Self {
        let size = size.to_logical::<f64>(scale);
        Place { x: at.x, y: at.y, width: size.width, height: size.height, maximized: false }
    }

    /// The place on these screens: no larger than the one it is on; none where it would be out of reach.
    fn on(self, screens: &[Screen], scale: f64) -> Option<Self> {
        let sound = |length: f64| length.is_finite() && (1.0..=100_000.0).contains(&length);
        (sound(self.width) && sound(self.height) && scale > 0.0).then_some(())?;
        let right = i64::from(self.x) + (self.width * scale) as i64;
        let screen = screens.iter().find(|screen| {
            let (left, top) = (i64::from(screen.x), i64::from(screen.y));
            let across = right.min(left + i64::from(screen.width)) - i64::from(self.x).max(left);
            // The bar one drags a window by is at its top.
            across >= HANDLE && (top..top + i64::from(screen.height) - HANDLE).contains(&i64::from(self.y))
        })?;
        Some(Place {
            width: self.width.min(f64::from(screen.width) / scale),
            height: self.height.min(f64::from(screen.height) / scale),
            ..self
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCREENS: [Screen; 2] =
        [Screen { x: 0, y: 0, width: 1366, height: 768 }, Screen { x: 1366, y: 0, width: 1920, height: 1080 }];

    fn place(x: i32, y: i32, width: f64, height: f64) -> Place {
        Place { x, y, width, height, maximized: false }
    }

    #[test]
    fn a_window_comes_back_where_it_was() {
        for there in [place(100, 50, 1200.0, 700.0), place(1500, 80, 1360.0, 860.0), place(-400, 10, 1200.0, 700.0)] {
            assert_eq!(there.on(&SCREENS, 1.0), Some(there));
        }
    }

    #[test]
    fn a_screen_that_is_gone_or_smaller_takes_no_window_with_it() {
        let second = place(1500, 80, 1360.0, 860.0);
        assert_eq!(second.on(&SCREENS[..1], 1.0), None, "the second screen was unplugged");
        assert_eq!(second.on(&[], 1.0), None);
        for out in [place(0, -600, 1000.0, 600.0), place(-1190, 0, 1200.0, 700.0), place(0, 760, 1000.0, 600.0)] {
            assert_eq!(out.on(&SCREENS, 1.0), None, "{out:?}");
        }
        let large = place(10, 10, 3000.0, 2000.0).on(&SCREENS[..1], 1.0).unwrap();
        assert_eq!((large.width, large.height), (1366.0, 768.0));
        let dense = place(10, 10, 3000.0, 2000.0).on(&SCREENS[..1], 2.0).unwrap();
        assert_eq!((dense.width, dense.height), (683.0, 384.0));
        for wrong in [f64::NAN, f64::INFINITY, -5.0, 0.0] {
            assert_eq!(place(0, 0, wrong, 600.0).on(&SCREENS, 1.0), None);
        }
    }

    #[test]
    fn what_is_kept_is_read_again_and_nonsense_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let kept = WindowState::in_folder(Some(folder.path().join("new")));
        assert_eq!(kept.read(), None);
        let there = place(100, 50, 1200.0, 700.0);
        kept.write(there);
        assert_eq!(kept.read(), Some(there));
        for text in ["", "{}", "[1]", r#"{"x":1,"y":2,"width":"wide","height":1,"maximized":false}"#] {
            std::fs::write(folder.path().join("new/window.json"), text).unwrap();
            assert_eq!(kept.read(), None, "{text}");
        }
        let nowhere = WindowState::in_folder(None);
        nowhere.write(there);
        assert_eq!(nowhere.read(), None, "where nothing can be kept, nothing is");
    }
}

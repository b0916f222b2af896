//! What WebKitGTK needs on Linux desktops. Nothing here is about Sweepbook itself.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use app::held;
use gtk::glib;
use gtk::prelude::WidgetExt;
use tauri::WebviewWindow;
use webkit2gtk::{InputMethodContextExt, WebViewExt};

use crate::launch_args;

const RENDERER: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// What can only be set right before GTK starts, and not by a process for itself: it starts itself anew (same process id).
///
/// Without a render node, or with the NVIDIA driver, WebKit's shared GPU buffers leave the window blank; a variable turns them
/// off. A file whose name or folder is no Unicode goes by its address, since a window that is open already is told of it over
/// the session bus, which takes nothing else.
pub fn start_anew_if_needed(folder: &Path) {
    let blank =
        std::env::var_os(RENDERER).is_none() && (!has_render_node() || Path::new("/proc/driver/nvidia").exists());
    let tellable = launch_args::tellable(std::env::args_os(), folder);
    if !blank && tellable.is_none() {
        return;
    }
    let Ok(program) = std::env::current_exe() else { return };
    let mut anew = Command::new(program);
    anew.args(tellable.unwrap_or_else(|| std::env::args_os().collect()).into_iter().skip(1));
    if blank {
        anew.env(RENDERER, "1");
    }
    let error = anew.exec();
    eprintln!("sweepbook: {RENDERER} could not be set ({error}); should the window stay blank, set it to 1 by hand");
}

/// Gives this start's arguments to a window that is open already, as the plugin for a single instance would, and says whether
/// there was one. Before the window's libraries are loaded: the plugin ends the process when their threads run, and their
/// clearing up at the end of a process can meet them (seen as a segmentation fault, once in some hundred starts).
pub fn given_to_open_window(identifier: &str, folder: &Path) -> bool {
    let arguments: Vec<String> = std::env::args_os().map(|each| each.to_string_lossy().into_owned()).collect();
    let name = format!("{identifier}.SingleInstance");
    let object = format!("/{}", name.replace('.', "/").replace('-', "_"));
    let given = || {
        let said = (arguments, folder.to_string_lossy());
        let bus = zbus::blocking::Connection::session()?;
        bus.call_method(Some(name.as_str()), object.as_str(), Some("org.SingleInstance.DBus"), "ExecuteCallback", &said)
    };
    // Without a bus, or with nobody on it, this is the first one; the plugin then keeps the name.
    given().is_ok()
}

fn has_render_node() -> bool {
    std::fs::read_dir("/dev/dri")
        .is_ok_and(|nodes| nodes.flatten().any(|node| node.file_name().to_string_lossy().starts_with("renderD")))
}

/// The web view comes with pre-edit text switched off, so that people do not see the pinyin they are composing. With
/// `SWEEPBOOK_PREEDIT=0` it stays off, for old input methods that then misplace their candidate box.
pub fn show_what_is_composed(window: &WebviewWindow) {
    if std::env::var("SWEEPBOOK_PREEDIT").as_deref() == Ok("0") {
        return;
    }
    let outcome = window.with_webview(|view| {
        if let Some(input) = view.inner().input_method_context() {
            input.set_enable_preedit(true);
        }
    });
    if let Err(error) = outcome {
        eprintln!("sweepbook: composed text may not show while typing: {error}");
    }
}

/// WebKit's number for a list of addresses among what a drag can bring.
const ADDRESSES: u32 = 2;

/// Notes which files a drag brings. What the window is told of them loses names that are no Unicode.
pub fn note_dragged_files(window: &WebviewWindow, dragged: Arc<Mutex<Option<Vec<PathBuf>>>>) {
    let outcome = window.with_webview(move |view| {
        view.inner().connect_drag_data_received(move |_, _, _, _, data, info, _| {
            if info == ADDRESSES {
                *held(&dragged) = Some(data.uris().iter().map(|address| path_of(address)).collect());
            }
        });
    });
    if let Err(error) = outcome {
        eprintln!("sweepbook: files whose names are no Unicode cannot be let go in the window: {error}");
    }
}

/// What is no file's address stays as it is, and names no file either.
fn path_of(address: &str) -> PathBuf {
    glib::filename_from_uri(address).map_or_else(|_| PathBuf::from(address), |(path, _)| path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_the_file_it_names_byte_for_byte() {
        use std::os::unix::ffi::OsStrExt;
        assert_eq!(path_of("file:///media/U%20%E7%9B%98/a.sweep"), Path::new("/media/U 盘/a.sweep"));
        assert_eq!(path_of("file:///m/%D3%C0.sweep").as_os_str().as_bytes(), b"/m/\xd3\xc0.sweep");
        assert_eq!(path_of("https://a.example/"), Path::new("https://a.example/"));
    }
}

//! The desktop shell: a window, the one command that carries every request to `app`, and the dialogs that choose files.
//! It knows no record, form or package; what a request means is decided in `app`.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod chosen;
mod handed;
#[cfg(target_os = "linux")]
mod linux;
mod place;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use app::held;
use chosen::{Choice, Chosen};
use tauri::{AppHandle, Manager, State, WebviewWindow, Window, WindowEvent};
use tauri_plugin_dialog::DialogExt;

/// The open book and the files a person has chosen, for as long as the window lives.
struct Room {
    desk: Arc<Mutex<app::Desk>>,
    /// What the desk is busy with; asked without waiting for the desk.
    work: app::Work,
    /// Answers what only looks at the book, without waiting for the desk either.
    looks: app::Looks,
    chosen: Mutex<Chosen>,
    /// Opened from outside, and not yet asked for by the page.
    opened: Mutex<Vec<PathBuf>>,
    place: place::Kept,
}

/// Carries a request to `app` off the window's thread and brings the reply back, both as JSON.
#[tauri::command]
async fn dispatch(request: String, room: State<'_, Room>) -> Result<String, String> {
    if let Some(reply) = room.work.answer(&request) {
        return Ok(reply);
    }
    let request = held(&room.chosen).resolve(&request)?;
    let (desk, looks) = (Arc::clone(&room.desk), room.looks.clone());
    let answer = move || {
        let request = app::Request::read(&request);
        looks.answer(&request).unwrap_or_else(|| held(&desk).carry_out(request))
    };
    tauri::async_runtime::spawn_blocking(answer).await.map_err(|error| error.to_string())
}

/// Lets a person choose a file, or several. The page gets a token and the file's name to show, never a path it could make up.
#[tauri::command]
async fn choose(choice: Choice, handle: AppHandle, room: State<'_, Room>) -> Result<Vec<chosen::File>, String> {
    let paths = tauri::async_runtime::spawn_blocking(move || {
        let mut dialog = handle.dialog().file().set_title(&choice.title);
        if let Some(window) = handle.get_webview_window("main") {
            dialog = dialog.set_parent(&window);
        }
        if let Some(name) = &choice.suggested {
            dialog = dialog.set_file_name(name);
        }
        if !choice.extensions.is_empty() {
            let extensions: Vec<&str> = choice.extensions.iter().map(String::as_str).collect();
            dialog = dialog.add_filter(&choice.filter, &extensions);
        }
        let picked: Vec<_> = match (choice.save, choice.folder, choice.multiple) {
            (true, ..) => dialog.blocking_save_file().into_iter().collect(),
            (false, true, _) => dialog.blocking_pick_folder().into_iter().collect(),
            (false, false, true) => dialog.blocking_pick_files().into_iter().flatten().collect(),
            (false, false, false) => dialog.blocking_pick_file().into_iter().collect(),
        };
        picked.into_iter().filter_map(|file| file.into_path().ok()).collect::<Vec<_>>()
    })
    .await
    .map_err(|error| error.to_string())?;
    let mut chosen = held(&room.chosen);
    Ok(paths.into_iter().map(|path| chosen.keep(path)).collect())
}

/// The files opened from outside since this was last asked, as tokens like those of chosen files.
#[tauri::command]
fn opened(room: State<'_, Room>) -> Vec<chosen::File> {
    let paths = std::mem::take(&mut *held(&room.opened));
    let mut chosen = held(&room.chosen);
    paths.into_iter().map(|path| chosen.keep(path)).collect()
}

/// Shows the page larger or smaller than its own size.
#[tauri::command]
fn zoom(factor: f64, window: WebviewWindow) -> Result<(), String> {
    window.set_zoom(factor.clamp(0.5, 3.0)).map_err(|error| error.to_string())
}

/// Stops what is under way, closes the book, then the window.
#[tauri::command]
fn leave(window: WebviewWindow, room: State<'_, Room>) {
    room.work.cancel();
    let desk = Arc::clone(&room.desk);
    std::thread::spawn(move || close(&window, &mut held(&desk)));
}

fn close(window: &WebviewWindow, desk: &mut app::Desk) {
    desk.leave();
    // A window that cannot be closed is gone already.
    let _ = window.destroy();
}

/// Waits for what the desk is in the middle of; asks where long work shows then.
fn close_when_free(window: WebviewWindow, desk: Arc<Mutex<app::Desk>>) {
    std::thread::spawn(move || {
        let mut desk = held(&desk);
        if desk.is_busy() { tell_page(&window, "leaving") } else { close(&window, &mut desk) }
    });
}

/// Lets the page know of something; it listens for an event of that name.
fn tell_page(window: &WebviewWindow, event: &str) {
    // A page that is not there yet asks by itself when it is.
    let _ = window.eval(format!("window.dispatchEvent(new Event('sweepbook-{event}'))"));
}

fn on_window_event(window: &Window, event: &WindowEvent) {
    let room = window.state::<Room>();
    match event {
        WindowEvent::CloseRequested { api, .. } => {
            room.place.note(window);
            let Some(page) = window.get_webview_window("main") else { return };
            match room.desk.try_lock() {
                Ok(desk) if !desk.is_busy() => return,
                Ok(_) => tell_page(&page, "leaving"),
                // In the middle of something: what says how far it has come takes long, anything else is over at once.
                Err(_) if room.work.view().is_some() => tell_page(&page, "leaving"),
                Err(_) => close_when_free(page, Arc::clone(&room.desk)),
            }
            api.prevent_close();
        }
        WindowEvent::Resized(_) | WindowEvent::Moved(_) => room.place.note_soon(window),
        _ => {}
    }
}

fn handed_over(handle: &AppHandle, arguments: Vec<String>, folder: &str) {
    let files = handed::files(arguments, Path::new(folder));
    held(&handle.state::<Room>().opened).extend(files);
    if let Some(window) = handle.get_webview_window("main") {
        // A window manager may refuse the focus; the running window is still the right answer.
        let _ = window.unminimize();
        let _ = window.set_focus();
        tell_page(&window, "opened");
    }
}

fn main() {
    #[cfg(target_os = "linux")]
    linux::restart_without_gpu_buffers_if_needed();

    let mut desk = match app::Desk::from_environment() {
        Ok(desk) => desk,
        Err(failure) => {
            for problem in failure.problems(app::Language::default()) {
                eprintln!("sweepbook: {} {}", problem.message, problem.remedy);
            }
            std::process::exit(1);
        }
    };
    desk.shown_by(format!("WebView {}", tauri::webview_version().unwrap_or_default()));
    let place = place::Kept::in_folder(desk.state_folder().map(Path::to_owned));
    let folder = std::env::current_dir().unwrap_or_default();
    let given = Mutex::new(handed::files(std::env::args(), &folder));
    let (work, looks) = (desk.work(), desk.looks());
    let room = Room { desk: Arc::new(Mutex::new(desk)), work, looks, chosen: Mutex::default(), opened: given, place };
    let outcome = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|handle, arguments, folder| {
            handed_over(handle, arguments, &folder);
        }))
        .plugin(tauri_plugin_dialog::init())
        .manage(room)
        .invoke_handler(tauri::generate_handler![dispatch, choose, opened, zoom, leave])
        .on_window_event(on_window_event)
        .setup(|shell| {
            // The book opens while the page is being read. Here and not earlier: a second start has ended by now.
            let desk = Arc::clone(&shell.state::<Room>().desk);
            std::thread::spawn(move || held(&desk).begin());
            if let Some(window) = shell.get_webview_window("main") {
                #[cfg(target_os = "linux")]
                linux::show_what_is_composed(&window);
                shell.state::<Room>().place.restore(&window);
            }
            Ok(())
        })
        .run(tauri::generate_context!());
    if let Err(error) = outcome {
        eprintln!("sweepbook: {error}");
        std::process::exit(1);
    }
}

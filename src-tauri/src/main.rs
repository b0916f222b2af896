//! The desktop shell: a window, the one command that carries every request to `app`, and the dialogs that choose files.
//! It knows no record, form or package; what a request means is decided in `app`.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod chosen;
#[cfg(target_os = "linux")]
mod linux;

use std::sync::{Arc, Mutex, PoisonError};

use chosen::{Choice, Chosen};
use tauri::{AppHandle, Manager, State, Window, WindowEvent};
use tauri_plugin_dialog::DialogExt;

/// The open book and the files a person has chosen, for as long as the window lives.
struct Room {
    desk: Arc<Mutex<app::Desk>>,
    /// What the desk is busy with; asked without waiting for the desk.
    work: app::Work,
    chosen: Mutex<Chosen>,
}

/// Carries a request to `app` off the window's thread and brings the reply back, both as JSON.
#[tauri::command]
async fn dispatch(request: String, room: State<'_, Room>) -> Result<String, String> {
    if let Some(reply) = room.work.answer(&request) {
        return Ok(reply);
    }
    let request = room.chosen.lock().unwrap_or_else(PoisonError::into_inner).resolve(&request)?;
    let desk = Arc::clone(&room.desk);
    tauri::async_runtime::spawn_blocking(move || desk.lock().unwrap_or_else(PoisonError::into_inner).dispatch(&request))
        .await
        .map_err(|error| error.to_string())
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
        let picked: Vec<_> = match (choice.save, choice.multiple) {
            (true, _) => dialog.blocking_save_file().into_iter().collect(),
            (false, true) => dialog.blocking_pick_files().into_iter().flatten().collect(),
            (false, false) => dialog.blocking_pick_file().into_iter().collect(),
        };
        picked.into_iter().filter_map(|file| file.into_path().ok()).collect::<Vec<_>>()
    })
    .await
    .map_err(|error| error.to_string())?;
    let mut chosen = room.chosen.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(paths.into_iter().map(|path| chosen.keep(path)).collect())
}

/// A window that is closed in the middle of long work asks the work to stop, and goes when it has: no half-written file is
/// left where it was writing.
fn finish_before_closing(window: &Window, event: &WindowEvent) {
    let WindowEvent::CloseRequested { api, .. } = event else { return };
    let room = window.state::<Room>();
    if room.work.view().is_none() {
        return;
    }
    api.prevent_close();
    room.work.cancel();
    let (desk, window) = (Arc::clone(&room.desk), window.clone());
    std::thread::spawn(move || {
        drop(desk.lock());
        // Where the window cannot be closed it is gone already.
        let _ = window.destroy();
    });
}

fn main() {
    #[cfg(target_os = "linux")]
    linux::restart_without_gpu_buffers_if_needed();

    let desk = match app::Desk::from_environment() {
        Ok(desk) => desk,
        Err(failure) => {
            for problem in failure.problems(app::Language::default()) {
                eprintln!("sweepbook: {} {}", problem.message, problem.remedy);
            }
            std::process::exit(1);
        }
    };
    let work = desk.work();
    let room = Room { desk: Arc::new(Mutex::new(desk)), work, chosen: Mutex::default() };
    let outcome = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|handle, _, _| {
            if let Some(window) = handle.get_webview_window("main") {
                // A window manager may refuse the focus; the running window is still the right answer.
                let _ = window.unminimize();
                let _ = window.set_focus();
            }
        }))
        .plugin(tauri_plugin_dialog::init())
        .manage(room)
        .invoke_handler(tauri::generate_handler![dispatch, choose])
        .on_window_event(finish_before_closing)
        .setup(|shell| {
            #[cfg(target_os = "linux")]
            if let Some(window) = shell.get_webview_window("main") {
                linux::show_what_is_composed(&window);
            }
            #[cfg(not(target_os = "linux"))]
            let _ = shell;
            Ok(())
        })
        .run(tauri::generate_context!());
    if let Err(error) = outcome {
        eprintln!("sweepbook: {error}");
        std::process::exit(1);
    }
}

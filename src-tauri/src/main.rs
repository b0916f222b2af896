//! The desktop shell: a window, the one command that carries every request to `app`, and the dialogs that choose files.
//! It knows no record, form or package; what a request means is decided in `app`.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod drops;
mod events;
mod file_tokens;
mod launch_args;
mod leaving;
#[cfg(target_os = "linux")]
mod linux;
mod page;
mod window_state;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::held;
use events::{Event, Page};
use file_tokens::{Choice, Chosen};
use leaving::Leaving;
use tauri::ipc::{Channel, Response};
use tauri::webview::{DownloadEvent, NewWindowResponse};
use tauri::{App, AppHandle, Manager, State, WebviewWindow, WebviewWindowBuilder, Window, WindowEvent};
use tauri_plugin_dialog::DialogExt;

/// How often what begins by itself, such as a backup, is seen to.
const TICK: Duration = Duration::from_secs(5);

/// The open book and the files a person has chosen, for as long as the window lives.
struct AppState {
    backend: Arc<Mutex<api::Backend>>,
    /// What the backend is busy with; asked without waiting for the backend.
    jobs: api::Jobs,
    /// Answer what only looks at the book, without waiting for the backend either.
    readers: api::ReaderPool,
    chosen: Arc<Mutex<Chosen>>,
    /// Opened from outside, and not yet asked for by the page.
    opened: Mutex<Vec<PathBuf>>,
    /// Let go in the window, and not yet asked for by the page.
    let_go: Mutex<Vec<drops::LetGo>>,
    /// The files of the drag that is under way, where the toolkit names them better than the window does.
    dragged: Arc<Mutex<Option<Vec<PathBuf>>>>,
    leaving: Arc<Leaving>,
    page: Arc<Page>,
    window_state: window_state::WindowState,
}

/// Carries a request to the backend off the window's thread and brings the reply back as the JSON it is.
#[tauri::command]
async fn dispatch(request: String, state: State<'_, AppState>) -> Result<Response, String> {
    let chosen = Arc::clone(&state.chosen);
    let request = api::Request::read(&request).naming_files(move |token| held(&chosen).path(token));
    if let Some(reply) = api::jobs::answer(&state.jobs, &request) {
        return Ok(Response::new(reply));
    }
    let (backend, readers) = (Arc::clone(&state.backend), state.readers.clone());
    let answer = move || readers.answer(&request).unwrap_or_else(|| held(&backend).carry_out(request));
    tauri::async_runtime::spawn_blocking(answer).await.map(Response::new).map_err(|error| error.to_string())
}

/// Lets a person choose a file, or several. The page gets a token and the file's name to show, never a path it could make up.
#[tauri::command]
async fn choose(
    choice: Choice,
    handle: AppHandle,
    state: State<'_, AppState>,
) -> Result<Vec<file_tokens::File>, String> {
    let paths = tauri::async_runtime::spawn_blocking(move || {
        let mut dialog = handle.dialog().file().set_title(&choice.title);
        if let Some(window) = handle.get_webview_window("main") {
            dialog = dialog.set_parent(&window);
        }
        if let Some(name) = choice.offered() {
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
    let mut chosen = held(&state.chosen);
    Ok(paths.into_iter().map(|path| chosen.keep(path)).collect())
}

/// From now on the page hears what the shell tells.
#[tauri::command]
fn listen(channel: Channel<Event>, state: State<'_, AppState>) {
    state.page.listens(channel);
}

/// The files opened from outside since this was last asked, as tokens like those of chosen files.
#[tauri::command]
fn opened(state: State<'_, AppState>) -> Vec<file_tokens::File> {
    let paths = std::mem::take(&mut *held(&state.opened));
    let mut chosen = held(&state.chosen);
    paths.into_iter().map(|path| chosen.keep(path)).collect()
}

/// What was let go in the window since this was last asked.
#[tauri::command]
fn dropped(state: State<'_, AppState>) -> Vec<drops::Drop> {
    let let_go = std::mem::take(&mut *held(&state.let_go));
    let mut chosen = held(&state.chosen);
    let_go.into_iter().map(|let_go| let_go.given(&mut chosen)).collect()
}

/// Shows the page larger or smaller than its own size.
#[tauri::command]
fn zoom(factor: f64, window: WebviewWindow) -> Result<(), String> {
    window.set_zoom(factor.clamp(0.5, 3.0)).map_err(|error| error.to_string())
}

/// Stops what is under way, closes the book, then the window.
#[tauri::command]
fn leave(window: WebviewWindow, state: State<'_, AppState>) {
    state.jobs.stop_request();
    leave_when_kept(window, &state, true);
}

/// The page has kept what was being typed.
#[tauri::command]
fn kept(state: State<'_, AppState>) {
    state.leaving.kept();
}

/// Has the page keep what is being typed, waits for what the backend is in the middle of, and closes. Where long work shows then,
/// the person is asked, unless they were.
fn leave_when_kept(window: WebviewWindow, state: &AppState, asked: bool) {
    if !state.leaving.ask() {
        return;
    }
    let (backend, leaving, page) = (Arc::clone(&state.backend), Arc::clone(&state.leaving), Arc::clone(&state.page));
    std::thread::spawn(move || {
        page.tell(Event::Closing);
        leaving.wait();
        let mut backend = held(&backend);
        if backend.is_busy() && !asked {
            leaving.stay();
            return page.tell(Event::Leaving);
        }
        backend.leave();
        // A window that cannot be closed is gone already.
        let _ = window.destroy();
    });
}

fn on_window_event(window: &Window, event: &WindowEvent) {
    let state = window.state::<AppState>();
    match event {
        WindowEvent::CloseRequested { api, .. } => {
            state.window_state.note(window);
            let Some(page) = window.get_webview_window("main") else { return };
            api.prevent_close();
            let long = match state.backend.try_lock() {
                Ok(backend) => backend.is_busy(),
                // In the middle of something: what says how far it has come takes long, anything else is over at once.
                Err(_) => !state.jobs.running().is_empty(),
            };
            if long { state.page.tell(Event::Leaving) } else { leave_when_kept(page, &state, false) }
        }
        WindowEvent::DragDrop(event) => match drops::step(window, event, &state.dragged) {
            Some(drops::Step::Over(place)) => state.page.tell(Event::Dragging(place)),
            Some(drops::Step::Left) => state.page.tell(Event::Dragged),
            Some(drops::Step::LetGo(let_go)) => {
                held(&state.let_go).push(let_go);
                state.page.tell(Event::Dropped);
            }
            None => {}
        },
        WindowEvent::Resized(_) | WindowEvent::Moved(_) => state.window_state.note_soon(window),
        _ => {}
    }
}

fn handed_over(handle: &AppHandle, arguments: Vec<String>, folder: &str) {
    let files = launch_args::files(arguments.into_iter().map(OsString::from), Path::new(folder));
    let state = handle.state::<AppState>();
    held(&state.opened).extend(files);
    if let Some(window) = handle.get_webview_window("main") {
        // A window manager may refuse the focus; the running window is still the right answer.
        let _ = window.unminimize();
        let _ = window.set_focus();
        state.page.tell(Event::Opened);
    }
}

/// Makes the window, which shows its page and nothing else.
fn open_window(shell: &App) -> tauri::Result<()> {
    let config = shell.config();
    let served = config.build.dev_url.clone().filter(|_| tauri::is_dev());
    let refused = |handle: &AppHandle| handle.state::<AppState>().page.tell(Event::Refused);
    for window in &config.app.windows {
        let (handle, other) = (shell.handle().clone(), shell.handle().clone());
        let served = served.clone();
        let window = WebviewWindowBuilder::from_config(shell, window)?
            .on_navigation(move |address| {
                let own = page::is_own(address, served.as_ref());
                if !own {
                    refused(&handle);
                }
                own
            })
            .on_new_window(move |_, _| {
                refused(&other);
                NewWindowResponse::Deny
            })
            .on_download(move |view, event| {
                if let DownloadEvent::Requested { .. } = event {
                    refused(view.app_handle());
                }
                false
            })
            .build()?;
        let state = shell.state::<AppState>();
        #[cfg(target_os = "linux")]
        {
            linux::show_what_is_composed(&window);
            linux::note_dragged_files(&window, Arc::clone(&state.dragged));
        }
        state.window_state.restore(&window);
    }
    Ok(())
}

fn main() {
    let folder = std::env::current_dir().unwrap_or_default();
    let context = tauri::generate_context!();
    #[cfg(target_os = "linux")]
    {
        linux::start_anew_if_needed(&folder);
        if linux::given_to_open_window(&context.config().identifier, &folder) {
            return;
        }
    }

    let mut backend = api::Backend::from_environment();
    backend.shown_by(format!("WebView {}", tauri::webview_version().unwrap_or_default()));
    let window_state = window_state::WindowState::in_folder(backend.state_folder().map(Path::to_owned));
    let (jobs, readers) = (backend.jobs(), backend.readers());
    let page = Arc::<Page>::default();
    let watching = Arc::clone(&page);
    jobs.listen(move |progress| watching.tell(Event::Job(progress.clone())));
    let state = AppState {
        backend: Arc::new(Mutex::new(backend)),
        jobs,
        readers,
        chosen: Arc::default(),
        opened: Mutex::new(launch_args::files(std::env::args_os(), &folder)),
        let_go: Mutex::default(),
        dragged: Arc::default(),
        leaving: Arc::default(),
        page,
        window_state,
    };
    let outcome = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|handle, arguments, folder| {
            handed_over(handle, arguments, &folder);
        }))
        .plugin(tauri_plugin_dialog::init())
        .manage(state)
        .invoke_handler(tauri::generate_handler![dispatch, listen, choose, opened, dropped, zoom, leave, kept])
        .on_window_event(on_window_event)
        .setup(|shell| {
            // The book opens while the page is being read. Here and not earlier: a second start has ended by now.
            let backend = Arc::clone(&shell.state::<AppState>().backend);
            std::thread::spawn(move || {
                held(&backend).begin();
                loop {
                    std::thread::sleep(TICK);
                    held(&backend).tick();
                }
            });
            open_window(shell)?;
            Ok(())
        })
        .run(context);
    if let Err(error) = outcome {
        eprintln!("sweepbook: {error}");
        std::process::exit(1);
    }
}

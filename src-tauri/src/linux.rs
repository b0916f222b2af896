//! What WebKitGTK needs on Linux desktops. Nothing here is about Sweepbook itself.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use tauri::WebviewWindow;
use webkit2gtk::{InputMethodContextExt, WebViewExt};

const RENDERER: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// Without a render node, or with the NVIDIA driver, WebKit's shared GPU buffers leave the window blank. The variable that
/// turns them off must be there before GTK starts; a process cannot safely change its own environment, so it starts itself
/// anew (same process id) with it.
pub fn restart_without_gpu_buffers_if_needed() {
    if std::env::var_os(RENDERER).is_some() || (has_render_node() && !Path::new("/proc/driver/nvidia").exists()) {
        return;
    }
    if let Ok(program) = std::env::current_exe() {
        let error = Command::new(program).args(std::env::args_os().skip(1)).env(RENDERER, "1").exec();
        eprintln!(
            "sweepbook: {RENDERER} could not be set ({error}); should the window stay blank, set it to 1 by hand"
        );
    }
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

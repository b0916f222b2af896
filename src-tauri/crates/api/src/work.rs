//! Long work as others may watch it: how far it has come, and a wish to stop it. Progress and cancel are answered without the
//! backend's lock. It does no work and starts none.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard};

use app::progress::{Progress, Stage};
use app::sync::held;
use serde::Serialize;
use serde_json::json;
use ts_rs::TS;

use crate::request::Request;

/// Long work under way, for the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "bridge.ts")]
pub struct WorkView {
    pub stage: Stage,
    #[ts(type = "number")]
    pub done: u64,
    #[ts(type = "number")]
    pub total: u64,
    pub file: u32,
    pub files: u32,
    /// Somebody asked it to stop.
    pub stopping: bool,
}

#[derive(Debug, Default)]
struct State {
    progress: Option<Progress>,
    stopping: bool,
}

/// Shared between the backend that works and whoever watches.
#[derive(Debug, Clone, Default)]
pub struct Work(Arc<Mutex<State>>);

impl Work {
    fn state(&self) -> MutexGuard<'_, State> {
        held(&self.0)
    }

    /// What is under way; `None` while nothing that takes long is.
    pub fn view(&self) -> Option<WorkView> {
        let state = self.state();
        state.progress.map(|progress| WorkView {
            stage: progress.stage,
            done: progress.done,
            total: progress.total,
            file: progress.file,
            files: progress.files,
            stopping: state.stopping,
        })
    }

    /// Asks what is under way to stop. What has not begun is not stopped by it.
    pub fn cancel(&self) {
        let mut state = self.state();
        state.stopping = state.progress.is_some();
    }

    /// Answers `progress` and `cancel` without the backend; any other request is the backend's.
    pub fn answer(&self, request: &Request) -> Option<String> {
        let (action, _) = request.asked.as_ref().ok()?;
        let value = match action.as_str() {
            "progress" => json!(self.view()),
            "cancel" => {
                self.cancel();
                json!({})
            }
            _ => return None,
        };
        Some(json!({ "ok": value }).to_string())
    }

    /// Notes how far work has come; `Break` if it is to stop.
    pub fn step(&self, progress: Progress) -> ControlFlow<()> {
        let mut state = self.state();
        state.progress = Some(progress);
        if state.stopping { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// What long work tells its progress to.
    pub fn tell(&self) -> impl FnMut(Progress) -> ControlFlow<()> + use<> {
        let work = self.clone();
        move |progress| work.step(progress)
    }

    /// Before and after each request: a wish to stop never reaches the work after the one it was meant for.
    pub(crate) fn clear(&self) {
        *self.state() = State::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(work: &Work, request: &str) -> Option<String> {
        work.answer(&Request::read(request))
    }

    #[test]
    fn work_is_watched_and_stopped_from_beside_it() {
        let work = Work::default();
        assert_eq!(answer(&work, r#"{"do":"progress"}"#).unwrap(), r#"{"ok":null}"#);
        work.cancel();
        assert_eq!(work.step(Progress::at(Stage::Reading, 3, 9)), ControlFlow::Continue(()), "nothing had begun");
        let seen: serde_json::Value = serde_json::from_str(&answer(&work, r#"{"do":"progress"}"#).unwrap()).unwrap();
        assert_eq!(
            (&seen["ok"]["stage"], &seen["ok"]["done"], &seen["ok"]["total"]),
            (&json!("reading"), &json!(3), &json!(9))
        );
        assert_eq!(answer(&work, r#"{"do":"cancel","lang":"zh"}"#).unwrap(), r#"{"ok":{}}"#);
        assert!(work.view().unwrap().stopping);
        assert_eq!(work.tell()(Progress::at(Stage::Reading, 4, 9)), ControlFlow::Break(()));
        work.clear();
        assert_eq!(work.tell()(Progress::at(Stage::Reading, 0, 9)), ControlFlow::Continue(()));
    }

    #[test]
    fn other_requests_are_not_its_business() {
        let work = Work::default();
        for request in ["", "{}", r#"{"do":"status"}"#, r#"{"do":"record_save"}"#, r#"["progress"]"#] {
            assert_eq!(answer(&work, request), None, "{request}");
        }
    }
}

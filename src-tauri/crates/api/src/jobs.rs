//! Long work as the page asks about it: what there is, how it ended, and a wish to stop it.

use app::failure::Outcome;
use app::messages::Language;
use serde::Deserialize;
use serde_json::json;
use ts_rs::TS;

use crate::Backend;
use crate::background::JobView;
use crate::request::Request;
use crate::running::Jobs;
use crate::views::Nothing;

#[derive(Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct StopJob {
    pub id: u64,
}

/// Answers `job_stop` without the backend, which may be what works; any other request is the backend's.
pub fn answer(jobs: &Jobs, request: &Request) -> Option<String> {
    let (_, input) = request.asked.as_ref().ok().filter(|(action, _)| action == "job_stop")?;
    let StopJob { id } = serde_json::from_value(input.clone()).ok()?;
    jobs.stop(id);
    Some(json!({ "ok": {} }).to_string())
}

pub fn list(backend: &mut Backend, _: Nothing, language: Language) -> Outcome<Vec<JobView>> {
    let now = backend.clock.millis();
    Ok(backend.background.views(now, language))
}

/// For callers that have no window: the window's are answered by [`answer`].
pub fn stop(backend: &mut Backend, input: StopJob, _: Language) -> Outcome<Nothing> {
    backend.jobs().stop(input.id);
    Ok(Nothing {})
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use app::progress::{Progress, Stage};

    use super::*;

    #[test]
    fn a_job_is_stopped_without_the_backend() {
        let jobs = Jobs::default();
        let mut sink = jobs.of_request();
        assert_eq!(sink(Progress::at(Stage::Reading, 3, 9)), ControlFlow::Continue(()));
        let id = jobs.running()[0].id;
        let reply = answer(&jobs, &Request::read(&json!({"do": "job_stop", "id": id}).to_string()));
        assert_eq!(reply.unwrap(), r#"{"ok":{}}"#);
        assert_eq!(sink(Progress::at(Stage::Reading, 4, 9)), ControlFlow::Break(()));
    }

    #[test]
    fn other_requests_are_not_its_business() {
        let jobs = Jobs::default();
        for request in ["", "{}", r#"{"do":"status"}"#, r#"{"do":"job_stop"}"#, r#"{"do":"jobs"}"#, r#"["job_stop"]"#] {
            assert_eq!(answer(&jobs, &Request::read(request)), None, "{request}");
        }
    }
}

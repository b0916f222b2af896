//! Between the wish to close the window and its end: the page is asked to keep what is still being typed, and is waited for,
//! but not for ever.

use std::sync::{Condvar, Mutex};
use std::time::Duration;

use app::held;

/// Keeping a few lines takes milliseconds; a page that has not answered by then never will.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    #[default]
    Open,
    /// The page was asked.
    Asked,
    /// Nothing is typed any more that is not kept.
    Kept,
}

#[derive(Debug, Default)]
pub struct Leaving {
    state: Mutex<State>,
    changed: Condvar,
}

impl Leaving {
    /// Takes note that the page is asked; false where it has been already.
    pub fn ask(&self) -> bool {
        std::mem::replace(&mut *held(&self.state), State::Asked) == State::Open
    }

    /// The page's answer.
    pub fn kept(&self) {
        *held(&self.state) = State::Kept;
        self.changed.notify_all();
    }

    /// Until the page has answered, or will not.
    pub fn wait(&self) {
        self.wait_for(PATIENCE);
    }

    fn wait_for(&self, patience: Duration) -> bool {
        let state = held(&self.state);
        let waited = self.changed.wait_timeout_while(state, patience, |state| *state == State::Asked);
        waited.is_ok_and(|(_, gone)| !gone.timed_out())
    }

    /// The window stays open after all.
    pub fn stay(&self) {
        *held(&self.state) = State::Open;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn the_page_is_asked_once_and_waited_for() {
        let leaving = Arc::new(Leaving::default());
        assert!(leaving.ask());
        assert!(!leaving.ask(), "a second press on the button");
        let page = Arc::clone(&leaving);
        let answers = std::thread::spawn(move || page.kept());
        leaving.wait_for(Duration::from_secs(600));
        answers.join().unwrap();
        leaving.stay();
        assert!(leaving.ask(), "the next time it is asked anew");
    }

    #[test]
    fn a_page_that_never_answers_is_not_waited_for() {
        let leaving = Leaving::default();
        assert!(leaving.ask());
        assert!(!leaving.wait_for(Duration::from_millis(1)));
    }
}

//! What the shell tells the page without being asked.

use std::sync::Mutex;

use app::held;
use serde::Serialize;
use tauri::ipc::Channel;

use crate::drops::Place;

#[derive(Debug, Clone, Serialize)]
#[serde(tag = "event", content = "detail", rename_all = "lowercase")]
pub enum Event {
    /// A file was opened from outside.
    Opened,
    /// Files are being dragged over this place.
    Dragging(Place),
    /// They have left the window.
    Dragged,
    /// They were let go in it.
    Dropped,
    /// The window was to show something else than its page, and does not.
    Refused,
    /// The window is to close in the middle of long work.
    Leaving,
    /// The window closes as soon as the page has kept what is being typed.
    Closing,
    /// Long work has come further, or ended.
    Job(api::JobProgress),
}

/// The way to the page, once it listens.
#[derive(Default)]
pub struct Page(Mutex<Option<Channel<Event>>>);

impl Page {
    pub fn listens(&self, channel: Channel<Event>) {
        *held(&self.0) = Some(channel);
    }

    /// A page that does not listen yet asks by itself when it does.
    pub fn tell(&self, event: Event) {
        if let Some(channel) = held(&self.0).as_ref() {
            // A page that is gone is told nothing.
            let _ = channel.send(event);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_named_and_brings_what_there_is_to_know_of_it() {
        let written = |event| serde_json::to_value(event).unwrap();
        assert_eq!(written(Event::Opened), serde_json::json!({"event": "opened"}));
        let over = Event::Dragging(Place { x: 0.25, y: 0.5 });
        assert_eq!(written(over), serde_json::json!({"event": "dragging", "detail": {"x": 0.25, "y": 0.5}}));
    }
}

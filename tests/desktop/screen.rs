//! What a person does on the screen itself, where the driver has no hands: the button in a window's frame, a drag that comes from
//! another program. By the X protocol, as a window manager or a file manager would.

use std::cell::Cell;
use std::os::unix::net::UnixStream;
use std::process::Command;
use std::time::{Duration, Instant};

use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt, CreateWindowAux, EventMask, InputFocus, MapState, PropMode,
    SELECTION_NOTIFY_EVENT, SelectionNotifyEvent, SelectionRequestEvent, WindowClass,
};
use x11rb::rust_connection::{DefaultStream, RustConnection};
use x11rb::wrapper::ConnectionExt as _;
use x11rb::{COPY_FROM_PARENT, CURRENT_TIME, NONE};

use crate::window::PATIENCE;

x11rb::atom_manager! {
    Names: NamesCookie {
        WM_PROTOCOLS,
        WM_DELETE_WINDOW,
        UTF8_STRING,
        CLIPBOARD,
        _NET_WM_NAME,
        TARGETS,
        XdndSelection,
        XdndEnter,
        XdndPosition,
        XdndStatus,
        XdndDrop,
        XdndFinished,
        XdndActionCopy,
        ADDRESSES: b"text/uri-list",
    }
}

/// The version of the protocol of drags that is spoken here.
const XDND: u32 = 5;

pub struct Screen {
    connection: RustConnection,
    names: Names,
    root: u32,
    /// The window of that title: the program's, or one of its dialogs.
    window: u32,
    /// A window of this test, which owns what is dragged.
    own: u32,
    /// What it gives to whoever asks, and as which types.
    given: Cell<(Vec<u8>, Vec<u32>)>,
}

impl Screen {
    /// The screen of that name, if a window of that title is on it.
    pub fn of(display: &str, authority: &str, title: &str) -> Option<Self> {
        let listed = Command::new("xauth").args(["list", display]).env("XAUTHORITY", authority).output();
        let listed = String::from_utf8(listed.unwrap_or_else(|error| panic!("xauth: {error}")).stdout).unwrap();
        let digits = listed.split_whitespace().last().expect("a cookie");
        let cookie =
            (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect();
        let number = display.trim_start_matches(':').split('.').next().unwrap();
        let socket = UnixStream::connect(format!("/tmp/.X11-unix/X{number}")).unwrap();
        let (stream, _) = DefaultStream::from_unix_stream(socket).unwrap();
        let name = b"MIT-MAGIC-COOKIE-1".to_vec();
        let connection = RustConnection::connect_to_stream_with_auth_info(stream, 0, name, cookie).unwrap();
        let names = Names::new(&connection).unwrap().reply().unwrap();
        let root = connection.setup().roots[0].root;
        let own = connection.generate_id().unwrap();
        let aux = CreateWindowAux::new().event_mask(EventMask::PROPERTY_CHANGE);
        let (depth, visual) = (0, COPY_FROM_PARENT);
        connection.create_window(depth, own, root, 0, 0, 1, 1, 0, WindowClass::INPUT_ONLY, visual, &aux).unwrap();
        let screen = Screen { connection, names, root, window: NONE, own, given: Cell::default() };
        let window = screen.named(title)?;
        Some(Screen { window, ..screen })
    }

    /// The visible window of that title. No window manager puts frames around them.
    fn named(&self, title: &str) -> Option<u32> {
        let children = self.connection.query_tree(self.root).unwrap().reply().unwrap().children;
        children.into_iter().find(|window| {
            let (name, text) = (self.names._NET_WM_NAME, self.names.UTF8_STRING);
            let name = self.connection.get_property(false, *window, name, text, 0, 1 << 16).unwrap().reply();
            let seen = self.connection.get_window_attributes(*window).unwrap().reply();
            name.is_ok_and(|name| String::from_utf8_lossy(&name.value).contains(title))
                && seen.is_ok_and(|seen| seen.map_state == MapState::VIEWABLE)
        })
    }

    fn tell(&self, message: u32, data: [u32; 5]) {
        let event = ClientMessageEvent::new(32, self.window, message, data);
        self.connection.send_event(false, self.window, EventMask::NO_EVENT, event).unwrap();
        self.connection.flush().unwrap();
    }

    /// Presses the button that closes a window.
    pub fn press_close(&self) {
        self.tell(self.names.WM_PROTOCOLS, [self.names.WM_DELETE_WINDOW, CURRENT_TIME, 0, 0, 0]);
        // What is answered came after it.
        self.connection.get_input_focus().unwrap().reply().unwrap();
    }

    /// Gives the window the keyboard; one that has gone meanwhile takes none.
    pub fn focus(&self) {
        self.connection.set_input_focus(InputFocus::PARENT, self.window, CURRENT_TIME).unwrap();
        self.connection.get_input_focus().unwrap().reply().unwrap();
    }

    /// From now on nothing has been copied.
    pub fn forget_copied(&self) {
        self.connection.set_selection_owner(NONE, self.names.CLIPBOARD, CURRENT_TIME).unwrap();
        self.connection.get_input_focus().unwrap().reply().unwrap();
    }

    /// The text that was copied last, if any was.
    pub fn copied(&self) -> Option<String> {
        let (clipboard, text) = (self.names.CLIPBOARD, self.names.UTF8_STRING);
        self.connection.convert_selection(self.own, clipboard, text, clipboard, CURRENT_TIME).unwrap();
        self.connection.flush().unwrap();
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            match self.connection.poll_for_event().unwrap() {
                Some(Event::SelectionNotify(notice)) if notice.property == NONE => return None,
                Some(Event::SelectionNotify(notice)) => {
                    let kept = self.connection.get_property(true, self.own, notice.property, text, 0, 1 << 16);
                    return String::from_utf8(kept.unwrap().reply().unwrap().value).ok();
                }
                Some(_) => {}
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        }
        panic!("never: what was copied is given");
    }

    /// From now on this text is what was selected last, and what the middle button pastes.
    pub fn select(&self, text: &str) {
        self.given.set((text.as_bytes().to_vec(), vec![self.names.UTF8_STRING]));
        self.connection.set_selection_owner(self.own, AtomEnum::PRIMARY.into(), CURRENT_TIME).unwrap();
        self.connection.get_input_focus().unwrap().reply().unwrap();
    }

    /// Gives what was selected to whoever has asked for it by now.
    pub fn give_selected(&self) {
        while let Some(event) = self.connection.poll_for_event().unwrap() {
            if let Event::SelectionRequest(request) = event {
                self.give(&request);
            }
        }
    }

    /// Where a place of the window is on the screen.
    pub fn on_screen(&self, x: i16, y: i16) -> (i16, i16) {
        let at = self.connection.translate_coordinates(self.window, self.root, x, y).unwrap().reply().unwrap();
        (at.dst_x, at.dst_y)
    }

    /// Drags addresses from another program to a place of the window and lets them go there, once the window takes them.
    pub fn drag(&self, addresses: &[String], x: i16, y: i16) {
        let list: String = addresses.iter().map(|address| format!("{address}\r\n")).collect();
        self.given.set((list.into_bytes(), vec![self.names.ADDRESSES]));
        self.connection.set_selection_owner(self.own, self.names.XdndSelection, CURRENT_TIME).unwrap();
        self.tell(self.names.XdndEnter, [self.own, XDND << 24, self.names.ADDRESSES, 0, 0]);
        let (x, y) = self.on_screen(x, y);
        let place = u32::from(x.cast_unsigned()) << 16 | u32::from(y.cast_unsigned());
        let over = || self.tell(self.names.XdndPosition, [self.own, 0, place, CURRENT_TIME, self.names.XdndActionCopy]);
        over();
        self.serve("the window takes the drag", |message, data| match message {
            _ if message != self.names.XdndStatus => false,
            _ if data[1] & 1 == 1 => true,
            // It has not made up its mind yet.
            _ => {
                over();
                false
            }
        });
        self.tell(self.names.XdndDrop, [self.own, 0, CURRENT_TIME, 0, 0]);
        self.serve("the drag comes to its end", |message, _| message == self.names.XdndFinished);
    }

    /// Gives what is dragged to whoever asks for it, until a message says so.
    fn serve(&self, what: &str, mut until: impl FnMut(u32, [u32; 5]) -> bool) {
        let started = Instant::now();
        loop {
            match self.connection.poll_for_event().unwrap() {
                Some(Event::SelectionRequest(request)) => self.give(&request),
                Some(Event::ClientMessage(message)) if until(message.type_, message.data.as_data32()) => return,
                Some(_) => {}
                None => std::thread::sleep(Duration::from_millis(5)),
            }
            assert!(started.elapsed() < PATIENCE, "never: {what}");
        }
    }

    fn give(&self, request: &SelectionRequestEvent) {
        let (bytes, types) = self.given.take();
        let place = if request.property == NONE { request.target } else { request.property };
        let mut answered = place;
        if request.target == self.names.TARGETS {
            self.connection
                .change_property32(PropMode::REPLACE, request.requestor, place, AtomEnum::ATOM, &types)
                .unwrap();
        } else if types.contains(&request.target) {
            self.connection
                .change_property8(PropMode::REPLACE, request.requestor, place, request.target, &bytes)
                .unwrap();
        } else {
            answered = NONE;
        }
        self.given.set((bytes, types));
        let notice = SelectionNotifyEvent {
            response_type: SELECTION_NOTIFY_EVENT,
            sequence: 0,
            time: request.time,
            requestor: request.requestor,
            selection: request.selection,
            target: request.target,
            property: answered,
        };
        self.connection.send_event(false, request.requestor, EventMask::NO_EVENT, notice).unwrap();
        self.connection.flush().unwrap();
    }
}

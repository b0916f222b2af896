//! The one page the window shows. Whatever asks it to show anything else, a link, a script, an address or a file let go over
//! it, is refused here, and the page is told so that it can say it.

use tauri::Url;

/// Whether an address is the page's own. `served` is where the page comes from while it is being worked on; otherwise it is
/// the program's own.
pub fn is_own(address: &Url, served: Option<&Url>) -> bool {
    let place = match served {
        Some(served) => address.origin() == served.origin(),
        // As the web views of Linux and macOS, and those of Windows, name what is embedded in the program.
        None => matches!(
            (address.scheme(), address.host_str()),
            ("tauri", Some("localhost")) | ("http" | "https", Some("tauri.localhost"))
        ),
    };
    place && address.port() == served.and_then(Url::port) && matches!(address.path(), "" | "/" | "/index.html")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(address: &str, served: Option<&str>) -> bool {
        let read = |text: &str| Url::parse(text).unwrap();
        is_own(&read(address), served.map(read).as_ref())
    }

    #[test]
    fn the_page_is_its_own_place_whatever_stands_after_its_hash() {
        for address in
            ["tauri://localhost", "tauri://localhost/", "tauri://localhost/#/packages", "http://tauri.localhost/#/"]
        {
            assert!(own(address, None), "{address}");
        }
        let dev = Some("http://localhost:1420/");
        assert!(own("http://localhost:1420/#/forms", dev));
        assert!(!own("http://localhost:1421/", dev));
        assert!(!own("tauri://localhost/", dev));
    }

    #[test]
    fn nothing_else_is() {
        for address in [
            "file:///etc/hostname",
            "file:///media/stick/a.sweep",
            "https://a.example/",
            "http://localhost:1420/",
            "http://tauri.localhost:81/",
            "tauri://elsewhere/",
            "tauri://localhost/assets/logo.png",
            "data:text/html,x",
            "blob:tauri://localhost/1",
            "javascript:1",
            "about:blank",
            "mailto:a@b.example",
        ] {
            assert!(!own(address, None), "{address}");
        }
    }
}

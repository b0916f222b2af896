//! What a disk or stick refused, as codes a person can act on. The system's own words are in one language and in its own
//! terms; nobody is shown them. It touches no disk: it looks at the error of whoever did.

use std::io::{Error, ErrorKind};

/// Numbers of Unix that `ErrorKind` does not tell apart: the device is gone, has no medium, or fails.
const ENXIO: i32 = 6;
const ENODEV: i32 = 19;
const ENOMEDIUM: i32 = 123;
const EIO: i32 = 5;

/// The code whose message says what happened and whose remedy says what to do; it is the argument `why` of other notices.
pub fn why(error: &Error) -> &'static str {
    if let Some(inner) = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
        return why(inner);
    }
    match error.kind() {
        ErrorKind::PermissionDenied => "disk-denied",
        ErrorKind::NotFound => "disk-place-missing",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "disk-full",
        ErrorKind::FileTooLarge => "disk-file-too-large",
        ErrorKind::ReadOnlyFilesystem => "disk-read-only",
        ErrorKind::NotADirectory | ErrorKind::IsADirectory => "disk-no-folder",
        ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy => "disk-busy",
        ErrorKind::InvalidFilename => "disk-name-refused",
        ErrorKind::NotConnected
        | ErrorKind::StaleNetworkFileHandle
        | ErrorKind::NetworkDown
        | ErrorKind::NetworkUnreachable
        | ErrorKind::HostUnreachable
        | ErrorKind::TimedOut => "disk-gone",
        _ => match error.raw_os_error() {
            Some(ENXIO | ENODEV | ENOMEDIUM) if cfg!(unix) => "disk-gone",
            Some(EIO) if cfg!(unix) => "disk-failing",
            _ => "disk-refused",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn what_the_system_reports_is_told_apart() {
        for (number, code) in [
            (13, "disk-denied"),
            (1, "disk-denied"),
            (2, "disk-place-missing"),
            (28, "disk-full"),
            (122, "disk-full"),
            (27, "disk-file-too-large"),
            (30, "disk-read-only"),
            (20, "disk-no-folder"),
            (16, "disk-busy"),
            (36, "disk-name-refused"),
            (19, "disk-gone"),
            (107, "disk-gone"),
            (5, "disk-failing"),
            (12, "disk-refused"),
        ] {
            let error = Error::from_raw_os_error(number);
            assert_eq!(why(&error), code, "{error}");
            assert_eq!(why(&Error::other(error)), code, "wrapped once more");
        }
        assert_eq!(why(&Error::other("anything")), "disk-refused");
    }
}

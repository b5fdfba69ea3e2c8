//! Values in messages, as Go's `fmt` prints them.

use skeg_go::{GoValue, fmt};

/// `%v`
pub(crate) fn plain(value: &GoValue) -> String {
    fmt::to_text(value).to_lossy().into_owned()
}

/// `%t`
pub(crate) fn boolean(value: &GoValue) -> String {
    let text = fmt::sprintf(b"%t", std::slice::from_ref(value));
    String::from_utf8_lossy(&text).into_owned()
}

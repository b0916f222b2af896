//! Divisions, as they are found while a place is typed.

use serde::Serialize;
use ts_rs::TS;

#[derive(Debug, Serialize, TS)]
pub struct DivisionView {
    pub code: String,
    /// From the province down.
    pub name: String,
    /// Its own name alone.
    pub own: String,
    /// Others are what was typed just as well: which one is meant is for a person to say.
    pub alike: bool,
}

/// How a division is what was typed, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fit {
    /// Its code, its name or all of its initials.
    Whole,
    /// The beginning of one of them.
    Begins,
    /// It stands somewhere in the full name.
    Inside,
}

/// A division as it is found: by code, by any part of its full name, by pinyin initials.
pub(crate) struct Division {
    pub code: String,
    pub full_name: String,
    pub own_name: String,
    pub initials: Vec<String>,
    pub own_initials: Vec<String>,
}

impl Division {
    pub fn view(&self, alike: bool) -> DivisionView {
        DivisionView { code: self.code.clone(), name: self.full_name.clone(), own: self.own_name.clone(), alike }
    }

    /// `wanted` is the text in lower case.
    pub fn fit(&self, text: &str, wanted: &str) -> Option<Fit> {
        let letters = !wanted.is_empty() && wanted.bytes().all(|byte| byte.is_ascii_alphabetic());
        let own = || self.own_initials.iter().filter(|_| letters);
        // Other readings of its characters are looked for too, and are no more than a beginning.
        let usual = own().next().is_some_and(|each| each == wanted);
        if self.code == text || self.own_name == text || usual {
            Some(Fit::Whole)
        } else if self.code.starts_with(text)
            || self.own_name.starts_with(text)
            || own().any(|each| each.starts_with(wanted))
        {
            Some(Fit::Begins)
        } else if self.full_name.contains(text) || letters && self.initials.iter().any(|each| each.contains(wanted)) {
            Some(Fit::Inside)
        } else {
            None
        }
    }
}

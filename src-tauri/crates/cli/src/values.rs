//! Values of the command line, in their own words.

use std::str::FromStr;

use app::{Notice, Problem};

use crate::output::language;

/// A value in its own words, where it cannot be read: the language of the words is the environment's.
pub fn parse<T: FromStr<Err = Notice>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|notice| Problem::of(&notice, language(None)).message)
}

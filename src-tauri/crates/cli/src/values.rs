//! Values of the command line, in their own words.

use std::str::FromStr;

use app::{Notice, Problem};

use crate::output::language;

/// A value in its own words, where it cannot be read: the language of the words is the environment's.
pub fn parse<T: FromStr<Err = Notice>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|notice| Problem::of(&notice, language(None)).message)
}

/// `NAME=VALUE`.
pub fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or_else(|| format!("{text}: NAME=VALUE"))?;
    Ok((name.trim().to_owned(), value.to_owned()))
}

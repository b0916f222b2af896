//! A section's text in pieces: what was written, and what is quoted, each with where it comes from.

use std::collections::BTreeMap;

use campaign::sections::{self, Part, Quote};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Piece {
    Text { text: String },
    Quoted(Quoted),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Quoted {
    /// As it stands in braces: `figure:inspected`.
    pub quote: String,
    pub of: QuotedOf,
    /// What it is now.
    pub shown: String,
    /// The exact number (records, pieces, fen); none of a cell, which is what it prints, or of words.
    pub value: Option<i64>,
    /// What a person wrote over it; blank where they took it out and left the words around it.
    pub typed: Option<String>,
}

/// Where something that is quoted comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum QuotedOf {
    /// A figure of the whole campaign, 累计.
    Figure {
        figure: String,
        zh: String,
        en: String,
    },
    /// The same of the period, 本期.
    Period {
        figure: String,
        zh: String,
        en: String,
    },
    Cell {
        form: String,
        row: String,
        column: String,
        zh: String,
        en: String,
    },
    /// Records grouped by a field.
    List {
        figure: String,
        zh: String,
        en: String,
    },
    /// The office's name or a day.
    Given,
    /// The campaign has it no more.
    Gone,
}

impl Piece {
    /// What stands in the text.
    pub fn text(&self) -> &str {
        match self {
            Piece::Text { text } => text,
            Piece::Quoted(quoted) => quoted.typed.as_deref().unwrap_or(&quoted.shown),
        }
    }
}

/// What was found for each quote.
pub(super) type Counted = BTreeMap<Quote, Quoted>;

pub(super) fn pieces(parts: Vec<Part>, counted: &Counted) -> Vec<Piece> {
    let piece = |part| match part {
        Part::Text(text) => Piece::Text { text },
        Part::Quoted { quote, typed } => {
            let found = counted.get(&quote).cloned();
            let mut quoted = found.unwrap_or_else(|| Quoted::of(&quote, QuotedOf::Gone, "？".to_owned(), None));
            quoted.typed = typed;
            Piece::Quoted(quoted)
        }
    };
    parts.into_iter().map(piece).collect()
}

impl Quoted {
    pub(super) fn of(quote: &Quote, of: QuotedOf, shown: String, value: Option<i64>) -> Self {
        Quoted { quote: quote.to_string(), of, shown, value, typed: None }
    }
}

/// The text as it reads.
pub fn plain(pieces: &[Piece]) -> String {
    pieces.iter().map(Piece::text).collect()
}

/// The text as it is kept: what is quoted stays quoted, and is counted anew whenever it is read again.
pub fn source(pieces: &[Piece]) -> String {
    let part = |piece: &Piece| match piece {
        Piece::Text { text } => Part::Text(text.clone()),
        Piece::Quoted(quoted) => match quoted.quote.parse() {
            Ok(quote) => Part::Quoted { quote, typed: quoted.typed.clone() },
            // Nothing of ours writes such a quote.
            Err(_) => Part::Text(piece.text().to_owned()),
        },
    };
    let parts: Vec<Part> = pieces.iter().map(part).collect();
    sections::source(&parts)
}

//! Records that another record answers to: products that were sampled, enterprises that were inspected.

use std::rc::Rc;

use campaign::model::Matched;
use domain::schema::Kind;
use rusqlite::Row;
use rustc_hash::FxHashSet;

use super::context::{Context, ENTERPRISE};
use super::enterprises::Enterprises;
use super::fields::{Reading, Shape};
use super::selection::Selection;
use crate::error::Result;

/// What a record and the one that answers to it have alike, as bytes.
pub(super) type Key = Vec<u8>;

/// What the answering records offer, by alternative.
pub(super) struct Answers<'c> {
    pub matched: &'c Matched,
    pub keys: Vec<FxHashSet<Key>>,
}

/// What a counted record is asked for, by alternative.
pub(super) struct Asked<'c> {
    answers: Rc<Answers<'c>>,
    parts: Vec<Vec<Part>>,
}

/// Where one thing that must be alike stands in the counted record.
enum Part {
    /// Whom it is about, as joined.
    Owner,
    Column(usize, Shape),
}

impl Answers<'_> {
    pub fn answer(&self, matched: &Matched) -> bool {
        self.matched == matched
    }
}

impl<'c> Asked<'c> {
    /// `id` is the column of the counted record's own id.
    pub fn of(
        context: &Context,
        kind: &Kind,
        answers: Rc<Answers<'c>>,
        selection: &mut Selection,
        id: usize,
    ) -> Result<Self> {
        let mut parts = Vec::with_capacity(answers.matched.by.len());
        for names in &answers.matched.by {
            let mut alike = Vec::with_capacity(names.len());
            for name in names {
                alike.push(match name.as_str() {
                    ENTERPRISE => Part::Owner,
                    name if name == kind.id => Part::Column(id, Shape::Scalar),
                    name => {
                        let (column, shape) = selection.field(context, &kind.id, name)?;
                        Part::Column(column, shape)
                    }
                });
            }
            parts.push(alike);
        }
        Ok(Asked { answers, parts })
    }

    /// Whether only who a record is about decides, so that one record of an enterprise is answered to as all are.
    pub fn by_enterprise_alone(&self) -> bool {
        self.parts.iter().all(|parts| parts.iter().all(|part| matches!(part, Part::Owner)))
    }

    pub fn met(&self, record: &Row, owner: Option<u32>, enterprises: &Enterprises) -> Result<bool> {
        for (parts, keys) in self.parts.iter().zip(&self.answers.keys) {
            let mut key = Key::new();
            let mut whole = true;
            for part in parts {
                whole &= match part {
                    Part::Owner => owner.is_some_and(|owner| add(&mut key, enterprises.id(owner).as_bytes())),
                    Part::Column(column, shape) => add_column(&mut key, record, (*column, *shape))?,
                };
            }
            if whole && keys.contains(&key) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Lengths part the values, so that no two lists of values read alike.
pub(super) fn add(key: &mut Key, value: &[u8]) -> bool {
    key.extend_from_slice(&value.len().to_be_bytes());
    key.extend_from_slice(value);
    !value.is_empty()
}

/// False for what is blank, which is alike to nothing.
pub(super) fn add_column(key: &mut Key, record: &Row, (column, shape): (usize, Shape)) -> Result<bool> {
    Ok(match Reading::of_column(record.get_ref(column)?, shape) {
        Reading::Reference(bytes) => add(key, bytes),
        Reading::Text(text) => add(key, text.trim().as_bytes()),
        _ => false,
    })
}

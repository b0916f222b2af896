//! What a counting pass is asked: which campaign, for whom, up to when.

use campaign::model::Campaign;
use domain::schema::{FieldType, Kind};
use domain::{Date, OfficeCode, Schema};

use crate::error::Result;
use crate::reader::Reader;

pub(super) const CATEGORY_FIELDS: [&str; 2] = ["category", "categories"];

/// What is being filled, for whom, and up to when.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub reader: &'a Reader<'a>,
    pub schema: &'a Schema,
    pub campaign: &'a Campaign,
    pub office: &'a OfficeCode,
    pub as_of: Date,
}

impl Context<'_> {
    pub fn kind(&self, id: &str) -> Result<&Kind> {
        let known = self.schema.kind(id).filter(|_| self.reader.projection.knows(id));
        known.ok_or_else(|| domain::Notice::new("kind-unknown").with("value", id).into())
    }

    pub fn categories(&self) -> Vec<String> {
        self.campaign.categories.iter().map(|used| used.category.clone()).collect()
    }

    pub fn campaign_mark(&self) -> String {
        format!("|{}|", self.campaign.id)
    }
}

/// The field that says which category a record is of, and whether it has to.
pub(super) fn category_field(kind: &Kind) -> Option<(&'static str, bool)> {
    CATEGORY_FIELDS.into_iter().find_map(|name| Some((name, kind.field(name)?.required)))
}

/// The kind a record of this kind follows, and by which reference.
pub(super) fn follows(kind: &Kind) -> Option<(&str, &str)> {
    let field = kind.follows.as_deref()?;
    match &kind.field(field)?.ty {
        FieldType::Ref { to } => Some((field, to)),
        _ => None,
    }
}

//! What a counting pass is asked: which campaign, for whom, up to when.

use campaign::model::{Campaign, Figure};
use domain::schema::Kind;
use domain::{Date, OfficeCode, Schema};

use crate::error::Result;
use crate::reader::Reader;

pub(super) const ENTERPRISE: &str = "enterprise";

pub(super) const CATEGORY_FIELDS: [&str; 2] = ["category", "categories"];

/// What is being filled, for whom, and up to when.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub reader: &'a Reader<'a>,
    pub schema: &'a Schema,
    pub campaign: &'a Campaign,
    pub office: &'a OfficeCode,
    pub as_of: Date,
    /// The first day that is counted: the campaign's own, but for what happened in a period alone.
    pub first: Date,
}

impl<'a> Context<'a> {
    pub fn new(
        reader: &'a Reader<'a>,
        schema: &'a Schema,
        campaign: &'a Campaign,
        office: &'a OfficeCode,
        as_of: Date,
    ) -> Self {
        Context { reader, schema, campaign, office, as_of, first: campaign.first_day }
    }

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

/// A figure the campaign defines, by its id.
pub(super) fn figure<'c>(campaign: &'c Campaign, id: &str) -> Result<&'c Figure> {
    let found = campaign.figures.iter().find(|figure| figure.id == id);
    found.ok_or_else(|| domain::Notice::new("figure-unknown").with("value", id).into())
}

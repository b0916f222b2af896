//! The shape of a document as its file spells it. Reading one makes nothing of it; `parts` does.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

const FILES: [&str; 2] = [
    include_str!("../../../../../assets/documents/inspection.toml"),
    include_str!("../../../../../assets/documents/dossier.toml"),
];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Layout {
    pub id: String,
    pub kind: String,
    pub title: String,
    /// Words beside the seal, with `{office}` in them.
    pub seal: String,
    pub every_page: Vec<String>,
    #[serde(rename = "section")]
    pub sections: Vec<SectionLayout>,
    #[serde(rename = "signature")]
    pub signatures: Vec<SignatureLayout>,
    pub photos: PhotosLayout,
}

/// Pages of the record's photos; of an enterprise's, with those of all that belongs to it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PhotosLayout {
    pub heading: String,
    /// Records whose photos are printed too: kind and the field that refers to this one.
    #[serde(default)]
    pub with: BTreeMap<String, String>,
    /// Where a photo's content has not come with its record.
    pub missing: String,
    /// Where it is no picture.
    pub broken: String,
    /// Where there are more than are printed, with `{count}` in it.
    pub more: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SectionLayout {
    pub heading: String,
    #[serde(rename = "part")]
    pub parts: Vec<PartLayout>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "show", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum PartLayout {
    /// Fields with their labels, blank ones too; those of the record `of` refers to, where given.
    Pairs {
        #[serde(default)]
        of: Option<String>,
        /// The label of `campaigns` among the fields: the campaigns a record counts for.
        #[serde(default)]
        campaigns: String,
        fields: Vec<String>,
        /// After them, and only where something is recorded.
        #[serde(default)]
        if_filled: Vec<String>,
    },
    /// Fields of the campaigns' field sets that hold something: no document can know them beforehand.
    Rest {},
    /// People with their certificates' numbers.
    People {
        names: String,
        numbers: String,
    },
    /// Free words: a field's, or the document's own.
    Words {
        #[serde(default)]
        field: String,
        #[serde(default)]
        text: String,
        lines: u32,
    },
    /// Every item the campaigns order to be checked, with its result.
    Checklist {
        field: String,
        none: String,
    },
    /// Records that refer to this one, by this field.
    Records {
        kind: String,
        field: String,
        /// Codes their fields must hold.
        #[serde(default)]
        holds: BTreeMap<String, String>,
        none: String,
        columns: Vec<ColumnLayout>,
    },
    /// Enterprises joined to this one; nothing where there are none.
    Joined {
        none: String,
        columns: Vec<ColumnLayout>,
    },
    Totals {},
    Timeline {
        none: String,
    },
    Attachments {
        none: String,
    },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnLayout {
    pub field: String,
    pub width: u32,
    #[serde(default)]
    pub left: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignatureLayout {
    pub label: String,
    #[serde(default)]
    pub statement: String,
    /// A list of people: one line for each.
    #[serde(default)]
    pub each: Option<String>,
    /// What stands beside each, by the same place in another list.
    #[serde(default)]
    pub extra: Option<String>,
    #[serde(default)]
    pub extra_label: String,
}

pub(super) fn layouts() -> &'static [Layout] {
    static LAYOUTS: OnceLock<Vec<Layout>> = OnceLock::new();
    LAYOUTS.get_or_init(|| FILES.iter().map(|text| toml::from_str(text).expect("checked by a test")).collect())
}

#[cfg(test)]
mod tests {
    use domain::schema::FieldType;

    use super::*;

    #[test]
    fn every_field_a_document_names_exists() {
        let schema = domain::Schema::core();
        for layout in layouts() {
            let kind = schema.kind(&layout.kind).unwrap_or_else(|| panic!("kind {}", layout.kind));
            let known = |kind: &domain::schema::Kind, field: &str| {
                assert!(kind.field(field).is_some(), "{}: {} has no {field}", layout.id, kind.id);
            };
            for part in layout.sections.iter().flat_map(|section| &section.parts) {
                match part {
                    PartLayout::Pairs { of, campaigns, fields, if_filled } => {
                        let of = of.as_ref().map(|of| match kind.field(of).map(|field| &field.ty) {
                            Some(FieldType::Ref { to }) => schema.kind(to).expect("a kind"),
                            other => panic!("{of} is {other:?}"),
                        });
                        let named = fields
                            .iter()
                            .chain(if_filled)
                            .filter(|field| campaigns.is_empty() || *field != "campaigns");
                        named.for_each(|field| known(of.unwrap_or(kind), field));
                    }
                    PartLayout::People { names, numbers } => {
                        known(kind, names);
                        known(kind, numbers);
                    }
                    PartLayout::Words { field, .. } if !field.is_empty() => known(kind, field),
                    PartLayout::Checklist { field, .. } => known(kind, field),
                    PartLayout::Records { kind, field, holds, columns, .. } => {
                        let kind = schema.kind(kind).expect("a kind");
                        let named = columns.iter().map(|column| &column.field).chain(holds.keys()).chain([field]);
                        named.for_each(|field| known(kind, field));
                    }
                    PartLayout::Joined { columns, .. } => {
                        columns.iter().for_each(|column| known(kind, &column.field));
                    }
                    _ => {}
                }
            }
            for (other, field) in &layout.photos.with {
                known(schema.kind(other).expect("a kind"), field);
            }
            for line in &layout.signatures {
                line.each.iter().chain(&line.extra).for_each(|field| known(kind, field));
            }
        }
    }
}

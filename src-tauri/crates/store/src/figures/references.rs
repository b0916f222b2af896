//! How kinds refer to one another, as the schema says.

use domain::Schema;
use domain::schema::{Field, FieldType, Kind};

use super::context::ENTERPRISE;

/// The kind a record of this kind follows, and by which reference.
pub(super) fn follows(kind: &Kind) -> Option<(&str, &str)> {
    let field = kind.follows.as_deref()?;
    match &kind.field(field)?.ty {
        FieldType::Ref { to } => Some((field, to)),
        _ => None,
    }
}

/// The reference by which records of a kind point to another kind: the one of that name, or else the first.
pub(super) fn link<'s>(schema: &'s Schema, kind: &str, to: &str) -> Option<&'s str> {
    let fields = &schema.kind(kind)?.fields;
    let points =
        |ty: &FieldType| matches!(ty, FieldType::Ref { to: named } | FieldType::Refs { to: named } if named == to);
    let candidates = || fields.iter().filter(|field| points(&field.ty)).map(|field| field.name.as_str());
    candidates().find(|name| *name == to).or_else(|| candidates().next())
}

/// The field a step of a path goes through, and the kind it leads to. `enterprise` leads through a list of them as well.
pub(super) fn leads<'s>(kind: &'s Kind, reference: &str) -> Option<(&'s str, &'s str)> {
    let named = kind.fields.iter().find(|field| field.name == reference);
    let listed = || kind.fields.iter().find(|field| reference == ENTERPRISE && refers(&field.ty, ENTERPRISE));
    match &named.or_else(listed)? {
        Field { name, ty: FieldType::Ref { to } | FieldType::Refs { to }, .. } => Some((name, to)),
        _ => None,
    }
}

pub(super) fn refers(ty: &FieldType, to: &str) -> bool {
    matches!(ty, FieldType::Ref { to: named } | FieldType::Refs { to: named } if named == to)
}

//! Whether a schema holds together: what a data file may name of another.

use super::{Field, FieldType, Kind, Preset, RESERVED, Schema, is_code};
use crate::notice::Notice;

/// What answers of a checklist are chosen from.
const CHECK_RESULT: &str = "check_result";

impl Schema {
    /// Whether everything the schema names exists, once all vocabularies and field sets are added. The first thing that does
    /// not is the error: `schema-dangling`, `schema-twice`, `schema-reserved` or `schema-code`.
    pub fn check(&self) -> Result<(), Notice> {
        let at = |code: &str, place: &str, value: &str| Notice::new(code).with("place", place).with("value", value);
        let twice = |place: &str, names: Vec<&str>| {
            let mut seen = std::collections::BTreeSet::new();
            let repeated = names.into_iter().find(|name| !seen.insert(*name));
            repeated.map_or(Ok(()), |name| Err(at("schema-twice", place, name)))
        };
        twice("vocabulary", self.vocabularies.iter().map(|vocabulary| vocabulary.id.as_str()).collect())?;
        twice("kind", self.kinds.iter().map(|kind| kind.id.as_str()).collect())?;
        for vocabulary in &self.vocabularies {
            twice(&vocabulary.id, vocabulary.entries.iter().map(|entry| entry.code.as_str()).collect())?;
            if let Some(entry) = vocabulary.entries.iter().find(|entry| !is_code(&entry.code)) {
                return Err(at("schema-code", &vocabulary.id, &entry.code));
            }
        }
        for kind in &self.kinds {
            twice(&kind.id, kind.fields.iter().map(|field| field.name.as_str()).collect())?;
            if let Some(field) = kind.fields.iter().find(|field| RESERVED.contains(&field.name.as_str())) {
                return Err(at("schema-reserved", &kind.id, &field.name));
            }
            let one = [Some(&kind.title), kind.date.as_ref(), kind.follows.as_ref()];
            for name in one.into_iter().flatten().chain(&kind.find).chain(&kind.columns) {
                if kind.field(name).is_none() {
                    return Err(at("schema-dangling", &kind.id, name));
                }
            }
            for field in &kind.fields {
                let place = format!("{}.{}", kind.id, field.name);
                if let Some(value) = self.dangling(kind, field) {
                    return Err(at("schema-dangling", &place, &value));
                }
            }
            if let Some(value) = follow_up_dangling(self, kind) {
                return Err(at("schema-dangling", &kind.id, &value));
            }
        }
        Ok(())
    }

    /// What a field names that does not exist.
    fn dangling(&self, kind: &Kind, field: &Field) -> Option<String> {
        match &field.ty {
            FieldType::Code { of } | FieldType::Set { of } if self.vocabulary(of).is_none() => return Some(of.clone()),
            FieldType::Ref { to } | FieldType::Refs { to } if to != "*" && self.kind(to).is_none() => {
                return Some(to.clone());
            }
            FieldType::Objects { members } => {
                if let Some(value) = members.iter().find_map(|member| self.dangling(kind, member)) {
                    return Some(value);
                }
            }
            _ => {}
        }
        let rules = &field.rules;
        let conditions = || rules.required_with.iter().chain(&rules.only_with).chain(&rules.asked_with);
        let days = rules.not_before.iter().chain(&rules.usually_after);
        let others = rules.with.iter().chain(&rules.asked_beside).chain(&rules.at_most);
        let mut names = conditions().map(|(name, _)| name).chain(days).chain(others);
        if let Some(name) = names.find(|name| !self.reaches(kind, name)) {
            return Some(name.clone());
        }
        let code_known = |name: &str, code: &str| match kind.field(name).map(|field| &field.ty) {
            Some(FieldType::Code { of } | FieldType::Set { of }) => self.entry(of, code).is_some(),
            _ => false,
        };
        let codes = conditions().flat_map(|(name, codes)| codes.iter().map(move |code| (name, code)));
        let strange_preset = match &rules.preset {
            Some(Preset::Code(code)) => match &field.ty {
                FieldType::Code { of } | FieldType::Set { of } => self.entry(of, code).is_none().then_some(code),
                _ => Some(code),
            },
            Some(Preset::Field(path)) => (!path.contains('.') || !self.reaches(kind, path)).then_some(path),
            Some(Preset::From(_)) | None => None,
        };
        if let Some(value) = strange_preset {
            return Some(value.clone());
        }
        let strange = codes.into_iter().find(|(name, code)| !code_known(name, code)).map(|(_, code)| code.clone());
        strange.or_else(|| rules.required_for.iter().find(|code| self.entry("category", code).is_none()).cloned())
    }

    /// Whether a name, or a name behind a reference, is a field.
    fn reaches(&self, kind: &Kind, name: &str) -> bool {
        let Some((own, behind)) = name.split_once('.') else { return kind.field(name).is_some() };
        match kind.field(own).map(|field| &field.ty) {
            Some(FieldType::Ref { to }) => self.kind(to).is_some_and(|target| target.field(behind).is_some()),
            _ => false,
        }
    }
}

/// What a kind's follow-ups name that does not exist.
fn follow_up_dangling(schema: &Schema, kind: &Kind) -> Option<String> {
    if let Some(from_above) = &kind.from_above
        && let Some(name) = [&from_above.about, &from_above.answer].into_iter().find(|name| kind.field(name).is_none())
    {
        return Some(name.clone());
    }
    kind.follow_ups.iter().find_map(|follow_up| {
        let Some(opened) = schema.kind(&follow_up.opens) else { return Some(follow_up.opens.clone()) };
        let into =
            follow_up.via.iter().chain(follow_up.carry.keys()).chain(follow_up.set.keys()).chain(&follow_up.words);
        let from = follow_up.carry.values().chain(follow_up.when.keys());
        let mut strange =
            into.filter(|name| opened.field(name).is_none()).chain(from.filter(|name| kind.field(name).is_none()));
        let unknown = |kind: &Kind, field: &str, code: &str| {
            let of = match kind.field(field).map(|field| &field.ty) {
                Some(FieldType::Code { of } | FieldType::Set { of }) => of,
                Some(FieldType::Checklist) => CHECK_RESULT,
                _ => return true,
            };
            schema.entry(of, code).is_none()
        };
        let when = follow_up.when.iter().flat_map(|(field, codes)| codes.iter().map(move |code| (kind, field, code)));
        let set = follow_up.set.iter().map(|(field, code)| (opened, field, code));
        strange.next().cloned().or_else(|| {
            when.chain(set).find(|(kind, field, code)| unknown(kind, field, code)).map(|(_, _, code)| code.clone())
        })
    })
}

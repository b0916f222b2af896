//! Who records in this book, and what their office is called.

use std::collections::BTreeMap;

use domain::{Notice, OfficeCode};
use serde::Serialize;
use store::Reader;
use ts_rs::TS;

use crate::failure::{Failure, Outcome};
use crate::names::{office_name, person};
use crate::offices::FingerprintView;
use crate::offices::keys::office_keys;
use crate::session::{Reading, Writing, meta};
use crate::stored::to_json;

/// More people than this share no computer.
const MOST: usize = 100;

/// The people of this book and its office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PeopleView {
    pub office: String,
    pub office_name: String,
    /// The full name of the division, where the code is one's.
    pub division: Option<String>,
    /// Who records now: the author of every change from here on.
    pub current: String,
    pub names: Vec<String>,
    /// What other offices are called of which nothing was heard.
    pub named: Vec<NamedOffice>,
    /// The telephones of those who gave one, by name: printed as 电话 beside 填报人.
    pub phones: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct NamedOffice {
    pub office: String,
    pub name: String,
}

/// The keys of the office, in what can be shown of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct KeysView {
    pub device: String,
    /// The office's fingerprint; none on a second device, which holds no keys of the office.
    pub fingerprint: Option<FingerprintView>,
    /// The day the recovery sheet was last written.
    pub sheet: Option<String>,
}

/// A telephone as it is kept: one line of what telephones are written with; blank for none.
fn telephone(phone: &str) -> Outcome<String> {
    let phone = phone.trim();
    let known = |character: char| {
        character.is_ascii_digit() || matches!(character, ' ' | '-' | '+' | '(' | ')' | '（' | '）' | '转')
    };
    if phone.chars().count() > 40 || !phone.chars().all(known) {
        return Err(Notice::new("phone-wrong").with("value", phone).into());
    }
    Ok(phone.to_owned())
}

fn phones(reader: &Reader) -> Outcome<BTreeMap<String, String>> {
    let kept = reader.meta(meta::PHONES)?;
    Ok(kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

impl Reading {
    /// 填报人 and their telephone, as far as the book knows them.
    pub(crate) fn filler(&self, reader: &Reader) -> Outcome<(String, String)> {
        if reader.meta(meta::INSPECTOR)?.is_none() {
            return Ok(Default::default());
        }
        Ok((self.author().to_owned(), phones(reader)?.remove(self.author()).unwrap_or_default()))
    }

    pub fn people(&self) -> Outcome<PeopleView> {
        let (kept, named) =
            self.read::<_, Failure>(|reader| Ok((reader.meta(meta::INSPECTORS)?, reader.office_names()?)))?;
        let mut names: Vec<String> = kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        if !names.iter().any(|name| name == self.author()) {
            names.insert(0, self.author().to_owned());
        }
        Ok(PeopleView {
            office: self.office().to_string(),
            office_name: self.office_name().to_owned(),
            division: self.library().divisions().full_name(self.office().as_str()),
            current: self.author().to_owned(),
            phones: self.read(phones)?,
            names,
            named: named.into_iter().map(|(office, name)| NamedOffice { office: office.to_string(), name }).collect(),
        })
    }

    pub fn keys(&self) -> Outcome<KeysView> {
        self.read::<_, Failure>(|reader| {
            Ok(KeysView {
                device: self.device().to_string(),
                fingerprint: office_keys(reader)?.map(|keys| (&keys.root.public().fingerprint()).into()),
                sheet: reader.meta(meta::SHEET)?,
            })
        })
    }
}

impl Writing {
    /// Sets the telephone of someone who records in this book; a blank one takes it away.
    pub fn set_phone(&mut self, name: &str, phone: &str) -> Outcome<PeopleView> {
        let (name, phone) = (person(name)?, telephone(phone)?);
        self.transact::<_, Failure>(|writer| {
            let mut all = phones(writer)?;
            if phone.is_empty() {
                all.remove(&name);
            } else {
                all.insert(name, phone);
            }
            writer.set_meta(meta::PHONES, &to_json(&all))?;
            Ok(())
        })?;
        self.people()
    }

    /// Sets who records in this book and who of them records now.
    pub fn set_people(&mut self, names: &[String], current: &str) -> Outcome<PeopleView> {
        let current = person(current)?;
        let mut kept = Vec::new();
        for name in names {
            let name = person(name)?;
            if !kept.contains(&name) {
                kept.push(name);
            }
        }
        if !kept.contains(&current) {
            kept.push(current.clone());
        }
        if kept.len() > MOST {
            return Err(Notice::new("inspectors-too-many").with("most", MOST).into());
        }
        self.transact::<_, Failure>(|writer| {
            writer.set_meta(meta::INSPECTORS, &to_json(&kept))?;
            writer.set_meta(meta::INSPECTOR, &current)?;
            Ok(())
        })?;
        self.set_author(current);
        self.people()
    }

    /// Gives the office another name; its code stays, since keys and records are under it.
    pub fn rename_office(&mut self, name: &str) -> Outcome<PeopleView> {
        let name = office_name(name)?;
        self.transact::<_, Failure>(|writer| {
            writer.set_meta(meta::OFFICE_NAME, &name)?;
            Ok(())
        })?;
        self.set_office_name(name);
        self.people()
    }

    /// Says what an office of the own area, or above it, is called, as its tables print it.
    pub fn name_office(&mut self, office: &OfficeCode, name: &str) -> Outcome<PeopleView> {
        if office == self.office() {
            return self.rename_office(name);
        }
        if !self.office().covers(office) && !office.covers(self.office()) {
            return Err(Notice::new("fill-outside").with("office", office).with("own", self.office()).into());
        }
        if office.division() != "000000" && !self.library().divisions().exists(office.division()) {
            return Err(Notice::new("division-unknown").with("value", office).into());
        }
        let name = office_name(name)?;
        self.transact::<_, Failure>(|writer| Ok(writer.put_office_name(office, &name)?))?;
        self.people()
    }
}

//! Whose records this office may enter: its own, and those of the offices below it. The record's owner is that office, its
//! author this one.

use domain::{Notice, OfficeCode};
use serde::Serialize;
use store::Reader;
use ts_rs::TS;

use crate::failure::{Failure, Outcome};
use crate::session::Reading;

/// An office whose records can be entered here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct OwnerOffice {
    pub office: String,
    pub name: String,
}

impl Reading {
    /// This office, then those below it whose names are known, by code.
    pub fn owner_offices(&self) -> Outcome<Vec<OwnerOffice>> {
        self.read::<_, Failure>(|reader| {
            let mut below: Vec<OfficeCode> = reader.office_names()?.into_iter().map(|(office, _)| office).collect();
            below.extend(reader.offices()?.into_iter().map(|known| known.code));
            below.retain(|office| office != self.office() && self.office().covers(office));
            below.sort();
            below.dedup();
            let own = std::iter::once(self.office().clone());
            own.chain(below)
                .map(|office| Ok(OwnerOffice { name: self.name_of(reader, &office)?, office: office.to_string() }))
                .collect()
        })
    }
}

/// Refuses an office this one may not write for, or one that could not be printed as 填报单位.
pub(crate) fn check_owner(reader: &Reader, own: &OfficeCode, office: &OfficeCode) -> Outcome<()> {
    if office == own {
        return Ok(());
    }
    if !own.covers(office) {
        return Err(Notice::new("office-not-below").with("office", office).with("own", own).into());
    }
    if reader.office_name(office)?.is_none() && reader.office(office)?.is_none() {
        return Err(Notice::new("owner-unnamed").with("office", office).into());
    }
    Ok(())
}

//! The keys of this book's office, its devices and their roster.

use domain::OfficeCode;
use exchange::{AgeIdentity, OfficeKeys, PublicKey, Signed, SigningKey};
use store::Reader;

use crate::failure::Outcome;
use crate::session::meta;
use crate::stored::{stored, to_json};

/// The office's keys; `None` on a second device.
pub(crate) fn office_keys(reader: &Reader) -> Outcome<Option<OfficeKeys>> {
    let (Some(root), Some(age), Some(recovery)) =
        (reader.meta(meta::ROOT_KEY)?, reader.meta(meta::AGE_KEY)?, reader.meta(meta::RECOVERY_KEY)?)
    else {
        return Ok(None);
    };
    Ok(Some(OfficeKeys {
        root: SigningKey::from_text(&root)?,
        age: AgeIdentity::from_text(&age)?,
        recovery: AgeIdentity::from_text(&recovery)?.recipient(),
    }))
}

/// What opens packages that were sent here.
pub(crate) fn identities(reader: &Reader) -> Outcome<Vec<AgeIdentity>> {
    let mut identities = Vec::new();
    for key in [meta::AGE_KEY, meta::RECOVERY_KEY] {
        if let Some(text) = reader.meta(key)? {
            identities.push(AgeIdentity::from_text(&text)?);
        }
    }
    Ok(identities)
}

pub(crate) fn own_devices(reader: &Reader) -> Outcome<Vec<PublicKey>> {
    let texts: Vec<String> = stored(reader.meta(meta::DEVICES)?, meta::DEVICES)?.unwrap_or_default();
    Ok(texts.iter().map(|text| PublicKey::from_text(text)).collect::<Result<_, _>>()?)
}

pub(crate) fn put_own_devices(writer: &mut store::Writer, devices: &[PublicKey]) -> Outcome<()> {
    let texts: Vec<String> = devices.iter().map(PublicKey::to_text).collect();
    writer.set_meta(meta::DEVICES, &to_json(&texts))?;
    let number: u64 = writer.meta(meta::ROSTER)?.and_then(|text| text.parse().ok()).unwrap_or(0);
    writer.set_meta(meta::ROSTER, &(number + 1).to_string())?;
    Ok(())
}

/// This office's roster, signed.
pub(crate) fn own_roster(reader: &Reader, keys: &OfficeKeys, office: &OfficeCode) -> Outcome<Signed> {
    let number: u64 = reader.meta(meta::ROSTER)?.and_then(|text| text.parse().ok()).unwrap_or(1);
    Ok(keys.sign_roster(office, number, &own_devices(reader)?)?)
}

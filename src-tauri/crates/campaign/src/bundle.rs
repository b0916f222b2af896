//! A campaign as it travels inside a package: its file with the field sets and vocabularies it needs, as one byte string.

use std::collections::BTreeMap;

use domain::Notice;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::CampaignError;

/// How a bundle is named in an error: it has no file name of its own.
pub(crate) const NAME: &str = "bundle";

/// Files by relative name: `campaigns/<id>/campaign.toml`, `fields/<id>.toml`, `vocabulary/<id>.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    pub files: BTreeMap<String, String>,
}

/// The first lines of a campaign file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Heading {
    pub id: String,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub document: String,
}

impl Bundle {
    /// Compact JSON with sorted names: equal bundles have equal bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("texts by name are JSON")
    }

    /// Refuses any other spelling of the same bundle, so that one bundle has one hash.
    pub fn from_bytes(bytes: &[u8]) -> Result<Bundle, CampaignError> {
        let malformed =
            |detail: &str| CampaignError::new(NAME, 1, Notice::new("bundle-malformed").with("detail", detail));
        let bundle: Bundle = serde_json::from_slice(bytes).map_err(|error| malformed(&error.to_string()))?;
        if bundle.to_bytes() != bytes {
            return Err(malformed("not in canonical form"));
        }
        let known = |name: &str| match name.split('/').collect::<Vec<_>>()[..] {
            ["campaigns", id, "campaign.toml"] => domain::schema::is_code(id),
            ["fields" | "vocabulary", file] => file.strip_suffix(".toml").is_some_and(domain::schema::is_code),
            _ => false,
        };
        if let Some(name) = bundle.files.keys().find(|name| !known(name)) {
            return Err(malformed(name));
        }
        match bundle.campaigns().count() {
            1 => Ok(bundle),
            count => Err(malformed(&format!("{count} campaigns"))),
        }
    }

    fn campaigns(&self) -> impl Iterator<Item = &String> {
        self.files.iter().filter(|(name, _)| name.starts_with("campaigns/")).map(|(_, text)| text)
    }

    /// What the campaign calls itself, whether or not all of it can be used here.
    pub fn heading(&self) -> Option<Heading> {
        self.campaigns().find_map(|text| toml::from_str(text).ok())
    }

    /// SHA-256 of the bytes: 64 lower-case hexadecimal digits.
    pub fn sha256(&self) -> String {
        hex::encode(Sha256::digest(self.to_bytes()))
    }
}

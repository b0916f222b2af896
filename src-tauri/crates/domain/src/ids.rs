//! Identifiers and dates as types of their own, so that an office code is never passed where a division is meant.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::notice::Notice;

/// A record's id: a UUID, written in lower case with hyphens.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordId(pub Uuid);

/// Namespace of the ids derived for records that came without one (UUID version 5).
const DERIVED: Uuid = Uuid::from_u128(0x5eeb_b00c_0000_5000_8000_0000_0000_0001);

impl RecordId {
    /// The id of a line that carries none: the same text loaded twice by one office names the same record.
    pub fn derived(office: &OfficeCode, line: &str, occurrence: u32) -> Self {
        RecordId(Uuid::new_v5(&DERIVED, format!("{office}\n{occurrence}\n{line}").as_bytes()))
    }

    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        RecordId(Uuid::from_bytes(bytes))
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

impl fmt::Debug for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for RecordId {
    type Err = Notice;

    /// Accepts only the canonical spelling, so that one record never has two names.
    fn from_str(text: &str) -> Result<Self, Notice> {
        match Uuid::try_parse(text) {
            Ok(id) if id.as_hyphenated().to_string() == text => Ok(RecordId(id)),
            _ => Err(Notice::new("id-malformed").with("value", text)),
        }
    }
}

/// SHA-256 of a revision's exact line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RevisionId(pub [u8; 32]);

impl fmt::Display for RevisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for RevisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for RevisionId {
    type Err = Notice;

    fn from_str(text: &str) -> Result<Self, Notice> {
        let mut id = [0; 32];
        // Only lower-case digits, so that one revision never has two names.
        if text.bytes().any(|digit| digit.is_ascii_uppercase()) || hex::decode_to_slice(text, &mut id).is_err() {
            return Err(Notice::new("revision-id-malformed").with("value", text));
        }
        Ok(RevisionId(id))
    }
}

impl Serialize for RevisionId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RevisionId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// One device of one office: 16 lower-case hexadecimal digits, the first 8 bytes of SHA-256 of its public signing key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct DeviceId(String);

impl DeviceId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DeviceId {
    type Err = Notice;

    fn from_str(text: &str) -> Result<Self, Notice> {
        if text.len() == 16 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            Ok(DeviceId(text.to_owned()))
        } else {
            Err(Notice::new("device-malformed").with("value", text))
        }
    }
}

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// 填报单位: six digits of GB/T 2260, or the parent's code, a hyphen and a number for an office without a code of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct OfficeCode(String);

impl OfficeCode {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The GB/T 2260 code: the part before a hyphen.
    pub fn division(&self) -> &str {
        &self.0[..6]
    }

    /// What every code below this one begins with; `None` for a hyphenated code, which has nothing below but itself.
    pub fn prefix(&self) -> Option<&str> {
        if self.0.len() > 6 {
            return None;
        }
        let mut rest = self.0.as_str();
        while let Some(shorter) = rest.strip_suffix("00") {
            rest = shorter;
        }
        Some(rest)
    }

    /// 下级: whether `other` is this office or below it (640181 below 640100 below 640000; 000000 is the nation).
    pub fn covers(&self, other: &OfficeCode) -> bool {
        match self.prefix() {
            Some(prefix) => other.0.starts_with(prefix),
            None => self == other,
        }
    }
}

impl OfficeCode {
    /// Whether a division lies in the office's own part of the country; an office without a code of its own is in its
    /// parent's.
    pub fn area_holds(&self, division: &str) -> bool {
        let mut area = self.division();
        while let Some(wider) = area.strip_suffix("00") {
            area = wider;
        }
        division.starts_with(area)
    }
}

impl FromStr for OfficeCode {
    type Err = Notice;

    fn from_str(text: &str) -> Result<Self, Notice> {
        let malformed = || Notice::new("office-malformed").with("value", text);
        let (division, number) = match text.split_once('-') {
            Some((division, number)) => (division, Some(number)),
            None => (text, None),
        };
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if division.len() != 6 || !digits(division) {
            return Err(malformed());
        }
        if number.is_some_and(|number| !digits(number) || number.len() > 4) {
            return Err(malformed());
        }
        Ok(OfficeCode(text.to_owned()))
    }
}

impl fmt::Display for OfficeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for OfficeCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for DeviceId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A plain calendar day, `YYYY-MM-DD`, in China; it has no time zone. Years 1900 to 2199.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(NaiveDate);

impl Date {
    pub fn from_naive(day: NaiveDate) -> Self {
        Date(day)
    }

    pub fn naive(self) -> NaiveDate {
        self.0
    }

    pub fn plus_days(self, days: i64) -> Self {
        Date(self.0.checked_add_signed(chrono::Duration::days(days)).unwrap_or(self.0))
    }

    pub fn year(self) -> i32 {
        self.0.year()
    }

    pub fn month(self) -> u32 {
        self.0.month()
    }

    pub fn day(self) -> u32 {
        self.0.day()
    }
}

impl FromStr for Date {
    type Err = Notice;

    fn from_str(text: &str) -> Result<Self, Notice> {
        let impossible = || Notice::new("date-impossible").with("value", text);
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 10
            && bytes.iter().enumerate().all(|(at, byte)| match at {
                4 | 7 => *byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !shaped {
            return Err(impossible());
        }
        let number = |range: std::ops::Range<usize>| text[range].parse::<u32>().map_err(|_| impossible());
        let year = number(0..4)? as i32;
        if !(1900..=2199).contains(&year) {
            return Err(impossible());
        }
        NaiveDate::from_ymd_opt(year, number(5..7)?, number(8..10)?).map(Date).ok_or_else(impossible)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn office(code: &str) -> OfficeCode {
        code.parse().unwrap()
    }

    #[test]
    fn below_drops_trailing_pairs_of_zeros() {
        assert!(office("640000").covers(&office("640181")));
        assert!(office("640100").covers(&office("640181")));
        assert!(office("000000").covers(&office("640181")));
        assert!(office("640000").covers(&office("640000-01")));
        assert!(!office("640100").covers(&office("640000")));
        assert!(!office("640200").covers(&office("640181")));
        assert!(office("640000-01").covers(&office("640000-01")));
        assert!(!office("640000-01").covers(&office("640000-011")));
        assert!(!office("640000-01").covers(&office("640000")));
        assert!(office("640110").covers(&office("640110-2")), "110 ends in one zero, which is no pair");
        assert!(!office("640110").covers(&office("640111")));
    }

    #[test]
    fn dates_are_strict() {
        assert_eq!("2020-02-29".parse::<Date>().unwrap().to_string(), "2020-02-29");
        for wrong in [
            "2021-02-29",
            "2021-2-01",
            "2021-13-01",
            "20210301",
            "2021-03-01 ",
            "0001-01-01",
            "2021年3月1日",
            "２０２１-03-01",
        ] {
            assert!(wrong.parse::<Date>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn one_record_has_one_spelling() {
        assert!("0190a6e4-0000-7000-8000-000000000001".parse::<RecordId>().is_ok());
        assert!("0190A6E4-0000-7000-8000-000000000001".parse::<RecordId>().is_err());
        assert!("0190a6e4000070008000000000000001".parse::<RecordId>().is_err());
    }
}

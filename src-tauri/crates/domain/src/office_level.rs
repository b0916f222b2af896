//! The level an office stands on, told by its code alone.

use serde::{Deserialize, Serialize};

use crate::ids::OfficeCode;

/// From the nation down to the station (所). A department is an office without a code of its own beside that of its level;
/// such an office of a county is a station.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfficeLevel {
    Nation,
    NationDepartment,
    Region,
    RegionDepartment,
    City,
    CityDepartment,
    County,
    Station,
}

impl OfficeLevel {
    /// The word files name it by.
    pub fn word(self) -> &'static str {
        match self {
            OfficeLevel::Nation => "nation",
            OfficeLevel::NationDepartment => "nation_department",
            OfficeLevel::Region => "region",
            OfficeLevel::RegionDepartment => "region_department",
            OfficeLevel::City => "city",
            OfficeLevel::CityDepartment => "city_department",
            OfficeLevel::County => "county",
            OfficeLevel::Station => "station",
        }
    }
}

impl OfficeCode {
    pub fn level(&self) -> OfficeLevel {
        let numbered = self.as_str().len() > self.division().len();
        let (place, department) = match self.division() {
            "000000" => (OfficeLevel::Nation, OfficeLevel::NationDepartment),
            division if division.ends_with("0000") => (OfficeLevel::Region, OfficeLevel::RegionDepartment),
            division if division.ends_with("00") => (OfficeLevel::City, OfficeLevel::CityDepartment),
            _ => (OfficeLevel::County, OfficeLevel::Station),
        };
        if numbered { department } else { place }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_says_its_level() {
        for (code, level) in [
            ("000000", OfficeLevel::Nation),
            ("000000-2", OfficeLevel::NationDepartment),
            ("640000", OfficeLevel::Region),
            ("640000-01", OfficeLevel::RegionDepartment),
            ("640100", OfficeLevel::City),
            ("210100-03", OfficeLevel::CityDepartment),
            ("640121", OfficeLevel::County),
            ("640110", OfficeLevel::County),
            ("610302-01", OfficeLevel::Station),
        ] {
            assert_eq!(code.parse::<OfficeCode>().unwrap().level(), level, "{code}");
            assert_eq!(serde_json::to_value(level).unwrap(), level.word());
        }
        assert!(OfficeLevel::Region < OfficeLevel::City && OfficeLevel::CityDepartment < OfficeLevel::County);
    }
}

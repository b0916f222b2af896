//! GB/T 2260: divisions of the nation, provinces, cities and counties, as of a day. Offices without a code of their own
//! (`640000-01`) are no divisions.

use std::collections::BTreeMap;

use domain::{Date, Notice};

use crate::error::CampaignError;
use crate::source::Source;

/// Divisions by code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Divisions {
    names: BTreeMap<String, Division>,
    cut_off: Date,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Division {
    name: String,
    abolished: bool,
}

const NATION: &str = "000000";

impl Divisions {
    /// A file of lines `code TAB name [TAB abolished]`; a comment `# Cut-off: YYYY-MM-DD.` says how new it is.
    pub fn parse(source: &Source) -> Result<Divisions, CampaignError> {
        let mut names = BTreeMap::new();
        let mut cut_off = None;
        for (index, line) in source.text.lines().enumerate() {
            let wrong = || CampaignError::new(&source.name, index + 1, Notice::new("division-line-wrong"));
            if let Some(comment) = line.strip_prefix('#') {
                if let Some(day) = comment.trim().strip_prefix("Cut-off: ") {
                    cut_off = Some(day.trim_end_matches('.').parse().map_err(|_| wrong())?);
                }
                continue;
            }
            let cells: Vec<&str> = line.split('\t').collect();
            let (code, name, abolished) = match cells[..] {
                [code, name] => (code, name, false),
                [code, name, "abolished"] => (code, name, true),
                _ => return Err(wrong()),
            };
            if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) || name.is_empty() {
                return Err(wrong());
            }
            let division = Division { name: name.to_owned(), abolished };
            if names.insert(code.to_owned(), division).is_some() {
                return Err(wrong());
            }
        }
        let cut_off =
            cut_off.ok_or_else(|| CampaignError::new(&source.name, 1, Notice::new("division-cut-off-missing")))?;
        Ok(Divisions { names, cut_off })
    }

    /// The last day whose changes the file knows.
    pub fn cut_off(&self) -> Date {
        self.cut_off
    }

    /// The division's own name: 永宁县.
    pub fn name(&self, code: &str) -> Option<&str> {
        self.names.get(code).map(|division| division.name.as_str())
    }

    /// Whether the code is or was a division's. Records of years past keep codes abolished since.
    pub fn exists(&self, code: &str) -> bool {
        self.names.contains_key(code)
    }

    pub fn is_abolished(&self, code: &str) -> bool {
        self.names.get(code).is_some_and(|division| division.abolished)
    }

    /// Code and name of every division that still stands, by code.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.names
            .iter()
            .filter(|(_, division)| !division.abolished)
            .map(|(code, division)| (code.as_str(), division.name.as_str()))
    }

    /// The codes above, nearest first: 640100, 640000, 000000 above 640121. A level the file has not is left out.
    pub fn parents(&self, code: &str) -> Vec<&str> {
        if code.len() != 6 || !code.is_ascii() {
            return Vec::new();
        }
        [format!("{}00", &code[..4]), format!("{}0000", &code[..2]), NATION.to_owned()]
            .iter()
            .filter(|above| *above != code && (above.as_str() != NATION || self.exists(code)))
            .filter_map(|above| self.names.get_key_value(above).map(|(code, _)| code.as_str()))
            .collect()
    }

    /// The province as 抽查省份 prints it: 宁夏, 辽宁, 内蒙古. `code` may be an office's: what follows the sixth digit is not
    /// looked at. `None` for the nation and for codes of no province.
    pub fn province_short(&self, code: &str) -> Option<&str> {
        let province = format!("{}0000", code.get(..2)?);
        if province == NATION {
            return None;
        }
        let name = self.name(&province)?;
        for ending in ["特别行政区", "壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市"]
        {
            if let Some(short) = name.strip_suffix(ending) {
                return Some(short);
            }
        }
        Some(name)
    }

    /// The full name without what `above` covers, itself included where it is the code: 永宁县 under 640100. The whole of it
    /// where `above` covers it not, as of a firm that moved away.
    pub fn name_under(&self, code: &str, above: &str) -> Option<String> {
        let full = self.full_name(code)?;
        let covered = above != code && self.parents(code).contains(&above) && above != NATION;
        let outer = if covered { self.full_name(above) } else { None };
        match outer {
            _ if code == above => self.name(code).map(str::to_owned),
            Some(outer) => Some(full.strip_prefix(&outer).filter(|rest| !rest.is_empty()).unwrap_or(&full).to_owned()),
            None => Some(full),
        }
    }

    /// The full name from the province down, levels that name no place (市辖区) left out: 宁夏回族自治区银川市永宁县.
    pub fn full_name(&self, code: &str) -> Option<String> {
        let own = self.name(code)?;
        let above = self.parents(code);
        let names = above.iter().rev().filter(|above| **above != NATION).filter_map(|above| self.name(above));
        let unnamed = ["市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"];
        let mut full: String = names.filter(|name| !unnamed.contains(name)).collect();
        full.push_str(own);
        Some(full)
    }
}

//! Enterprises that may be the one being typed: the same credit code, the same name, or one that differs by little. Answered
//! while a person types, so nothing here reads more than a few hundred rows.

use std::collections::{BTreeMap, BTreeSet};

use domain::RecordId;
use rusqlite::{OptionalExtension, params};

use crate::error::Result;
use crate::reader::{Reader, id_of};
use crate::words::{initials, phrase, plain};

/// The kind whose records are compared.
const ENTERPRISE: &str = "enterprise";

/// What makes two enterprises alike, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    Code,
    Name,
    NearName,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Similar {
    pub record: RecordId,
    pub likeness: Likeness,
}

/// Shorter names are like too many others, unless they are the same.
const SHORTEST_NAME: usize = 3;

/// Characters of the name looked for together, how many such pieces, and how many names each may bring.
const PIECE: usize = 4;
const MOST_PIECES: usize = 8;
const MOST_PER_PIECE: u32 = 40;

/// Share of common pairs of neighbouring characters, in percent, from which two names are near.
const NEAR: usize = 60;

/// What firms of one legal form all end with says nothing about which firm it is.
const LEGAL_FORMS: &[&str] = &[
    "股份有限责任公司",
    "有限责任公司",
    "股份有限公司",
    "集团有限公司",
    "有限公司",
    "分公司",
    "公司",
    "个体工商户",
    "经营部",
    "合作社",
];

fn core_of(name: &str) -> String {
    let plain = plain(name);
    let short = LEGAL_FORMS.iter().find_map(|form| plain.strip_suffix(form)).unwrap_or(&plain);
    if short.chars().count() < SHORTEST_NAME { plain } else { short.to_owned() }
}

fn pairs_of(core: &str) -> BTreeMap<(char, char), usize> {
    let characters: Vec<char> = core.chars().collect();
    let mut pairs = BTreeMap::new();
    for pair in characters.windows(2) {
        *pairs.entry((pair[0], pair[1])).or_default() += 1;
    }
    pairs
}

/// Sørensen and Dice's coefficient of the names' neighbouring characters, in percent.
fn likeness(left: &str, right: &str) -> usize {
    let (left, right) = (pairs_of(left), pairs_of(right));
    let count = |pairs: &BTreeMap<(char, char), usize>| pairs.values().sum::<usize>();
    let common: usize = left.iter().map(|(pair, n)| n.min(right.get(pair).unwrap_or(&0))).sum();
    match count(&left) + count(&right) {
        0 => 0,
        all => 200 * common / all,
    }
}

impl Reader<'_> {
    /// Unvoided enterprises like the one described, but for `itself`, the likest first.
    pub fn similar(&self, name: &str, uscc: &str, itself: Option<RecordId>, limit: usize) -> Result<Vec<Similar>> {
        let mut found: BTreeMap<RecordId, (Likeness, usize)> = BTreeMap::new();
        let code = domain::uscc::normalise(uscc);
        if !code.is_empty() {
            let mut same =
                self.conn.prepare_cached("SELECT id FROM p_enterprise WHERE uscc = ? AND void = 0 LIMIT ?")?;
            let mut rows = same.query(params![code, MOST_PER_PIECE])?;
            while let Some(row) = rows.next()? {
                found.insert(id_of(row.get(0)?)?, (Likeness::Code, 100));
            }
        }
        let (typed, core) = (plain(name), core_of(name));
        for n in self.names_like(name, &core)? {
            let row: Option<(Vec<u8>, String)> = self
                .conn
                .prepare_cached("SELECT id, name FROM p_enterprise WHERE n = ? AND void = 0 AND name IS NOT NULL")?
                .query_row([n], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            let Some((id, other)) = row else { continue };
            let near = likeness(&core, &core_of(&other));
            let likeness = match plain(&other) == typed {
                true => Likeness::Name,
                false if near >= NEAR => Likeness::NearName,
                false => continue,
            };
            found.entry(id_of(id)?).or_insert((likeness, near));
        }
        found.retain(|id, _| Some(*id) != itself);
        let mut found: Vec<_> = found.into_iter().collect();
        found.sort_by_key(|(id, (likeness, near))| (*likeness, std::cmp::Reverse(*near), *id));
        found.truncate(limit);
        Ok(found.into_iter().map(|(record, (likeness, _))| Similar { record, likeness }).collect())
    }

    /// Row numbers of enterprises that share a few neighbouring characters, or all initials, with the name.
    fn names_like(&self, name: &str, core: &str) -> Result<BTreeSet<i64>> {
        let mut rows = BTreeSet::new();
        let characters: Vec<char> = core.chars().collect();
        let mut by_initials =
            self.conn.prepare_cached("SELECT n FROM initials WHERE kind = ?1 AND initials = ?2 LIMIT ?3")?;
        for variant in initials(name) {
            rows.extend(
                by_initials
                    .query_map(params![ENTERPRISE, variant, MOST_PER_PIECE], |row| row.get::<_, i64>(0))?
                    .collect::<rusqlite::Result<Vec<_>>>()?,
            );
        }
        if characters.len() < SHORTEST_NAME {
            return Ok(rows);
        }
        let mut by_piece = self.conn.prepare_cached("SELECT rowid FROM name_index WHERE name_index MATCH ? LIMIT ?")?;
        // From the end: what a firm makes tells it from its neighbours better than where it stands.
        for piece in characters.windows(PIECE.min(characters.len())).rev().take(MOST_PIECES) {
            let Some(phrase) = phrase(ENTERPRISE, &piece.iter().collect::<String>()) else { continue };
            rows.extend(
                by_piece
                    .query_map(params![phrase, MOST_PER_PIECE], |row| row.get::<_, i64>(0))?
                    .collect::<rusqlite::Result<Vec<_>>>()?,
            );
        }
        Ok(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_share_most_of_what_is_not_legal_form() {
        let near = |left: &str, right: &str| likeness(&core_of(left), &core_of(right)) >= NEAR;
        assert!(near("银川永宁口罩厂", "银川市永宁口罩厂"));
        assert!(near("宁夏康护医疗用品有限公司", "宁夏康护医疗用品有限责任公司"));
        assert!(!near("永宁县安康口罩厂", "灵武市安康纸箱厂"));
        assert!(!near("宁夏康护医疗用品有限公司", "宁夏天瑞产业集团有限公司"));
    }

    #[test]
    fn a_name_that_is_all_legal_form_is_compared_whole() {
        assert_eq!(core_of("有限公司"), "有限公司");
        assert_eq!(likeness("", ""), 0);
    }
}

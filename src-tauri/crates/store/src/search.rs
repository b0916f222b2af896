//! Finding enterprises by name, credit code and pinyin initials, and the joins of `same_as`.
//!
//! Full text is kept one character a token: a trigram index finds nothing for the two characters people type.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Folded, RecordId};
use pinyin::ToPinyinMulti;
use rusqlite::params;

use crate::error::Result;
use crate::reader::{Reader, id_of};

/// The kind whose records are named, joined and found.
const ENTERPRISE: &str = "enterprise";
const NAME: &str = "name";
const SAME_AS: &str = "same_as";

/// Readings of polyphones are combined up to this many variants of a name's initials.
const MOST_READINGS: usize = 4;

/// Lower-case initials of a name, one string per reading: 重庆 gives `cq` and `zq`. Latin letters and digits stand for
/// themselves; everything else is passed over.
pub fn initials(name: &str) -> Vec<String> {
    let mut variants = vec![String::new()];
    for character in name.chars() {
        let mut letters: Vec<char> = Vec::new();
        if character.is_ascii_alphanumeric() {
            letters.push(character.to_ascii_lowercase());
        } else if let Some(readings) = character.to_pinyin_multi() {
            for reading in readings {
                letters.extend(reading.plain().chars().next().filter(|letter| !letters.contains(letter)));
            }
        }
        if letters.is_empty() {
            continue;
        }
        if variants.len() * letters.len() > MOST_READINGS {
            letters.truncate(1);
        }
        variants =
            letters.iter().flat_map(|letter| variants.iter().map(move |begun| format!("{begun}{letter}"))).collect();
    }
    variants.retain(|variant| !variant.is_empty());
    variants
}

/// A name as tokens: every character that can be typed, one by one, Latin letters in lower case.
fn tokens(text: &str) -> String {
    let mut tokens = String::with_capacity(text.len() * 2);
    for character in text.chars().filter(|character| character.is_alphanumeric()) {
        if !tokens.is_empty() {
            tokens.push(' ');
        }
        tokens.extend(character.to_lowercase());
    }
    tokens
}

fn name_of(folded: &Folded) -> Option<&str> {
    folded.slots.get(NAME).and_then(|value| value.as_str())
}

/// Keeps the search entries of a record in line with its fold. Says whether the joins have to be worked out again.
pub(crate) fn index(reader: &Reader, n: i64, old: Option<&Folded>, new: &Folded) -> Result<bool> {
    if new.kind != ENTERPRISE {
        return Ok(false);
    }
    let (before, after) = (old.and_then(name_of), name_of(new));
    if before != after {
        if before.is_some() {
            erase(reader, n)?;
        }
        if let Some(name) = after {
            reader
                .conn
                .prepare_cached("INSERT INTO name_index (rowid, chars) VALUES (?, ?)")?
                .execute(params![n, tokens(name)])?;
            let mut insert = reader.conn.prepare_cached("INSERT INTO initials (initials, n) VALUES (?, ?)")?;
            for variant in initials(name) {
                insert.execute(params![variant, n])?;
            }
        }
    }
    let slot = |folded: Option<&Folded>, slot: &str| {
        folded.and_then(|folded| folded.slots.get(slot).cloned()).unwrap_or_default()
    };
    let link_changed = slot(old, SAME_AS) != slot(Some(new), SAME_AS);
    let void_changed = slot(old, domain::revision::VOID) != slot(Some(new), domain::revision::VOID);
    Ok(link_changed || old.is_none() || void_changed)
}

pub(crate) fn forget(reader: &Reader, n: i64, folded: &Folded) -> Result<bool> {
    if folded.kind != ENTERPRISE {
        return Ok(false);
    }
    erase(reader, n)?;
    Ok(true)
}

fn erase(reader: &Reader, n: i64) -> Result<()> {
    reader.conn.prepare_cached("DELETE FROM name_index WHERE rowid = ?")?.execute([n])?;
    reader.conn.prepare_cached("DELETE FROM initials WHERE n = ?")?.execute([n])?;
    Ok(())
}

/// Works out where every joined enterprise leads to. Few are joined, so all are done again.
pub(crate) fn rejoin(reader: &Reader) -> Result<()> {
    let mut links: BTreeMap<RecordId, RecordId> = BTreeMap::new();
    {
        let mut statement =
            reader.conn.prepare_cached("SELECT id, same_as FROM p_enterprise WHERE same_as IS NOT NULL")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            links.insert(id_of(row.get(0)?)?, id_of(row.get(1)?)?);
        }
    }
    let had_any: bool = reader.conn.query_row("SELECT EXISTS (SELECT 1 FROM joined)", [], |row| row.get(0))?;
    if links.is_empty() && !had_any {
        return Ok(());
    }
    let mut live = BTreeMap::new();
    for target in links.iter().flat_map(|(member, target)| [member, target]) {
        let found: bool = reader
            .conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM p_enterprise WHERE id = ? AND void = 0)")?
            .query_row([target.as_bytes()], |row| row.get(0))?;
        live.insert(*target, found);
    }
    let roots = domain::findings::resolve_same_as(&links, &|id| live.get(&id).copied().unwrap_or(true));
    reader.conn.execute("DELETE FROM joined", [])?;
    let mut insert = reader.conn.prepare_cached("INSERT INTO joined (member, root) VALUES (?, ?)")?;
    for (member, root) in roots.into_iter().filter(|(member, root)| member != root) {
        insert.execute(params![member.as_bytes(), root.as_bytes()])?;
    }
    Ok(())
}

impl Reader<'_> {
    /// Enterprises whose name holds the text, whose credit code or whose initials begin with it, voided ones last; at most
    /// `limit`. A blank text finds nothing.
    pub fn search(&self, text: &str, limit: u32) -> Result<Vec<RecordId>> {
        let text = text.trim();
        let phrase = tokens(text);
        if phrase.is_empty() {
            return Ok(Vec::new());
        }
        let typed = text.to_ascii_lowercase();
        let mut found: Vec<(i64, RecordId)> = Vec::new();
        // The unvoided first, by a pass of their own: otherwise the limit could be used up by voided ones.
        let mut take = |sql: &str, from: &str, to: &str| -> Result<()> {
            let mut statement = self.conn.prepare_cached(sql)?;
            for void in [0, 1] {
                let mut rows = statement.query(params![from, to, limit, void])?;
                while let Some(row) = rows.next()? {
                    let id = id_of(row.get(0)?)?;
                    if !found.iter().any(|(_, known)| *known == id) {
                        found.push((void, id));
                    }
                }
            }
            Ok(())
        };
        if typed.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            let code = text.to_ascii_uppercase();
            take(
                "SELECT id FROM p_enterprise WHERE uscc >= ?1 AND uscc < ?2 AND void = ?4 ORDER BY uscc LIMIT ?3",
                &code,
                &format!("{code}\u{7f}"),
            )?;
            take(
                "SELECT DISTINCT p.id FROM initials i JOIN p_enterprise p ON p.n = i.n \
                 WHERE i.initials >= ?1 AND i.initials < ?2 AND p.void = ?4 LIMIT ?3",
                &typed,
                &format!("{typed}\u{7f}"),
            )?;
        }
        let quoted = format!("\"{phrase}\"");
        take(
            "SELECT p.id FROM name_index x JOIN p_enterprise p ON p.n = x.rowid \
             WHERE name_index MATCH ?1 AND ?2 <> '' AND p.void = ?4 LIMIT ?3",
            &quoted,
            &quoted,
        )?;
        found.sort_by_key(|(void, _)| *void);
        found.truncate(limit as usize);
        Ok(found.into_iter().map(|(_, id)| id).collect())
    }

    /// Pairs of unjoined, unvoided enterprises that may be one: equal credit code, or equal normalised name in one division.
    /// A pair that `apart` holds turned out to be two; where more than two are alike, each is paired with the first of the
    /// others it may still be.
    pub fn pairs(&self, apart: &BTreeSet<(RecordId, RecordId)>) -> Result<Vec<(RecordId, RecordId, &'static str)>> {
        let mut by_code: BTreeMap<String, Vec<RecordId>> = BTreeMap::new();
        let mut by_name: BTreeMap<(String, String), Vec<RecordId>> = BTreeMap::new();
        let mut statement = self.conn.prepare_cached(
            "SELECT id, uscc, name, division FROM p_enterprise WHERE void = 0 \
             AND NOT EXISTS (SELECT 1 FROM joined WHERE member = p_enterprise.id) ORDER BY id",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let id = id_of(row.get(0)?)?;
            if let Some(code) = row.get::<_, Option<String>>(1)? {
                by_code.entry(code).or_default().push(id);
            }
            let name = tokens(&row.get::<_, Option<String>>(2)?.unwrap_or_default()).replace(' ', "");
            if let (false, Some(division)) = (name.is_empty(), row.get::<_, Option<String>>(3)?) {
                by_name.entry((division, name)).or_default().push(id);
            }
        }
        let mut pairs: BTreeMap<(RecordId, RecordId), &'static str> = BTreeMap::new();
        let groups =
            by_name.into_values().map(|ids| (ids, "name")).chain(by_code.into_values().map(|ids| (ids, "uscc")));
        for (ids, reason) in groups {
            for (at, other) in ids.iter().enumerate().skip(1) {
                if let Some(first) = ids[..at].iter().find(|first| !apart.contains(&(**first, *other))) {
                    pairs.insert((*first, *other), reason);
                }
            }
        }
        Ok(pairs.into_iter().map(|((left, right), reason)| (left, right, reason)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_polyphone_is_found_by_either_reading() {
        let found = initials("重庆A1口罩厂");
        assert!(found.contains(&"cqa1kzc".to_owned()), "{found:?}");
        assert!(found.contains(&"zqa1kzc".to_owned()), "{found:?}");
        assert!(found.len() <= MOST_READINGS);
    }

    #[test]
    fn tokens_are_single_characters() {
        assert_eq!(tokens("永宁（Ab）1"), "永 宁 a b 1");
    }
}

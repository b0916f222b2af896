//! Enterprises as they count: those joined by `same_as` are one, numbered densely so that distinct ones fit in a bit set, and
//! tested once each on the fields of the one they were joined to.

use domain::RecordId;
use rusqlite::{OptionalExtension, Row, params};
use rustc_hash::FxHashMap;

use super::context::{Context, ENTERPRISE};
use super::fields::Test;
use super::numbers::{Id, Numbers};
use super::selection::Selection;
use crate::error::Result;
use crate::projection::table;

/// What several enterprises that are one have together.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Group {
    /// The one they were joined to is not voided.
    pub live: bool,
    pub in_scope: bool,
    pub in_campaign: bool,
}

impl Group {
    /// Takes a member in: the root itself, its office, campaigns and void stand in columns 1 to 4. Voided ones give nothing.
    fn add(&mut self, context: &Context, root: &Id, row: &Row) -> Result<()> {
        if row.get::<_, bool>(4)? {
            return Ok(());
        }
        self.live |= row.get::<_, Id>(1)? == *root;
        self.in_scope |= row.get::<_, String>(2)?.parse().is_ok_and(|owner| context.office.covers(&owner));
        self.in_campaign |= row.get::<_, String>(3)?.contains(&context.campaign_mark());
        Ok(())
    }
}

pub(super) struct Enterprises {
    /// Every joined enterprise and the one it counts as; only what was asked for where few are.
    roots: FxHashMap<Id, Id>,
    /// By root, for those that something was joined to; where few are asked for, by whatever was asked for.
    groups: FxHashMap<Id, Option<Group>>,
    numbers: Numbers,
    selection: Selection,
    tested: bool,
    /// All enterprises are going to be asked for.
    all: bool,
}

impl Enterprises {
    pub fn new(context: &Context, all: bool) -> Result<Self> {
        let mut roots = FxHashMap::default();
        if all {
            let mut statement = context.reader.conn.prepare_cached("SELECT member, root FROM joined")?;
            roots = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
        }
        Ok(Enterprises {
            roots,
            groups: FxHashMap::default(),
            numbers: Numbers::default(),
            selection: Selection::default(),
            tested: false,
            all,
        })
    }

    pub fn bit(&mut self, context: &Context, field: &str, test: &Test) -> Result<u128> {
        self.tested = true;
        self.selection.bit(context, ENTERPRISE, field, test)
    }

    /// Tests all enterprises at once where all may be asked for, and adds the groups up where they decide.
    pub fn prepare(&mut self, context: &Context, by_group: bool) -> Result<()> {
        if by_group && self.all && !self.roots.is_empty() {
            self.add_groups_up(context)?;
        }
        if !self.tested || !self.all {
            return Ok(());
        }
        let sql = format!("SELECT {}, p.id FROM {}", self.selection.sql(), self.selection.whole(ENTERPRISE));
        let mut statement = context.reader.conn.prepare_cached(&sql)?;
        let last = statement.column_count() - 1;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let id: Id = row.get(last)?;
            if !self.roots.contains_key(&id) {
                let mask = self.selection.mask(row)?;
                self.numbers.add(id, mask);
            }
        }
        Ok(())
    }

    fn add_groups_up(&mut self, context: &Context) -> Result<()> {
        let mut statement = context.reader.conn.prepare_cached(
            "SELECT j.root, p.id, p.office, p.campaigns, p.void \
             FROM (SELECT member, root FROM joined UNION ALL SELECT DISTINCT root, root FROM joined) j \
             JOIN p_enterprise p ON p.id = j.member",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let root: Id = row.get(0)?;
            let group = self.groups.entry(root).or_default().get_or_insert_default();
            group.add(context, &root, row)?;
        }
        Ok(())
    }

    fn group_alone(&self, context: &Context, id: &Id) -> Result<Option<Group>> {
        let members = context.reader.group_of(RecordId::from_bytes(*id))?;
        if members.len() == 1 {
            return Ok(None);
        }
        let root = *context.reader.root_of(RecordId::from_bytes(*id))?.as_bytes();
        let mut group = Group::default();
        for member in members {
            let mut statement = context
                .reader
                .conn
                .prepare_cached("SELECT NULL, id, office, campaigns, void FROM p_enterprise WHERE id = ?")?;
            let mut rows = statement.query([member.as_bytes()])?;
            if let Some(row) = rows.next()? {
                group.add(context, &root, row)?;
            }
        }
        Ok(Some(group))
    }

    /// The group an enterprise stands in; `None` for one that is joined to none.
    pub fn group(&mut self, context: &Context, id: &Id) -> Result<Option<Group>> {
        if self.all {
            let root = self.roots.get(id).unwrap_or(id);
            return Ok(self.groups.get(root).copied().flatten());
        }
        if let Some(group) = self.groups.get(id) {
            return Ok(*group);
        }
        let group = self.group_alone(context, id)?;
        self.groups.insert(*id, group);
        Ok(group)
    }

    /// The number of the enterprise this one counts as.
    pub fn number(&mut self, context: &Context, id: &Id) -> Result<u32> {
        let root = match self.roots.get(id) {
            Some(root) => *root,
            None if self.all => *id,
            None => {
                let root = *context.reader.root_of(RecordId::from_bytes(*id))?.as_bytes();
                self.roots.insert(*id, root);
                root
            }
        };
        if let Some(number) = self.numbers.get(&root) {
            return Ok(number);
        }
        let mask = self.look_up(context, &root)?;
        Ok(self.numbers.add(root, mask))
    }

    fn look_up(&mut self, context: &Context, root: &Id) -> Result<u128> {
        if !self.tested {
            return Ok(0);
        }
        if self.all {
            return Ok(self.selection.blank_mask());
        }
        let sql = format!("SELECT {} FROM {} p WHERE p.id = ?", self.selection.sql(), table(ENTERPRISE));
        let mut statement = context.reader.conn.prepare_cached(&sql)?;
        let blank = self.selection.blank_mask();
        let mask = statement.query_row(params![root], |row| Ok(self.selection.mask(row))).optional()?;
        mask.unwrap_or(Ok(blank))
    }

    pub fn mask(&self, number: u32) -> u128 {
        self.numbers.mask(number)
    }

    pub fn id(&self, number: u32) -> RecordId {
        RecordId::from_bytes(self.numbers.id(number))
    }
}

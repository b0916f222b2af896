//! Records that point to the rows of a list form: whose visits, samples or cases a row collects.

use campaign::model::Condition;
use domain::RecordId;
use rusqlite::params_from_iter;
use rustc_hash::FxHashMap;

use super::context::{Context, category_field};
use super::fields::{Reading, Shape, Test, place, unknown_field};
use super::pass::Pass;
use super::references::{follows, link};
use super::selection::{Bound, Selection};
use super::wanted::clauses;
use crate::error::Result;
use crate::projection::table;

/// Records of one kind that count in the campaign, point to rows and meet conditions, whoever owns them.
pub(super) struct Pointing<'c> {
    pub kind: &'c str,
    pub to: &'c str,
    pub conditions: &'c [Condition],
    pub field: Option<&'c str>,
}

impl Pointing<'_> {
    /// Calls `sink` with the row pointed to (as joined), the record, and its field. `rows` narrows to those pointed to.
    pub fn run(
        &self,
        context: &Context,
        roots: &FxHashMap<RecordId, RecordId>,
        rows: Option<&[RecordId]>,
        mut sink: impl FnMut(RecordId, RecordId, Reading) -> Result<()>,
    ) -> Result<()> {
        let field = link(context.schema, self.kind, self.to).ok_or_else(|| unknown_field(self.kind, self.to))?;
        let link = place(context.schema, context.reader.projection, self.kind, field)?;
        let mut selection = Selection::default();
        let mut bound = Bound::default();
        let (id, target) = (selection.add("p.id"), selection.add(link.sql.as_str()));
        let value = self.field.map(|field| selection.field(context, self.kind, field)).transpose()?;
        let mut needs: Vec<u128> = Vec::new();
        let kind = context.kind(self.kind)?;
        if let Some((field, required)) = category_field(kind) {
            let test = Test::one_of(context.categories(), !required);
            needs.push(selection.bit(context, self.kind, field, &test)?);
        }
        if let Some((day, or_blank)) = kind.there_from() {
            needs.push(selection.bit(context, self.kind, day, &Test::up_to(context.as_of, or_blank))?);
        }
        for condition in self.conditions {
            let mut need = 0;
            for clause in clauses(self.kind, condition, context.as_of) {
                if clause.of_enterprise {
                    return Err(unknown_field(self.kind, &condition.field).into());
                }
                need |= selection.bit(context, self.kind, clause.field, &clause.test)?;
            }
            needs.push(need);
        }
        let several = link.shape == Shape::Json;
        let narrowed = match rows {
            None => "1".to_owned(),
            Some(rows) if several => {
                let any: Vec<String> =
                    rows.iter().map(|id| format!("instr({}, {}) > 0", link.sql, bound.text(id.to_string()))).collect();
                format!("({})", any.join(" OR "))
            }
            Some(rows) => format!("{} IN ({})", link.sql, bound.ids(rows)),
        };
        // What follows the row is in the campaign with it.
        let standing = match follows(kind) {
            Some(_) => "p.void = 0".to_owned(),
            None => format!("p.void = 0 AND instr(p.campaigns, {}) > 0", bound.text(context.campaign_mark())),
        };
        let (columns, table) = (selection.sql(), table(self.kind));
        let sql = format!("SELECT {columns} FROM {table} p WHERE {standing} AND {narrowed} ORDER BY p.n");
        let mut statement = context.reader.conn.prepare_cached(&sql)?;
        let mut found = statement.query(params_from_iter(&bound.0))?;
        while let Some(row) = found.next()? {
            let mask = selection.mask(row)?;
            if needs.iter().any(|need| mask & need == 0) {
                continue;
            }
            let reading = match value {
                Some((column, shape)) => Reading::of_column(row.get_ref(column)?, shape),
                None => Reading::Blank,
            };
            let record = Pass::record_of(id, row)?;
            let mut targets: Vec<RecordId> = Vec::new();
            match Reading::of_column(row.get_ref(target)?, link.shape) {
                Reading::Reference(bytes) => targets.extend(<[u8; 16]>::try_from(bytes).map(RecordId::from_bytes).ok()),
                listed => listed.each(&mut |text| targets.extend(text.parse::<RecordId>().ok())),
            }
            for target in targets {
                sink(roots.get(&target).copied().unwrap_or(target), record, reading)?;
            }
        }
        Ok(())
    }
}

//! 未完成清单: the records a task has still to be done for, by the passes that count its figures.

use std::collections::BTreeSet;

use campaign::model::{Figure, ToDo};
use domain::RecordId;

use super::breakdown::Over;
use super::compile::{Only, passes};
use super::context::Context;
use super::pass::{As, Pass};
use super::wanted::Wanted;
use crate::error::Result;
use crate::reader::Reader;

impl Reader<'_> {
    /// What is still to do: records, or the enterprises they are about, as joined; the oldest first.
    pub fn to_do(&self, over: Over, to_do: ToDo) -> Result<Vec<RecordId>> {
        let context = self.context(over);
        let open = match to_do {
            ToDo::Counted(figure) => counted(&context, figure)?,
            ToDo::Between { of, done } => {
                let done = counted(&context, done)?;
                let mut of = counted(&context, of)?;
                of.retain(|id| !done.contains(id));
                of
            }
        };
        Ok(open.into_iter().collect())
    }
}

fn counted(context: &Context, figure: &Figure) -> Result<BTreeSet<RecordId>> {
    let wanted = [(0, Wanted::figure(figure, &[], context.as_of))];
    let mut counted = BTreeSet::new();
    for mut pass in passes(context, context.kind(&figure.kind)?, None, &wanted, Only::All, &[])? {
        let id = pass.id;
        pass.run(context, |hit, enterprises| {
            counted.insert(match hit.counted {
                As::Enterprise(number) => enterprises.id(number),
                As::Itself | As::Text(_) => Pass::record_of(id, hit.record)?,
            });
            Ok(())
        })?;
    }
    Ok(counted)
}

//! The book's clock: the hybrid time of the last revision, and what the machine's own clock showed at the last save. The two
//! differ once a package brought revisions of a device whose clock is ahead.

use domain::Hlc;

use crate::error::Result;
use crate::reader::Reader;
use crate::writer::Writer;

/// `millis.counter.saved`; books of the first release have no third part until something is saved in them.
const CLOCK: &str = "clock";

impl Reader<'_> {
    fn clock_parts(&self) -> Result<Vec<u64>> {
        let text = self.meta(CLOCK)?.unwrap_or_default();
        Ok(text.split('.').map_while(|part| part.parse().ok()).collect())
    }

    pub(crate) fn clock(&self) -> Result<Hlc> {
        let parts = self.clock_parts()?;
        let part = |at: usize| parts.get(at).copied().unwrap_or(0);
        Ok(Hlc { millis: part(0), counter: part(1) as u32 })
    }

    /// The latest moment the machine's clock showed when something was saved or taken in, in milliseconds since 1970.
    pub fn last_saved(&self) -> Result<Option<u64>> {
        Ok(self.clock_parts()?.get(2).copied())
    }
}

impl Writer<'_> {
    pub(crate) fn set_clock(&mut self, clock: Hlc, now_millis: u64) -> Result<()> {
        let saved = self.last_saved()?.map_or(now_millis, |saved| saved.max(now_millis));
        self.set_meta(CLOCK, &format!("{}.{}.{saved}", clock.millis, clock.counter))
    }

    /// What was saved later than now was saved by a wrong clock. The book's clock goes back too: what came after what stands
    /// in the parents, and a clock left ahead would win every tie with other devices from now on.
    pub fn trust_clock(&mut self, now_millis: u64) -> Result<()> {
        let clock = self.clock()?.min(Hlc { millis: now_millis, counter: 0 });
        self.set_meta(CLOCK, &format!("{}.{}.{now_millis}", clock.millis, clock.counter))
    }
}

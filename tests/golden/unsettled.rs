//! A form that rests on what nobody has decided yet.

use std::collections::BTreeSet;

use crate::desk::{alone, long};
use crate::nx_cases::region;

#[test]
fn an_open_conflict_marks_exactly_the_cells_it_touches() {
    alone("unsettled::an_open_conflict_marks_exactly_the_cells_it_touches", || {
        let desk = region().merge("ledger-nx-disputed-here.jsonl", "ledger-nx-disputed-elsewhere.jsonl", None);
        let unsettled = |desk: &crate::desk::Desk, form: &str, as_of: &str| -> BTreeSet<(String, String)> {
            desk.fill(form, "640000", as_of).form.unsettled.into_iter().collect()
        };
        let pair = |row: &str, column: &str| (row.to_owned(), column.to_owned());
        // The value of c04, 25,000 or 30,000 yuan; c04 is of the row competition, filed 2021-04-15.
        let cases = unsettled(&desk, "nx-2021-24/1", "2021-05-27");
        assert_eq!(cases, [pair("competition", "value"), pair("total", "value")].into());
        // Before c04 was filed nothing rests on it.
        assert_eq!(unsettled(&desk, "nx-2021-24/1", "2021-04-14"), BTreeSet::new());
        // What s01 failed. That the witness of i01 is disputed touches no cell.
        let samples = unsettled(&desk, "nx-2021-24/2", "2021-05-27");
        assert_eq!(samples, [pair(&long("501"), "failed_items")].into());
        // Before its report the column is blank whichever it is.
        assert_eq!(unsettled(&desk, "nx-2021-24/2", "2021-05-26"), BTreeSet::new());
        let codes: Vec<String> =
            desk.fill("nx-2021-24/1", "640000", "2021-05-27").warnings.into_iter().map(|notice| notice.code).collect();
        assert_eq!(codes, ["form-unsettled"]);

        let mut desk = desk;
        let open = desk.session.conflicts().unwrap();
        let guarded: BTreeSet<(&str, bool)> = open.iter().map(|open| (open.field.as_str(), open.guarded)).collect();
        assert_eq!(guarded, [("value_fen", true), ("failed_items", true), ("witness", false)].into());
        for conflict in open {
            desk.session.resolve(&conflict.id, &conflict.candidates[0].revision).unwrap();
        }
        assert_eq!(unsettled(&desk, "nx-2021-24/1", "2021-05-27"), BTreeSet::new());
        assert_eq!(unsettled(&desk, "nx-2021-24/2", "2021-05-27"), BTreeSet::new());
    });
}

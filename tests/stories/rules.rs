//! The conflict desk: what it was before, a rule for a whole batch, and what did not win stays to be seen.

use std::ops::ControlFlow;

use app::{ConflictFilter, Progress, Side};
use serde_json::json;

use crate::support::{Drawer, Office, as_of, case, enterprise, id};

const FORM: &str = "nx-2021-24/1";
const CUTOFF: &str = "2021-05-27";

fn go(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Two counties and their region, who changed the penalty of each county's case at once, and one phone number.
fn disputed(drawer: &Drawer) -> (Office, Vec<Office>) {
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut counties = Vec::new();
    for (at, (code, name)) in
        [("640121", "永宁县市场监督管理局"), ("640181", "灵武市市场监督管理局")].iter().enumerate()
    {
        let first = at as u32 * 10 + 1;
        let mut county = drawer.below(&mut region, code, name);
        county.record(&[enterprise(first, &format!("{name}口罩厂")), case(first + 1, first, "2021-04-02", 1_000_000)]);
        region.take(&county.hand_up());
        region.edit("case", &id(first + 1), json!({"penalty_fen": 2_000_000}));
        county.edit("case", &id(first + 1), json!({"penalty_fen": 3_000_000}));
        if at == 0 {
            region.edit("enterprise", &id(first), json!({"phone": "0951-1111111"}));
            county.edit("enterprise", &id(first), json!({"phone": "0951-2222222"}));
        }
        region.take(&county.hand_up());
        counties.push(county);
    }
    (region, counties)
}

#[test]
fn a_conflict_shows_its_base_and_who_wrote_what() {
    let drawer = Drawer::new();
    let (region, counties) = disputed(&drawer);
    assert_eq!(region.conflicts().len(), 3);
    let filter = ConflictFilter { record: Some(id(2)), ..ConflictFilter::default() };
    let (found, in_all) = region.session.conflicts_among(&filter, 0, 10).unwrap();
    assert_eq!((found.len(), in_all), (1, 1));
    let base = found[0].base.as_ref().unwrap();
    assert_eq!((base.value.as_int(), base.office.as_deref()), (Some(1_000_000), Some("640121")));
    let county = found[0].candidates.iter().find(|side| side.office.as_deref() == Some("640121")).unwrap();
    assert_eq!((county.value.as_int(), county.author.as_str()), (Some(3_000_000), "马立群"));
    assert_eq!(county.device, counties[0].session.device().to_string());
    assert_eq!(county.written.as_deref(), Some("2021-05-27 08:00"));
    let phone = ConflictFilter { kind: Some("enterprise".into()), ..ConflictFilter::default() };
    let (found, _) = region.session.conflicts_among(&phone, 0, 10).unwrap();
    assert_eq!((found[0].base.clone(), found[0].guarded), (None, true), "both were the first to write a number");
    let (rest, in_all) = region.session.conflicts_among(&ConflictFilter::default(), 2, 10).unwrap();
    assert_eq!((rest.len(), in_all), (1, 3));
}

#[test]
fn a_rule_is_looked_at_and_then_settles_one_countys_conflicts_at_once() {
    let drawer = Drawer::new();
    let (mut region, mut counties) = disputed(&drawer);
    let before = region.digest();
    let filter = ConflictFilter { office: Some("640121".into()), ..ConflictFilter::default() };
    let plan = region.session.rule_plan(&filter, Side::RecordOffice, Some(as_of(CUTOFF)), &mut go).unwrap();
    assert_eq!((plan.decided.len(), plan.left_open), (2, 0));
    assert_eq!(region.digest(), before, "looking changes nothing");
    let outdated = region.session.rule_apply(&filter, Side::RecordOffice, "seen-long-ago", &mut go).unwrap_err();
    assert_eq!(outdated.code(), "rule-outdated");

    assert_eq!(region.session.rule_apply(&filter, Side::RecordOffice, &plan.token, &mut go).unwrap(), 2);
    assert_eq!(region.conflicts().len(), 1, "the other county's is left");
    assert_eq!(region.field(&id(2), "penalty_fen"), 3_000_000);
    assert_eq!(region.field(&id(1), "phone"), "0951-2222222");

    let all = ConflictFilter::default();
    let own = region.session.rule_plan(&all, Side::OwnOffice, Some(as_of(CUTOFF)), &mut go).unwrap();
    let shown = |plan: &app::RulePlan| {
        let cells: Vec<_> = plan.changes.iter().flat_map(|change| &change.rows).flat_map(|row| &row.cells).collect();
        cells.iter().map(|cell| (cell.column.clone(), cell.before.clone(), cell.after.clone())).collect::<Vec<_>>()
    };
    let newest = region.session.rule_plan(&all, Side::Newest, Some(as_of(CUTOFF)), &mut go).unwrap();
    // Whichever is shown now, one of the two sides changes the printed penalty and the other does not.
    let (own, newest) = (shown(&own), shown(&newest));
    assert!(newest.is_empty(), "{newest:?}");
    assert!(own.is_empty() || own.iter().any(|(column, ..)| column == "penalty"), "{own:?}");

    // The county learns of it, and what lost is still to be seen.
    counties[0].take(&region.send_down("640121"));
    assert_eq!(counties[0].conflicts(), []);
    let history = counties[0].session.history(id(2).parse().unwrap(), Some("penalty_fen")).unwrap();
    let values: Vec<Option<i64>> = history.iter().map(|each| each.assigned.value.as_int()).collect();
    assert_eq!(values.len(), 4);
    for value in [1_000_000, 2_000_000, 3_000_000] {
        assert!(values.contains(&Some(value)), "{values:?}");
    }
    let in_force: Vec<_> = history.iter().filter(|each| each.assigned.shown).collect();
    assert_eq!((in_force.len(), in_force[0].settles, in_force[0].assigned.author.as_str()), (1, true, "高远"));
    region.is_sound();
    counties[0].is_sound();
}

#[test]
fn a_rule_leaves_open_what_its_side_never_wrote() {
    let drawer = Drawer::new();
    let (region, mut counties) = disputed(&drawer);
    let mut region = region;
    counties[0].take(&region.send_down("640121"));
    // Seen from the county, the city above it wrote nothing.
    let filter = ConflictFilter::default();
    let plan = counties[0].session.rule_plan(&filter, Side::OwnOffice, Some(as_of(CUTOFF)), &mut go).unwrap();
    assert_eq!((plan.decided.len(), plan.left_open), (2, 0));
    let third = "2500000";
    let penalty = region.conflicts().into_iter().find(|conflict| conflict.record == id(2)).unwrap();
    let changes = region.session.resolve_plan(&penalty.id, third, Some(as_of(CUTOFF)), &mut go).unwrap();
    let cell = changes.iter().find(|change| change.form == FORM).unwrap().rows.iter().find(|row| row.row == "total");
    assert!(cell.unwrap().cells.iter().any(|cell| cell.column == "penalty"));
    assert_eq!(region.conflicts().len(), 3, "looking changes nothing");
}

#[test]
fn a_typed_value_is_held_to_the_rules_of_recording() {
    let drawer = Drawer::new();
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let mut county = drawer.below(&mut region, "640121", "永宁县市场监督管理局");
    county.record(&[enterprise(1, "永宁县甲口罩厂"), case(2, 1, "2021-04-02", 1_000_000)]);
    region.take(&county.hand_up());
    region.edit("case", &id(2), json!({"closed_on": "2021-05-20"}));
    county.edit("case", &id(2), json!({"closed_on": "2021-05-21"}));
    region.take(&county.hand_up());
    let conflict = region.conflicts().remove(0);
    let before = region.digest();
    let refused = region.session.resolve(&conflict.id, "\"2021-03-01\"").unwrap_err();
    assert!(refused.notices.iter().any(|notice| notice.arg("field") == Some("closed_on")), "{refused}");
    assert_eq!(region.digest(), before);
    region.session.resolve(&conflict.id, "\"2021-05-22\"").unwrap();
    assert_eq!(region.field(&id(2), "closed_on"), "2021-05-22");
}

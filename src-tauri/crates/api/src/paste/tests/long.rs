//! Blocks of thousands of rows.

use super::*;

#[test]
fn ten_thousand_rows_go_in_whole_and_are_looked_at_page_by_page() {
    let folder = tempfile::tempdir().unwrap();
    let mut backend = book(folder.path());
    let mut sheet = "抽样单编号\t抽查企业\t产品名称\t抽样日期\n".to_owned();
    for number in 1..=10_000 {
        sheet.push_str(&format!("K{number}\t永宁县甲口罩厂\t口罩\t2021-05-01\n"));
    }
    let shown = preview(&mut backend, &block(&sheet));
    assert_eq!((shown["ready"].as_bool(), shown["counts"]["new"].as_u64()), (Some(true), Some(10_000)));
    assert_eq!((rows_of(&shown).len(), shown["rows"]["total"].as_u64()), (200, Some(10_000)));
    let turned = ask(&mut backend, json!({"do": "paste_rows", "view": shown["view"], "first": 9_900, "only": "new"}));
    assert_eq!(turned["rows"].as_array().unwrap().len(), 100);
    assert_eq!(turned["rows"][0]["fields"]["number"], "K9901");
    let none = ask(&mut backend, json!({"do": "paste_rows", "view": shown["view"], "first": 0, "only": "doubtful"}));
    assert_eq!(none["total"], 0);
    let stale = ask(&mut backend, json!({"do": "paste_rows", "view": 99, "first": 0, "only": "all"}));
    assert_eq!(stale[0]["code"], "paste-changed");
    assert_eq!(apply(&mut backend, &block(&sheet), &shown["token"])["recorded"], 10_000);
    let again = preview(&mut backend, &block(&sheet));
    assert_eq!(again["counts"]["same"], 10_000);
}

/// Somebody presses the button while it works: nothing of it is kept.
#[test]
fn a_long_block_can_be_stopped_and_leaves_nothing() {
    use std::ops::ControlFlow;
    let folder = tempfile::tempdir().unwrap();
    let mut backend = book(folder.path());
    let mut sheet = "抽样单编号\t抽查企业\t产品名称\t抽样日期\n".to_owned();
    for number in 1..=3_000 {
        sheet.push_str(&format!("K{number}\t永宁县甲口罩厂\t口罩\t2021-05-01\n"));
    }
    let (pasted, _): (Block, _) = serde_json::from_value::<Paste>(block(&sheet)).unwrap().into_block().unwrap();
    let session = backend.session_mut().unwrap();
    let mut seen = Vec::new();
    let shown = session
        .preview_paste(&pasted, &mut |progress| {
            seen.push((progress.stage, progress.done, progress.total));
            ControlFlow::Continue(())
        })
        .unwrap();
    assert!(seen.windows(2).filter(|pair| pair[0].0 == pair[1].0 && pair[0].1 < pair[1].1).count() >= 5, "{seen:?}");
    for stop_at in [app::Stage::Reading, app::Stage::Checking, app::Stage::Saving] {
        let stopped = session.apply_paste(&pasted, &shown.token, &mut |progress| match progress.stage == stop_at {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        });
        assert!(stopped.is_err(), "{stop_at:?}");
    }
    assert!(samples(&mut backend).is_empty());
}

//! Edited texts against the pieces they were made of.

use proptest::prelude::*;

use super::*;

fn text(text: &str) -> Piece {
    Piece::Text { text: text.to_owned() }
}

fn number(id: &str, shown: &str) -> Piece {
    written_over(id, shown, None)
}

fn written_over(id: &str, shown: &str, typed: Option<&str>) -> Piece {
    Piece::Quoted(Quoted {
        quote: format!("figure:{id}"),
        of: QuotedOf::Figure { figure: id.to_owned(), zh: String::new(), en: String::new() },
        shown: shown.to_owned(),
        value: shown.parse().ok(),
        typed: typed.map(str::to_owned),
    })
}

/// 累计检查12家，立案3件。
fn pieces() -> Vec<Piece> {
    vec![text("累计检查"), number("inspected", "12"), text("家，立案"), number("filed", "3"), text("件。")]
}

#[track_caller]
fn edited(new: &str, expected: &[Piece]) {
    let found = requoted(&pieces(), new);
    assert_eq!(found, expected, "{new}");
}

#[test]
fn what_is_not_touched_stays_quoted() {
    edited("累计检查12家，立案3件。", &pieces());
    edited(
        "本周共检查12家，立案3件。",
        &[text("本周共检查"), number("inspected", "12"), text("家，立案"), number("filed", "3"), text("件。")],
    );
    edited(
        "累计检查12家，其中药店5家，立案3件，均已结案。",
        &[
            text("累计检查"),
            number("inspected", "12"),
            text("家，其中药店5家，立案"),
            number("filed", "3"),
            text("件，均已结案。"),
        ],
    );
}

#[test]
fn a_number_written_over_is_known_as_such() {
    for typed in ["13", "120", "2", "1", "1,200", ""] {
        edited(
            &format!("累计检查{typed}家，立案3件。"),
            &[
                text("累计检查"),
                written_over("inspected", "12", Some(typed)),
                text("家，立案"),
                number("filed", "3"),
                text("件。"),
            ],
        );
    }
    // Taken out and typed anew, letter by letter.
    let mut now = pieces();
    for step in ["累计检查1家，立案3件。", "累计检查家，立案3件。", "累计检查4家，立案3件。", "累计检查45家，立案3件。"]
    {
        now = requoted(&now, step);
    }
    assert_eq!(now[1], written_over("inspected", "12", Some("45")));
    now = requoted(&now, "累计检查12家，立案3件。");
    assert_eq!(now, pieces(), "written as it is, it is quoted again");
}

#[test]
fn a_number_whose_words_are_gone_is_quoted_no_more() {
    edited("立案3件。", &[text("立案"), number("filed", "3"), text("件。")]);
    edited("累计检查情况良好，立案3件。", &[text("累计检查情况良好，立案"), number("filed", "3"), text("件。")]);
    edited("", &[]);
    edited("另写一段。", &[text("另写一段。")]);
}

#[test]
fn changes_in_several_places_leave_every_number_its_source() {
    edited(
        "截至今日，全市累计检查12家；立案5件，结案1件。",
        &[
            text("截至今日，全市累计检查"),
            number("inspected", "12"),
            text("家；立案"),
            written_over("filed", "3", Some("5")),
            text("件，结案1件。"),
        ],
    );
}

/// Every letter of it looks like the words around a number, and none of them is.
#[test]
fn the_longest_section_is_looked_at_once() {
    let long = "查家案件".repeat(15_000);
    assert_eq!(requoted(&pieces(), &long), [text(&long)]);
    let new = format!("累计检查14家，{long}，立案3件。");
    let found = requoted(&pieces(), &new);
    assert_eq!((&found[1], &found[3]), (&written_over("inspected", "12", Some("14")), &number("filed", "3")));
}

#[test]
fn what_is_kept_is_counted_anew() {
    let kept = source(&requoted(&pieces(), "累计检查15家，立案3件{暂}。"));
    assert_eq!(kept, "累计检查{figure:inspected=15}家，立案{figure:filed}件{{暂}}。");
}

fn any_pieces() -> impl Strategy<Value = Vec<Piece>> {
    let piece = prop_oneof![
        "[检查家，。\n0-9]{1,8}".prop_map(|words| text(&words)),
        ("[a-c]", "[0-9]{1,3}").prop_map(|(id, shown)| number(&id, &shown)),
    ];
    prop::collection::vec(piece, 0..8)
}

proptest! {
    #[test]
    fn a_text_that_is_not_changed_is_quoted_as_before(pieces in any_pieces()) {
        let found = requoted(&pieces, &plain(&pieces));
        let quoted = |pieces: Vec<Piece>| -> Vec<Piece> {
            pieces.into_iter().filter(|piece| matches!(piece, Piece::Quoted(_))).collect()
        };
        prop_assert_eq!(quoted(found), quoted(pieces));
    }

    /// Whatever was written, the pieces read as it does, and no number is quoted twice.
    #[test]
    fn the_text_is_always_what_was_written(pieces in any_pieces(), new in "[检查家，。\n0-9]{0,20}") {
        let found = requoted(&pieces, &new);
        prop_assert_eq!(plain(&found), new);
        let quoted = |pieces: &[Piece]| pieces.iter().filter(|piece| matches!(piece, Piece::Quoted(_))).count();
        prop_assert!(quoted(&found) <= quoted(&pieces));
    }

    /// Words added at either end touch no number that has words around it.
    #[test]
    fn words_added_at_the_ends_touch_nothing(before in "[甲乙丙]{0,5}", after in "[甲乙丙]{0,5}") {
        let new = format!("{before}{}{after}", plain(&pieces()));
        let quoted = |pieces: Vec<Piece>| -> Vec<Piece> {
            pieces.into_iter().filter(|piece| matches!(piece, Piece::Quoted(_))).collect()
        };
        prop_assert_eq!(quoted(requoted(&pieces(), &new)), quoted(pieces()));
    }
}

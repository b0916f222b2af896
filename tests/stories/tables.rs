//! Whose table it is: an office is called by its own name on it, and lies in the area of the book.

use serde_json::json;

use crate::support::Drawer;

const FORM: &str = "nx-2021-24/1";
const STATION: &str = "640121-01";

#[test]
fn a_table_of_an_office_without_a_name_is_looked_at_and_not_handed_in() {
    let drawer = Drawer::new();
    let window = drawer.window(drawer.office("640121", "永宁县市场监督管理局"));
    let filling = |office: &str| json!({"form": FORM, "as_of": "2021-05-27", "office": office, "date": null});
    let fill = |office: &str| {
        let mut asked = filling(office);
        asked["do"] = json!("fill");
        asked
    };
    let out = drawer.path("table.xlsx");
    let write = |office: &str| json!({"do": "fill_to_file", "filling": filling(office), "out": out});
    let print = |office: &str| json!({"do": "print_pages", "pages": {"form": filling(office)}});

    let shown = window.done(fill(STATION));
    assert_eq!(shown["warnings"][0]["code"], "office-unnamed", "{}", shown["warnings"]);
    assert_eq!(window.refused(write(STATION)), "office-unnamed");
    assert_eq!(window.refused(print(STATION)), "office-unnamed");
    assert!(!out.exists());

    window.done(json!({"do": "office_name", "office": STATION, "name": "杨和市场监管所"}));
    let shown = window.done(fill(STATION));
    assert_eq!(shown["warnings"], json!([]));
    window.done(write(STATION));
    assert!(out.exists());

    // Of another county nothing is here: noughts would say that it had nothing.
    assert_eq!(window.refused(fill("640181")), "fill-outside");
    assert_eq!(window.refused(write("640181")), "fill-outside");
}

/// The campaign shown to an office that has chosen none and recorded nothing.
fn unasked(window: &crate::support::Window) -> String {
    window.done(json!({"do": "workbench", "campaign": null}))["campaign"].as_str().unwrap().to_owned()
}

#[test]
fn no_office_is_shown_another_provinces_campaign_unasked() {
    let drawer = Drawer::new();
    // On that day a district of another province runs one too, which began on the same day.
    for (office, name, shown) in [
        ("640122", "贺兰县市场监督管理局", "nx-2021-24"),
        ("410703", "卫滨区市场监督管理局", "weibin-2021"),
        ("210100", "沈阳市市场监督管理局", "samr-2020-51"),
        ("440100", "广州市市场监督管理局", "samr-2020-51"),
    ] {
        let window = drawer.window(drawer.office(office, name));
        assert_eq!(unasked(&window), shown, "{office}");
        let near = window.done(json!({"do": "campaigns_near"}));
        assert_eq!(near[0], shown, "{office}: {near}");
        let schema = window.done(json!({"do": "schema"}));
        assert_eq!(schema["campaigns"][0]["id"], shown, "{office}: it stands first where one is chosen");
        assert!(office == "410703" || !near.as_array().unwrap().contains(&json!("weibin-2021")), "{office}: {near}");
    }
}

#[test]
fn whoever_joins_works_on_what_the_inviting_office_has_ordered() {
    let drawer = Drawer::new();
    let mut region = drawer.office("640000", "宁夏回族自治区市场监督管理厅");
    let invitation = drawer.invitation(&mut region, "640122", "贺兰县市场监督管理局");
    let clock = app::Clock::Fixed(crate::support::MAY_27);
    let desk = api::Backend::at(drawer.path("640122.book"), Vec::new(), clock);
    let window = crate::support::Window::of(desk);
    let shown = window.done(json!({"do": "invitation_look", "file": invitation}));
    let join = |words: &str| json!({"do": "book_join", "file": invitation, "words": words, "inspector": "李梅"});
    assert_eq!(window.refused(join("苹果 牛奶")), "inviter-words-differ");
    let joined = window.done(join(shown["fingerprint"]["zh"].as_str().unwrap()));
    assert_eq!(joined["campaign"], "nx-2021-24");
}

//! Every menu by keyboard alone: no pointer is used here, and wherever a key leads, something has the focus and shows it.

use serde_json::json;

use crate::ENTER;
use crate::evidence::{county, open};
use crate::window::Window;

const TAB: &str = "\u{e004}";
const BACK_TAB: &str = "\u{e008}\u{e004}\u{e000}";

const MENUS: [&str; 9] =
    ["workbench", "enterprises", "inspections", "samples", "cases", "forms", "packages", "settings", "help"];

/// What is wrong with the focus; nothing where it can be seen. The kit draws a field's focus on the frame around it, a box's on
/// the square beside it, a list's on its current row.
const UNSEEN: &str = r#"(() => {
    const held = document.activeElement;
    if (!held || held === document.body) return 'nothing has the focus at ' + location.hash;
    const frame = held.closest('.el-input__wrapper, .el-select__wrapper, .el-input-tag, .el-checkbox');
    const row = document.getElementById(held.getAttribute('aria-activedescendant'))?.querySelector('td');
    const drawn = [held, held.nextElementSibling, frame, row].filter(Boolean).some((each) => {
        const style = getComputedStyle(each);
        return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
    });
    const box = (frame ?? held).getBoundingClientRect();
    const there = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return drawn && there ? '' : `${there ? 'nothing shows' : 'out of sight:'} the focus on ${held.outerHTML.slice(0, 200)} at ${location.hash}`;
})()"#;

/// The focus is somewhere, and a person sees where.
async fn seen(window: &Window) {
    window.answers(&format!("return {UNSEEN}"), json!("")).await;
}

async fn holds(window: &Window, css: &str) -> bool {
    window.script_with("return document.activeElement.matches(arguments[0])", json!(css)).await == json!(true)
}

/// Goes on by one key until the focus stands on what matches `css`.
async fn walk(window: &Window, key: &str, css: &str) {
    for _ in 0..120 {
        if holds(window, css).await {
            return seen(window).await;
        }
        window.press(key).await;
        seen(window).await;
    }
    panic!("no key leads to {css}");
}

#[tokio::test]
async fn every_menu_and_every_page_in_it_is_reached_by_keyboard_alone() {
    let (home, book) = county();
    let window = open(&home, &book).await;

    // The left menu from its first entry to its last, and back through the pages of each.
    for menu in MENUS {
        let entry = format!("[data-menu={menu}]");
        walk(&window, TAB, &entry).await;
        window.press(ENTER).await;
        window.see(&format!("{entry}.current")).await;
        seen(&window).await;
        assert!(holds(&window, &entry).await, "the focus stays on the entry {menu}");
    }
    for menu in MENUS.into_iter().rev() {
        let entry = format!("[data-menu={menu}]");
        walk(&window, BACK_TAB, &entry).await;
        window.press(ENTER).await;
        window.see(&format!("{entry}.current")).await;
        window.gone(".el-loading-mask").await;
        let tabs = window.script("return document.querySelectorAll('.page .tabs a').length").await.as_u64().unwrap();
        for tab in 1..=tabs {
            let css = format!(".page .tabs a:nth-child({tab})");
            walk(&window, TAB, &css).await;
            let leads = window.script_with("return document.querySelector(arguments[0]).hash", json!(css)).await;
            window.press(ENTER).await;
            window.answers("return location.hash", leads).await;
            seen(&window).await;
        }
    }

    window.close().await;
}

//! Every menu by keyboard alone: no pointer is used here, and wherever a key leads, something has the focus and shows it.

use serde_json::json;

use crate::evidence::{county, open};
use crate::window::Window;
use crate::{CONTROL_S, ENTER, NOW};

const TAB: &str = "\u{e004}";
const BACK_TAB: &str = "\u{e008}\u{e004}\u{e000}";

const DOWN: &str = "\u{e015}";
const ESCAPE: &str = "\u{e00c}";
const BACKSPACE: &str = "\u{e003}";
const CONTROL_K: &str = "\u{e009}k\u{e000}";
const CONTROL_N: &str = "\u{e009}n\u{e000}";

const MENUS: [&str; 9] =
    ["workbench", "enterprises", "inspections", "samples", "cases", "forms", "packages", "settings", "help"];

/// What is wrong with the focus; nothing where it can be seen: what holds it looks different from a twin that does not. The kit
/// draws a field's focus on the frame around it, a box's on the square beside it, a list's on its current row.
const UNSEEN: &str = r#"(() => {
    const held = document.activeElement;
    if (!held || held === document.body) return 'nothing has the focus at ' + location.hash;
    const frame = held.closest('.el-input__wrapper, .el-select__wrapper, .el-input-tag, .el-checkbox, .drop-hint');
    const whole = frame ?? held;
    const twin = whole.cloneNode(true);
    for (const each of [twin, ...twin.querySelectorAll('*')]) {
        each.classList.remove('is-focus', 'is-focused', 'is-focusing');
        // Two of one name would choose between themselves, two of one id would own each other's lists.
        each.removeAttribute('name');
        each.removeAttribute('id');
    }
    const parts = frame ? 'input, .el-checkbox__inner' : 'tr.current td';
    const looks = (top) => [top, ...top.querySelectorAll(parts)].map((each) => {
        const style = getComputedStyle(each);
        const line = parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== 'none' ? style.outline : '';
        return [line, style.boxShadow, style.borderColor].join();
    });
    const focused = looks(whole);
    whole.after(twin);
    const bare = looks(twin);
    twin.remove();
    const drawn = focused.length === bare.length && focused.some((look, at) => look !== bare[at]);
    const box = whole.getBoundingClientRect();
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

/// Waits until the focus stands on what matches `css`, without a key of anybody's.
async fn given(window: &Window, css: &str) {
    window.answers(&format!("return document.activeElement.matches({})", json!(css)), json!(true)).await;
    seen(window).await;
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

#[tokio::test]
async fn a_frame_that_is_always_there_shows_no_focus() {
    let (home, book) = county();
    let window = open(&home, &book).await;
    window.script("location.hash = '#/enterprises/enterprise/new'").await;
    given(&window, "[data-field=name] input").await;
    let framed =
        "document.styleSheets[0].insertRule('.el-input__wrapper { box-shadow: 0 0 0 1px gray inset !important }')";
    window.script(framed).await;
    window.answers(&format!("return {UNSEEN}.startsWith('nothing shows')"), json!(true)).await;
    window.close().await;
}

#[tokio::test]
async fn a_record_is_found_opened_and_left_by_keyboard_alone() {
    let (home, book) = county();
    let window = open(&home, &book).await;
    let known = "return document.querySelector('.virtual tbody tr:nth-child(2) td').innerText.trim()";

    // From each list by the arrows to a record, and back to the same row.
    for menu in ["enterprises", "inspections", "samples", "cases"] {
        walk(&window, BACK_TAB, &format!("[data-menu={menu}]")).await;
        window.press(ENTER).await;
        window.see(&format!("[data-menu={menu}].current")).await;
        window.see(".virtual tbody tr:nth-child(2)").await;
        window.gone(".virtual .coming").await;
        walk(&window, TAB, ".virtual table").await;
        window.press(DOWN).await;
        window.see(".virtual tbody tr:nth-child(2).current").await;
        let list = window.hear("location.hash").await;
        window.press(ENTER).await;
        window.see(".page-head h2").await;
        seen(&window).await;
        window.press(ESCAPE).await;
        window.answers("return location.hash", json!(list)).await;
        window.see(".virtual tbody tr:nth-child(2).current").await;
        given(&window, ".virtual table").await;
    }

    // A record of another list is found by its name, whatever page is open.
    walk(&window, BACK_TAB, "[data-menu=enterprises]").await;
    window.press(ENTER).await;
    window.see("[data-menu=enterprises].current").await;
    window.see(".virtual tbody tr:nth-child(2)").await;
    window.gone(".virtual .coming").await;
    let name = window.script(known).await;
    let name = name.as_str().unwrap();
    walk(&window, TAB, "[data-menu=help]").await;
    window.press(ENTER).await;
    window.see("[data-menu=help].current").await;
    window.press(CONTROL_K).await;
    given(&window, ".palette input").await;
    window.press(ESCAPE).await;
    window.gone(".palette").await;
    given(&window, "[data-menu=help]").await;
    window.press(CONTROL_K).await;
    given(&window, ".palette input").await;
    window.press(name).await;
    let found =
        "[...document.querySelectorAll('.palette-line')].findIndex((each) => each.dataset.key.length > 20) + 1 || null";
    let steps: usize = window.hear(found).await.parse().unwrap();
    for _ in 1..steps {
        window.press(DOWN).await;
    }
    window.read(".palette-line[aria-selected=true]", name).await;
    window.press(ENTER).await;
    window.gone(".palette").await;
    window.see("[data-menu=enterprises].current").await;
    window.read(".page-head h2", name).await;
    given(&window, "main h2").await;
    window.picture("jumped").await;

    // What can be done with it stands before all else.
    window.press(CONTROL_K).await;
    given(&window, ".palette input").await;
    window.read(".palette-group", "本页操作").await;
    window.picture("palette-here").await;
    window.see(".palette-line[data-key=print][aria-selected=true]").await;
    window.press(ENTER).await;
    window.answers("return location.hash.startsWith('#/print/dossier/')", json!(true)).await;
    given(&window, "main h2").await;
    window.close().await;
}

#[tokio::test]
async fn a_record_is_entered_and_saved_by_keyboard_alone_and_a_dialog_gives_the_focus_back() {
    let (home, book) = county();
    let window = open(&home, &book).await;
    walk(&window, TAB, "[data-menu=enterprises]").await;
    window.press(ENTER).await;
    window.see(".virtual tbody tr").await;
    window.press(CONTROL_N).await;
    given(&window, "[data-field=name] input").await;
    window.press("键盘口罩厂").await;
    walk(&window, TAB, "[data-field=roles] [data-value]").await;
    window.press(" ").await;
    window.see("[data-field=roles] .chosen").await;
    window.press(CONTROL_S).await;
    window.read(".page-head h2", "键盘口罩厂").await;
    seen(&window).await;

    walk(&window, BACK_TAB, "[data-tab=edit]").await;
    window.press(ENTER).await;
    window.see("[data-tab=edit].current").await;
    window.see("[data-field=name] input").await;
    seen(&window).await;

    // Voiding it is asked about, and thought better of.
    walk(&window, BACK_TAB, ".page-head .void").await;
    window.press(ENTER).await;
    window.answers("return document.activeElement.closest('.el-dialog') !== null", json!(true)).await;
    walk(&window, TAB, ".el-dialog input").await;
    window.press("录错了").await;
    window.press(ESCAPE).await;
    window.gone(".el-overlay:not([style*='display: none'])").await;
    given(&window, ".page-head .void").await;

    // Back to its file, and from there to the list: the record is there.
    window.press(ESCAPE).await;
    window.see(".dossier").await;
    seen(&window).await;
    window.press(ESCAPE).await;
    window.read(".virtual tbody", "键盘口罩厂").await;
    seen(&window).await;
    window.close().await;
}

#[tokio::test]
async fn a_place_is_found_at_home_first_and_a_firm_begun_in_a_list_is_finished_by_keyboard_alone() {
    let home = tempfile::tempdir().unwrap();
    let book = home.path().join("贺兰县.book");
    let window = Window::open(home.path(), &[("SWEEPBOOK_BOOK", book.to_str().unwrap()), ("SWEEPBOOK_NOW", NOW)]).await;

    // Before there is an office no place is nearer than another: none of those of the same initials is taken unasked.
    window.type_into("[data-field=office] input", &format!("ynx{ENTER}")).await;
    window.read(".office-words", "请用 ↑ ↓ 选定").await;
    window.read(".office-list", "宁夏回族自治区银川市").await;
    window.picture("office-alike").await;
    window.script("document.querySelector('[data-field=office] input').select()").await;
    window.press(&format!("640122{ENTER}")).await;
    window.press(&format!("贺兰县市场监督管理局{ENTER}")).await;
    window.press(&format!("张三{ENTER}")).await;
    window.read(".menu-foot", "贺兰县市场监督管理局").await;

    // A new firm is at home in the county; what begins as another place of the country is called comes after it.
    window.script("location.hash = '#/enterprises/enterprise/new'").await;
    given(&window, "[data-field=name] input").await;
    window.press("洁安口罩厂").await;
    window.read("[data-field=division]", "宁夏回族自治区银川市贺兰县").await;
    walk(&window, TAB, "[data-field=division] input").await;
    window.press(&format!("{BACKSPACE}hlx{ENTER}")).await;
    window.read("[data-field=division]", "宁夏回族自治区银川市贺兰县").await;
    window.press(&format!("{BACKSPACE}怀来{ENTER}")).await;
    window.read("[data-field=division]", "河北省张家口市怀来县").await;
    walk(&window, BACK_TAB, "[data-field=roles] [data-value]").await;
    window.press("1").await;
    window.press(CONTROL_S).await;
    window.read(".warnings [data-code=division-outside]", "不在本单位的辖区内").await;
    window.picture("division-outside").await;
    window.script("location.hash = '#/inspections/inspection'").await;
    window.see(".create").await;

    // Begun in the list of a new inspection: nothing is typed twice, no second form comes up, and the next field has the focus.
    window.press(CONTROL_N).await;
    given(&window, "[data-field=enterprise] input").await;
    window.press(ESCAPE).await;
    window.answers("return location.hash", json!("#/inspections/inspection")).await;
    window.press(CONTROL_N).await;
    given(&window, "[data-field=enterprise] input").await;
    window.press("贺兰洁安口罩厂").await;
    walk(&window, TAB, "[data-field=date] input").await;
    window.read("[data-field=enterprise] .field-problem", "“贺兰洁安口罩厂”还没有选定").await;
    walk(&window, BACK_TAB, "[data-field=enterprise] input").await;
    window.press(DOWN).await;
    window.read(".pick-new", "新增企业“贺兰洁安口罩厂”").await;
    window.picture("pick-new").await;
    window.press(ENTER).await;
    given(&window, ".el-dialog [data-field=name] input").await;
    window.answers("return document.activeElement.value", json!("贺兰洁安口罩厂")).await;
    window.picture("pick-new-form").await;
    walk(&window, TAB, ".el-dialog [data-field=roles] [data-value]").await;
    window.press("1").await;
    window.press(CONTROL_S).await;
    window.gone(".el-dialog").await;
    window.gone(".pick-list").await;
    window.read("[data-field=enterprise]", "贺兰洁安口罩厂").await;
    given(&window, "[data-field=date] input").await;
    window.close().await;
}

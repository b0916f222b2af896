//! Recording in the real window: what was typed survives a kill, an inspection leads to its problem, and no text runs.

use std::path::Path;

use serde_json::{Value, json};

use crate::window::Window;
use crate::{CONTROL_S, ENTER, NOW};

const CONTROL_Z: &str = "\u{e009}z\u{e000}";
const ESCAPE: &str = "\u{e00c}";
const ALT_LEFT: &str = "\u{e00a}\u{e012}\u{e000}";

async fn open(home: &Path, book: &Path) -> Window {
    Window::open(home, &[("SWEEPBOOK_BOOK", book.to_str().unwrap()), ("SWEEPBOOK_NOW", NOW)]).await
}

/// A window on a new book of a county, with the campaign chosen.
async fn start(home: &Path, book: &Path) -> Window {
    let window = open(home, book).await;
    window.type_into("[data-field=office] input", &format!("640121{ENTER}")).await;
    window.press(&format!("永宁县市场监督管理局{ENTER}")).await;
    window.press(&format!("张三{ENTER}")).await;
    window.read(".menu-foot", "永宁县市场监督管理局").await;
    window.choose(".campaign", "深入推进口罩质量监管促进质量提升专项整治行动").await;
    window
}

pub async fn value(window: &Window, css: &str) -> String {
    window.hear(&format!("document.querySelector('{css}')?.value")).await
}

#[tokio::test]
async fn half_an_inspection_survives_a_kill() {
    let home = tempfile::tempdir().unwrap();
    let book = home.path().join("永宁县.book");
    let window = start(home.path(), &book).await;
    window.click("[data-menu=inspections]").await;
    window.click(".create").await;
    window.type_into("[data-field=place] input", "望远镇工业园3号车间").await;
    window.type_into("[data-field=started_at] input", "9点").await;
    window.click("[data-field=mode] [data-value=random]").await;
    window.type_into("[data-field=findings] textarea", "现场有半成品约").await;
    // An entry that Enter has not closed yet.
    window.type_into("[data-field=inspectors] input", "王五").await;
    window.see(".draft-kept").await;
    window.kill().await;

    let window = open(home.path(), &book).await;
    window.read(".menu-foot", "永宁县市场监督管理局").await;
    window.click("[data-menu=inspections]").await;
    window.click(".drafts-toggle").await;
    window.read(".drafts", "2021-05-27 12:00").await;
    window.picture("drafts").await;
    window.click(".create").await;
    window.read(".draft-bar", "2021-05-27 12:00").await;
    assert_eq!(value(&window, "[data-field=place] input").await, "望远镇工业园3号车间");
    assert_eq!(value(&window, "[data-field=started_at] input").await, "9点");
    assert_eq!(value(&window, "[data-field=findings] textarea").await, "现场有半成品约");
    window.read("[data-field=started_at] .field-problem", "9点").await;
    window.read("[data-field=inspectors]", "王五").await;
    window.see("[data-field=mode] [data-value=random].chosen").await;
    window.picture("draft").await;

    // Esc leaves and loses nothing; discarding does. In an open list Esc belongs to the list.
    window.script("document.activeElement.blur()").await;
    window.press(ESCAPE).await;
    window.see(".drafts-toggle").await;
    window.click(".create").await;
    window.read(".draft-bar", "2021-05-27 12:00").await;
    window.click(".draft-bar .danger").await;
    window.gone(".draft-bar").await;
    let emptied = "document.querySelector('[data-field=place] input').value === '' ? 'empty' : ''";
    assert_eq!(window.hear(emptied).await, "empty");
    window.click("[data-menu=inspections]").await;
    window.see(".create").await;
    window.gone(".drafts-toggle").await;
    window.close().await;
}

#[tokio::test]
async fn an_inspection_leads_to_its_problem_and_is_taken_back() {
    let home = tempfile::tempdir().unwrap();
    let book = home.path().join("永宁县.book");
    let window = start(home.path(), &book).await;
    window.click("[data-menu=inspections]").await;
    window.click(".create").await;

    // An enterprise that is not there yet, entered in place.
    window.type_into("[data-field=enterprise] input", "银川永宁口罩厂").await;
    window.read(".pick-new", "新增企业“银川永宁口罩厂”").await;
    window.press(ENTER).await;
    let name = ".el-dialog [data-field=name] input";
    assert_eq!(value(&window, name).await, "银川永宁口罩厂");
    window.click(".el-dialog [data-field=roles] [data-value=producer]").await;
    window.click(".el-dialog .dialog-footer button").await;
    window.gone(".el-dialog").await;
    window.read("[data-field=enterprise]", "银川永宁口罩厂").await;

    window.type_into("[data-field=inspectors] input", &format!("赵六{ENTER}")).await;
    window.choose("[data-field=line]", "质量").await;
    window.choose("[data-field=department]", "市场监管").await;
    window.choose("[data-field=categories]", "口罩").await;
    // The checklist by keys: the first does not comply, with a note; the others do.
    window.script("document.querySelector('[data-item=licences] [tabindex=\"0\"]').focus()").await;
    window.press("2").await;
    window.press("营业执照过期").await;
    window.click(".answer-rest").await;
    window.click("[data-field=outcome] [data-value=rectify]").await;
    window.type_into("[data-field=rectify_by] input", "20210610").await;
    window.picture("checklist").await;
    window.press(CONTROL_S).await;
    window.read(".next-steps", "记入问题清单").await;
    window.picture("next-steps").await;

    window.click(".next-steps [data-index='0'] button").await;
    let described = "[data-field=description] textarea";
    assert_eq!(value(&window, described).await, "企业持有证照情况：营业执照过期");
    assert_eq!(value(&window, "[data-field=due_on] input").await, "2021-06-10");
    window.press(CONTROL_S).await;
    window.read(".page-head h2", "企业持有证照情况").await;

    // From the inspection the problem is seen; the inspection itself is found again by its enterprise.
    window.click("[data-menu=inspections]").await;
    window.click(".records .operations button").await;
    window.read(".related", "企业持有证照情况：营业执照过期").await;
    window.read(".next-steps [data-index='0']", "已有").await;

    // What was last done is taken back by key: the problem, which this page shows, is void.
    window.click(".page-head h2").await;
    window.script("document.activeElement.blur()").await;
    window.press(CONTROL_Z).await;
    window.read(".journal-bar", "企业持有证照情况").await;
    window.gone(".related").await;
    window.close().await;
}

/// Texts that programs have run, broken on or torn apart, each in several settings: 200 and more.
fn hostile() -> Vec<String> {
    let seeds = [
        "<script>window.__ran=1</script>",
        "<img src=x onerror=window.__ran=1>",
        "\"><svg onload=window.__ran=1>",
        "javascript:window.__ran=1",
        "{{constructor.constructor('window.__ran=1')()}}",
        "${window.__ran=1}",
        "<iframe srcdoc='<script>parent.__ran=1</script>'>",
        "<style>*{display:none}</style>",
        "</textarea></div></body>",
        "<a href=\"javascript:window.__ran=1\">点</a>",
        "&lt;b&gt;&amp;&#x3c;script&#x3e;",
        "<!--",
        "]]>",
        "<template v-html=x>",
        "=HYPERLINK(\"http://x\",\"y\")",
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "%s%n%x%d",
        "{0} {name} {count}",
        "%00%0d%0a",
        "'; DROP TABLE record; --",
        "\" OR 1=1 --",
        "name_index MATCH \"*\"",
        "\\",
        "\\\\server\\share",
        "../../etc/passwd",
        "C:\\CON\\nul",
        "null",
        "undefined",
        "NaN",
        "true",
        "0",
        "[object Object]",
        "__proto__",
        "constructor",
        "\u{202e}厂罩口宁永\u{202c}",
        "\u{200f}مصنع\u{200f}",
        "שלום",
        "👨‍👩‍👧‍👦👍🏽",
        "𬭩𠮷㐂",
        "e\u{301}\u{301}\u{301}\u{301}",
        "\u{feff}厂",
        "厂\u{200b}\u{200d}",
        "\u{fffd}\u{fffe}",
        "ﷺ",
        "Z͑ͫa̴l͠g̸o",
        "''\"\"``“”‘’「」",
        "，。；：？！、（）",
        "\u{1}\u{7}\u{1b}[31m",
        "a\u{0}b",
    ];
    let mut all: Vec<String> = seeds.iter().map(|seed| (*seed).to_owned()).collect();
    all.extend(seeds.iter().map(|seed| format!("永宁县{seed}有限公司")));
    all.extend(seeds.iter().map(|seed| format!("\"{seed}'")));
    all.extend(seeds.iter().map(|seed| seed.repeat(3)));
    all.extend([500, 501, 20_000].map(|length| "长".repeat(length)));
    all.extend(["\t制表\t", "一行\n二行", "  两边空格  ", "\u{3000}全角空格"].map(str::to_owned));
    all
}

/// Puts a text into every text field of the form by the page's own input events, and saves.
const ENTER_EVERYWHERE: &str = r#"
    const [text, code] = arguments[0];
    for (const field of ['name', 'address', 'legal_representative', 'contact', 'phone', 'uscc']) {
        const input = document.querySelector(`[data-field=${field}] input`);
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(input, field === 'uscc' ? code : text);
        input.dispatchEvent(new Event('input', { bubbles: true }));
    }
    const producer = document.querySelector('[data-field=roles] [data-value=producer]');
    if (!producer.classList.contains('chosen')) producer.click();
    document.querySelector('.record-page .save').click();
"#;

/// What became of it: the address of the record, or the words at a field.
const OUTCOME: &str = "location.hash.endsWith('/new') ? document.querySelector('.field-problem, .problem, .warning-row')?.innerText : \
     location.hash.endsWith('/edit') ? document.querySelector('[data-field=name] input') && document.querySelector('.counted') && location.hash : \
     (document.querySelector('[data-tab=edit]')?.click(), null)";

#[tokio::test]
async fn two_hundred_hostile_texts_are_kept_as_text_or_refused_in_words() {
    let home = tempfile::tempdir().unwrap();
    let book = home.path().join("永宁县.book");
    let window = start(home.path(), &book).await;
    window.script("window.__ran = undefined; window.alert = () => { window.__ran = 1 }").await;
    let texts = hostile();
    assert!(texts.len() >= 200, "{}", texts.len());
    let (mut kept, mut refused) = (Vec::new(), 0);
    for text in &texts {
        window.script("location.hash = '#/enterprises/enterprise/new'").await;
        window.gone(".related, .counted").await;
        window.see("[data-field=roles] [data-value=producer]").await;
        window.script_with(ENTER_EVERYWHERE, json!([text, ""])).await;
        let outcome = window.hear(OUTCOME).await;
        let shown = "return [...document.querySelectorAll('[data-field=name] input, [data-field=address] input, \
             [data-field=legal_representative] input, [data-field=contact] input, [data-field=phone] input')].map((each) => each.value)";
        if !outcome.starts_with('#') {
            assert!(outcome.chars().count() > 5, "refused without words: {text:?}: {outcome}");
            refused += 1;
            continue;
        }
        // An input of one line takes line ends out; blanks at the ends are not part of a text.
        let expected = text.replace('\n', "");
        let expected = Value::from(vec![expected.trim(); 5]);
        assert_eq!(window.script(shown).await, expected, "{text:?}");
        let title = window.script("return document.querySelector('.page-head h2').textContent").await;
        let beginning: String = text.replace('\n', "").trim().chars().take(10).collect();
        assert!(title.as_str().unwrap().starts_with(&beginning), "{text:?} is shown as {title}");
        kept.push(text.replace('\n', "").trim().to_owned());
    }
    assert!(kept.len() > 150 && refused > 5, "kept {}, refused {refused}", kept.len());

    // The code of an enterprise takes none of them.
    window.script("location.hash = '#/enterprises/enterprise/new'").await;
    window.gone(".related, .counted").await;
    window.see("[data-field=roles] [data-value=producer]").await;
    window.script_with(ENTER_EVERYWHERE, json!(["甲厂", "<script>window.__ran=1</script>"])).await;
    window.see("[data-field=uscc] .field-problem").await;

    // In the list, and found again by the words they hold.
    window.click("[data-menu=enterprises]").await;
    window.see(".records tbody tr").await;
    let listed = window
        .script(
            "return [...document.querySelectorAll('.records tbody tr')].map((row) => row.cells[0].textContent.trim())",
        )
        .await;
    for name in listed.as_array().unwrap() {
        let name = name.as_str().unwrap();
        assert!(kept.iter().any(|text| text.trim() == name), "the list shows {name:?}");
    }
    window.picture("hostile").await;
    for words in ["window.__ran", "DROP TABLE", "HYPERLINK", "𬭩𠮷㐂", "👨‍👩‍👧‍👦厂", "\" OR 1=1 --", "*"]
    {
        window.script("document.querySelector('.filter-bar .search input').value = ''").await;
        window.type_into(".filter-bar .search input", words).await;
        window.press(ENTER).await;
        window.read(".list-tools .total", "共").await;
        window.script("document.querySelector('.filter-bar .search input').select()").await;
    }
    assert_eq!(window.script("return window.__ran ?? null").await, Value::Null, "something ran");
    window.close().await;
}

/// Uses up what WebKit allows of history entries within ten seconds, then goes on by the page's own menu. Answers how often an
/// entry was refused since.
const WALK_WITHOUT_ENTRIES: &str = "
    const [menu] = arguments[0];
    const keep = History.prototype.replaceState;
    for (let calls = 0; calls < 10000; calls++) {
        try { keep.call(history, history.state, '') } catch { break }
    }
    document.querySelector(`[data-menu=${menu}]`).click();
    try { keep.call(history, history.state, ''); return 'kept' } catch (refusal) { return refusal.name }
";

#[tokio::test]
async fn the_page_is_that_of_the_address_where_no_history_is_kept() {
    let home = tempfile::tempdir().unwrap();
    let window = start(home.path(), &home.path().join("永宁县.book")).await;
    let shows = |menu: &str| {
        format!(
            "return [location.hash.startsWith('#/{menu}'), document.querySelector('.menu-entry.current')?.dataset.menu]"
        )
    };
    let walk = ["cases", "inspections", "forms", "enterprises", "packages", "settings", "samples"];
    for menu in walk {
        let refused = window.script_with(WALK_WITHOUT_ENTRIES, json!([menu])).await;
        assert_eq!(refused, "SecurityError", "the engine's limit is met, or there is nothing to test");
        window.answers(&shows(menu), json!([true, menu])).await;
    }
    for menu in walk.iter().rev().skip(1) {
        window.script("history.back()").await;
        window.answers(&shows(menu), json!([true, menu])).await;
    }
    window.close().await;
}

/// A number that already stands, and a name like one that does: each is said before anything is saved, with a link to the record, and
/// the way back finds what was typed.
#[tokio::test]
async fn what_looks_like_another_record_leads_to_it_and_back() {
    let home = tempfile::tempdir().unwrap();
    let book = home.path().join("永宁县.book");
    let window = start(home.path(), &book).await;
    window.click("[data-menu=enterprises]").await;
    window.click(".create").await;
    window.type_into("[data-field=name] input", "银川永宁口罩厂").await;
    window.click("[data-field=roles] [data-value=producer]").await;
    window.press(CONTROL_S).await;
    window.read(".page-head h2", "银川永宁口罩厂").await;
    window.click("[data-menu=cases]").await;
    window.click(".create").await;
    window.type_into("[data-field=number] input", "永市监案〔2021〕8号").await;
    window.find("[data-field=enterprise]", "ycyn", "银川永宁口罩厂").await;
    window.choose("[data-field=line]", "质量").await;
    window.choose("[data-field=category]", "口罩").await;
    window.press(CONTROL_S).await;
    window.read(".page-head h2", "永市监案〔2021〕8号").await;
    let first = window.script("return location.hash").await;

    // The same number, typed in the brackets of another keyboard.
    let number = "[data-field=number] input";
    window.click("[data-menu=cases]").await;
    window.click(".create").await;
    window.type_into(number, &format!("永市监案[2021]8号{ENTER}")).await;
    window.read("[data-field=number] .field-note", "已经登记在").await;
    window.picture("identity-hint").await;
    window.click("[data-field=number] .named-record").await;
    window.read(".page-head h2", "永市监案〔2021〕8号").await;
    window.answers("return location.hash", first.clone()).await;
    window.press(ALT_LEFT).await;
    window.read(".draft-bar", "2021-05-27 12:00").await;
    assert_eq!(value(&window, number).await, "永市监案[2021]8号", "nothing typed is lost");

    // Saved all the same: the warning asks for a reason, and leads there too.
    window.find("[data-field=enterprise]", "ycyn", "银川永宁口罩厂").await;
    window.choose("[data-field=line]", "质量").await;
    window.choose("[data-field=category]", "口罩").await;
    window.press(CONTROL_S).await;
    window.see(".warning-row[data-code=identifier-taken]").await;
    window.picture("identity-warning").await;
    window.click(".warning-row[data-code=identifier-taken] .named-record").await;
    window.answers("return location.hash", first).await;
    window.read(".page-head h2", "永市监案〔2021〕8号").await;

    // An enterprise of almost the same name.
    window.click("[data-menu=enterprises]").await;
    window.click(".create").await;
    window.type_into("[data-field=name] input", "永宁口罩厂").await;
    window.read(".similar", "银川永宁口罩厂").await;
    window.click(".similar li .link:not(.use)").await;
    window.read(".page-head h2", "银川永宁口罩厂").await;
    window.close().await;
}

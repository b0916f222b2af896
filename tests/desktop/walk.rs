//! Every page of the program, walked in both languages and at several sizes: nothing is cut off at the side, nothing a hand
//! can use is without a name. With `SWEEPBOOK_SCREENSHOTS` each leaves its picture.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::window::{Window, built};
use crate::workbench::{open, play};

/// 2021-05-28 10:00 in China, in the sample campaign's last week.
const NOW: &str = "1622167200000";
const REGION: &str = "ningxia/ningxia.book";

const KINDS: [(&str, &str); 13] = [
    ("enterprises", "enterprise"),
    ("enterprises", "product"),
    ("inspections", "inspection"),
    ("inspections", "problem"),
    ("samples", "sample"),
    ("samples", "disposal"),
    ("cases", "case"),
    ("cases", "clue"),
    ("cases", "recall"),
    ("cases", "assistance"),
    ("forms", "declared"),
    ("packages", "review"),
    ("attachments", "attachment"),
];

const PLACES: [&str; 16] = [
    "/workbench",
    "/workbench/findings",
    "/enterprises/pairs",
    "/forms",
    "/packages",
    "/packages/export",
    "/packages/conflicts",
    "/packages/offices",
    "/settings",
    "/settings?part=keys",
    "/settings?part=backups",
    "/settings?part=books",
    "/settings?part=screen",
    "/settings?part=about",
    "/help",
    "/inspections/inspection/new",
];

/// The page has come to rest: it is the one asked for, and nothing on it is still being read.
const SETTLED: &str = "document.querySelector('main.page')?.childElementCount > 0 \
    && !document.querySelector('[aria-busy=true], .loading') \
    && !/正在读取|正在排版|Reading…|Setting the pages…/.test(document.querySelector('main.page').innerText) ? 'yes' : ''";

/// What is cut off at the side where nothing scrolls to it.
const CUT_OFF: &str = r"
    const width = document.documentElement.clientWidth
    const scrolls = (element) => {
      for (let at = element.parentElement; at; at = at.parentElement) {
        const { overflowX } = getComputedStyle(at)
        if ((overflowX === 'auto' || overflowX === 'scroll') && at.clientWidth <= width) return true
      }
      return false
    }
    const told = (element) => element.tagName + '.' + element.getAttribute('class') + ' ' + element.textContent.slice(0, 40)
    const found = document.documentElement.scrollWidth > width ? ['the page is wider than the window'] : []
    for (const element of document.querySelectorAll('main.page *, .top *, .menu *')) {
      const box = element.getBoundingClientRect()
      if (box.width > 1 && box.height > 1 && box.right > width + 1 && !scrolls(element)) found.push(told(element))
    }
    return found.slice(0, 5)";

/// What can be used and has no name a screen reader could say.
const NAMELESS: &str = r"
    const name = (element) => {
      const of = (element.getAttribute('aria-labelledby') ?? '').split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? '')
      return [element.getAttribute('aria-label'), ...of, element.closest('label')?.textContent,
        element.id && document.querySelector(`label[for='${CSS.escape(element.id)}']`)?.textContent,
        element.getAttribute('title'), element.getAttribute('placeholder'), element.innerText, element.querySelector('img')?.alt]
        .some((words) => words && words.trim() !== '')
    }
    const seen = (element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility !== 'hidden'
    return [...document.querySelectorAll('button, a[href], input, select, textarea, [role=button], [role=combobox], [tabindex]')]
      .filter((element) => seen(element) && !name(element) && element.getAttribute('tabindex') !== '-1')
      .map((element) => element.outerHTML.slice(0, 160)).slice(0, 5)";

/// What of the top bar stands in a row of its own, torn off from what it belongs to.
const TORN_OFF: &str = r"
    const middle = (css) => { const box = document.querySelector(css).getBoundingClientRect(); return (box.top + box.bottom) / 2 }
    return Math.abs(middle('.top .language') - middle('.top .campaign')) < 4 ? [] : ['.language']";

/// Words, written or only hinted at in an empty field, that stand out from what is behind them by less than 4.5 to 1. What
/// cannot be used at present is let off, as is what is drawn.
const FAINT: &str = r"
    const numbers = (text) => {
      const [r, g, b, a = 1] = (text.match(/[\d.]+/g) ?? [0, 0, 0, 0]).map(Number)
      return text.startsWith('color(') ? [r * 255, g * 255, b * 255, a] : [r, g, b, a]
    }
    const over = (top, under) => [0, 1, 2].map((at) => top[at] * top[3] + under[at] * (1 - top[3])).concat(1)
    const upwards = (element) => { const all = []; for (let at = element; at; at = at.parentElement) all.push(at); return all }
    const ground = (element) => {
      const layers = []
      for (const at of upwards(element)) {
        const layer = numbers(getComputedStyle(at).backgroundColor)
        if (layer[3] > 0) layers.unshift(layer)
        if (layer[3] === 1) break
      }
      return layers.reduce((under, layer) => over(layer, under), [255, 255, 255, 1])
    }
    const light = ([r, g, b]) => {
      const part = (value) => (value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4)
      return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
    }
    const contrast = (element, color) => {
      const behind = ground(element)
      const shown = numbers(color)
      shown[3] *= upwards(element).reduce((whole, at) => whole * Number(getComputedStyle(at).opacity), 1)
      const [one, other] = [light(over(shown, behind)), light(behind)].sort((a, b) => b - a)
      return (one + 0.05) / (other + 0.05)
    }
    const seen = (element) => {
      const box = element.getBoundingClientRect()
      return box.width > 1 && box.height > 1 && getComputedStyle(element).visibility === 'visible'
    }
    const letOff = (element) => element.closest('[disabled], [aria-disabled=true], .is-disabled, svg, canvas, option, noscript, script, style')
    const found = new Set()
    const judge = (element, color, words) => {
      const value = contrast(element, color)
      if (value < 4.495) found.add(`${value.toFixed(2)} ${element.tagName}.${element.getAttribute('class') ?? ''} ${color}: ${words.trim().slice(0, 30)}`)
    }
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement
      if (walker.currentNode.data.trim() === '' || !seen(element) || letOff(element)) continue
      judge(element, getComputedStyle(element).color, walker.currentNode.data)
    }
    for (const field of document.querySelectorAll('input:not([type=checkbox]):not([type=radio]):not([type=file]), textarea')) {
      if (!seen(field) || letOff(field)) continue
      if (field.value !== '') judge(field, getComputedStyle(field).color, field.value)
      else if (field.placeholder) judge(field, getComputedStyle(field, '::placeholder').color, field.placeholder)
    }
    return [...found].slice(0, 8)";

/// The first record of a kind, as the command line tells it.
fn first(book: &Path, kind: &str) -> Option<Value> {
    let shown = Command::new(built("sweepctl")).arg("show").arg(book).args([kind, "--json"]).output().unwrap();
    assert!(shown.status.success(), "{}", String::from_utf8_lossy(&shown.stderr));
    let line = String::from_utf8(shown.stdout).unwrap().lines().next()?.to_owned();
    Some(serde_json::from_str(&line).unwrap())
}

/// Addresses, with the name of the picture each leaves.
fn addresses(book: &Path) -> Vec<(String, String)> {
    let named = |address: &str| address.trim_start_matches('/').replace(['/', '?', '='], "-");
    let mut all: Vec<(String, String)> = PLACES.iter().map(|address| ((*address).to_owned(), named(address))).collect();
    for (noun, kind) in KINDS {
        all.push((format!("/{noun}/{kind}"), format!("{kind}-list")));
        let Some(record) = first(book, kind) else { continue };
        let id = record["id"].as_str().expect("a record has an id");
        all.push((format!("/{noun}/{kind}/{id}"), format!("{kind}-record")));
        match kind {
            "enterprise" => {
                all.push((format!("/{noun}/{kind}/{id}/edit"), "enterprise-edit".to_owned()));
                all.push((format!("/print/dossier/{id}"), "enterprise-print".to_owned()));
            }
            "inspection" => all.push((format!("/print/inspection/{id}"), "inspection-print".to_owned())),
            "disposal" => {
                let sample = record["fields"]["sample"].as_str().expect("a disposal is of a sample");
                all.push((format!("/samples/batches/{sample}"), "batch-steps".to_owned()));
            }
            _ => {}
        }
    }
    all
}

struct Look {
    language: &'static str,
    zoom: f64,
}

impl Look {
    /// Shows the page so, and waits until it is: `width` is the window's at its own size.
    async fn take(&self, window: &Window, width: f64) {
        let kept = json!({ "sweepbook.language": self.language, "sweepbook.zoom": self.zoom.to_string() });
        let keep = "Object.entries(arguments[0]).forEach(([key, value]) => localStorage.setItem(key, value)); location.reload()";
        window.script_with(keep, kept).await;
        let language = if self.language == "zh" { "zh-CN" } else { "en" };
        let shown = format!(
            "document.documentElement.lang === '{language}' && Math.abs(innerWidth - {}) < 2 ? 'yes' : ''",
            width / self.zoom
        );
        window.hear(&shown).await;
        // A colour on its way to another is neither.
        window
            .script("document.styleSheets[0].insertRule('*, *::before, *::after { transition: none !important }')")
            .await;
        window.hear(SETTLED).await;
    }

    /// What is wrong on the pages, looked at so.
    async fn walk(&self, window: &Window, addresses: &[(String, String)]) -> Vec<String> {
        let percent = (self.zoom * 100.0).round();
        let mut complaints = Vec::new();
        for (address, name) in addresses {
            window.script_with("location.hash = '#' + arguments[0]", json!(address)).await;
            window.hear(&format!("location.hash.startsWith('#{address}') ? 'yes' : ''")).await;
            window.hear(SETTLED).await;
            for (what, code) in
                [("cut off", CUT_OFF), ("without a name", NAMELESS), ("torn off", TORN_OFF), ("faint", FAINT)]
            {
                for found in window.script(code).await.as_array().expect("a list") {
                    complaints.push(format!("{address}, {} {percent} %: {what}: {found}", self.language));
                }
            }
            window.picture(&format!("walk-{}-{percent}-{name}", self.language)).await;
        }
        complaints
    }
}

#[tokio::test]
async fn words_that_are_hard_to_read_are_seen() {
    let home = tempfile::tempdir().unwrap();
    let window = Window::open(home.path(), &[]).await;
    window.see(".first-card").await;
    assert_eq!(window.script(FAINT).await, json!([]));
    for (style, words) in
        [("color: #8a94a2", "faint"), ("opacity: 0.5", "behind a veil"), ("background: #1b64b3", "on blue")]
    {
        let make = "const [style, words] = arguments[0]; const p = document.createElement('p'); p.style.cssText = style; \
            p.textContent = words; document.querySelector('.first-card').append(p)";
        window.script_with(make, json!([style, words])).await;
        let found = window.script(FAINT).await;
        assert!(found[0].as_str().is_some_and(|found| found.ends_with(words)), "{words}: {found}");
        window.script("document.querySelector('.first-card > p:last-child').remove()").await;
    }
    let hint =
        "document.querySelector('input').style.cssText = 'color: #fff'; document.querySelector('input').value = 'x'";
    window.script(hint).await;
    assert_eq!(window.script(FAINT).await.as_array().unwrap().len(), 1, "what is typed is words too");
    window.close().await;
}

#[tokio::test]
async fn every_page_in_both_languages_at_every_size() {
    let home = tempfile::tempdir().unwrap();
    play(home.path());
    let addresses = addresses(&home.path().join("demo").join(REGION));
    let window = open(home.path(), REGION, NOW).await;
    window.see(".campaign-head").await;
    let width = window.script("return innerWidth").await.as_f64().unwrap();
    let mut complaints = Vec::new();
    for (language, zoom) in [("zh", 1.0), ("en", 1.0), ("zh", 1.5), ("en", 2.0)] {
        let look = Look { language, zoom };
        look.take(&window, width).await;
        complaints.extend(look.walk(&window, &addresses).await);
    }
    window.close().await;
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

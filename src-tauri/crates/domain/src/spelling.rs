//! When two texts that are spelt differently are one name or number: full and half width, blanks, upper and lower case, the
//! brackets, hyphens and dots that keyboards and fonts have several of, and the radicals and compatibility ideographs that a
//! PDF hands out for the characters it shows. Everything that compares names and numbers compares them so: search, doubtful
//! pairs, pasted cells, identifying numbers. What is kept is what was typed, but for radicals ([`with_ideographs`]).

use std::borrow::Cow;
use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

/// Radicals of the supplement that Unicode gives no decomposition, each before the character that looks like it. Source:
/// EquivalentUnifiedIdeograph.txt of the Unicode Character Database. The others have one (NFKC).
const RADICALS: &str = "\
    ⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇𠘨⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺑𡯂⺒巳⺓幺⺔彑⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺠民\
    ⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪𤴔⺫目⺬示⺭礻⺮𥫗⺯糹⺰纟⺱罓⺲罒⺳㓁⺴冗⺵𦉫⺶羊⺷𦍌⺸𦍋⺹耂⺺肀⺻聿⺼肉⺽𦥑⺾艹\
    ⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇𧢲⻈讠⻉贝⻊𧾷⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長⻒镸⻓长⻔门⻕𨸏⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞\
    ⻝食⻞𩙿⻟飠⻠饣⻡𩠐⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀";

/// A text as it is compared. 永市监罚〔2021〕5号 and `永市监罚 [２０２１] 5号` are one number, 张三 and 张　三 one name, 文华厂 and
/// the same with the radical U+2F42 one firm.
pub fn compared(text: &str) -> String {
    if is_plain(text) {
        return folded(text.chars());
    }
    let key = folded(text.nfkc().map(ideograph));
    // What stood apart by a blank or in lower case may belong together now.
    if key.is_ascii() { key } else { key.nfkc().collect() }
}

/// Whether nothing in a text is spelt otherwise when it is compared, but for width, case and marks.
pub fn is_plain(text: &str) -> bool {
    text.chars().all(is_settled)
}

fn folded(characters: impl Iterator<Item = char>) -> String {
    let mut key = String::new();
    for character in characters.filter(|character| !is_blank(*character)) {
        match half_width(character) {
            '〔' | '[' | '【' | '〖' | '{' | '〈' | '《' | '﹝' => key.push('('),
            '〕' | ']' | '】' | '〗' | '}' | '〉' | '》' | '﹞' => key.push(')'),
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '﹣' => key.push('-'),
            '•' | '‧' | '・' | '･' | '∙' | '⋅' => key.push('·'),
            other => key.extend(other.to_uppercase()),
        }
    }
    key
}

/// Full-width letters, digits and marks as half-width.
pub fn half_width(character: char) -> char {
    match character {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(character as u32 - 0xFEE0).unwrap_or(character),
        '\u{3000}' => ' ',
        other => other,
    }
}

/// What no normalisation changes but for the width: by far most of what is recorded.
fn is_settled(character: char) -> bool {
    matches!(character, '\u{20}'..='\u{7E}' | '\u{3001}'..='\u{3015}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{3000}' | '\u{FF01}'..='\u{FF5E}')
}

/// Blanks of any width, and characters that take no room at all.
pub fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}')
}

/// How many of these texts differ by more than their spelling.
pub fn distinct<'a>(texts: impl IntoIterator<Item = &'a str>) -> usize {
    texts.into_iter().map(compared).collect::<BTreeSet<_>>().len()
}

/// A text with the characters a person sees in place of radicals and compatibility ideographs: nobody types those, they come
/// out of a PDF, are in few fonts and mean the same. Nothing else is changed.
pub fn with_ideographs(text: &str) -> Cow<'_, str> {
    let odd = |character: &char| matches!(character, '\u{2E80}'..='\u{2FD5}' | '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}');
    if !text.contains(|character| odd(&character)) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            _ if odd(&character) => plain.extend(std::iter::once(character).nfkc().map(ideograph)),
            other => plain.push(other),
        }
    }
    Cow::Owned(plain)
}

fn ideograph(character: char) -> char {
    if !matches!(character, '\u{2E80}'..='\u{2EFF}') {
        return character;
    }
    let mut pairs = RADICALS.chars();
    while let (Some(radical), Some(same)) = (pairs.next(), pairs.next()) {
        if radical == character {
            return same;
        }
    }
    character
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_name_and_one_number_have_many_spellings() {
        for (one, other) in [
            ("张三", " 张\u{3000}三 "),
            ("张三", "张\u{a0}三\u{200b}"),
            ("买买提·吐尔逊", "买买提•吐尔逊"),
            ("永市监罚〔2021〕5号", "永市监罚 [２０２１] 5 号"),
            ("永市监罚（2021）5号", "永市监罚【2021】5号"),
            ("nx-2021-001", "ＮＸ—2021–001"),
            ("文华厂", "\u{2F42}华\u{2F1A}"),
            ("金龙马民用品厂", "\u{F90A}\u{2EF0}\u{2EE2}\u{2EA0}用品厂"),
            ("凞", "\u{FA15}"),
        ] {
            assert_eq!(compared(one), compared(other), "{one} {other}");
        }
        for (one, other) in [("张三", "张三丰"), ("5号", "15号"), ("〔2021〕5", "20215"), ("A-1", "A1"), ("文", "华")]
        {
            assert_ne!(compared(one), compared(other), "{one} {other}");
        }
        assert_eq!(distinct(["张三", "张三", "张 三", "李四"]), 2);
        assert_eq!(distinct([]), 0);
    }

    #[test]
    fn only_what_comes_from_a_font_is_replaced() {
        assert_eq!(with_ideographs("\u{2F42}华（宁夏）\u{2F1A}\u{2EA0}"), "文华（宁夏）厂民");
        assert_eq!(with_ideographs("ＡＢ 甲①½（〔"), "ＡＢ 甲①½（〔");
        for pair in RADICALS.chars().collect::<Vec<_>>().chunks(2) {
            assert!(
                matches!(pair, ['\u{2E80}'..='\u{2EFF}', same] if !matches!(same, '\u{2E80}'..='\u{2EFF}')),
                "{pair:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn comparing_twice_changes_nothing(text in any::<String>()) {
            let once = compared(&text);
            prop_assert_eq!(compared(&once), once.clone());
            prop_assert!(!once.chars().any(is_blank));
        }

        #[test]
        fn replaced_or_not_a_text_compares_the_same(text in any::<String>()) {
            prop_assert_eq!(compared(&with_ideographs(&text)), compared(&text));
        }
    }
}

//! When two texts that are spelt differently are one name or number: full and half width, blanks, upper and lower case, and
//! the brackets, hyphens and dots that keyboards and fonts have several of. For comparing only; what is kept is what was typed.

use std::collections::BTreeSet;

/// A text as it is compared. 永市监罚〔2021〕5号 and `永市监罚 [２０２１] 5号` are one number, 张三 and 张　三 one name.
pub fn compared(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for character in text.chars().filter(|character| !is_blank(*character)) {
        let character = match character {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(character as u32 - 0xFEE0).unwrap_or(character),
            other => other,
        };
        match character {
            '〔' | '[' | '【' | '〖' | '{' | '〈' | '《' | '﹝' => key.push('('),
            '〕' | ']' | '】' | '〗' | '}' | '〉' | '》' | '﹞' => key.push(')'),
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '﹣' => key.push('-'),
            '•' | '‧' | '・' | '･' | '∙' | '⋅' => key.push('·'),
            other => key.extend(other.to_uppercase()),
        }
    }
    key
}

/// Blanks of any width, and characters that take no room at all.
pub fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}')
}

/// How many of these texts differ by more than their spelling.
pub fn distinct<'a>(texts: impl IntoIterator<Item = &'a str>) -> usize {
    texts.into_iter().map(compared).collect::<BTreeSet<_>>().len()
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
        ] {
            assert_eq!(compared(one), compared(other), "{one} {other}");
        }
        for (one, other) in [("张三", "张三丰"), ("5号", "15号"), ("〔2021〕5", "20215"), ("A-1", "A1")] {
            assert_ne!(compared(one), compared(other), "{one} {other}");
        }
        assert_eq!(distinct(["张三", "张三", "张 三", "李四"]), 2);
        assert_eq!(distinct([]), 0);
    }

    proptest! {
        #[test]
        fn comparing_twice_changes_nothing(text in any::<String>()) {
            let once = compared(&text);
            prop_assert_eq!(compared(&once), once.clone());
            prop_assert!(!once.chars().any(is_blank));
        }
    }
}

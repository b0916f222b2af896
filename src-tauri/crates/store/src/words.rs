//! How texts are cut up to be found again: characters one by one, Latin letters and digits by three, and pinyin initials.
//! A trigram index of whole texts finds nothing for the two characters people type; digits one by one would make every
//! number of a book a match to be looked at.

use pinyin::{ToPinyin, ToPinyinMulti};

/// Readings of polyphones are combined up to this many variants of a name's initials.
pub(crate) const MOST_READINGS: usize = 4;

/// Of a run of Latin letters and digits, so many from each place on are one token.
const GRAM: usize = 3;

/// Typed alone, a run of at least so many letters or digits is looked for inside texts; a shorter one only at their beginning.
const SHORTEST_RUN: usize = 2;

/// Texts are indexed up to here, in characters: as far as a title is read.
const MOST_INDEXED: usize = 80;

/// Lower-case initials of a name, one string per reading: 重庆 gives `cq` and `zq`. Latin letters and digits stand for
/// themselves; everything else is passed over.
pub fn initials(name: &str) -> Vec<String> {
    let mut variants = vec![String::new()];
    for character in domain::spelling::compared(name).chars() {
        let mut letters: Vec<char> = Vec::new();
        if character.is_ascii_alphanumeric() {
            letters.push(character.to_ascii_lowercase());
        } else if let Some(readings) = character.to_pinyin_multi() {
            for reading in readings {
                letters.extend(reading.plain().chars().next().filter(|letter| !letters.contains(letter)));
            }
        }
        if letters.is_empty() {
            continue;
        }
        if variants.len() * letters.len() > MOST_READINGS {
            letters.truncate(1);
        }
        variants =
            letters.iter().flat_map(|letter| variants.iter().map(move |begun| format!("{begun}{letter}"))).collect();
    }
    variants.retain(|variant| !variant.is_empty());
    variants
}

/// The whole pinyin of a text, without tones, each character by its usual reading: 罚款 gives `fakuan`.
pub fn pinyin(text: &str) -> String {
    let mut whole = String::new();
    for character in domain::spelling::compared(text).chars() {
        if character.is_ascii_alphanumeric() {
            whole.push(character.to_ascii_lowercase());
        } else if let Some(reading) = character.to_pinyin() {
            whole.push_str(reading.plain());
        }
    }
    whole
}

/// The beginning of a text, as far as it is indexed.
pub(crate) fn beginning(text: &str) -> &str {
    text.char_indices().nth(MOST_INDEXED).map_or(text, |(at, _)| &text[..at])
}

/// What can be typed of a text: letters, digits and characters in lower case, spelt as texts are compared, everything else
/// passed over.
pub(crate) fn plain(text: &str) -> String {
    let compared = domain::spelling::compared(text);
    compared.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Runs of letters and digits, and other characters one by one.
fn runs(plain: &str) -> Vec<&str> {
    let mut runs = Vec::new();
    let mut rest = plain;
    while let Some(first) = rest.chars().next() {
        let run = rest.bytes().take_while(u8::is_ascii).count();
        let (one, after) = rest.split_at(if run > 0 { run } else { first.len_utf8() });
        runs.push(one);
        rest = after;
    }
    runs
}

/// A record's texts as the index keeps them: tokens apart by blanks, each with its kind before it, so that each kind's are a
/// list of their own and looking for one kind never walks over the others.
pub fn indexed<'a>(kind: &str, texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut tokens = String::new();
    for text in texts {
        let plain = plain(beginning(text));
        if !tokens.is_empty() && !plain.is_empty() {
            // Between two texts stands a token nobody can type, so that no phrase reaches from one into the other.
            push(&mut tokens, kind, "");
        }
        for run in runs(&plain) {
            if run.is_ascii() {
                for at in 0..run.len() {
                    push(&mut tokens, kind, &run[at..(at + GRAM).min(run.len())]);
                }
            } else {
                push(&mut tokens, kind, run);
            }
        }
    }
    tokens
}

fn push(tokens: &mut String, kind: &str, token: &str) {
    if !tokens.is_empty() {
        tokens.push(' ');
    }
    tokens.push_str(kind);
    tokens.push_str(token);
}

/// What to ask the index for, to find texts that hold what was typed; `None` where that is too little to look for.
pub(crate) fn phrase(kind: &str, typed: &str) -> Option<String> {
    let plain = plain(typed);
    let runs = runs(&plain);
    let mut tokens = String::new();
    let mut begins = false;
    for (at, run) in runs.iter().enumerate() {
        if !run.is_ascii() {
            push(&mut tokens, kind, run);
        } else if at + 1 < runs.len() {
            for from in 0..run.len() {
                push(&mut tokens, kind, &run[from..(from + GRAM).min(run.len())]);
            }
        } else if run.len() >= GRAM {
            // More may follow in the text where the typing stops: only whole grams can be asked for.
            for from in 0..=run.len() - GRAM {
                push(&mut tokens, kind, &run[from..from + GRAM]);
            }
        } else if runs.len() > 1 || run.len() >= SHORTEST_RUN {
            push(&mut tokens, kind, run);
            begins = true;
        }
    }
    (!tokens.is_empty()).then(|| format!("\"{tokens}\"{}", if begins { " *" } else { "" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_polyphone_is_found_by_either_reading() {
        let found = initials("重庆A1口罩厂");
        assert!(found.contains(&"cqa1kzc".to_owned()), "{found:?}");
        assert!(found.contains(&"zqa1kzc".to_owned()), "{found:?}");
        assert!(found.len() <= MOST_READINGS);
        assert_eq!(initials("\u{2F42}华\u{2F1A}"), initials("文华厂"));
    }

    #[test]
    fn tokens_are_characters_and_grams_of_letters_and_digits() {
        assert_eq!(indexed("k", ["永宁（Ab）"]), "k永 k宁 kab kb");
        assert_eq!(indexed("k", ["〔2021〕8号"]), "k202 k021 k218 k18 k8 k号");
        assert_eq!(indexed("k", ["Ａ１"]), "ka1 k1");
        assert_eq!(indexed("k", ["\u{2F42}华\u{2F1A}"]), "k文 k华 k厂", "radicals out of a PDF");
        assert_eq!(indexed("k", ["，。", "永", "，", "宁"]), "k永 k k宁");
    }

    #[test]
    fn what_is_typed_is_a_part_of_what_is_indexed() {
        let asked = |typed: &str| phrase("k", typed);
        assert_eq!(asked("永宁").as_deref(), Some("\"k永 k宁\""));
        assert_eq!(asked("〔2021〕8").as_deref(), Some("\"k202 k021 k218\""));
        assert_eq!(asked("21〕8号").as_deref(), Some("\"k218 k18 k8 k号\""));
        assert_eq!(asked("号20").as_deref(), Some("\"k号 k20\" *"));
        assert_eq!(asked("20").as_deref(), Some("\"k20\" *"));
        assert_eq!(asked("2"), None);
        assert_eq!(asked(" \" OR * "), Some("\"kor\" *".to_owned()));
        assert_eq!(asked("（）"), None);
    }

    #[test]
    fn a_text_is_indexed_as_far_as_a_title_is_read() {
        let long = "永".repeat(MOST_INDEXED + 5);
        assert_eq!(beginning(&long).chars().count(), MOST_INDEXED);
        assert_eq!(beginning("永"), "永");
    }
}

//! Unified social credit codes (GB 32100-2015, 18 characters) and the 15-digit licence numbers before them.
//!
//! A check digit that does not fit is a doubt, not a verdict: genuine codes that fail it exist (early ones of Fujian), so
//! nothing here refuses a code of 18 characters.

/// GB 32100-2015: no I, O, S, V, Z.
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// What is the matter with a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// Neither 18 characters nor 15 digits.
    Malformed,
    /// 18 characters, some of which no code contains; `suggestion` replaces what is easily mistaken (O, I, Z, S).
    Characters { suggestion: Option<String> },
    /// The check digit does not fit the other 17 characters.
    CheckDigit { expected: char },
}

/// A code as it is written down: half-width, upper case, without spaces and hyphens.
pub fn normalise(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(character as u32 - 0xFEE0).unwrap_or(character),
            other => other,
        })
        .filter(|character| !character.is_whitespace() && !matches!(character, '-' | '－' | '\u{200B}' | '\u{FEFF}'))
        .map(|character| character.to_ascii_uppercase())
        .collect()
}

/// Doubts about a code, after normalisation. `Ok` for 18 characters whose check digit fits, and for 15 digits.
pub fn check(text: &str) -> Result<(), Doubt> {
    let code = normalise(text);
    let length = code.chars().count();
    if length == 15 && code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    if length != 18 || !code.chars().all(|character| character.is_ascii_alphanumeric()) {
        return Err(Doubt::Malformed);
    }
    if !code.chars().all(|character| ALPHABET.contains(character)) {
        return Err(Doubt::Characters { suggestion: suggestion(&code) });
    }
    match check_digit(&code[..17]) {
        Some(expected) if code.ends_with(expected) => Ok(()),
        Some(expected) => Err(Doubt::CheckDigit { expected }),
        None => Err(Doubt::Malformed),
    }
}

/// The check digit of the first 17 characters: weights 3^(i-1) mod 31, (31 − Σ mod 31) mod 31.
pub fn check_digit(body: &str) -> Option<char> {
    if body.chars().count() != 17 {
        return None;
    }
    let mut weight = 1;
    let mut sum = 0;
    for character in body.chars() {
        sum += ALPHABET.find(character)? * weight;
        weight = weight * 3 % 31;
    }
    ALPHABET.chars().nth((31 - sum % 31) % 31)
}

/// The code with letters it cannot contain read as the digits they look like, where that makes the check digit fit.
fn suggestion(code: &str) -> Option<String> {
    let read: String = code
        .chars()
        .map(|character| match character {
            'O' => '0',
            'I' => '1',
            'Z' => '2',
            'S' => '5',
            other => other,
        })
        .collect();
    check(&read).is_ok().then_some(read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn genuine_codes_pass() {
        for code in ["914403001922038216", "9144030071526726XG", "91110108551385082Q", "110108000000123"] {
            assert_eq!(check(code), Ok(()), "{code}");
        }
    }

    #[test]
    fn genuine_codes_that_fail_are_only_doubted() {
        assert!(matches!(check("91350211M0000XUF46"), Err(Doubt::CheckDigit { .. })));
    }

    #[test]
    fn spelling_does_not_matter() {
        assert_eq!(normalise(" ９１１１０１０８ 55138508-2q "), "91110108551385082Q");
        assert_eq!(check("９１１１０１０８ 55138508 2q"), Ok(()));
    }

    #[test]
    fn mistaken_letters_are_suggested() {
        assert_eq!(
            check("9I44O3OOI922O382I6"),
            Err(Doubt::Characters { suggestion: Some("914403001922038216".into()) })
        );
        assert_eq!(check("9I44O3OOI922O382I7"), Err(Doubt::Characters { suggestion: None }));
    }

    #[test]
    fn other_lengths_are_malformed() {
        for code in [
            "",
            "1",
            "91440300192203821",
            "9144030019220382166",
            "11010800000012A",
            "91440300192203821企",
            "企业企业企业企业企业企业企业企业企业",
        ] {
            assert_eq!(check(code), Err(Doubt::Malformed), "{code}");
        }
    }

    proptest! {
        #[test]
        fn one_wrong_character_is_noticed(body in "[0-9A-HJ-NPQRTUWXY]{17}", at in 0usize..17, other in "[0-9A-HJ-NPQRTUWXY]") {
            let code = format!("{body}{}", check_digit(&body).unwrap());
            prop_assert_eq!(check(&code), Ok(()));
            let mut wrong: Vec<char> = code.chars().collect();
            let other = other.chars().next().unwrap();
            prop_assume!(wrong[at] != other);
            wrong[at] = other;
            let noticed = matches!(check(&wrong.iter().collect::<String>()), Err(Doubt::CheckDigit { .. }));
            prop_assert!(noticed);
        }

        #[test]
        fn normalising_twice_changes_nothing(text in any::<String>()) {
            let once = normalise(&text);
            prop_assert_eq!(normalise(&once), once.clone());
            let _ = check(&text);
        }
    }
}

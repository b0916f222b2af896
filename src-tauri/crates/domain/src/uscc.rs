//! Unified social credit codes (GB 32100-2015, 18 characters) and the 15-digit licence numbers before them.
//!
//! A check digit that does not fit is a doubt, not a verdict: genuine codes that fail it exist (early ones of Fujian), so
//! nothing here refuses a code of 18 characters.

/// GB 32100-2015: no I, O, S, V, Z.
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// What stands in a credit code's 3rd and 4th place and in a citizen's number's first two: the province, by GB/T 2260. An office
/// of the nation registers under 10.
const PROVINCES: &[u8] = &[
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63,
    64, 65, 71, 81, 82, 83,
];
const NATION: u8 = 10;

/// What is the matter with a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// A citizen's identity number, of 18 (GB 11643) or 15 places: whose it is says nothing about the enterprise.
    Citizen,
    /// A telephone number.
    Phone,
    /// The nine places of an organisation code (GB 11714), which stand 9th to 17th in a credit code.
    Organisation,
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
    if length == 15 && all_digits(&code) {
        let born = is_day(&format!("19{}", &code[6..12]));
        let citizen = born && province(&code[..2]) && !licence_fits(&code);
        return if citizen { Err(Doubt::Citizen) } else { Ok(()) };
    }
    if length != 18 || !code.chars().all(|character| character.is_ascii_alphanumeric()) {
        return Err(other_number(&code));
    }
    if is_citizens(&code) {
        return Err(Doubt::Citizen);
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

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn province(two: &str) -> bool {
    two.parse().is_ok_and(|two: u8| PROVINCES.contains(&two))
}

/// Whether eight digits are a day somebody may be born on.
fn is_day(digits: &str) -> bool {
    let number = |range: std::ops::Range<usize>| digits[range].parse::<u8>().unwrap_or(0);
    let days = match number(4..6) {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (18..=20).contains(&number(0..2)) && (1..=days).contains(&number(6..8))
}

/// Whether 18 characters are a citizen's number: a province, a birthday, and no credit code. Where they could be either, the
/// check digits decide, the credit code's first.
fn is_citizens(code: &str) -> bool {
    if !all_digits(&code[..17]) || !province(&code[..2]) || !is_day(&code[6..14]) {
        return false;
    }
    let registered = province(&code[2..4]) || code[2..4].parse() == Ok(NATION);
    !registered || citizen_fits(code) && check_digit(&code[..17]) != code.chars().last()
}

/// GB 11643-1999, which takes ISO 7064 MOD 11-2: weights 2^(18-i) mod 11.
fn citizen_fits(code: &str) -> bool {
    let digits = code.bytes().take(17).map(|byte| u32::from(byte - b'0'));
    let sum = digits.fold(0, |sum, digit| (sum + digit) * 2 % 11);
    code.as_bytes().last() == Some(&b"10X98765432"[sum as usize])
}

/// GS 15-2006 for 15-digit licence numbers, which takes ISO 7064 MOD 11,10.
fn licence_fits(code: &str) -> bool {
    let mut product = 10;
    for digit in code.bytes().take(14).map(|byte| u32::from(byte - b'0')) {
        let sum = (product + digit) % 10;
        product = if sum == 0 { 10 } else { sum } * 2 % 11;
    }
    code.as_bytes().last().is_some_and(|last| (product + u32::from(last - b'0')) % 10 == 1)
}

/// What is written where a credit code should stand, and is none by its length.
fn other_number(code: &str) -> Doubt {
    let bytes = code.as_bytes();
    let mobile = bytes.len() == 11 && bytes[0] == b'1' && matches!(bytes[1], b'3'..=b'9');
    let landline = (10..=12).contains(&bytes.len()) && bytes[0] == b'0';
    if all_digits(code) && (mobile || landline) {
        return Doubt::Phone;
    }
    let weights = [3, 7, 9, 10, 5, 8, 4, 2];
    let worth = |byte: &u8| char::from(*byte).to_digit(36).unwrap_or(0);
    let organisation = bytes.len() == 9 && code.chars().all(|character| character.is_ascii_alphanumeric()) && {
        let sum: u32 = bytes.iter().zip(weights).map(|(byte, weight)| worth(byte) * weight).sum();
        bytes[8] == b"0X987654321"[(sum % 11) as usize]
    };
    if organisation { Doubt::Organisation } else { Doubt::Malformed }
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
    fn a_citizens_number_is_said_to_be_one() {
        // Made up. The first also has the check digit of a credit code.
        for number in ["640121189912310596", "11010519491231002X", "440524188001010014", "640121199002300011"] {
            let citizens = number != "640121199002300011";
            assert_eq!(check(number) == Err(Doubt::Citizen), citizens, "{number}");
        }
        // With another last digit it is still no credit code: no province has the number 05.
        assert_eq!(check("110105194912310021"), Err(Doubt::Citizen));
        // Of 15 places, unless it has a licence's check digit.
        assert_eq!(check("640121600112345"), Err(Doubt::Citizen));
        let licence = (0..10).map(|last| format!("64012160011234{last}")).filter(|code| check(code).is_ok());
        assert_eq!(licence.count(), 1);
    }

    #[test]
    fn check_digits_are_those_of_the_standards() {
        // The examples of GB 11643-1999 and of GS 15-2006.
        assert!(citizen_fits("11010519491231002X") && citizen_fits("440524188001010014"));
        assert!(licence_fits("110108000000016"));
        assert!(!citizen_fits("110105194912310021") && !licence_fits("110108000000015"));
    }

    #[test]
    fn a_code_that_could_be_either_is_a_credit_code_where_its_check_digit_fits() {
        // 42 11 81 19900101 001: the office that registered it could be 11 81 19 of Beijing.
        let body = "42118119900101001";
        let credit = format!("{body}{}", check_digit(body).unwrap());
        assert_eq!(check(&credit), Ok(()));
        let others = (0..10).map(|last| format!("{body}{last}")).filter(|code| *code != credit);
        let doubts: Vec<_> = others.map(|code| (citizen_fits(&code), check(&code))).collect();
        assert!(doubts.iter().all(|(fits, doubt)| (*doubt == Err(Doubt::Citizen)) == *fits));
    }

    #[test]
    fn other_numbers_are_called_what_they_are() {
        for phone in ["13909510001", "0951-5012345", "09515012345"] {
            assert_eq!(check(phone), Err(Doubt::Phone), "{phone}");
        }
        // The organisation code within 91110108551385082Q, and one letter off.
        assert_eq!(check("55138508-2"), Err(Doubt::Organisation));
        assert_eq!(check("55138508-3"), Err(Doubt::Malformed));
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

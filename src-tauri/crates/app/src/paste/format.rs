//! What a number of a workbook shows in its cell. A format may put words around it (`0"万只"`), zeros before it (`000000`), or
//! show it divided (`0!.0,"万"`); what is read is what a person sees there, with every digit the number has.

use super::number::number_text;

/// A number as its cell shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub text: String,
    /// The same with the digits that rounding hides.
    pub exact: String,
}

/// A number format (ECMA-376, part 1, 18.8.31), as far as it changes what a number says.
#[derive(Debug, Clone, Default)]
pub struct Format {
    sections: Vec<Section>,
}

#[derive(Debug, Clone, Default)]
struct Section {
    condition: Option<(String, f64)>,
    tokens: Vec<Token>,
    /// Dates, fractions, powers of ten, Chinese numerals: the number is taken as it is.
    beyond: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Literal(String),
    /// `0` always shows, `#` and `?` where there is a digit.
    Digit(bool),
    Point,
    Comma,
    Percent,
    General,
    Text,
}

impl Format {
    pub fn of(code: &str) -> Self {
        let mut sections = vec![Section::default()];
        let mut rest = code.chars().peekable();
        while let Some(character) = rest.next() {
            let section = sections.last_mut().expect("never empty");
            match character {
                ';' => sections.push(Section::default()),
                '"' => section.literal(&rest.by_ref().take_while(|c| *c != '"').collect::<String>()),
                '\\' | '!' => section.literal(&rest.next().map(String::from).unwrap_or_default()),
                // Room as wide as the next character, or filled with it.
                '_' | '*' => drop(rest.next()),
                '[' => section.bracket(&rest.by_ref().take_while(|c| *c != ']').collect::<String>()),
                '0' => section.tokens.push(Token::Digit(true)),
                '#' | '?' => section.tokens.push(Token::Digit(false)),
                '.' => section.tokens.push(Token::Point),
                ',' => section.tokens.push(Token::Comma),
                '%' => section.tokens.push(Token::Percent),
                '@' => section.tokens.push(Token::Text),
                'G' | 'g' => {
                    // `General`, or as WPS writes it in Chinese, `G/通用格式`.
                    let word: String =
                        std::iter::from_fn(|| rest.next_if(|c| c.is_alphabetic() || *c == '/')).collect();
                    match word.as_str() {
                        "/通用格式" | "eneral" | "ENERAL" => section.tokens.push(Token::General),
                        other => section.literal(&format!("{character}{other}")),
                    }
                }
                'E' | 'e' | '/' | 'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => section.beyond = true,
                other => section.literal(&other.to_string()),
            }
        }
        Format { sections }
    }

    /// Whether a date format shows the day: `yyyy"年"m"月"` does not, and the first of the month stands there for all of it.
    pub fn shows_only_month(code: &str) -> bool {
        let mut quoted = false;
        let mut letters = String::new();
        let mut characters = code.chars();
        while let Some(character) = characters.next() {
            match character {
                '"' => quoted = !quoted,
                '\\' | '!' | '_' | '*' if !quoted => drop(characters.next()),
                '[' if !quoted => drop(characters.by_ref().take_while(|c| *c != ']').count()),
                ';' if !quoted => break,
                other if !quoted => letters.extend(other.to_lowercase()),
                _ => {}
            }
        }
        letters.contains('y') && !letters.contains(['d', 'h', 's'])
    }

    /// `None` where the format says nothing a number would not say by itself.
    pub fn of_number(&self, number: f64) -> Option<Shown> {
        let section = self.section(number)?;
        let digits = number_text(number.abs());
        if section.beyond || digits.contains('E') || digits.is_empty() {
            return None;
        }
        let shown = section.shown(&digits)?;
        let negative = number < 0.0 && !self.is_for_negatives(section);
        let signed = |text: String| if negative { format!("-{text}") } else { text };
        Some(Shown { text: signed(shown.text), exact: signed(shown.exact) })
    }

    /// What a text shows: as it is, or with the words of its format around it.
    pub fn of_text(&self, text: &str) -> Option<String> {
        let section = match self.sections.len() {
            4 => &self.sections[3],
            _ => self.sections.last().filter(|section| section.tokens.contains(&Token::Text))?,
        };
        let shown = section.tokens.iter().map(|token| match token {
            Token::Literal(literal) => literal.as_str(),
            Token::Text => text,
            _ => "",
        });
        Some(shown.collect())
    }

    fn section(&self, number: f64) -> Option<&Section> {
        let numbers = self.sections.get(..self.sections.len().min(3))?;
        if numbers.iter().any(|section| section.condition.is_some()) {
            return numbers.iter().find(|section| section.holds(number));
        }
        Some(match numbers {
            [_, negative, ..] if number < 0.0 => negative,
            [_, _, zero] if number == 0.0 => zero,
            [first, ..] => first,
            [] => return None,
        })
    }

    /// Its words say that the number is below zero.
    fn is_for_negatives(&self, section: &Section) -> bool {
        match &section.condition {
            Some((sign, _)) => sign.starts_with('<'),
            None => self.sections.get(1).is_some_and(|second| std::ptr::eq(second, section)),
        }
    }
}

impl Section {
    fn literal(&mut self, text: &str) {
        match self.tokens.last_mut() {
            Some(Token::Literal(before)) => before.push_str(text),
            _ => self.tokens.push(Token::Literal(text.to_owned())),
        }
    }

    fn bracket(&mut self, inside: &str) {
        if let Some(symbol) = inside.strip_prefix('$') {
            // A currency, and the place whose it is.
            let symbol = symbol.split('-').next().unwrap_or_default();
            if !symbol.is_empty() {
                self.literal(symbol);
            }
        } else if inside.starts_with(['<', '>', '=']) {
            let number = inside.trim_start_matches(['<', '>', '=']);
            let sign = &inside[..inside.len() - number.len()];
            self.condition = number.parse().ok().map(|number| (sign.to_owned(), number));
        } else if inside.to_ascii_uppercase().starts_with("DBNUM") || inside.starts_with(['h', 'H', 'm', 'M', 's', 'S'])
        {
            self.beyond = true;
        }
    }

    fn holds(&self, number: f64) -> bool {
        match &self.condition {
            None => true,
            Some((sign, limit)) => match sign.as_str() {
                ">" => number > *limit,
                ">=" => number >= *limit,
                "<" => number < *limit,
                "<=" => number <= *limit,
                "<>" => number != *limit,
                _ => number == *limit,
            },
        }
    }

    fn shown(&self, digits: &str) -> Option<Shown> {
        let literals = |tokens: &[Token]| -> String {
            tokens
                .iter()
                .map(|token| match token {
                    Token::Literal(text) => text.as_str(),
                    Token::Percent => "%",
                    _ => "",
                })
                .collect()
        };
        if let Some(at) = self.tokens.iter().position(|token| *token == Token::General) {
            let text = format!("{}{digits}{}", literals(&self.tokens[..at]), literals(&self.tokens[at + 1..]));
            return Some(Shown { exact: text.clone(), text });
        }
        let is_digit = |token: &Token| matches!(token, Token::Digit(_));
        let Some(first) = self.tokens.iter().position(is_digit) else {
            // Words alone, or nothing: what a person sees has no number in it.
            let text = literals(&self.tokens);
            return Some(Shown { exact: text.clone(), text });
        };
        let last = self.tokens.iter().rposition(is_digit)?;
        let (before, number, mut after) = (&self.tokens[..first], &self.tokens[first..=last], &self.tokens[last + 1..]);
        let point = number.iter().position(|token| *token == Token::Point);
        let (whole, places) = number.split_at(point.unwrap_or(number.len()));
        let mut shift = 0;
        // Each comma behind the last digit, or the last before the point, divides by a thousand.
        while let [Token::Comma, rest @ ..] = after {
            shift -= 3;
            after = rest;
        }
        shift -= 3 * whole.iter().rev().take_while(|token| **token == Token::Comma).count() as i32;
        // `0!.0,`: a point that is written, not counted. What stands behind it is divided once more.
        let dot = whole.iter().position(|token| matches!(token, Token::Literal(text) if text == "."));
        let written = dot.map_or(0, |dot| whole[dot..].iter().filter(|token| is_digit(token)).count());
        shift -= written as i32;
        shift += 2 * self.tokens.iter().filter(|token| **token == Token::Percent).count() as i32;
        let exact = shifted(digits, shift);
        let decimals = if dot.is_some() { written } else { places.iter().filter(|token| is_digit(token)).count() };
        let always = |tokens: &[Token]| tokens.iter().filter(|token| **token == Token::Digit(true)).count();
        let rounded = rounded(&exact, decimals, if dot.is_some() { written } else { always(places) });
        let whole = if dot.is_some() { &[][..] } else { whole };
        let around = |text: String| format!("{}{}{}", literals(before), laid_out(whole, &text), literals(after));
        Some(Shown { text: around(rounded), exact: around(exact) })
    }
}

/// Puts the digits before the point where the format has places for them, from the right.
fn laid_out(places: &[Token], number: &str) -> String {
    let (whole, rest) = number.split_once('.').map_or((number, ""), |(whole, rest)| (whole, rest));
    let mut digits: Vec<char> = whole.chars().collect();
    if whole == "0" && !places.is_empty() && !places.contains(&Token::Digit(true)) {
        digits.clear();
    }
    let mut laid: Vec<char> = Vec::new();
    for token in places.iter().rev() {
        match token {
            Token::Digit(always) => match digits.pop() {
                Some(digit) => laid.push(digit),
                None if *always => laid.push('0'),
                None => {}
            },
            Token::Literal(text) => laid.extend(text.chars().rev()),
            _ => {}
        }
    }
    laid.extend(digits.into_iter().rev());
    let whole: String = laid.into_iter().rev().collect();
    if rest.is_empty() { whole } else { format!("{whole}.{rest}") }
}

/// A number in digits with its point moved to the right, or to the left.
fn shifted(digits: &str, by: i32) -> String {
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{rest}");
    let point = whole.len() as i32 + by;
    let text = if point <= 0 {
        format!("0.{}{all}", "0".repeat(point.unsigned_abs() as usize))
    } else if point as usize >= all.len() {
        format!("{all:0<width$}", width = point as usize)
    } else {
        format!("{}.{}", &all[..point as usize], &all[point as usize..])
    };
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    let stripped = text.trim_start_matches('0');
    match stripped.chars().next() {
        Some(digit) if digit.is_ascii_digit() => stripped.to_owned(),
        _ => format!("0{stripped}"),
    }
}

/// Half up to so many decimals, `least` of them shown even where they are zeros.
fn rounded(number: &str, decimals: usize, least: usize) -> String {
    let (whole, rest) = number.split_once('.').unwrap_or((number, ""));
    let kept: String = rest.chars().chain(std::iter::repeat('0')).take(decimals).collect();
    let up = rest.as_bytes().get(decimals).is_some_and(|digit| *digit >= b'5');
    let mut digits: Vec<u8> = format!("{whole}{kept}").into_bytes();
    if up {
        let mut at = digits.len();
        loop {
            if at == 0 {
                digits.insert(0, b'1');
                break;
            }
            at -= 1;
            if digits[at] < b'9' {
                digits[at] += 1;
                break;
            }
            digits[at] = b'0';
        }
    }
    let text = String::from_utf8(digits).unwrap_or_default();
    let (whole, rest) = text.split_at(text.len() - decimals);
    let mut rest = rest.to_owned();
    while rest.len() > least && rest.ends_with('0') {
        rest.pop();
    }
    if rest.is_empty() { whole.to_owned() } else { format!("{whole}.{rest}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_says_what_its_cell_shows() {
        for (code, number, text, exact) in [
            ("000000", 12.0, "000012", "000012"),
            ("0\"万只\"", 5.0, "5万只", "5万只"),
            ("0.0\"万只\"", 1.25, "1.3万只", "1.25万只"),
            ("#,##0.00", 1_234.5, "1234.50", "1234.5"),
            ("#,##0.00\"元\"", 1_234.567, "1234.57元", "1234.567元"),
            ("0!.0,\"万元\"", 123_456.0, "12.3万元", "12.3456万元"),
            ("0\\.0,\"万\"", 50_000.0, "5.0万", "5万"),
            ("0.00,,\"百万\"", 1_500_000.0, "1.50百万", "1.5百万"),
            ("0,.0\"千\"", 1_500.0, "1.5千", "1.5千"),
            ("0%", 0.5, "50%", "50%"),
            ("\"KZ-\"0000", 12.0, "KZ-0012", "KZ-0012"),
            ("000-0000-0000", 13_800_001_234.0, "138-0000-1234", "138-0000-1234"),
            ("[$¥-804]#,##0.00", 20.0, "¥20.00", "¥20"),
            ("[>=10000]0!.0,\"万\";0\"只\"", 20_000.0, "2.0万", "2万"),
            ("[>=10000]0!.0,\"万\";0\"只\"", 900.0, "900只", "900只"),
            ("0;\"负\"0;\"无\"", -3.0, "负3", "负3"),
            ("0;-0;\"无\"", 0.0, "无", "无"),
            ("0.0", -3.25, "-3.3", "-3.25"),
            ("G/通用格式\"只\"", 40.0, "40只", "40只"),
            ("General", 40.25, "40.25", "40.25"),
            ("#.##", 0.5, ".5", ".5"),
            ("0", 9.5, "10", "9.5"),
        ] {
            let shown = Format::of(code).of_number(number).unwrap_or_else(|| panic!("{code}"));
            assert_eq!((shown.text.as_str(), shown.exact.as_str()), (text, exact), "{code}");
        }
        for code in ["0.00E+00", "# ?/?", "[DBNum1]0", "yyyy/m/d"] {
            assert_eq!(Format::of(code).of_number(12.0), None, "{code}");
        }
    }

    #[test]
    fn words_around_a_text_are_part_of_what_is_shown() {
        assert_eq!(Format::of("@\"口罩厂\"").of_text("安康").as_deref(), Some("安康口罩厂"));
        assert_eq!(Format::of("0;0;0;\"第\"@").of_text("7号").as_deref(), Some("第7号"));
        assert_eq!(Format::of("0.00").of_text("安康"), None);
    }

    #[test]
    fn a_month_is_no_day() {
        for code in ["yyyy\"年\"m\"月\"", "yyyy-mm", "[$-804]yyyy\\年m\\月"] {
            assert!(Format::shows_only_month(code), "{code}");
        }
        for code in ["yyyy/m/d", "m\"月\"d\"日\"", "yyyy/m/d h:mm", "mm-dd-yy", "h:mm"] {
            assert!(!Format::shows_only_month(code), "{code}");
        }
    }
}

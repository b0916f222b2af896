//! Just enough reading of Rust and of the page's languages to tell code, strings and comments apart. No parser: it does not
//! know what the code means.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A name, keyword or number.
    Word,
    /// One character of punctuation.
    Mark,
    /// The content of a string, with `\"` read as `"`.
    Text,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub line: usize,
    pub kind: Kind,
    pub text: String,
}

impl Token {
    pub fn is(&self, text: &str) -> bool {
        self.kind != Kind::Text && self.text == text
    }
}

/// Whether `tokens` at `from` read exactly as `pattern`.
pub fn reads(tokens: &[Token], from: usize, pattern: &[&str]) -> bool {
    tokens.len() >= from + pattern.len() && pattern.iter().zip(&tokens[from..]).all(|(text, token)| token.is(text))
}

/// The tokens of Rust source; comments and lifetimes are dropped.
pub fn rust(source: &str) -> Vec<Token> {
    let chars: Vec<char> = source.chars().collect();
    let at = |index: usize| chars.get(index).copied().unwrap_or('\0');
    let (mut tokens, mut line, mut i) = (Vec::new(), 1, 0);
    while i < chars.len() {
        let (start, start_line) = (i, line);
        let c = chars[i];
        if c == '/' && at(i + 1) == '/' {
            while i < chars.len() && chars[i] != '\n' {
                i += 1;
            }
        } else if c == '/' && at(i + 1) == '*' {
            let mut depth = 0;
            loop {
                match (at(i), at(i + 1)) {
                    ('/', '*') => (depth, i) = (depth + 1, i + 2),
                    ('*', '/') => (depth, i) = (depth - 1, i + 2),
                    _ => i += 1,
                }
                if depth == 0 || i >= chars.len() {
                    break;
                }
            }
        } else if let Some((open, hashes)) = raw_string(&chars, i) {
            i = open;
            let closes = |i: usize| at(i) == '"' && (1..=hashes).all(|n| at(i + n) == '#');
            while i < chars.len() && !closes(i) {
                i += 1;
            }
            tokens.push(Token {
                line: start_line,
                kind: Kind::Text,
                text: chars[open..i.min(chars.len())].iter().collect(),
            });
            i += 1 + hashes;
        } else if c == '"' || (matches!(c, 'b' | 'c') && at(i + 1) == '"') {
            i += if c == '"' { 1 } else { 2 };
            let mut text = String::new();
            while i < chars.len() && chars[i] != '"' {
                if chars[i] == '\\' && at(i + 1) == '"' {
                    i += 1;
                } else if chars[i] == '\\' {
                    text.push('\\');
                    i += 1;
                }
                text.push(at(i));
                i += 1;
            }
            tokens.push(Token { line: start_line, kind: Kind::Text, text });
            i += 1;
        } else if c == '\'' && at(i + 1) == '\\' {
            i += 3;
            while i < chars.len() && chars[i] != '\'' {
                i += 1;
            }
            i += 1;
        } else if c == '\'' && at(i + 2) == '\'' {
            i += 3;
        } else if c == '\'' {
            i += 1;
            while at(i).is_alphanumeric() || at(i) == '_' {
                i += 1;
            }
        } else if c.is_alphanumeric() || c == '_' {
            while at(i).is_alphanumeric() || at(i) == '_' {
                i += 1;
            }
            tokens.push(Token { line, kind: Kind::Word, text: chars[start..i].iter().collect() });
        } else {
            if !c.is_whitespace() {
                tokens.push(Token { line, kind: Kind::Mark, text: c.to_string() });
            }
            i += 1;
        }
        line += chars[start..i.min(chars.len())].iter().filter(|c| **c == '\n').count();
    }
    tokens
}

/// Where the content of a raw string starting at `i` begins, and how many `#` close it.
fn raw_string(chars: &[char], i: usize) -> Option<(usize, usize)> {
    let mut j = i;
    if matches!(chars.get(j), Some('b' | 'c')) {
        j += 1;
    }
    if chars.get(j) != Some(&'r') {
        return None;
    }
    let hashes = chars[j + 1..].iter().take_while(|c| **c == '#').count();
    (chars.get(j + 1 + hashes) == Some(&'"')).then_some((j + 2 + hashes, hashes))
}

/// What is left without `#[cfg(test)]` items, and how many lines those take.
pub fn product(tokens: Vec<Token>) -> (Vec<Token>, usize) {
    let (mut kept, mut lines, mut i) = (Vec::new(), 0, 0);
    while i < tokens.len() {
        let end = if reads(&tokens, i, &["#", "[", "cfg", "("]) { closing(&tokens, i + 1) } else { i };
        let words = &tokens[i..end];
        if !words.iter().any(|token| token.is("test")) || words.iter().any(|token| token.is("not")) {
            kept.push(tokens[i].clone());
            i += 1;
            continue;
        }
        let first = tokens[i].line;
        i = end + 1;
        while i < tokens.len() && !tokens[i].is(";") && !tokens[i].is("{") {
            i = if matches!(tokens[i].text.as_str(), "(" | "[") { closing(&tokens, i) } else { i } + 1;
        }
        if i < tokens.len() && tokens[i].is("{") {
            i = closing(&tokens, i);
        }
        lines += tokens[i.min(tokens.len() - 1)].line + 1 - first;
        i += 1;
    }
    (kept, lines)
}

/// The index of the bracket that closes the one at `open`.
fn closing(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0;
    for (index, token) in tokens.iter().enumerate().skip(open).filter(|(_, token)| token.kind == Kind::Mark) {
        match token.text.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return index;
        }
    }
    tokens.len() - 1
}

/// TypeScript, Vue or SQL with its comments blanked; lines stay where they are.
pub fn without_comments(source: &str) -> String {
    let mut kept = String::with_capacity(source.len());
    let mut rest = source;
    let mut quote = None;
    while let Some(c) = rest.chars().next() {
        let comment = match quote {
            Some(_) => None,
            None if rest.starts_with("/*") => Some(("*/", 2)),
            None if rest.starts_with("<!--") => Some(("-->", 3)),
            None if rest.starts_with("//") || rest.starts_with("-- ") => Some(("\n", 0)),
            None => None,
        };
        if let Some((end, length)) = comment {
            let stop = rest.find(end).map_or(rest.len(), |at| at + length);
            kept.extend(rest[..stop].chars().filter(|c| *c == '\n'));
            rest = &rest[stop..];
            continue;
        }
        match quote {
            Some(open) if c == open || (c == '\n' && open != '`') => quote = None,
            None if matches!(c, '"' | '\'' | '`') => quote = Some(c),
            _ => {}
        }
        kept.push(c);
        rest = &rest[c.len_utf8()..];
        if c == '\\'
            && quote.is_some()
            && let Some(escaped) = rest.chars().next()
        {
            kept.push(escaped);
            rest = &rest[escaped.len_utf8()..];
        }
    }
    kept
}

#[test]
fn rust_is_taken_apart() {
    let source = "// \"no\"\nfn f<'a>(c: char) { /* /* \"no\" */ */ g('\"', '\\'', \"a \\\"b\\\"\", r#\"c \"d\"\"#, b\"e\") }\n\"last\"";
    let texts: Vec<(usize, String)> = rust(source)
        .into_iter()
        .filter(|token| token.kind == Kind::Text)
        .map(|token| (token.line, token.text))
        .collect();
    let expected = [(2, "a \"b\""), (2, "c \"d\""), (2, "e"), (3, "last")];
    assert_eq!(texts, expected.map(|(line, text)| (line, text.to_owned())));
}

#[test]
fn tests_are_no_product() {
    let source = "const A: u8 = 1;\n#[cfg(test)]\n#[path = \"x\"]\nmod tests {\n fn f() { g([1]); }\n}\n#[cfg(test)]\nmod more;\n\
                  #[cfg(not(test))]\nconst B: u8 = 2;";
    let (kept, lines) = product(rust(source));
    assert!(kept.iter().any(|token| token.is("A")) && kept.iter().any(|token| token.is("B")));
    assert!(!kept.iter().any(|token| token.is("g") || token.is("more")));
    assert_eq!(lines, 5 + 2);
}

#[test]
fn comments_of_the_page_are_blanked() {
    let source = "a('x // y') // 'no'\n/* 'no'\n */ b(\"it's\")\n<!-- 'no' -->`c\n'd'`\n-- 'no'";
    assert_eq!(without_comments(source), "a('x // y') \n\n b(\"it's\")\n`c\n'd'`\n");
}

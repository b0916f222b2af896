//! Every code has its words in both languages, with the same arguments, and no words are left over.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Kind, Token, product, reads, rust};
use crate::{none, tree};

struct Words {
    file: String,
    message: String,
    remedy: String,
}

type Catalogue = BTreeMap<String, Words>;

/// Every entry of every file of a language.
fn entries(language: &str) -> Vec<(String, Words)> {
    let mut all = Vec::new();
    let folder = format!("assets/messages/{language}/");
    for file in tree::files().iter().filter(|file| file.starts_with(&folder)) {
        let text = tree::read(file).expect("text");
        let table: toml::Table = text.parse().unwrap_or_else(|error| panic!("{file}: {error}"));
        for (code, entry) in table {
            let words =
                |name: &str| entry.get(name).and_then(toml::Value::as_str).unwrap_or_default().trim().to_owned();
            all.push((code, Words { file: file.clone(), message: words("message"), remedy: words("remedy") }));
        }
    }
    assert!(all.len() > 20, "the messages in {language} were read");
    all
}

fn catalogue(language: &str) -> Catalogue {
    entries(language).into_iter().collect()
}

/// The arguments a text names, as written.
fn named(words: &Words) -> impl Iterator<Item = String> + use<> {
    let text = format!("{}\n{}", words.message, words.remedy);
    let names: Vec<String> =
        text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect();
    names.into_iter()
}

/// The arguments, where a label has its own name in each language.
fn arguments(words: &Words) -> BTreeSet<String> {
    let plain = |name: String| match name.as_str() {
        "zh" | "en" => "(label)".to_owned(),
        _ => name.strip_suffix("_zh").or(name.strip_suffix("_en")).unwrap_or(&name).to_owned(),
    };
    named(words).map(plain).collect()
}

/// The product's Rust, file by file.
fn sources() -> Vec<(String, Vec<Token>)> {
    let files = tree::files().iter().filter(|file| tree::is_product_rust(file));
    files.map(|file| (file.clone(), product(rust(&tree::read(file).expect("text"))).0)).collect()
}

const NEW: [&str; 5] = ["Notice", ":", ":", "new", "("];

/// A text that could be a code: words in small letters joined by hyphens.
fn kebab(text: &str) -> bool {
    let words: Vec<&str> = text.split('-').collect();
    let small = |word: &&str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    words.len() > 1 && words.iter().all(small) && text.starts_with(|c: char| c.is_ascii_lowercase())
}

/// The names of functions and closures that hand the code they are given to `Notice::new`.
fn helpers(tokens: &[Token]) -> BTreeSet<String> {
    let mut helpers = BTreeSet::new();
    for at in (0..tokens.len()).filter(|at| reads(tokens, *at, &NEW)) {
        let given = tokens.get(at + NEW.len()).filter(|token| token.kind == Kind::Word && !token.is("self"));
        let Some(given) = given else { continue };
        // The nearest thing before it that is given a name and takes an argument of that name.
        let named = (1..at).rev().find(|index| {
            (tokens[index - 1].is("fn") || tokens[index - 1].is("let"))
                && tokens[*index..at].iter().any(|token| token.is(&given.text))
        });
        helpers.extend(named.map(|index| tokens[index].text.clone()));
    }
    helpers
}

/// Every code the program can give, and where.
fn codes(sources: &[(String, Vec<Token>)]) -> BTreeMap<String, String> {
    let helpers: BTreeSet<String> = sources.iter().flat_map(|(_, tokens)| helpers(tokens)).collect();
    let mut codes = BTreeMap::new();
    for (file, tokens) in sources {
        // Where a code reaches a notice through a variable, every code-like text of the file is one.
        let indirect = (0..tokens.len()).any(|at| {
            reads(tokens, at, &NEW) && tokens.get(at + NEW.len()).is_some_and(|given| given.kind != Kind::Text)
        });
        for (index, token) in tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::Text) {
            let direct = index >= NEW.len() && reads(tokens, index - NEW.len(), &NEW);
            let helped = index >= 2 && tokens[index - 1].is("(") && helpers.contains(&tokens[index - 2].text);
            if (direct && !token.text.is_empty()) || ((helped || indirect) && kebab(&token.text)) {
                codes.entry(token.text.clone()).or_insert(format!("{file}:{}", token.line));
            }
        }
    }
    codes
}

#[test]
fn every_code_has_its_words_in_both_languages() {
    let codes = codes(&sources());
    assert!(codes.len() > 50, "the codes were found");
    let mut breaches = Vec::new();
    for language in ["zh", "en"] {
        let catalogue = catalogue(language);
        for (code, place) in &codes {
            match catalogue.get(code) {
                None => breaches.push(format!("{place} {code} has no words in {language}")),
                Some(words) if words.message.is_empty() => {
                    breaches.push(format!("{}: {code} has no message", words.file))
                }
                Some(words) if words.remedy.is_empty() => {
                    breaches.push(format!("{}: {code} has no remedy", words.file))
                }
                Some(_) => {}
            }
        }
    }
    none("codes without words", &breaches);
}

#[test]
fn a_code_has_its_words_once() {
    let mut breaches = Vec::new();
    for language in ["zh", "en"] {
        let mut seen = BTreeMap::new();
        for (code, words) in entries(language) {
            if let Some(before) = seen.insert(code.clone(), words.file.clone()) {
                breaches.push(format!("{code} stands in {before} and in {}", words.file));
            }
        }
    }
    none("codes with words twice", &breaches);
}

#[test]
fn no_words_are_left_over() {
    let sources = sources();
    let texts = sources.iter().flat_map(|(_, tokens)| tokens).filter(|token| token.kind == Kind::Text);
    let texts: BTreeSet<&str> = texts.map(|token| token.text.as_str()).collect();
    let mut breaches = Vec::new();
    for language in ["zh", "en"] {
        let unused = catalogue(language).into_iter().filter(|(code, _)| !texts.contains(code.as_str()));
        breaches.extend(unused.map(|(code, words)| format!("{}: {code}", words.file)));
    }
    none("words no code asks for", &breaches);
}

#[test]
fn both_languages_use_the_same_arguments() {
    let (zh, en) = (catalogue("zh"), catalogue("en"));
    let mut breaches = Vec::new();
    for (code, words) in &zh {
        match en.get(code) {
            None => breaches.push(format!("{code} has no words in en")),
            Some(other) if arguments(words) != arguments(other) => {
                breaches.push(format!("{code}: {:?} in zh, {:?} in en", arguments(words), arguments(other)));
            }
            Some(_) => {}
        }
    }
    breaches.extend(en.keys().filter(|code| !zh.contains_key(*code)).map(|code| format!("{code} has no words in zh")));
    none("the languages differ", &breaches);
}

#[test]
fn every_argument_is_one_that_some_code_gives() {
    let sources = sources();
    let mut given = BTreeSet::new();
    for (_, tokens) in &sources {
        for at in (0..tokens.len()).filter(|at| reads(tokens, *at, &[".", "with", "("])) {
            given.extend(tokens.get(at + 3).filter(|token| token.kind == Kind::Text).map(|token| token.text.as_str()));
        }
    }
    let mut breaches = Vec::new();
    for language in ["zh", "en"] {
        for (code, words) in catalogue(language) {
            let unknown = named(&words).filter(|name| !given.contains(name.as_str()));
            breaches.extend(unknown.map(|name| format!("{}: {code} asks for {{{name}}}", words.file)));
        }
    }
    none("arguments nobody gives", &breaches);
}

#[test]
fn codes_are_found_however_they_reach_a_notice() {
    let file = |name: &str, text: &str| (name.to_owned(), product(rust(text)).0);
    let sources = [
        file("a", "fn f() { Notice::new(\"a-b\").with(\"not-this\", 1); g(\"c-d\", 2); h(\"other-thing\") }"),
        file("b", "fn g(code: &str, n: u8) -> Notice { Notice::new(code).with(\"n\", n) }"),
        file(
            "c",
            "fn code(&self) -> &str { match self { A => \"e-f\", B => \"plain\" } } fn n(&self) { Notice::new(self.code()) }",
        ),
    ];
    let found: Vec<String> = codes(&sources).into_keys().collect();
    assert_eq!(found, ["a-b", "c-d", "e-f"]);
}

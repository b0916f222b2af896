//! No circle of imports among the files of one crate: whoever reads a file can read what it stands on first.
//!
//! A file imports another where its code names something that stands there, in a `use` or by a path anywhere, macros
//! included. Three things are no import:
//! - `mod x;`, and `pub use x::Y;` of a module below: a parent says where its children are without standing on them. It does
//!   stand on them where its own code then uses `Y`.
//! - A module that is only named on the way: `use crate::a;` and `a::b::f()` is an import of the file of `b`. What a file
//!   re-exports is an import of the file it comes from, so a child that takes its sibling's `super::Y` takes it from there.
//! - Tests.
//!
//! Methods are not seen, since no path leads to them: a type may be implemented in several files, and whoever calls a method
//! needs to name nothing but what it is called on.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::source::{Kind, Token, product, reads, rust};
use crate::{none, tree};

/// Crates that still have circles.
const NOT_YET: &[&str] = &[];

/// A module's place in its crate; the root's is empty.
type Place = Vec<String>;

/// What a name stands for: a path as it was written, in a module.
#[derive(Debug, Clone)]
struct Named {
    path: Vec<String>,
    line: usize,
}

#[derive(Debug, Default)]
struct Module {
    file: String,
    /// The names that `use` brings in.
    uses: BTreeMap<String, Named>,
    /// What `use …::*` opens.
    globs: Vec<Named>,
    /// Names in `use` that count by standing there: not those of a re-export of what is below.
    imported: Vec<Named>,
    /// Paths in the code.
    named: Vec<Named>,
    /// Names that are defined here.
    items: BTreeSet<String>,
}

/// The modules of one crate.
#[derive(Debug, Default)]
struct Crate(BTreeMap<Place, Module>);

/// One file's import of another: the line, and what it names there.
type Imports = BTreeMap<String, BTreeMap<String, (usize, String)>>;

impl Crate {
    /// `sources` are the files of the crate; `root` is one of them.
    fn read(root: &str, sources: &BTreeMap<String, String>) -> Self {
        let mut all = Crate::default();
        let mut files = vec![(root.to_owned(), Place::new())];
        while let Some((file, place)) = files.pop() {
            let folder = match file.rsplit_once('/').expect("a file in a folder") {
                (folder, "lib.rs" | "main.rs" | "mod.rs") => folder.to_owned(),
                _ => file.trim_end_matches(".rs").to_owned(),
            };
            let (tokens, _) = product(rust(&sources[&file]));
            for child in all.read_module(&file, &place, &tokens) {
                let name = child.last().expect("a child has a name");
                let stands = [format!("{folder}/{name}.rs"), format!("{folder}/{name}/mod.rs")];
                let stands = stands.into_iter().find(|file| sources.contains_key(file));
                files.push((stands.unwrap_or_else(|| panic!("{file}: {name} stands nowhere")), child));
            }
        }
        all
    }

    /// Returns the modules that stand in files of their own.
    fn read_module(&mut self, file: &str, place: &Place, tokens: &[Token]) -> Vec<Place> {
        let mut module = Module { file: file.to_owned(), ..Module::default() };
        let mut children = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            let token = &tokens[at];
            let after = tokens.get(at + 1).filter(|_| token.kind == Kind::Word);
            match (token.text.as_str(), after) {
                ("mod", Some(name)) if tokens.get(at + 2).is_some_and(|next| next.is(";")) => {
                    children.push([place.as_slice(), std::slice::from_ref(&name.text)].concat());
                    at += 3;
                }
                ("mod", Some(name)) if tokens.get(at + 2).is_some_and(|next| next.is("{")) => {
                    let end = closing(tokens, at + 2);
                    let inner = [place.as_slice(), std::slice::from_ref(&name.text)].concat();
                    children.extend(self.read_module(file, &inner, &tokens[at + 3..end]));
                    at = end + 1;
                }
                ("use", Some(_)) => {
                    let public = at > 0 && (tokens[at - 1].is("pub") || tokens[at - 1].is(")"));
                    at = module.read_use(tokens, at + 1, &[], public);
                }
                ("fn" | "struct" | "enum" | "trait" | "type" | "const" | "static", Some(name)) => {
                    module.items.insert(name.text.clone());
                    at += 1;
                }
                _ if token.kind == Kind::Word => {
                    let of_a_value = at > 0 && tokens[at - 1].is(".");
                    let of_a_type = at > 1 && tokens[at - 1].is(":") && tokens[at - 2].is(":");
                    let mut named = Named { path: vec![token.text.clone()], line: token.line };
                    at += 1;
                    while reads(tokens, at, &[":", ":"])
                        && tokens.get(at + 2).is_some_and(|next| next.kind == Kind::Word)
                    {
                        named.path.push(tokens[at + 2].text.clone());
                        at += 3;
                    }
                    // Alone and small it may be a variable; a function is called.
                    let small = named.path.len() == 1 && named.path[0].starts_with(char::is_lowercase);
                    if !of_a_value && !of_a_type && (!small || reads(tokens, at, &["("])) {
                        module.named.push(named);
                    }
                }
                _ => at += 1,
            }
        }
        self.0.insert(place.clone(), module);
        children
    }

    /// The module and the name in it that a path leads to, through whatever brings it in; no name where it is a module.
    fn find(
        &self,
        from: &Place,
        path: &[String],
        seen: &mut BTreeSet<(Place, String)>,
    ) -> Option<(Place, Option<String>)> {
        let (first, rest) = path.split_first()?;
        let start = match first.as_str() {
            "crate" => Place::new(),
            "self" => from.clone(),
            "super" => from[..from.len().checked_sub(1)?].to_vec(),
            _ => return self.find_in(from, path, seen),
        };
        match rest {
            [] => Some((start, None)),
            [next, ..] if next == "super" => self.find(&start, rest, seen),
            _ => self.find_in(&start, rest, seen),
        }
    }

    fn find_in(
        &self,
        place: &Place,
        path: &[String],
        seen: &mut BTreeSet<(Place, String)>,
    ) -> Option<(Place, Option<String>)> {
        let (first, rest) = path.split_first()?;
        let below = [place.as_slice(), std::slice::from_ref(first)].concat();
        if self.0.contains_key(&below) {
            return if rest.is_empty() { Some((below, None)) } else { self.find_in(&below, rest, seen) };
        }
        let module = self.0.get(place)?;
        if module.items.contains(first) {
            return Some((place.clone(), Some(first.clone())));
        }
        if !seen.insert((place.clone(), first.clone())) {
            return None;
        }
        if let Some(used) = module.uses.get(first) {
            return self.find(place, &[used.path.as_slice(), rest].concat(), seen);
        }
        module.globs.iter().find_map(|glob| self.find(place, &[glob.path.as_slice(), path].concat(), seen))
    }

    fn imports(&self) -> Imports {
        let mut imports = Imports::new();
        for (place, module) in &self.0 {
            for named in module.imported.iter().chain(&module.named) {
                if let Some((stands, Some(_))) = self.find(place, &named.path, &mut BTreeSet::new())
                    && self.0[&stands].file != module.file
                {
                    let of = imports.entry(module.file.clone()).or_default();
                    let found = (named.line, named.path.join("::"));
                    let first = of.entry(self.0[&stands].file.clone()).or_insert_with(|| found.clone());
                    *first = found.min(first.clone());
                }
            }
        }
        imports
    }
}

impl Module {
    /// Reads what follows `use` or stands in its braces; returns where it ends.
    fn read_use(&mut self, tokens: &[Token], mut at: usize, before: &[String], public: bool) -> usize {
        let (mut path, line) = (before.to_vec(), tokens[at].line);
        let mut name = None;
        while at < tokens.len() {
            match tokens[at].text.as_str() {
                "{" => {
                    let end = closing(tokens, at);
                    while at < end {
                        at = self.read_use(tokens, at + 1, &path, public);
                    }
                    return end + 1;
                }
                "*" => {
                    self.globs.push(Named { path, line });
                    return at + 1;
                }
                "as" => {
                    name = Some(tokens[at + 1].text.clone());
                    at += 1;
                }
                "," | ";" | "}" => break,
                ":" => {}
                // `use a::{self}` brings in `a`.
                "self" if !before.is_empty() => {}
                word => path.push(word.to_owned()),
            }
            at += 1;
        }
        let Some(last) = path.last() else { return at };
        let named = Named { path: path.clone(), line };
        let from_below = !matches!(path[0].as_str(), "crate" | "super");
        if !(public && from_below) {
            self.imported.push(named.clone());
        }
        self.uses.insert(name.unwrap_or_else(|| last.clone()), named);
        at
    }
}

/// The index of the brace that closes the one at `open`.
fn closing(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        depth += usize::from(token.is("{"));
        depth -= usize::from(token.is("}"));
        if depth == 0 {
            return at;
        }
    }
    tokens.len()
}

/// For every file that is in a circle the shortest one through it, each circle once: a line for each import.
fn circles(imports: &Imports) -> Vec<String> {
    let mut circles = BTreeSet::new();
    for start in imports.keys() {
        let mut came_from: BTreeMap<&String, &String> = BTreeMap::new();
        let mut next = VecDeque::from([start]);
        while let Some(file) = next.pop_front() {
            for to in imports.get(file).into_iter().flat_map(BTreeMap::keys) {
                if !came_from.contains_key(to) {
                    came_from.insert(to, file);
                    next.push_back(to);
                }
            }
        }
        let Some(mut file) = came_from.get(start).copied() else { continue };
        let mut circle = vec![file];
        while file != start {
            file = came_from[file];
            circle.push(file);
        }
        circle.reverse();
        let first = circle.iter().enumerate().min_by_key(|(_, file)| **file).map_or(0, |(at, _)| at);
        circle.rotate_left(first);
        circles.insert(circle);
    }
    let told = |circle: Vec<&String>| {
        let pairs = circle.iter().zip(circle.iter().cycle().skip(1));
        let lines = pairs.map(|(from, to)| {
            let (line, named) = &imports[*from][*to];
            format!("{from}:{line} names `{named}`, which stands in {to}")
        });
        lines.collect::<Vec<_>>().join("\n    ")
    };
    circles.into_iter().map(told).collect()
}

/// Crate → its sources.
fn crates() -> BTreeMap<String, BTreeMap<String, String>> {
    let mut crates: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for file in tree::files().iter().filter(|file| file.ends_with(".rs")) {
        if let Some((name, "src")) = file
            .strip_prefix("src-tauri/crates/")
            .and_then(|rest| rest.split_once('/'))
            .map(|(name, rest)| (name, rest.split('/').next().unwrap_or("")))
        {
            crates.entry(name.to_owned()).or_default().insert(file.clone(), tree::read(file).expect("text"));
        }
    }
    crates
}

#[test]
fn no_files_of_a_crate_import_each_other_in_a_circle() {
    let (mut breaches, mut seen, mut open) = (Vec::new(), 0, Vec::new());
    for (name, sources) in crates() {
        let roots = ["lib.rs", "main.rs"].map(|file| format!("src-tauri/crates/{name}/src/{file}"));
        let mut found = Vec::new();
        for root in roots.iter().filter(|root| sources.contains_key(*root)) {
            let imports = Crate::read(root, &sources).imports();
            seen += imports.values().map(BTreeMap::len).sum::<usize>();
            found.extend(circles(&imports));
        }
        match NOT_YET.contains(&name.as_str()) {
            true if found.is_empty() => open.push(name),
            true => {}
            false => breaches.extend(found),
        }
    }
    assert!(seen > 200, "the crates were read: {seen} imports");
    none("files that import each other in a circle", &breaches);
    none("crates without circles, to be taken off the list", &open);
}

/// The circles of a crate made of these files, in `src/`.
#[cfg(test)]
fn circles_of(files: &[(&str, &str)]) -> Vec<String> {
    let sources = files.iter().map(|(file, text)| (format!("src/{file}"), (*text).to_owned())).collect();
    circles(&Crate::read("src/lib.rs", &sources).imports())
}

#[test]
fn a_circle_is_told_file_by_file() {
    let found = circles_of(&[
        ("lib.rs", "mod a;\nmod b;\nmod c;\npub use a::A;"),
        ("a.rs", "use crate::b::{self, B as Other};\npub struct A(Other);"),
        ("b/mod.rs", "mod deep;\npub use deep::B;"),
        ("b/deep.rs", "pub struct B;\nfn f() -> u8 {\n    crate::c::g()\n}"),
        ("c.rs", "pub fn g() -> u8 { vec![super::A::new()].len() as u8 }"),
    ]);
    let told = "src/a.rs:1 names `crate::b::B`, which stands in src/b/deep.rs\n    \
                src/b/deep.rs:3 names `crate::c::g`, which stands in src/c.rs\n    \
                src/c.rs:1 names `super::A::new`, which stands in src/a.rs";
    assert_eq!(found, [told]);
}

#[test]
fn a_parent_stands_on_its_children_only_where_it_uses_them() {
    let child = ("a.rs", "use super::Limit;\npub struct A;\npub fn make(_: Limit) {}");
    let parent = |code: &str| format!("mod a;\npub use a::{{A, make}};\npub struct Limit;\n{code}");
    let quiet =
        parent("fn f(make: u8) -> u8 { make }\n#[cfg(test)]\nmod tests { fn f() { super::make(super::Limit) } }");
    assert_eq!(circles_of(&[("lib.rs", &quiet), child]), [""; 0]);
    for code in ["fn f(_: A) {}", "fn f() { make(Limit) }", "fn f() { a::make(Limit) }", "use a::A as Other;"] {
        let found = circles_of(&[("lib.rs", &parent(code)), child]);
        assert!(found.len() == 1 && found[0].starts_with("src/a.rs:1 names `super::Limit`"), "{code}: {found:?}");
    }
}

#[test]
fn modules_in_a_file_are_that_file() {
    let found = circles_of(&[
        ("lib.rs", "mod a;\nmod b;"),
        ("a.rs", "pub mod inner {\n    use super::super::b::*;\n    pub struct I(B);\n}"),
        ("b.rs", "pub struct B;\nimpl crate::a::inner::I {}"),
    ]);
    assert_eq!(found.len(), 1, "{found:?}");
}

//! Files from outside: a made-up campaign needs no code, and a wrong one is refused with file, line and reason.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use sweepbook_campaign as campaign;

use campaign::{Bundle, CampaignError, Library};

fn fixtures(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures").join(name)
}

fn lamps() -> Library {
    Library::load(&[fixtures("campaigns")]).unwrap_or_else(|error| panic!("{error}"))
}

/// A folder with one file in its place.
fn folder(place: &str, text: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let file = match place {
        "campaign" => dir.path().join("wrong/campaign.toml"),
        _ => dir.path().join(place).join("wrong.toml"),
    };
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, text).unwrap();
    dir
}

#[test]
fn every_wrong_file_is_refused_at_its_line() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for entry in std::fs::read_dir(fixtures("campaigns-wrong")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let first = text.lines().next().unwrap();
        let words: Vec<&str> = first.split(' ').collect();
        let ["#", "expects:", code, "at", "line", line, "of", "a", place, "file"] = words[..] else {
            panic!("{}: {first}", path.display())
        };
        let dir = folder(place, &text);
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        match Library::load(&[dir.path().to_owned()]) {
            Ok(_) => wrong.push(format!("{name}: loads")),
            Err(error) => {
                if error.notice.code != code || error.line.to_string() != line {
                    wrong.push(format!("{name}: expected {code} at {line}, found {} at {}", error.notice, error.line));
                }
                assert!(error.file.ends_with(".toml"), "{name}");
            }
        }
        let problems = Library::problems(dir.path());
        if problems.len() != 1 {
            let all: Vec<String> = problems.iter().map(|problem| problem.notice.to_string()).collect();
            wrong.push(format!("{name}: fails for one reason alone, not {all:?}"));
        }
        seen += 1;
    }
    assert!(seen >= 100, "{seen}");
    wrong.sort();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// 520 Fridays from 2021-03-05 on end on 2031-02-14; the period from 2021-03-01 has room for no 521st until 2031-02-17.
#[test]
fn a_weekly_report_lasts_ten_years_at_most() {
    let text = std::fs::read_to_string(fixtures("campaigns-wrong/report-schedule-too-long.toml")).unwrap();
    let until = |day: &str| Library::load(&[folder("campaign", &text.replace("2199-12-31", day)).path().to_owned()]);
    let library = until("2031-02-16").unwrap_or_else(|error| panic!("{error}"));
    let report = &library.campaign("wrong").unwrap().reports[0];
    let days = report.schedule.due_between("2021-01-01".parse().unwrap(), "2199-12-31".parse().unwrap());
    assert_eq!((days.len(), days[519].on.to_string().as_str()), (520, "2031-02-14"));
    let refused = until("2031-02-17").unwrap_err().notice();
    assert_eq!(refused.code, "campaign-schedule-too-long");
    let said = ["first", "value", "most", "line"].map(|part| refused.arg(part).unwrap_or_default().to_owned());
    assert_eq!(said, ["2021-03-01", "2031-02-17", "520", "16"]);
}

#[test]
fn a_made_up_campaign_needs_no_code() {
    let library = lamps();
    let (campaign, form) = library.form("lamps/1").unwrap();
    assert_eq!(campaign.title, "校园灯具光生物安全专项检查");
    assert_eq!(library.schema().label("line", "photobiology"), "光生物安全");
    assert_eq!(library.schema().unit("ceiling_lamp"), "盏");
    assert!(library.schema().kind("product").unwrap().field("flicker_free").is_some());
    let reads = library.form_reads(campaign, form);
    assert!(reads.contains(&("inspection".to_owned(), "lamps_measured".to_owned())));
    assert!(library.guarded().contains(&("product".to_owned(), "mounting".to_owned())));
    let builtin = Library::builtin();
    assert!(
        builtin.campaign("lamps").is_none() && builtin.schema().kind("product").unwrap().field("mounting").is_none()
    );
    assert!(builtin.guarded().is_subset(library.guarded()));
    assert_eq!(Library::problems(&fixtures("campaigns")), []);
}

#[test]
fn a_campaign_travels_as_one_byte_string() {
    let sent = lamps().bundle("lamps").unwrap();
    let names: Vec<&str> = sent.files.keys().map(String::as_str).collect();
    assert!(names.contains(&"campaigns/lamps/campaign.toml") && names.contains(&"fields/lamps.toml"), "{names:?}");
    assert!(names.contains(&"vocabulary/mounting.toml") && names.contains(&"vocabulary/line-2.toml"), "{names:?}");
    let bytes = sent.to_bytes();
    assert_eq!(bytes, lamps().bundle("lamps").unwrap().to_bytes());
    assert_eq!(sent.sha256().len(), 64);

    let received = Library::builtin().with_bundle(&bytes).unwrap();
    let (one, other) = (received.form("lamps/1").unwrap().1, lamps());
    assert_eq!(one, other.form("lamps/1").unwrap().1);
    assert_eq!(received.schema().label("line", "photobiology"), "光生物安全");
    assert_eq!(received.bundle("lamps").unwrap(), sent, "passed on, it stays the same");
    assert_eq!(received.with_bundle(&bytes).unwrap().campaigns().count(), received.campaigns().count());
    assert_eq!(Bundle::from_bytes(&bytes).unwrap(), sent);
}

#[test]
fn what_is_loaded_wins_over_a_bundle_that_differs() {
    let library = Library::builtin();
    let same = library.bundle("nx-2021-24").unwrap();
    assert_eq!(library.with_bundle(&same.to_bytes()).unwrap().campaigns().count(), library.campaigns().count());

    let mut other = same.clone();
    let file = other.files.get_mut("campaigns/nx-2021-24/campaign.toml").unwrap();
    *file = file.replace("first_day = \"2021-03-01\"", "first_day = \"2021-02-01\"");
    let error = library.with_bundle(&other.to_bytes()).unwrap_err();
    assert_eq!(error.notice.code, "campaign-redefined");
    assert_eq!(error.notice().arg("campaign"), Some("nx-2021-24"));

    // Another version of the program may label a code differently; that is no reason to refuse a campaign.
    let mut labelled = lamps().bundle("lamps").unwrap();
    let file = labelled.files.get_mut("vocabulary/department.toml").unwrap();
    *file = file.replace("市场监管", "市监");
    let received = library.with_bundle(&labelled.to_bytes()).unwrap();
    assert_eq!(received.schema().label("department", "market"), "市场监管");
}

#[test]
fn the_greater_revision_holds_wherever_it_comes_from() {
    let library = Library::builtin();
    let revised = |revision: &str, first_day: &str| {
        let mut bundle = library.bundle("nx-2021-24").unwrap();
        let file = bundle.files.get_mut("campaigns/nx-2021-24/campaign.toml").unwrap();
        *file = file.replace("revision = 4\n", revision);
        *file = file.replace("first_day = \"2021-03-01\"", &format!("first_day = \"{first_day}\""));
        bundle.to_bytes()
    };
    let first_day = |library: &Library| library.campaign("nx-2021-24").unwrap().first_day.to_string();
    for earlier in ["", "revision = 1\n"] {
        let same = library.with_bundle(&revised(earlier, "2021-02-01")).unwrap();
        assert_eq!(first_day(&same), "2021-03-01", "an earlier file is passed over: {earlier:?}");
    }
    let later = library.with_bundle(&revised("revision = 5\n", "2021-02-02")).unwrap();
    assert_eq!(first_day(&later), "2021-02-02");
    assert_eq!(later.campaigns().count(), library.campaigns().count());
    let again = later.with_bundle(&library.bundle("nx-2021-24").unwrap().to_bytes()).unwrap();
    assert_eq!(first_day(&again), "2021-02-02", "what came first makes no difference");
}

#[test]
fn english_may_be_left_out_everywhere() {
    let text = std::fs::read_to_string(fixtures("campaigns/lamps/campaign.toml")).unwrap();
    let without = |text: &str| -> String {
        let cut = |line: &str| match line.find(", en = \"") {
            Some(at) => {
                let rest = &line[at + 8..];
                format!("{}{}", &line[..at], &rest[rest.find('"').unwrap() + 1..])
            }
            None => line.to_owned(),
        };
        let kept = text.lines().filter(|line| !line.starts_with("en = ") && !line.starts_with("title_en = "));
        kept.map(cut).collect::<Vec<_>>().join("\n")
    };
    let dir = tempfile::tempdir().unwrap();
    for file in ["lamps/campaign.toml", "fields/lamps.toml", "vocabulary/lamps.toml", "vocabulary/mounting.toml"] {
        let whole = std::fs::read_to_string(fixtures("campaigns").join(file)).unwrap();
        let path = dir.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        assert!(without(&whole).len() < whole.len(), "{file} has English words");
        std::fs::write(path, without(&whole)).unwrap();
    }
    assert!(text.contains("title_en"));
    let library = Library::load(&[dir.path().to_owned()]).unwrap_or_else(|error| panic!("{error}"));
    let campaign = library.campaign("lamps").unwrap();
    assert_eq!(campaign.title_en, campaign.title);
    assert!(campaign.figures.iter().all(|figure| figure.en == figure.zh && !figure.en.is_empty()));
    assert!(campaign.checklist.iter().all(|item| item.en == item.zh));
    assert!(campaign.forms.iter().all(|form| form.title_en == form.title));
    let entry = library.schema().entry("category", "desk_lamp").unwrap();
    assert_eq!((entry.en.as_str(), entry.unit.as_deref()), ("台灯", Some("台")));
}

#[test]
fn what_loads_and_is_yet_likely_a_slip_is_said() {
    let (library, none) = Library::check(&fixtures("campaigns")).unwrap();
    assert_eq!((none, library.campaign("lamps").is_some()), (Vec::new(), true));
    let text = std::fs::read_to_string(fixtures("campaigns-wrong/paper-unknown.toml")).unwrap().replace("B5", "A4");
    let found = |text: &str| -> Vec<(String, usize)> {
        let dir = folder("campaign", text);
        let (_, warnings) = Library::check(dir.path()).unwrap_or_else(|errors| panic!("{errors:?}"));
        warnings.into_iter().map(|warning| (warning.notice.code, warning.line)).collect()
    };
    assert_eq!(found(&text), []);
    let line = |text: &str, words: &str| 1 + text.lines().position(|line| line.contains(words)).unwrap();
    let narrow = text.replace("  { id = \"other\", label = \"其他\", rest = true },\n", "");
    assert_eq!(found(&narrow), [("campaign-rows-leave-out".to_owned(), line(&narrow, "rows = ["))]);
    let wide = text.replacen("width = 20", "width = 260", 1);
    assert_eq!(found(&wide), [("campaign-wider-than-page".to_owned(), line(&wide, "id = \"wrong/1\""))]);
    let unit = text.replace("[{ category = \"mask\" }]", "[{ category = \"mask\" }, { category = \"lamp\" }]");
    let unit = format!("{unit}\n[[vocabulary]]\nid = \"category\"\nentries = [{{ code = \"lamp\", zh = \"灯\" }}]\n");
    assert_eq!(found(&unit), [("campaign-category-without-unit".to_owned(), line(&unit, "categories = ["))]);
    // Rows by category: those of the campaign must have one, others need not.
    let by_category = text.replace("by = { case = \"line\" }", "by = { case = \"category\" }");
    let by_category = by_category.replace("codes = [\"price\"]", "codes = [\"mask\"]");
    let by_category = by_category.replace("  { id = \"other\", label = \"其他\", rest = true },\n", "");
    assert_eq!(found(&by_category), []);
}

#[test]
fn a_bundle_has_one_spelling() {
    let code = |bytes: &[u8]| Bundle::from_bytes(bytes).unwrap_err().notice.code;
    assert_eq!(code(b""), "bundle-malformed");
    assert_eq!(code(b"{\"files\":{}} "), "bundle-malformed");
    assert_eq!(code(b"{\"files\":{\"../x.toml\":\"\"}}"), "bundle-malformed");
    assert_eq!(code(b"{\"files\":{\"fields/../../x.toml\":\"\"}}"), "bundle-malformed");
    assert_eq!(code(b"{\"files\":{},\"more\":1}"), "bundle-malformed");
    assert_eq!(code(b"{\"files\":{}}"), "bundle-malformed", "one campaign, neither none nor several");
}

#[test]
fn a_folder_that_cannot_be_read_is_told() {
    let missing = PathBuf::from("/nowhere/at/all");
    let error = Library::load(std::slice::from_ref(&missing)).unwrap_err();
    assert_eq!((error.notice.code.as_str(), error.file), ("campaign-file-unreadable", missing.display().to_string()));
}

#[test]
fn an_error_says_where() {
    let error = CampaignError::new("a.toml", 7, domain::Notice::new("header-empty").with("column", "x"));
    assert_eq!(error.to_string(), "a.toml:7: header-empty column=x");
    assert_eq!((error.notice().arg("file"), error.notice().arg("line")), (Some("a.toml"), Some("7")));
}

/// The blocks of CAMPAIGNS.md by what they are: `toml campaign`, `toml fields`, `toml vocabulary`.
fn examples(doc: &str) -> BTreeMap<String, String> {
    let mut blocks: BTreeMap<String, String> = BTreeMap::new();
    let mut open: Option<String> = None;
    for line in doc.lines() {
        match (line.strip_prefix("```"), &open) {
            (Some(""), Some(_)) => open = None,
            (Some(info), None) => open = Some(info.to_owned()),
            (_, Some(info)) => blocks.entry(info.clone()).or_default().extend([line, "\n"]),
            _ => {}
        }
    }
    blocks
}

fn keys(value: &serde_json::Value, found: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(entries) => {
            for (key, value) in entries {
                found.insert(key.clone());
                keys(value, found);
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
        _ => {}
    }
}

#[test]
fn the_manual_is_true_in_both_languages() {
    let (english, chinese) =
        (include_str!("../../../docs/CAMPAIGNS.md"), include_str!("../../../docs/CAMPAIGNS.zh.md"));
    assert_eq!(examples(english), examples(chinese), "one set of examples");
    for doc in [english, chinese] {
        the_manual_is_true(doc);
    }
}

fn the_manual_is_true(doc: &str) {
    let blocks = examples(doc);
    let dir = tempfile::tempdir().unwrap();
    for (info, file) in [
        ("toml campaign", "toys/campaign.toml"),
        ("toml fields", "fields/toys.toml"),
        ("toml vocabulary", "vocabulary/material.toml"),
    ] {
        let path = dir.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &blocks[info]).unwrap();
    }
    let library = Library::load(&[dir.path().to_owned()]).unwrap_or_else(|error| panic!("{error}"));
    let mut wanted = BTreeSet::new();
    for campaign in library.campaigns() {
        keys(&serde_json::to_value(campaign).unwrap(), &mut wanted);
    }
    // Row labels by kind are no keys of the format.
    let kinds: BTreeSet<&str> = library.schema().kinds.iter().map(|kind| kind.id.as_str()).collect();
    let untold: Vec<&String> =
        wanted.iter().filter(|key| !kinds.contains(key.as_str()) && !doc.contains(&format!("`{key}`"))).collect();
    assert!(untold.is_empty(), "the manual does not mention {untold:?}");
}

#[test]
fn every_code_has_words_in_both_languages() {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets/messages");
    let catalogue = |language: &str| -> BTreeMap<String, BTreeMap<String, String>> {
        toml::from_str(&std::fs::read_to_string(assets.join(language).join("campaign.toml")).unwrap()).unwrap()
    };
    let (zh, en) = (catalogue("zh"), catalogue("en"));
    assert!(zh.keys().eq(en.keys()));
    let mut used = BTreeSet::new();
    for file in [
        "bundle",
        "calendar",
        "divisions",
        "checks",
        "folder",
        "library",
        "sections",
        "source",
        "check/mod",
        "check/checks",
        "check/dates",
        "check/figures",
        "check/forms",
        "check/found",
        "check/headers",
        "check/lists",
        "check/reports",
        "check/shared",
        "check/warnings",
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/{file}.rs"));
        let text = std::fs::read_to_string(path).unwrap();
        used.extend(text.split("Notice::new(\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()));
        used.extend(text.split('"').filter(|word| word.starts_with("campaign-")).map(str::to_owned));
    }
    let named: BTreeSet<String> = zh.keys().cloned().collect();
    assert_eq!(used, named, "codes in the program and codes with words");
}

#[test]
fn a_damaged_file_is_refused_politely() {
    let fields = std::fs::read_to_string(fixtures("campaigns/fields/lamps.toml")).unwrap();
    let vocabularies = ["lamps", "mounting"]
        .map(|name| std::fs::read_to_string(fixtures("campaigns/vocabulary").join(format!("{name}.toml"))).unwrap());
    let text = std::fs::read_to_string(fixtures("campaigns/lamps/campaign.toml")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let dir = folder("fields", &fields);
    let vocabulary = dir.path().join("vocabulary");
    std::fs::create_dir_all(&vocabulary).unwrap();
    for (index, text) in vocabularies.iter().enumerate() {
        std::fs::write(vocabulary.join(format!("{index}.toml")), text).unwrap();
    }
    let file = dir.path().join("lamps/campaign.toml");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    let mut refused = 0;
    for at in 0..lines.len() {
        let without: Vec<&str> = [&lines[..at], &lines[at + 1..]].concat();
        for damaged in [without.join("\n"), lines[..at].join("\n")] {
            std::fs::write(&file, &damaged).unwrap();
            for error in Library::problems(dir.path()) {
                refused += 1;
                let of_campaign = error.file.ends_with("campaign.toml");
                let last = if of_campaign { damaged.lines().count().max(1) } else { fields.lines().count() };
                assert!((1..=last).contains(&error.line), "{error}");
            }
        }
    }
    assert!(refused > lines.len(), "most damage is noticed");
}

#[test]
fn files_of_other_editors_load() {
    let text = std::fs::read_to_string(fixtures("campaigns-wrong/paper-unknown.toml")).unwrap().replace("B5", "A4");
    let dir = folder("campaign", &format!("\u{feff}{}", text.replace('\n', "\r\n")));
    std::fs::write(dir.path().join("README.txt"), "not a campaign").unwrap();
    std::fs::create_dir(dir.path().join("pictures")).unwrap();
    let library = Library::load(&[dir.path().to_owned()]).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(library.form("wrong/1").unwrap().1.page.paper, "A4");
}

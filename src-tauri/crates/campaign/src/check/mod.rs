//! Whether what a file says makes sense: everything it names is known, and every table can be counted and printed as it is
//! described. It reads text already parsed, and looks at no record.

mod dates;
mod figures;
mod forms;
mod headers;
mod lists;
mod shared;

use std::collections::BTreeSet;

use domain::Notice;
use domain::schema::Schema;

use crate::model::Campaign;
use crate::reads::CATEGORY;
use crate::source::{Path, Problem};

pub(crate) use figures::follow;
pub(crate) use shared::{entry_problem, field_set, vocabulary};

const DEPARTMENT: &str = "department";
const STAGE: &str = "stage";

/// Everything wrong with a campaign, given the schema with its vocabularies and field sets.
pub(crate) fn campaign(schema: &Schema, campaign: &Campaign) -> Vec<Problem> {
    let mut found = Found::default();
    let root = Path::default();
    found.code(&root.key("id"), &campaign.id);
    for (key, text) in [("title", &campaign.title), ("title_en", &campaign.title_en)] {
        found.words(&root.key(key), text);
    }
    categories(schema, campaign, &mut found);
    dates::check(campaign, &mut found);
    checklist(schema, campaign, &mut found);
    figures::check(schema, campaign, &mut found);
    tasks(campaign, &mut found);
    forms::check(schema, campaign, &mut found);
    found.problems
}

fn categories(schema: &Schema, campaign: &Campaign, found: &mut Found) {
    let root = Path::default().key("categories");
    if campaign.categories.is_empty() {
        found.add(&root, Notice::new("campaign-categories-missing"));
    }
    let mut seen = Unique::default();
    for (index, used) in campaign.categories.iter().enumerate() {
        let path = root.at(index).key("category");
        found.entry(schema, &path, CATEGORY, &used.category);
        found.unique(&path, &mut seen, &used.category);
        let mut varieties = Unique::default();
        for (at, variety) in used.varieties.iter().enumerate() {
            let path = root.at(index).key("varieties").at(at);
            found.words(&path, variety);
            found.unique(&path, &mut varieties, variety);
        }
    }
}

fn checklist(schema: &Schema, campaign: &Campaign, found: &mut Found) {
    let mut seen = Unique::default();
    for (index, item) in campaign.checklist.iter().enumerate() {
        let path = Path::default().key("checklist").at(index);
        found.code(&path.key("code"), &item.code);
        found.unique(&path.key("code"), &mut seen, &item.code);
        found.labels(&path, &item.zh, &item.en);
        if let Some(department) = &item.department {
            found.entry(schema, &path.key("department"), DEPARTMENT, department);
        }
        for (at, stage) in item.stages.iter().enumerate() {
            found.entry(schema, &path.key("stages").at(at), STAGE, stage);
        }
    }
}

fn tasks(campaign: &Campaign, found: &mut Found) {
    let mut seen = Unique::default();
    for (index, task) in campaign.tasks.iter().enumerate() {
        let path = Path::default().key("task").at(index);
        found.code(&path.key("id"), &task.id);
        found.unique(&path.key("id"), &mut seen, &task.id);
        found.labels(&path, &task.zh, &task.en);
        for (key, figure) in [("done", &task.done), ("of", &task.of)] {
            let Some(figure) = figure else { continue };
            if !campaign.figures.iter().any(|known| known.id == *figure) {
                found.add(&path.key(key), Notice::new("campaign-figure-unknown").with("value", figure));
            }
        }
        if task.of.is_some() && task.done.is_none() {
            found.add(&path.key("of"), Notice::new("campaign-key-missing").with("key", "done"));
        }
    }
}

/// Ids seen so far.
type Unique<'a> = BTreeSet<&'a str>;

/// What is wrong so far.
#[derive(Default)]
struct Found {
    problems: Vec<Problem>,
}

impl Found {
    fn add(&mut self, path: &Path, notice: Notice) {
        self.problems.push(Problem { path: path.clone(), notice });
    }

    fn code(&mut self, path: &Path, text: &str) {
        if !domain::schema::is_code(text) {
            self.add(path, Notice::new("campaign-code-malformed").with("value", text));
        }
    }

    fn words(&mut self, path: &Path, text: &str) {
        if text.trim().is_empty() {
            self.add(path, Notice::new("campaign-words-missing"));
        }
    }

    fn labels(&mut self, path: &Path, zh: &str, en: &str) {
        self.words(&path.key("zh"), zh);
        self.words(&path.key("en"), en);
    }

    fn unique<'a>(&mut self, path: &Path, seen: &mut Unique<'a>, id: &'a str) {
        if !seen.insert(id) {
            self.add(path, Notice::new("campaign-id-twice").with("value", id));
        }
    }

    fn entry(&mut self, schema: &Schema, path: &Path, vocabulary: &str, code: &str) {
        if schema.entry(vocabulary, code).is_none() {
            let notice = Notice::new("campaign-entry-unknown").with("value", code).with("vocabulary", vocabulary);
            self.add(path, notice);
        }
    }
}

//! Whether what a file says makes sense: everything it names is known, and every table can be counted and printed as it is
//! described. It reads text already parsed, and looks at no record.

mod checks;
mod dates;
mod figures;
mod forms;
mod found;
mod headers;
mod lists;
mod reports;
mod shared;
mod warnings;

use std::collections::BTreeSet;

use domain::Notice;
use domain::schema::Schema;

use crate::model::{ANSWERS, Campaign};
use crate::reads::CATEGORY;
use crate::source::{Path, Problem};
use found::{Found, Unique};

pub(crate) use figures::follow;
pub(crate) use shared::{entry_problem, field_set, vocabulary};

const DEPARTMENT: &str = "department";
const STAGE: &str = "stage";
const ROLE: &str = "role";

/// Everything wrong with a campaign, given the schema with its vocabularies and field sets.
pub(crate) fn campaign(schema: &Schema, campaign: &Campaign) -> Vec<Problem> {
    let mut found = Found::default();
    let root = Path::default();
    found.code(&root.key("id"), &campaign.id);
    found.words(&root.key("title"), &campaign.title);
    categories(schema, campaign, &mut found);
    dates::check(campaign, &mut found);
    checklist(schema, campaign, &mut found);
    figures::check(schema, campaign, &mut found);
    tasks(campaign, &mut found);
    forms::check(schema, campaign, &mut found);
    reports::check(schema, campaign, &mut found);
    notes(campaign, &mut found);
    found.problems
}

/// What a campaign's author should look at once more, though it loads.
pub(crate) fn warnings(schema: &Schema, campaign: &Campaign) -> Vec<Problem> {
    let mut found = Found::default();
    warnings::check(schema, campaign, &mut found);
    found.problems
}

fn notes(campaign: &Campaign, found: &mut Found) {
    for (index, note) in campaign.notes.iter().enumerate() {
        let path = Path::default().key("notes").at(index);
        if note.zh.trim().is_empty() {
            found.add(&path, Notice::new("campaign-words-missing"));
        }
        if let Some(form) = note.form.as_ref().filter(|form| !campaign.forms.iter().any(|known| known.id == **form)) {
            found.add(&path.key("form"), Notice::new("campaign-form-unknown").with("value", form));
        }
    }
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
        found.labels(&path, &item.zh);
        answers(schema, &path.key("answers"), &item.answers, found);
        if let Some(department) = &item.department {
            found.entry(schema, &path.key("department"), DEPARTMENT, department);
        }
        for (key, vocabulary, codes) in
            [("stages", STAGE, &item.stages), ("roles", ROLE, &item.roles), ("categories", CATEGORY, &item.categories)]
        {
            for (at, code) in codes.iter().enumerate() {
                found.entry(schema, &path.key(key).at(at), vocabulary, code);
            }
        }
    }
}

/// What a checklist item is answered with: a vocabulary of the same codes, in words of its own.
fn answers(schema: &Schema, path: &Path, id: &str, found: &mut Found) {
    let codes = |id: &str| {
        let entries = schema.vocabulary(id).map(|vocabulary| vocabulary.entries.iter());
        entries.map(|entries| entries.map(|entry| entry.code.as_str()).collect::<BTreeSet<&str>>())
    };
    if codes(id).is_none() || codes(id) != codes(ANSWERS) {
        let of_answers = |id: &&str| codes(id) == codes(ANSWERS);
        let known = schema.vocabularies.iter().map(|vocabulary| vocabulary.id.as_str()).filter(of_answers);
        let known = known.collect::<Vec<_>>().join(" ");
        found.add(path, Notice::new("campaign-answers-unknown").with("value", id).with("known", known));
    }
}

fn tasks(campaign: &Campaign, found: &mut Found) {
    let mut seen = Unique::default();
    for (index, task) in campaign.tasks.iter().enumerate() {
        let path = Path::default().key("task").at(index);
        found.code(&path.key("id"), &task.id);
        found.unique(&path.key("id"), &mut seen, &task.id);
        found.labels(&path, &task.zh);
        for (key, figure) in [("done", &task.done), ("of", &task.of), ("open", &task.open)] {
            let Some(figure) = figure else { continue };
            if !campaign.figures.iter().any(|known| known.id == *figure) {
                found.add(&path.key(key), Notice::new("campaign-figure-unknown").with("value", figure));
            }
        }
        if task.open.is_some() && campaign.to_do(task).is_none() {
            found.add(&path.key("open"), Notice::new("campaign-task-open").with("value", &task.id));
        }
        if task.of.is_some() && task.done.is_none() {
            found.add(&path.key("of"), Notice::new("campaign-key-missing").with("key", "done"));
        }
    }
}

//! The campaign's tasks with their progress, as its file defines it: two figures, counted where every figure is counted.

use campaign::model::ToDo;
use campaign::Figure;
use domain::numbers::Rate;
use domain::{Notice, RecordId};
use serde::Serialize;
use store::Reader;
use ts_rs::TS;

use crate::failure::{Failure, Outcome};
use crate::reports::is_money;
use crate::session::Reading;
use crate::words::title_of;

/// Lines of a page of what is to do.
const PAGE: usize = 50;

/// Words shown of a long text.
const WORDS: usize = 60;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct TaskView {
    pub id: String,
    pub zh: String,
    pub en: String,
    /// None where the document does not measure the task.
    pub done: Option<TaskFigure>,
    pub of: Option<TaskFigure>,
    /// `57.89%`; none without a denominator, or over nothing.
    pub rate: Option<String>,
    /// The same in hundredths of a percent, for the length of the bar: from 0 to 10000.
    pub share: Option<i64>,
    /// How many records or enterprises its 未完成清单 holds; none where it has no such list.
    pub open: Option<i64>,
}

/// A page of what a task has still to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ToDoPage {
    pub lines: Vec<ToDoLine>,
    pub total: u64,
}

/// One record, or enterprise, that a task has still to be done for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ToDoLine {
    pub id: String,
    pub kind: String,
    /// Blank where the record says nothing.
    pub title: String,
    /// Whom it is about; blank where it is an enterprise itself, or that is not known.
    pub enterprise: String,
    pub office: String,
    pub office_name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct TaskFigure {
    pub zh: String,
    pub en: String,
    pub value: i64,
    /// The value is money, in fen.
    pub money: bool,
}

impl Reading {
    pub fn tasks(&self, chosen: Option<&str>) -> Outcome<Vec<TaskView>> {
        let campaign = self.shown_campaign(chosen)?;
        let named = |task: &'_ campaign::Task| [task.done.clone(), task.of.clone(), task.open.clone()];
        let asked: Vec<String> = campaign.tasks.iter().flat_map(named).flatten().collect();
        let mut figures: Vec<&Figure> = Vec::new();
        for id in asked {
            if !figures.iter().any(|known| known.id == id) {
                figures.extend(campaign.figure(&id));
            }
        }
        let over = self.over(campaign, self.clock().today());
        let values = self.read::<_, Failure>(|reader| Ok(reader.figures(over, &figures)?))?;
        let counted = |id: &Option<String>| {
            let at = figures.iter().position(|figure| Some(&figure.id) == id.as_ref())?;
            Some(self.task_figure(figures[at], values[at]))
        };
        let value = |id: &Option<String>| counted(id).map_or(0, |figure| figure.value);
        let view = |task: &campaign::Task| {
            let open = campaign.to_do(task).map(|to_do| match to_do {
                ToDo::Counted(_) => value(&task.open),
                ToDo::Between { .. } => value(&task.of) - value(&task.done),
            });
            TaskView { open, ..view(task, counted(&task.done), counted(&task.of)) }
        };
        Ok(campaign.tasks.iter().map(view).collect())
    }

    /// What a task has still to do, from its `skip`th on.
    pub fn task_to_do(&self, chosen: Option<&str>, task: &str, skip: usize) -> Outcome<ToDoPage> {
        let campaign = self.shown_campaign(chosen)?;
        let unknown = || Notice::new("task-without-list").with("value", task);
        let known = campaign.tasks.iter().find(|known| known.id == task).ok_or_else(unknown)?;
        let to_do = campaign.to_do(known).ok_or_else(unknown)?;
        let over = self.over(campaign, self.clock().today());
        self.read::<_, Failure>(|reader| {
            let open = reader.to_do(over, to_do)?;
            let total = open.len() as u64;
            let shown = open.into_iter().skip(skip).take(PAGE);
            let lines = shown.map(|id| self.to_do_line(reader, id)).collect::<Outcome<_>>()?;
            Ok(ToDoPage { lines, total })
        })
    }

    fn to_do_line(&self, reader: &Reader, id: RecordId) -> Outcome<ToDoLine> {
        let record = reader.record(id)?.ok_or_else(|| Notice::new("record-unknown").with("id", id))?;
        let of = record.reference("enterprise").map(|id| reader.record(id)).transpose()?.flatten();
        let title = title_of(self, reader, &record)?;
        Ok(ToDoLine {
            id: id.to_string(),
            title: title.chars().take(WORDS).collect(),
            enterprise: of.and_then(|of| of.text("name").map(str::to_owned)).unwrap_or_default(),
            office_name: self.name_of(reader, &record.office)?,
            office: record.office.to_string(),
            kind: record.kind,
        })
    }

    fn task_figure(&self, figure: &Figure, value: i64) -> TaskFigure {
        let money = is_money(self.library().schema(), figure);
        TaskFigure { zh: figure.zh.clone(), en: figure.en.clone(), value, money }
    }
}

fn view(task: &campaign::Task, done: Option<TaskFigure>, of: Option<TaskFigure>) -> TaskView {
    let rate = match (&done, &of) {
        (Some(done), Some(of)) => Rate::of(done.value, of.value),
        _ => None,
    };
    TaskView {
        id: task.id.clone(),
        zh: task.zh.clone(),
        en: task.en.clone(),
        done,
        of,
        rate: rate.map(|rate| rate.to_string()),
        share: rate.map(|rate| rate.hundredths.clamp(0, 10_000)),
        open: None,
    }
}

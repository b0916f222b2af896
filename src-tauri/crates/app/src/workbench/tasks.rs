//! The campaign's tasks with their progress, as its file defines it: two figures, counted where every figure is counted.

use campaign::Figure;
use domain::numbers::Rate;
use serde::Serialize;
use ts_rs::TS;

use crate::failure::{Failure, Outcome};
use crate::reports::is_money;
use crate::session::Reading;

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
        let asked = campaign.tasks.iter().flat_map(|task| [task.done.as_deref(), task.of.as_deref()]).flatten();
        let mut figures: Vec<&Figure> = Vec::new();
        for id in asked {
            if !figures.iter().any(|known| known.id == id) {
                figures.extend(campaign.figures.iter().find(|figure| figure.id == id));
            }
        }
        let over = self.over(campaign, self.clock().today());
        let values = self.read::<_, Failure>(|reader| Ok(reader.figures(over, &figures)?))?;
        let counted = |id: &Option<String>| {
            let at = figures.iter().position(|figure| Some(&figure.id) == id.as_ref())?;
            Some(self.task_figure(figures[at], values[at]))
        };
        Ok(campaign.tasks.iter().map(|task| view(task, counted(&task.done), counted(&task.of))).collect())
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
    }
}

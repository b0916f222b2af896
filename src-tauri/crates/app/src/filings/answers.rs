//! 批复: what an office above says of a filing. It belongs to the office that filed, and travels there in the next package down.

use domain::filing::ANSWER;
use domain::record::changed_slots;
use domain::{Fields, Notice, OfficeCode, RecordId, Value};
use serde::Serialize;
use store::{Edit, Reader};
use ts_rs::TS;

use super::Filing;
use crate::failure::{Failure, Outcome};
use crate::records::Context;
use crate::records::from_above::is_above;
use crate::session::{Reading, Writing};

/// Characters of a reason.
const MOST_WHY: usize = 2_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    Accepted,
    Returned,
}

impl Decision {
    fn code(self) -> &'static str {
        match self {
            Decision::Accepted => "accepted",
            Decision::Returned => "returned",
        }
    }
}

/// What was answered to a filing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AnswerView {
    pub decision: Decision,
    pub why: String,
    pub on: String,
    pub office: String,
    pub office_name: String,
}

impl Reading {
    /// What offices above answered to a filing, in the order it came. What anybody else wrote as an answer is none.
    pub(crate) fn answers_to(&self, reader: &Reader, filing: &Filing) -> Outcome<Vec<AnswerView>> {
        let mut answers = Vec::new();
        for row in reader.answers(filing.id)? {
            let Some(author) = row.author.filter(|author| is_above(author, &filing.office)) else { continue };
            let decision = match row.record.text("decision") {
                Some("accepted") => Decision::Accepted,
                Some("returned") => Decision::Returned,
                _ => continue,
            };
            answers.push(AnswerView {
                decision,
                why: row.record.text("why").unwrap_or_default().to_owned(),
                on: row.record.text("answered_on").unwrap_or_default().to_owned(),
                office_name: self.name_of(reader, &author)?,
                office: author.to_string(),
            });
        }
        Ok(answers)
    }
}

impl Writing {
    /// Accepts a sealed filing of an office below, or returns it with a reason. A return reopens nothing: what is answered to it is
    /// a filing that corrects this one.
    ///
    /// # Errors
    /// `filing-unknown`, `filing-not-sealed`, `answer-from-below`, `answer-reason-missing`, `answer-reason-long`
    pub fn answer_filing(&mut self, id: RecordId, decision: Decision, why: &str) -> Outcome<RecordId> {
        let why = why.trim();
        let office: OfficeCode = self.read::<_, Failure>(|reader| {
            let filing = self.filing_of(reader, id)?;
            if !filing.sealed {
                return Err(Notice::new("filing-not-sealed").with("id", id).into());
            }
            if !is_above(self.office(), &filing.office) {
                return Err(Notice::new("answer-from-below").with("office", &filing.office).into());
            }
            Ok(filing.office)
        })?;
        if decision == Decision::Returned && why.is_empty() {
            return Err(Notice::new("answer-reason-missing").into());
        }
        if why.chars().count() > MOST_WHY {
            return Err(Notice::new("answer-reason-long").with("limit", MOST_WHY).into());
        }
        let context = Context::of(self);
        let (now, today) = (self.clock().millis(), self.clock().today());
        let answer = RecordId(uuid::Uuid::now_v7());
        let mut given = Fields::from([
            ("of".to_owned(), Value::text(id.to_string())),
            ("decision".to_owned(), Value::text(decision.code())),
            ("answered_on".to_owned(), Value::text(today.to_string())),
        ]);
        if !why.is_empty() {
            given.insert("why".to_owned(), Value::text(why));
        }
        let schema = context.library.schema();
        let kind = schema.kind(ANSWER).ok_or_else(|| Notice::new("kind-unknown").with("value", ANSWER))?;
        let slots = changed_slots(kind, &Fields::new(), &given)?;
        let edit =
            Edit { record: answer, kind: ANSWER.to_owned(), office, author: context.author.clone(), slots };
        self.transact::<_, Failure>(|writer| context.append(writer, edit, now))?;
        Ok(answer)
    }
}


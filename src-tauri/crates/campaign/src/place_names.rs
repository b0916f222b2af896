//! What a list prints of a division: its name as far as the form's office leaves it open, 永宁县 on a form of 银川市 and
//! 银川市永宁县 on one of 宁夏. The code stays what is stored, sorted and compared.

use domain::OfficeCode;
use domain::schema::{FieldType, Schema};

use crate::answers::{AnswerCell, Answers};
use crate::check;
use crate::library::Library;
use crate::model::{Body, CellRule, Column, Form};

/// Between several values of one cell.
const BETWEEN: &str = "、";

impl Library {
    /// Answers with the names of divisions for their codes. A code the data does not know stays as it is.
    pub fn with_place_names(&self, form: &Form, office: &OfficeCode, mut answers: Answers) -> Answers {
        let (Body::List { of, .. }, Answers::List { rows, .. }) = (&form.body, &mut answers) else { return answers };
        let places: Vec<bool> = form.columns.iter().map(|column| is_division(self.schema(), of, column)).collect();
        if !places.contains(&true) {
            return answers;
        }
        let name = |code: &str| self.divisions().name_under(code, office.division()).unwrap_or_else(|| code.to_owned());
        for row in rows {
            for (cell, _) in row.cells.iter_mut().zip(&places).filter(|(_, place)| **place) {
                if let AnswerCell::Text(codes) = cell {
                    *codes = codes.split(BETWEEN).map(name).collect::<Vec<_>>().join(BETWEEN);
                }
            }
        }
        answers
    }
}

fn is_division(schema: &Schema, of: &str, column: &Column) -> bool {
    let field = match &column.cell {
        CellRule::Field(path) => schema.kind(of).and_then(|kind| check::follow(schema, kind, path)),
        CellRule::Collect { kind, field, .. } => schema.kind(kind).and_then(|kind| kind.field(field)),
        _ => None,
    };
    field.is_some_and(|field| field.ty == FieldType::Division)
}

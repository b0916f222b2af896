//! Filings (报送) and answers: what the program itself has to know of these two kinds. A filing that was sealed takes no further
//! revision; what became of it afterwards (answered, superseded) is said by other records.

use crate::value::{Fields, Value};

/// The kind of a filing.
pub const FILING: &str = "submission";

/// The kind of what an office above says of one.
pub const ANSWER: &str = "answer";

const STATE: &str = "state";
const SEALED: &str = "sealed";

/// Whether slots, of a record or of a revision, say that a filing is sealed.
pub fn is_sealed(kind: &str, slots: &Fields) -> bool {
    kind == FILING && slots.get(STATE).and_then(Value::as_str) == Some(SEALED)
}

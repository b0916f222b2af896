-- What was typed and is not recorded yet: this book's own business. It is no revision, so no package carries it and nothing
-- counts it; a backup, being the whole book, holds it. `record` is null for a record that is not yet there.
CREATE TABLE draft (
  id     BLOB PRIMARY KEY,
  kind   TEXT NOT NULL,
  record BLOB UNIQUE,
  at     INTEGER NOT NULL,
  body   TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX draft_kind ON draft (kind, at);

-- The records that name another one are shown on its page.
CREATE INDEX named_problem_inspection ON p_problem (inspection) WHERE inspection IS NOT NULL;
CREATE INDEX named_inspection_follow_up_of ON p_inspection (follow_up_of) WHERE follow_up_of IS NOT NULL;
CREATE INDEX named_sample_product ON p_sample (product) WHERE product IS NOT NULL;
CREATE INDEX named_case_clue ON p_case (clue) WHERE clue IS NOT NULL;
CREATE INDEX named_recall_product ON p_recall (product) WHERE product IS NOT NULL;
CREATE INDEX named_recall_repeat_of ON p_recall (repeat_of) WHERE repeat_of IS NOT NULL;

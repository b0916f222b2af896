-- Filings and answers (see `assets/schema/core.toml`). The place that was kept for filings had other columns, and nothing of this
-- office's own was ever recorded there; what came of them from newer books is projected anew from their records.

DROP TABLE "p_submission";

CREATE TABLE "p_submission" (
  n         INTEGER PRIMARY KEY,
  id        BLOB NOT NULL UNIQUE,
  office    TEXT NOT NULL,
  campaigns TEXT NOT NULL,
  void      INTEGER NOT NULL,
  extra     TEXT,
  "campaign" TEXT,
  "report" TEXT,
  "due" TEXT,
  "as_of" TEXT,
  "state" TEXT,
  "filler" TEXT,
  "phone" TEXT,
  "reviewer" TEXT,
  "approver" TEXT,
  "zero" INTEGER,
  "late_reason" TEXT,
  "clock_reason" TEXT,
  "corrects" TEXT,
  "correction" TEXT,
  "checks" TEXT,
  "doubts" TEXT,
  "sections" TEXT,
  "snapshot" TEXT,
  "printed" TEXT,
  "sealed_at" INTEGER
);

CREATE INDEX "p_submission_list" ON "p_submission" (n, void, office, campaigns);

CREATE INDEX "p_submission_void" ON "p_submission" (n) WHERE void = 1;

CREATE INDEX "p_submission_due" ON "p_submission" ("campaign", "report", "due", n);

CREATE INDEX "p_submission_count" ON "p_submission" (
  n, id, office, campaigns, void, "due", "as_of", "state", "zero", "corrects", "sealed_at", extra
);

CREATE TABLE "p_answer" (
  n         INTEGER PRIMARY KEY,
  id        BLOB NOT NULL UNIQUE,
  office    TEXT NOT NULL,
  campaigns TEXT NOT NULL,
  void      INTEGER NOT NULL,
  extra     TEXT,
  "of" BLOB,
  "decision" TEXT,
  "why" TEXT,
  "answered_on" TEXT
);

CREATE INDEX "p_answer_list" ON "p_answer" (n, void, office, campaigns);

CREATE INDEX "p_answer_void" ON "p_answer" (n) WHERE void = 1;

CREATE INDEX "p_answer_of" ON "p_answer" ("of", n);

CREATE INDEX "p_answer_count" ON "p_answer" (
  n, id, office, campaigns, void, "of", "decision", "answered_on", extra
);

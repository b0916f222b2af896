-- One table per kind, one column per core field (a test compares them with the core schema). Dates are YYYY-MM-DD; sets are
-- |codes|between|bars|; lists and objects are JSON; references are 16-byte record ids; money is fen. `extra` holds the fields
-- the core schema does not name, as one JSON object. The index `…_list` holds what a list asks of every row, so that passing
-- over a million of them reads no row.

CREATE TABLE "p_enterprise" (
  n         INTEGER PRIMARY KEY,
  id        BLOB NOT NULL UNIQUE,
  office    TEXT NOT NULL,
  campaigns TEXT NOT NULL,
  void      INTEGER NOT NULL,
  extra     TEXT,
  "name" TEXT,
  "uscc" TEXT,
  "individual" INTEGER,
  "roles" TEXT,
  "division" TEXT,
  "address" TEXT,
  "area" TEXT,
  "legal_representative" TEXT,
  "contact" TEXT,
  "phone" TEXT,
  "scale" TEXT,
  "status" TEXT,
  "established_on" TEXT,
  "exports" INTEGER,
  "same_as" BLOB
);

CREATE INDEX "p_enterprise_list" ON "p_enterprise" (n, void, office, campaigns);

CREATE INDEX "p_enterprise_void" ON "p_enterprise" (n) WHERE void = 1;

CREATE INDEX "p_enterprise_uscc" ON "p_enterprise" ("uscc", n) WHERE "uscc" IS NOT NULL;

CREATE INDEX "p_enterprise_division" ON "p_enterprise" ("division", n) WHERE "division" IS NOT NULL;

CREATE INDEX "p_enterprise_same_as" ON "p_enterprise" (same_as) WHERE same_as IS NOT NULL;

CREATE TABLE "p_product" (
  n         INTEGER PRIMARY KEY,
  id        BLOB NOT NULL UNIQUE,
  office    TEXT NOT NULL,
  campaigns TEXT NOT NULL,
  void      INTEGER NOT NULL,
  extra     TEXT,
  "enterprise" BLOB,
  "category" TEXT,
  "name" TEXT,
  "variety" TEXT,
  "model" TEXT,
  "standard" TEXT,
  "standard_level" TEXT,
  "exported" INTEGER
);

CREATE INDEX "p_product_list" ON "p_product" (n, void, office, campaigns);

CREATE INDEX "p_product_void" ON "p_product" (n) WHERE void = 1;

CREATE INDEX "p_product_enterprise" ON "p_product" ("enterprise", n);

CREATE TABLE "p_inspection" (
  n         INTEGER PRIMARY KEY,
  id        BLOB NOT NULL UNIQUE,
  office    TEXT NOT NULL,
  campaigns TEXT NOT NULL,
  void      INTEGER NOT NULL,
  extra     TEXT,
  "enterprise" BLOB,
  "date" TEXT,
  "started_at" TEXT,
  "ended_at" TEXT,
  "place" TEXT,
  "mode" TEXT,
  "follow_up_of" BLOB,
  "inspectors" TEXT,
  "certificates" TEXT,
  "person_in_charge" TEXT,
  "witness" TEXT,
  "line" TEXT,
  "also_lines" TEXT,
  "department" TEXT,
  "categories" TEXT,
  "stage" TEXT,
  "checklist" TEXT,
  "findings" TEXT,
  "outcome" TEXT,
  "rectify_by" TEXT
);

CREATE INDEX "p_inspection_list" ON "p_inspection" (n, void, office, campaigns);

CREATE INDEX "p_inspection_void" ON "p_inspection" (n) WHERE void = 1;

CREATE INDEX "p_inspection_enterprise" ON "p_inspection" ("enterprise", n);

CREATE INDEX "p_inspection_date" ON "p_inspection" ("date", n);

CREATE INDEX "p_inspection_follow_up_of" ON "p_inspection" ("follow_up_of") WHERE void = 0 AND "follow_up_of" IS NOT NULL;

CREATE INDEX "p_inspection_recheck" ON "p_inspection" ("enterprise", "date") WHERE void = 0 AND "mode" = 'recheck';

CREATE INDEX "p_inspection_rectify_by" ON "p_inspection" ("rectify_by", n) WHERE void = 0 AND "rectify_by" IS NOT NULL;

CREATE TABLE "p_problem" (
  n         INTEGER PRIMARY KEY,
  id        BLOB NOT NULL UNIQUE,
  office    TEXT NOT NULL,
  campaigns TEXT NOT NULL,
  void      INTEGER NOT NULL,
  extra     TEXT,
  "inspection" BLOB,
  "enterprise" BLOB,
  "found_on" TEXT,
  "description" TEXT,
  "measure" TEXT,
  "due_on" TEXT,
  "state" TEXT,
  "verified_on" TEXT
);

CREATE INDEX "p_problem_list" ON "p_problem" (n, void, office, campaigns);

CREATE INDEX "p_problem_void" ON "p_problem" (n) WHERE void = 1;

CREATE INDEX "p_problem_enterprise" ON "p_problem" ("enterprise", n);

CREATE INDEX "p_problem_found_on" ON "p_problem" ("found_on", n);

CREATE INDEX "p_problem_inspection" ON "p_problem" ("inspection", "state", "due_on") WHERE void = 0 AND "inspection" IS NOT NULL;

CREATE INDEX "p_problem_open" ON "p_problem" ("due_on", n) WHERE void = 0 AND "due_on" IS NOT NULL AND "state" = 'open';

CREATE TABLE "p_sample" (
  n         INTEGER PRIMARY KEY,
  id        BLOB NOT NULL UNIQUE,
  office    TEXT NOT NULL,
  campaigns TEXT NOT NULL,
  void      INTEGER NOT NULL,
  extra     TEXT,
  "number" TEXT,
  "enterprise" BLOB,
  "nominal_producer" TEXT,
  "product" BLOB,
  "product_name" TEXT,
  "model" TEXT,
  "category" TEXT,
  "variety" TEXT,
  "produced_on" TEXT,
  "sampled_on" TEXT,
  "samplers" TEXT,
  "place" TEXT,
  "stage" TEXT,
  "authority" TEXT,
  "province" TEXT,
  "batch_no" TEXT,
  "batch_quantity" INTEGER,
  "sampled_quantity" INTEGER,
  "lab" TEXT,
  "reported_on" TEXT,
  "delivered_on" TEXT,
  "result" TEXT,
  "failed_items" TEXT,
  "nonconforming_quantity" INTEGER,
  "objected_on" TEXT,
  "retested_on" TEXT,
  "retest" TEXT,
  "entered_market" TEXT,
  "announced_on" TEXT,
  "shared_with" TEXT,
  "shared_on" TEXT
);

CREATE INDEX "p_sample_list" ON "p_sample" (n, void, office, campaigns);

CREATE INDEX "p_sample_void" ON "p_sample" (n) WHERE void = 1;

CREATE INDEX "p_sample_enterprise" ON "p_sample" ("enterprise", n);

CREATE INDEX "p_sample_sampled_on" ON "p_sample" ("sampled_on", n);

CREATE INDEX "p_sample_number" ON "p_sample" ("number", n);

CREATE INDEX "p_sample_pending" ON "p_sample" ("sampled_on", n) WHERE void = 0 AND "result" = 'pending';

CREATE TABLE "p_disposal" (
  n         INTEGER PRIMARY KEY,
  id        BLOB NOT NULL UNIQUE,
  office    TEXT NOT NULL,
  campaigns TEXT NOT NULL,
  void      INTEGER NOT NULL,
  extra     TEXT,
  "sample" BLOB,
  "stop_sale_on" TEXT,
  "sealed_quantity" INTEGER,
  "sealed_on" TEXT,
  "detained_quantity" INTEGER,
  "detained_on" TEXT,
  "recalled_quantity" INTEGER,
  "recalled_on" TEXT,
  "destroyed_quantity" INTEGER,
  "destroyed_on" TEXT,
  "flows" TEXT,
  "rectify_ordered_on" TEXT,
  "rectify_by" TEXT,
  "reinspected_on" TEXT,
  "reinspection" TEXT,
  "resumed_on" TEXT,
  "case" BLOB,
  "transferred_on" TEXT,
  "measures" TEXT,
  "assistance" TEXT
);

CREATE INDEX "p_disposal_list" ON "p_disposal" (n, void, office, campaigns);

CREATE INDEX "p_disposal_void" ON "p_disposal" (n) WHERE void = 1;

CREATE INDEX "p_disposal_sample" ON "p_disposal" ("sample", n);

CREATE INDEX "p_disposal_case" ON "p_disposal" ("case", n) WHERE "case" IS NOT NULL;

CREATE INDEX "p_disposal_rectify_by" ON "p_disposal" ("rectify_by", n) WHERE void = 0 AND "rectify_by" IS NOT NULL AND "reinspected_on" IS NULL;

CREATE TABLE "p_case" (
  n         INTEGER PRIMARY KEY,
  id        BLOB NOT NULL UNIQUE,
  office    TEXT NOT NULL,
  campaigns TEXT NOT NULL,
  void      INTEGER NOT NULL,
  extra     TEXT,
  "number" TEXT,
  "cause" TEXT,
  "enterprise" BLOB,
  "line" TEXT,
  "category" TEXT,
  "filed_on" TEXT,
  "decision_no" TEXT,
  "decision" TEXT,
  "penalty_kinds" TEXT,
  "penalty_on" TEXT,
  "penalty_fen" INTEGER,
  "value_fen" INTEGER,
  "seized_quantity" INTEGER,
  "closed_on" TEXT,
  "transferred_on" TEXT,
  "supervised" INTEGER,
  "published_on" TEXT,
  "credit_listed_on" TEXT,
  "clue" BLOB,
  "sample" BLOB
);

CREATE INDEX "p_case_list" ON "p_case" (n, void, office, campaigns);

CREATE INDEX "p_case_void" ON "p_case" (n) WHERE void = 1;

CREATE INDEX "p_case_enterprise" ON "p_case" ("enterprise", n);

CREATE INDEX "p_case_filed_on" ON "p_case" ("filed_on", n);

CREATE INDEX "p_case_sample" ON "p_case" ("sample", n) WHERE "sample" IS NOT NULL;

CREATE INDEX "p_case_number" ON "p_case" ("number", n) WHERE "number" IS NOT NULL;

CREATE INDEX "p_case_unpublished" ON "p_case" ("penalty_on", n) WHERE void = 0 AND "penalty_on" IS NOT NULL AND "published_on" IS NULL;

CREATE TABLE "p_clue" (
  n         INTEGER PRIMARY KEY,
  id        BLOB NOT NULL UNIQUE,
  office    TEXT NOT NULL,
  campaigns TEXT NOT NULL,
  void      INTEGER NOT NULL,
  extra     TEXT,
  "received_on" TEXT,
  "source" TEXT,
  "content" TEXT,
  "enterprise" BLOB,
  "category" TEXT,
  "export" INTEGER,
  "handler" TEXT,
  "handled_on" TEXT,
  "outcome" TEXT,
  "handed_to" TEXT,
  "handed_on" TEXT
);

CREATE INDEX "p_clue_list" ON "p_clue" (n, void, office, campaigns);

CREATE INDEX "p_clue_void" ON "p_clue" (n) WHERE void = 1;

CREATE INDEX "p_clue_received_on" ON "p_clue" ("received_on", n);

CREATE INDEX "p_clue_enterprise" ON "p_clue" ("enterprise", n) WHERE "enterprise" IS NOT NULL;

CREATE TABLE "p_recall" (
  n         INTEGER PRIMARY KEY,
  id        BLOB NOT NULL UNIQUE,
  office    TEXT NOT NULL,
  campaigns TEXT NOT NULL,
  void      INTEGER NOT NULL,
  extra     TEXT,
  "enterprise" BLOB,
  "category" TEXT,
  "product" BLOB,
  "cause" TEXT,
  "investigated_on" TEXT,
  "started_on" TEXT,
  "ordered" INTEGER,
  "quantity" INTEGER,
  "recalled_quantity" INTEGER,
  "effect" TEXT,
  "repeat_of" BLOB
);

CREATE INDEX "p_recall_list" ON "p_recall" (n, void, office, campaigns);

CREATE INDEX "p_recall_void" ON "p_recall" (n) WHERE void = 1;

CREATE INDEX "p_recall_enterprise" ON "p_recall" ("enterprise", n);

CREATE INDEX "p_recall_started_on" ON "p_recall" ("started_on", n);

CREATE TABLE "p_assistance" (
  n         INTEGER PRIMARY KEY,
  id        BLOB NOT NULL UNIQUE,
  office    TEXT NOT NULL,
  campaigns TEXT NOT NULL,
  void      INTEGER NOT NULL,
  extra     TEXT,
  "date" TEXT,
  "enterprises" TEXT,
  "sample" BLOB,
  "mode" TEXT,
  "content" TEXT,
  "people" INTEGER,
  "outcome" TEXT
);

CREATE INDEX "p_assistance_list" ON "p_assistance" (n, void, office, campaigns);

CREATE INDEX "p_assistance_void" ON "p_assistance" (n) WHERE void = 1;

CREATE INDEX "p_assistance_date" ON "p_assistance" ("date", n);

CREATE INDEX "p_assistance_sample" ON "p_assistance" ("sample", n) WHERE "sample" IS NOT NULL;

CREATE TABLE "p_declared" (
  n         INTEGER PRIMARY KEY,
  id        BLOB NOT NULL UNIQUE,
  office    TEXT NOT NULL,
  campaigns TEXT NOT NULL,
  void      INTEGER NOT NULL,
  extra     TEXT,
  "form" TEXT,
  "row" TEXT,
  "column" TEXT,
  "as_of" TEXT,
  "value" INTEGER,
  "source" TEXT
);

CREATE INDEX "p_declared_list" ON "p_declared" (n, void, office, campaigns);

CREATE INDEX "p_declared_void" ON "p_declared" (n) WHERE void = 1;

CREATE INDEX "p_declared_form" ON "p_declared" ("form", n);

CREATE INDEX "p_declared_as_of" ON "p_declared" ("as_of", n);

CREATE TABLE "p_attachment" (
  n         INTEGER PRIMARY KEY,
  id        BLOB NOT NULL UNIQUE,
  office    TEXT NOT NULL,
  campaigns TEXT NOT NULL,
  void      INTEGER NOT NULL,
  extra     TEXT,
  "of" BLOB,
  "name" TEXT,
  "mime" TEXT,
  "bytes" INTEGER,
  "sha256" TEXT,
  "taken_on" TEXT
);

CREATE INDEX "p_attachment_list" ON "p_attachment" (n, void, office, campaigns);

CREATE INDEX "p_attachment_void" ON "p_attachment" (n) WHERE void = 1;

CREATE INDEX "p_attachment_of" ON "p_attachment" ("of", n);

CREATE TABLE "p_review" (
  n         INTEGER PRIMARY KEY,
  id        BLOB NOT NULL UNIQUE,
  office    TEXT NOT NULL,
  campaigns TEXT NOT NULL,
  void      INTEGER NOT NULL,
  extra     TEXT,
  "of" BLOB,
  "text" TEXT,
  "state" TEXT
);

CREATE INDEX "p_review_list" ON "p_review" (n, void, office, campaigns);

CREATE INDEX "p_review_void" ON "p_review" (n) WHERE void = 1;

CREATE INDEX "p_review_of" ON "p_review" ("of", n);

CREATE INDEX "p_review_open" ON "p_review" (n) WHERE void = 0 AND "state" = 'open';

CREATE TABLE "p_submission" (
  n         INTEGER PRIMARY KEY,
  id        BLOB NOT NULL UNIQUE,
  office    TEXT NOT NULL,
  campaigns TEXT NOT NULL,
  void      INTEGER NOT NULL,
  extra     TEXT,
  "campaign" TEXT,
  "form" TEXT,
  "as_of" TEXT,
  "snapshot" TEXT,
  "filler" TEXT,
  "phone" TEXT,
  "due" TEXT,
  "sent_on" TEXT,
  "to" TEXT
);

CREATE INDEX "p_submission_list" ON "p_submission" (n, void, office, campaigns);

CREATE INDEX "p_submission_void" ON "p_submission" (n) WHERE void = 1;

-- What figures count by, without the texts that are most of a row: a pass over a whole kind reads this index and no row. It
-- holds every core field but those of the types text, long_text, time, uscc, sha256, checklist and objects, and `extra` (a test
-- compares it with the core schema). The row number comes first, so that a new record is put at its end.

CREATE INDEX "p_enterprise_count" ON "p_enterprise" (
  n, id, office, campaigns, void, "individual", "roles", "division", "area", "scale", "status", "established_on",
  "exports", "same_as", extra
);

CREATE INDEX "p_product_count" ON "p_product" (
  n, id, office, campaigns, void, "enterprise", "category", "standard_level", "exported", extra
);

CREATE INDEX "p_inspection_count" ON "p_inspection" (
  n, id, office, campaigns, void, "enterprise", "date", "mode", "follow_up_of", "inspectors", "certificates", "line",
  "also_lines", "department", "categories", "stage", "outcome", "rectify_by", extra
);

CREATE INDEX "p_problem_count" ON "p_problem" (
  n, id, office, campaigns, void, "inspection", "enterprise", "found_on", "due_on", "state", "verified_on", extra
);

CREATE INDEX "p_sample_count" ON "p_sample" (
  n, id, office, campaigns, void, "enterprise", "product", "category", "produced_on", "sampled_on", "samplers", "stage",
  "authority", "batch_quantity", "sampled_quantity", "reported_on", "delivered_on", "result", "failed_items",
  "nonconforming_quantity", "objected_on", "retested_on", "retest", "entered_market", "announced_on", "shared_with",
  "shared_on", extra
);

CREATE INDEX "p_disposal_count" ON "p_disposal" (
  n, id, office, campaigns, void, "sample", "stop_sale_on", "sealed_quantity", "sealed_on", "detained_quantity",
  "detained_on", "recalled_quantity", "recalled_on", "destroyed_quantity", "destroyed_on", "rectify_ordered_on",
  "rectify_by", "reinspected_on", "reinspection", "resumed_on", "case", "transferred_on", extra
);

CREATE INDEX "p_case_count" ON "p_case" (
  n, id, office, campaigns, void, "enterprise", "line", "category", "filed_on", "penalty_kinds", "penalty_on",
  "penalty_fen", "value_fen", "seized_quantity", "closed_on", "transferred_on", "supervised", "published_on",
  "credit_listed_on", "clue", "sample", extra
);

CREATE INDEX "p_clue_count" ON "p_clue" (
  n, id, office, campaigns, void, "received_on", "source", "enterprise", "category", "export", "handled_on", "handed_to",
  "handed_on", extra
);

CREATE INDEX "p_recall_count" ON "p_recall" (
  n, id, office, campaigns, void, "enterprise", "category", "product", "investigated_on", "started_on", "ordered",
  "quantity", "recalled_quantity", "effect", "repeat_of", extra
);

CREATE INDEX "p_assistance_count" ON "p_assistance" (
  n, id, office, campaigns, void, "date", "enterprises", "sample", "mode", "people", extra
);

CREATE INDEX "p_declared_count" ON "p_declared" (
  n, id, office, campaigns, void, "as_of", "value", "source", extra
);

CREATE INDEX "p_attachment_count" ON "p_attachment" (
  n, id, office, campaigns, void, "of", "bytes", "taken_on", extra
);

CREATE INDEX "p_review_count" ON "p_review" (
  n, id, office, campaigns, void, "of", "state", extra
);

CREATE INDEX "p_submission_count" ON "p_submission" (
  n, id, office, campaigns, void, "as_of", "due", "sent_on", extra
);

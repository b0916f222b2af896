-- Columns for 挂牌督办 and 曝光 of a case. Where a newer program's records came before this migration, their values wait in
-- `extra`.

ALTER TABLE "p_case" ADD COLUMN "supervised_by" TEXT;
ALTER TABLE "p_case" ADD COLUMN "supervised_until" TEXT;
ALTER TABLE "p_case" ADD COLUMN "exposed_on" TEXT;
ALTER TABLE "p_case" ADD COLUMN "exposed_in" TEXT;

DROP INDEX "p_case_count";

UPDATE "p_case" SET
  "supervised_by" = json_extract(extra, '$.supervised_by'),
  "supervised_until" = json_extract(extra, '$.supervised_until'),
  "exposed_on" = json_extract(extra, '$.exposed_on'),
  "exposed_in" = json_extract(extra, '$.exposed_in'),
  extra = nullif(json_remove(extra, '$.supervised_by', '$.supervised_until', '$.exposed_on', '$.exposed_in'), '{}')
WHERE instr(extra, '"supervised_') > 0 OR instr(extra, '"exposed_') > 0;

CREATE INDEX "p_case_count" ON "p_case" (
  n, id, office, campaigns, void, "enterprise", "line", "category", "filed_on", "penalty_kinds", "penalty_on",
  "penalty_fen", "value_fen", "seized_quantity", "closed_on", "transferred_on", "supervised", "published_on",
  "credit_listed_on", "clue", "sample", "supervised_until", "exposed_on", extra
);

-- What waits for a later step, in the order of its day: see `due.rs`.

CREATE INDEX "p_sample_nonconforming" ON "p_sample" ("reported_on", n)
  WHERE void = 0 AND "result" = 'nonconforming' AND "reported_on" IS NOT NULL;

CREATE INDEX "p_disposal_flows" ON "p_disposal" ("stop_sale_on", n)
  WHERE void = 0 AND "flows" IS NOT NULL AND "stop_sale_on" IS NOT NULL;

CREATE INDEX "p_disposal_passed" ON "p_disposal" ("reinspected_on", n)
  WHERE void = 0 AND "reinspection" = 'pass' AND "reinspected_on" IS NOT NULL;

CREATE INDEX "p_inspection_lookback" ON "p_inspection" ("enterprise", "date") WHERE void = 0 AND "mode" = 'lookback';

CREATE INDEX "p_case_supervised" ON "p_case" ("supervised_until", n)
  WHERE void = 0 AND "supervised_until" IS NOT NULL AND "closed_on" IS NULL;

CREATE INDEX "p_recall_effect" ON "p_recall" ("started_on", n)
  WHERE void = 0 AND ("effect" IS NULL OR "effect" = 'pending');

CREATE INDEX "p_clue_handover" ON "p_clue" ("received_on", n)
  WHERE void = 0 AND "handed_on" IS NULL AND ("export" = 1 OR "handed_to" IS NOT NULL);

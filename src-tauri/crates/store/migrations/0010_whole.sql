-- A declared figure may take the place of what is counted in its cell: see `figures/declared.rs`.

ALTER TABLE "p_declared" ADD COLUMN "whole" INTEGER;

DROP INDEX "p_declared_count";

CREATE INDEX "p_declared_count" ON "p_declared" (
  n, id, office, campaigns, void, "as_of", "value", "source", "whole", extra
);

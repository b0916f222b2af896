-- Whose a draft is: nobody else's form opens it, or is saved with it. Of a record each person has one of their own. A draft
-- from before this was known is the person's who records alone in this book; among several, nobody's.
CREATE TABLE draft_with_author (
  id     BLOB PRIMARY KEY,
  kind   TEXT NOT NULL,
  record BLOB,
  author TEXT NOT NULL,
  at     INTEGER NOT NULL,
  body   TEXT NOT NULL,
  UNIQUE (record, author)
) WITHOUT ROWID;
INSERT INTO draft_with_author (id, kind, record, author, at, body)
  SELECT id, kind, record,
    CASE WHEN json_array_length(coalesce((SELECT CAST(value AS TEXT) FROM meta WHERE key = 'inspectors'), '[]')) > 1 THEN ''
      ELSE coalesce((SELECT CAST(value AS TEXT) FROM meta WHERE key = 'inspector'),
        (SELECT CAST(value AS TEXT) FROM meta WHERE key = 'office-name'), '') END,
    at, body
  FROM draft;
DROP TABLE draft;
ALTER TABLE draft_with_author RENAME TO draft;
CREATE INDEX draft_kind ON draft (kind, at);

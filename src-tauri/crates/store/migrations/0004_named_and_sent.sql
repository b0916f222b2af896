-- What a person says an office is called that this book exchanges nothing with.
CREATE TABLE office_name (code TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;

-- What brought a campaign file: a package from above, by its row number, or the invitation this book joined by, as 0. One that
-- nothing brought is not used.
CREATE TABLE campaign_origin (bundle BLOB NOT NULL, package INTEGER NOT NULL, PRIMARY KEY (bundle, package)) WITHOUT ROWID;

-- Whether a person removed it.
ALTER TABLE campaign_bundle ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;

-- Until now packages from below brought campaign files too: those have no origin.
CREATE TEMP TABLE listed AS
  SELECT b.sha256 AS bundle, p.id AS package, p.at AS at, CASE WHEN json_valid(p.manifest) THEN p.manifest ->> '$.direction' END AS direction
  FROM package p, json_each(CASE WHEN json_valid(p.manifest) THEN p.manifest ELSE '{}' END, '$.entries') e
  JOIN campaign_bundle b ON e.value ->> '$.name' = 'campaign/' || lower(hex(b.sha256))
  WHERE p.direction = 'in';
INSERT OR IGNORE INTO campaign_origin SELECT bundle, package FROM listed WHERE direction = 'down';
INSERT OR IGNORE INTO campaign_origin SELECT sha256, 0 FROM campaign_bundle b
  WHERE NOT EXISTS (SELECT 1 FROM listed l WHERE l.bundle = b.sha256 AND l.at <= b.at);
DROP TABLE listed;

-- The log is the truth; everything else in this file is derived from it or is this book's own business.

CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;

-- A stream is (device, record's office); `author` is the office the device belongs to, blank until known. `sent` is the last
-- sequence any package carried from here. `held` is the last sequence of the gapless beginning, `hash` the running hash there.
CREATE TABLE stream (
  id     INTEGER PRIMARY KEY,
  device TEXT NOT NULL,
  office TEXT NOT NULL,
  author TEXT NOT NULL DEFAULT '',
  sent   INTEGER NOT NULL DEFAULT 0,
  held   INTEGER NOT NULL,
  hash   BLOB NOT NULL,
  UNIQUE (device, office)
);

-- `line` is exactly what was received. `package` is the package that first brought the revision, null for one written here.
-- state: 0 folded, 1 waits for a parent, 2 withheld by an undo, 3 quarantined, 4 gives the record another kind or owner.
CREATE TABLE revision (
  n       INTEGER PRIMARY KEY,
  id      BLOB NOT NULL UNIQUE,
  record  BLOB NOT NULL,
  stream  INTEGER NOT NULL,
  seq     INTEGER NOT NULL,
  package INTEGER,
  state   INTEGER NOT NULL,
  line    BLOB NOT NULL
);
CREATE INDEX revision_record ON revision (record);
CREATE INDEX revision_stream ON revision (stream, seq);
CREATE INDEX revision_package ON revision (package) WHERE package IS NOT NULL;
CREATE INDEX revision_own ON revision (stream, seq, record) WHERE package IS NULL;
CREATE INDEX revision_waiting ON revision (record, state) WHERE state <> 0;

-- Later packages that carried a revision the book already held.
CREATE TABLE carried (revision INTEGER NOT NULL, package INTEGER NOT NULL, PRIMARY KEY (revision, package)) WITHOUT ROWID;
CREATE INDEX carried_package ON carried (package);

CREATE TABLE quarantine (revision INTEGER PRIMARY KEY, notice TEXT NOT NULL);

-- A folded record: `heads` are 32-byte revision ids one after the other, `slots` compact JSON with sorted keys.
CREATE TABLE record (
  n      INTEGER PRIMARY KEY,
  id     BLOB NOT NULL UNIQUE,
  kind   TEXT NOT NULL,
  office TEXT NOT NULL,
  heads  BLOB NOT NULL,
  slots  TEXT NOT NULL
);

CREATE TABLE conflict (
  record     INTEGER NOT NULL,
  slot       TEXT NOT NULL,
  id         BLOB NOT NULL UNIQUE,
  candidates TEXT NOT NULL,
  PRIMARY KEY (record, slot)
) WITHOUT ROWID;

-- Enterprises joined to another one, by the end of the chain they lead to; all others are their own root.
CREATE TABLE joined (member BLOB PRIMARY KEY, root BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX joined_root ON joined (root);

-- direction: in, out. state: waiting, applied, undone, refused, written.
CREATE TABLE package (
  id        INTEGER PRIMARY KEY,
  uuid      TEXT NOT NULL,
  direction TEXT NOT NULL,
  office    TEXT NOT NULL,
  device    TEXT NOT NULL,
  sha256    BLOB NOT NULL,
  at        INTEGER NOT NULL,
  state     TEXT NOT NULL,
  manifest  TEXT NOT NULL,
  signature TEXT NOT NULL,
  file      TEXT NOT NULL,
  summary   TEXT NOT NULL,
  UNIQUE (uuid, direction)
);

-- What the newest receipt of an office says it holds: per stream the sequence and the running hash there.
CREATE TABLE receipt (peer TEXT PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE office (
  code       TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  relation   TEXT NOT NULL,
  root_key   TEXT NOT NULL,
  recipients TEXT NOT NULL,
  roster     TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE device (
  id        TEXT PRIMARY KEY,
  office    TEXT NOT NULL,
  key       TEXT NOT NULL,
  confirmed INTEGER NOT NULL,
  at        INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE invitation (
  id      TEXT PRIMARY KEY,
  office  TEXT NOT NULL,
  name    TEXT NOT NULL,
  secret  TEXT NOT NULL,
  expires INTEGER NOT NULL,
  device  TEXT
) WITHOUT ROWID;

CREATE TABLE campaign_bundle (sha256 BLOB PRIMARY KEY, body BLOB NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE attachment_content (sha256 BLOB PRIMARY KEY, bytes BLOB NOT NULL) WITHOUT ROWID;

-- The names and numbers records are found by: one token a character, letters and digits by three, each with its kind before
-- it (see `words.rs`).
CREATE VIRTUAL TABLE name_index USING fts5(chars, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0");

-- Their pinyin initials, one row per reading (重 c and z).
CREATE TABLE initials (kind TEXT NOT NULL, initials TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (kind, initials, n)) WITHOUT ROWID;
CREATE INDEX initials_record ON initials (n);

-- Lines loaded from files, by hash: loading a file again changes nothing, even if its records have changed since.
CREATE TABLE loaded_line (hash BLOB PRIMARY KEY) WITHOUT ROWID;

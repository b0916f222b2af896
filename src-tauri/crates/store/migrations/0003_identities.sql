-- The numbers of unvoided records that stand for one thing (`identifies` in the core schema), by the first 8 bytes of the SHA-256
-- of what tells them apart (`domain::identity`): equal hashes are compared by the records themselves. `of` is what was indexed;
-- a book that was indexed by other fields is indexed anew when it is opened.
CREATE TABLE identity (hash INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (hash, n)) WITHOUT ROWID;
CREATE TABLE identity_index (of TEXT NOT NULL);

-- A line of a file is skipped where its effect stands; nothing is remembered of it.
DROP TABLE loaded_line;

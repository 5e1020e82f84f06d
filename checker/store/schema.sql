-- The database of overstay. Hashes are 16 bytes, checksums ("seal") too; text is UTF-8 as far as
-- the analysed tree is. Lists that are only ever read whole are blobs of varints: 150,000 rows of
-- "unit U read file F" would cost more than all the rest.

-- What the cache was made by: 'extractor', 'run_key', 'findings_seal', 'remarks_seal'.
CREATE TABLE meta(
  key TEXT PRIMARY KEY,
  value ANY
) STRICT, WITHOUT ROWID;

-- One row for each content that a file had when a unit read it. Written with units, read to tell
-- whether they are fresh. size, mtime, ctime and inode only save reading the file.
CREATE TABLE file(
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL,
  content BLOB NOT NULL,
  size INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL,
  ctime_ns INTEGER NOT NULL,
  inode INTEGER NOT NULL,
  allows BLOB NOT NULL      -- ir/allow.h; '' for most
) STRICT;

-- One row for each folder in which a header was looked for in vain. Written with units, read to
-- tell whether they are fresh: equal times mean that all names stand as they did.
CREATE TABLE folder(
  path TEXT PRIMARY KEY,
  mtime_ns INTEGER NOT NULL,
  ctime_ns INTEGER NOT NULL, -- 0: the times vouch for nothing
  inode INTEGER NOT NULL,
  lookups BLOB NOT NULL,     -- number, what was expected, what was there last, name
  seal BLOB NOT NULL         -- over all of it
) STRICT, WITHOUT ROWID;

-- One row for each source, command and content of all that was read: the states of a unit. One of
-- them is in the view, the others are kept for when their content comes back. Written when a unit
-- was read, read by everything.
CREATE TABLE unit(
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  command BLOB NOT NULL,
  inputs BLOB NOT NULL,     -- hash of all that was read, and looked for
  viewed INTEGER NOT NULL,  -- 1: it is in the view
  used INTEGER NOT NULL,    -- larger than that of states that left the view before
  status INTEGER NOT NULL,
  reason TEXT NOT NULL,
  files BLOB NOT NULL,      -- file.id and whether it is a system header
  lookups BLOB NOT NULL,    -- ranges of numbers in folder.lookups
  functions BLOB NOT NULL,  -- ir.id
  parse_ns INTEGER NOT NULL,
  lower_ns INTEGER NOT NULL,
  seal BLOB NOT NULL,       -- over all but the times, with the content of what the ids stand for
  annotations TEXT NOT NULL, -- ir/unit.h; '' for most
  facts BLOB NOT NULL       -- zstd: types, records, globals, diagnostics, missing headers
) STRICT;

-- One row for each key and body hash: what summaries and findings are about. Written with units.
CREATE TABLE function(
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  body BLOB NOT NULL
) STRICT;

-- The code of a function. Equal bodies can differ in lines and names of locals, so a function has
-- one row for each form in which units hold it. Written with units, read by analysis and reports.
CREATE TABLE ir(
  id INTEGER PRIMARY KEY,
  function INTEGER NOT NULL,
  content BLOB NOT NULL,    -- hash of the bytes before compression
  packed BLOB NOT NULL,     -- hash of `code`
  name TEXT NOT NULL,
  source TEXT NOT NULL,
  flags INTEGER NOT NULL,
  incomplete TEXT NOT NULL,
  links BLOB NOT NULL,      -- ir/links.h
  names BLOB NOT NULL,      -- hash of what the body's hash leaves out
  seal BLOB NOT NULL,       -- over all the other columns and the function's key and body
  code BLOB NOT NULL        -- zstd of ir/serial.h
) STRICT;

-- What a call of the function does, and what was found in it. Written and read by the analysis.
CREATE TABLE summary(
  function INTEGER PRIMARY KEY,
  maker BLOB NOT NULL,      -- hash of the program, its settings, and the cycle it stands in
  in_hash BLOB NOT NULL,    -- of the answers to its questions
  sem_hash BLOB NOT NULL,   -- of the summary, which has no locations
  seal BLOB NOT NULL,
  result BLOB NOT NULL,     -- questions, and what was found
  bytes BLOB NOT NULL       -- zstd of the summary
) STRICT;

-- The result of the last run, in order. Sealed as a whole in meta. Written at the end of a run.
CREATE TABLE finding(
  ordinal INTEGER PRIMARY KEY,
  fingerprint BLOB NOT NULL,
  state INTEGER NOT NULL,   -- FindingState
  bytes BLOB NOT NULL
) STRICT;

-- What the last run has to say besides findings. Sealed as a whole in meta. Written with findings.
CREATE TABLE remark(
  ordinal INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT;

-- When a finding was seen first and last. Cannot be made again: the rest of this file is a cache.
CREATE TABLE history(
  fingerprint BLOB PRIMARY KEY,
  loose BLOB NOT NULL,
  rule TEXT NOT NULL,
  function TEXT NOT NULL,
  object TEXT NOT NULL,
  ordinal INTEGER NOT NULL, -- in the run that saw it last
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  gone INTEGER NOT NULL     -- 1 when a later complete run did not find it
) STRICT, WITHOUT ROWID;

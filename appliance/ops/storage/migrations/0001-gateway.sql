-- SPDX-License-Identifier: AGPL-3.0-only
-- The gateway's tables. A BLOB called `sealed_*` is a value sealed by the vault; `*_index` is a keyed hash to look up by.

CREATE TABLE vault (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  -- Tells a wrong master key from tampered data.
  key_check BLOB NOT NULL,
  created_ms INTEGER NOT NULL
) STRICT;

-- AUTOINCREMENT: a key number is never used twice, also after its key was destroyed.
CREATE TABLE wrapped_keys (
  key_number INTEGER PRIMARY KEY AUTOINCREMENT CHECK (key_number < 4294967296),
  owner TEXT NOT NULL,
  wrapped BLOB NOT NULL,
  created_ms INTEGER NOT NULL,
  destroyed_ms INTEGER
) STRICT;
CREATE INDEX wrapped_keys_by_owner ON wrapped_keys (owner, key_number);

CREATE TABLE people (
  id TEXT PRIMARY KEY,
  role TEXT NOT NULL CHECK (role IN ('owner', 'operator', 'member', 'guest')),
  sealed_name BLOB,
  language TEXT,
  -- How the person came to be known.
  origin TEXT NOT NULL CHECK (origin IN ('first-start', 'pairing', 'anyone', 'added')),
  created_ms INTEGER NOT NULL,
  seen_ms INTEGER,
  blocked_ms INTEGER
) STRICT;
CREATE INDEX people_by_role ON people (role);

CREATE TABLE identities (
  address_index TEXT PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
  channel TEXT NOT NULL,
  sealed_address BLOB NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('pairing', 'anyone', 'added')),
  created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX identities_by_person ON identities (person_id);

CREATE TABLE pairing_requests (
  id TEXT PRIMARY KEY,
  channel TEXT NOT NULL,
  address_index TEXT NOT NULL UNIQUE,
  code_index TEXT NOT NULL UNIQUE,
  sealed_code BLOB NOT NULL,
  sealed_address BLOB NOT NULL,
  sealed_display_name BLOB,
  language TEXT NOT NULL,
  -- How often the code was told to the stranger.
  replies INTEGER NOT NULL,
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX pairing_requests_by_channel ON pairing_requests (channel, expires_ms);

CREATE TABLE blocked_addresses (
  address_index TEXT PRIMARY KEY,
  channel TEXT NOT NULL,
  sealed_address BLOB NOT NULL,
  blocked_by TEXT NOT NULL,
  blocked_ms INTEGER NOT NULL
) STRICT;

-- Why the last messages were taken or refused. Holds no text; the address only of senders nobody knows, sealed.
CREATE TABLE admission_decisions (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms INTEGER NOT NULL,
  channel TEXT NOT NULL,
  sealed_sender BLOB,
  person_id TEXT,
  is_allowed INTEGER NOT NULL,
  reason TEXT NOT NULL,
  explanation TEXT NOT NULL,
  findings TEXT NOT NULL
) STRICT;

CREATE TABLE api_keys (
  id TEXT PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
  sealed_name BLOB NOT NULL,
  -- The first characters, to tell keys apart on screen.
  prefix TEXT NOT NULL,
  secret_hash TEXT NOT NULL UNIQUE,
  scopes TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER,
  last_used_ms INTEGER
) STRICT;

CREATE TABLE sign_in_links (
  token_hash TEXT PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,
  used_ms INTEGER
) STRICT;

CREATE TABLE console_sessions (
  id TEXT PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
  sealed_label BLOB NOT NULL,
  created_ms INTEGER NOT NULL,
  seen_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX console_sessions_by_person ON console_sessions (person_id);

CREATE TABLE audit_entries (
  number INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  sealed_details BLOB NOT NULL,
  previous_hash BLOB NOT NULL,
  hash BLOB NOT NULL,
  signature BLOB NOT NULL
) STRICT;

-- The signed length and last hash of the chain, so that entries cut off at the end are missed.
CREATE TABLE audit_head (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  entries INTEGER NOT NULL,
  hash BLOB NOT NULL,
  at_ms INTEGER NOT NULL,
  signature BLOB NOT NULL,
  public_key BLOB NOT NULL,
  sealed_private_key BLOB NOT NULL
) STRICT;

CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  sealed_value BLOB NOT NULL,
  updated_ms INTEGER NOT NULL
) STRICT;

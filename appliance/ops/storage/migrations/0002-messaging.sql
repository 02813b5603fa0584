-- Tables of the message path. Every text, name, address and secret is sealed by the vault (BLOB) before it gets here;
-- columns that end in _index hold keyed hashes, so that rows can be found without storing what they are found by.

-- The channels the owner made. `name` and `kind` are the owner's own words for the box, not personal data.
CREATE TABLE channels (
  name TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  policy TEXT NOT NULL CHECK (policy IN ('closed', 'pairing', 'anyone')),
  config BLOB NOT NULL,
  is_enabled INTEGER NOT NULL,
  status TEXT NOT NULL DEFAULT 'offline',
  status_code TEXT,
  status_message BLOB,
  status_ms INTEGER NOT NULL,
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Protocol state of an adapter (cursors, session keys), written in one transaction with the inbox rows it belongs to.
CREATE TABLE adapter_state (
  channel TEXT NOT NULL,
  key_index TEXT NOT NULL,
  value BLOB NOT NULL,
  PRIMARY KEY (channel, key_index)
) STRICT, WITHOUT ROWID;

-- One row: the epoch of the router that owns the tables. A router of an older epoch can commit nothing (fencing).
CREATE TABLE messaging_epoch (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  epoch INTEGER NOT NULL
) STRICT;
INSERT INTO messaging_epoch (only_row, epoch) VALUES (1, 0);

-- What came in. new → leased → done | refused | dead. `event` is sealed JSON, erased when the row ends.
CREATE TABLE inbox (
  sequence INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  channel TEXT NOT NULL,
  event_index TEXT NOT NULL,
  lane_index TEXT NOT NULL,
  conversation_index TEXT NOT NULL,
  is_immediate INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('new', 'leased', 'done', 'refused', 'dead')),
  -- Whose key sealed `event` and `outcome`: 'system' until the gateway has named the person.
  owner TEXT NOT NULL,
  role TEXT,
  event BLOB,
  -- Sealed JSON of the last live event, for who asks afterwards.
  outcome BLOB,
  -- Why the gateway decided as it did, or the code of the failure.
  reason TEXT,
  owner_epoch INTEGER,
  lease_until_ms INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  not_before_ms INTEGER NOT NULL DEFAULT 0,
  received_ms INTEGER NOT NULL,
  finished_ms INTEGER,
  UNIQUE (channel, event_index)
) STRICT;
CREATE INDEX inbox_unfinished ON inbox (sequence) WHERE state IN ('new', 'leased');
CREATE INDEX inbox_finished ON inbox (finished_ms) WHERE finished_ms IS NOT NULL;

-- Event ids of rows that have left the inbox, so that a late redelivery is still known. Kept for 30 days.
CREATE TABLE inbox_tombstones (
  channel TEXT NOT NULL,
  event_index TEXT NOT NULL,
  inbox_id TEXT NOT NULL,
  seen_ms INTEGER NOT NULL,
  PRIMARY KEY (channel, event_index)
) STRICT, WITHOUT ROWID;
CREATE INDEX inbox_tombstones_seen ON inbox_tombstones (seen_ms);

-- What goes out. queued → sending → accepted | unknown | failed. `payload` is sealed JSON.
CREATE TABLE outbox (
  sequence INTEGER PRIMARY KEY,
  client_id TEXT NOT NULL UNIQUE,
  inbox_id TEXT NOT NULL,
  part INTEGER NOT NULL,
  channel TEXT NOT NULL,
  conversation_index TEXT NOT NULL,
  owner TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'accepted', 'unknown', 'failed')),
  payload BLOB NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  probes INTEGER NOT NULL DEFAULT 0,
  not_before_ms INTEGER NOT NULL DEFAULT 0,
  code TEXT,
  receipt TEXT CHECK (receipt IN ('delivered', 'read', 'failed')),
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_unsettled ON outbox (sequence) WHERE state IN ('queued', 'sending', 'unknown');
CREATE INDEX outbox_updated ON outbox (updated_ms);

-- The conversations of the web chat, a row a person and conversation.
CREATE TABLE web_chat_conversations (
  person TEXT NOT NULL,
  conversation TEXT NOT NULL,
  title BLOB,
  last_sequence INTEGER NOT NULL,
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  PRIMARY KEY (person, conversation)
) STRICT, WITHOUT ROWID;

-- The messages of the web chat, both ways, numbered in each conversation.
CREATE TABLE web_chat_messages (
  person TEXT NOT NULL,
  conversation TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
  -- Of a message of the person: the client's own id. Of an answer: the outbox's client id.
  client_id TEXT NOT NULL,
  inbox_id TEXT,
  body BLOB NOT NULL,
  created_ms INTEGER NOT NULL,
  PRIMARY KEY (person, conversation, sequence),
  UNIQUE (person, conversation, direction, client_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX web_chat_messages_inbox ON web_chat_messages (inbox_id) WHERE inbox_id IS NOT NULL;

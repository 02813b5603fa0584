-- The agent: sessions, turns, settings of a person in chat, and the knowledge the owner adds.
-- Columns of type BLOB hold values sealed by the vault (place: table, primary key as text, column).

CREATE TABLE agent_session (
  id TEXT PRIMARY KEY NOT NULL,
  person TEXT NOT NULL,
  channel TEXT NOT NULL,
  -- Sealed: a conversation id is often an address.
  conversation BLOB NOT NULL,
  -- Blind index over person, channel, conversation and session key.
  lookup TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  last_ms INTEGER NOT NULL,
  -- Set by /new. At most one session of a lookup is open.
  closed_ms INTEGER,
  -- Turns with a smaller number are no longer shown to the model.
  history_from INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX agent_session_open ON agent_session (lookup) WHERE closed_ms IS NULL;
CREATE INDEX agent_session_lookup ON agent_session (lookup, last_ms);
CREATE INDEX agent_session_person ON agent_session (person, last_ms);
CREATE INDEX agent_session_last ON agent_session (last_ms);

CREATE TABLE agent_turn (
  id TEXT PRIMARY KEY NOT NULL,
  session TEXT NOT NULL REFERENCES agent_session (id) ON DELETE CASCADE,
  -- Order inside the session, from 1.
  number INTEGER NOT NULL,
  person TEXT NOT NULL,
  inbox_id TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL CHECK (state IN ('running', 'ended', 'failed')),
  -- How it ended: stop, length, cancelled, command; or the code of a failure.
  reason TEXT,
  -- Whether the model sees this turn in later prompts.
  is_history INTEGER NOT NULL DEFAULT 0,
  question BLOB NOT NULL,
  -- The user message as the model saw it (documents and facts included), so that later prompts repeat it byte by byte.
  shown BLOB,
  reply BLOB,
  sources BLOB,
  model TEXT,
  prompt_tokens INTEGER NOT NULL DEFAULT 0,
  cached_tokens INTEGER NOT NULL DEFAULT 0,
  completion_tokens INTEGER NOT NULL DEFAULT 0,
  started_ms INTEGER NOT NULL,
  ended_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX agent_turn_order ON agent_turn (session, number);

CREATE TABLE agent_person (
  person TEXT PRIMARY KEY NOT NULL,
  -- NULL: the language of each question.
  language TEXT CHECK (language IN ('en', 'zh'))
) STRICT;

CREATE TABLE knowledge_source (
  id TEXT PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('file', 'folder', 'text')),
  -- Sealed: absolute path, or empty for text.
  path BLOB NOT NULL,
  -- Blind index of the path, so that adding the same path again replaces it.
  path_lookup TEXT NOT NULL UNIQUE,
  title BLOB NOT NULL,
  added_ms INTEGER NOT NULL,
  scanned_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE knowledge_document (
  id TEXT PRIMARY KEY NOT NULL,
  source TEXT NOT NULL REFERENCES knowledge_source (id) ON DELETE CASCADE,
  -- Sealed: path inside the source.
  name BLOB NOT NULL,
  name_lookup TEXT NOT NULL,
  -- Blind index of the content, to leave unchanged files alone at a re-scan.
  content_lookup TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  passages INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX knowledge_document_name ON knowledge_document (source, name_lookup);

CREATE TABLE knowledge_passage (
  -- '<document>/<number>'
  id TEXT PRIMARY KEY NOT NULL,
  document TEXT NOT NULL REFERENCES knowledge_document (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  language TEXT NOT NULL CHECK (language IN ('en', 'zh')),
  heading BLOB NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE INDEX knowledge_passage_document ON knowledge_passage (document, number);

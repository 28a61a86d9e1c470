/**
 * The tables, step by step; a step that was released is never changed. Text, and whole numbers of 64
 * bits, which both engines know as BIGINT. Milliseconds since 1970 end in `_ms`.
 */
export const MIGRATIONS: readonly (readonly string[])[] = [
  [
    `CREATE TABLE account (
      id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, person TEXT, oidc_subject TEXT UNIQUE,
      created_ms BIGINT NOT NULL, disabled_ms BIGINT
    )`,
    `CREATE TABLE passkey (
      credential_id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account (id),
      public_key TEXT NOT NULL, counter BIGINT NOT NULL, transports TEXT NOT NULL, created_ms BIGINT NOT NULL
    )`,
    `CREATE TABLE session (
      hash TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account (id), expires_ms BIGINT NOT NULL
    )`,
    `CREATE TABLE challenge (
      id TEXT PRIMARY KEY, purpose TEXT NOT NULL, value TEXT NOT NULL, details TEXT NOT NULL,
      expires_ms BIGINT NOT NULL
    )`,
    `CREATE TABLE invitation (
      hash TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, person TEXT, oidc_subject TEXT,
      expires_ms BIGINT NOT NULL
    )`,
    `CREATE TABLE token (
      hash TEXT PRIMARY KEY, prefix TEXT NOT NULL, account TEXT NOT NULL REFERENCES account (id),
      name TEXT NOT NULL, scopes TEXT NOT NULL, created_ms BIGINT NOT NULL, expires_ms BIGINT NOT NULL
    )`,
    `CREATE TABLE idempotency (
      name TEXT PRIMARY KEY, request_hash TEXT NOT NULL, status BIGINT, headers TEXT, body TEXT,
      created_ms BIGINT NOT NULL
    )`,
    `CREATE TABLE draft (
      id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account (id), version BIGINT NOT NULL,
      body TEXT NOT NULL, changed_ms BIGINT NOT NULL
    )`,
    `CREATE TABLE webhook (
      id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account (id), url TEXT NOT NULL,
      secret TEXT NOT NULL, former_secret TEXT, next_index BIGINT NOT NULL, attempt BIGINT NOT NULL,
      next_attempt_ms BIGINT NOT NULL, failing_since_ms BIGINT, paused TEXT, created_ms BIGINT NOT NULL
    )`,
    'CREATE INDEX draft_account ON draft (account)',
    'CREATE INDEX webhook_due ON webhook (next_attempt_ms)',
  ],
];

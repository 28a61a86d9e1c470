import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { BeamkeeperError } from '../orbits/index.ts';
import { MIGRATIONS } from './migrations.ts';

export type SqlValue = string | number | null;
export type Row = Readonly<Record<string, SqlValue>>;

/** One set of SQL for both engines: `?` stands for a value, everything is text or a whole number. */
export interface Queries {
  all<R extends Row = Row>(sql: string, ...values: SqlValue[]): Promise<R[]>;
  get<R extends Row = Row>(sql: string, ...values: SqlValue[]): Promise<R | undefined>;
  /** Resolves to how many rows changed. */
  run(sql: string, ...values: SqlValue[]): Promise<number>;
}

/**
 * Accounts, sessions, drafts, endpoints: what may be lost without a decision being lost. The log is
 * never in it.
 */
export interface Database extends Queries {
  readonly engine: 'sqlite' | 'postgres';
  /** All or nothing; what it throws undoes it. */
  transaction<R>(work: (queries: Queries) => Promise<R>): Promise<R>;
  close(): Promise<void>;
}

/** Two servers that start at once take turns at the migrations. */
const MIGRATION_LOCK = 7_300_431;
const POOL_SIZE = 10;
const CONNECT_TIMEOUT_MS = 5000;

/**
 * Opens a database and brings its tables up to date.
 *
 * @param place `postgres://…`, or the path of an SQLite file (WAL, synchronous=FULL)
 * @throws BeamkeeperError `DATABASE` when it cannot be reached, or was written by a newer version
 */
export async function openDatabase(place: string): Promise<Database> {
  const isPostgres = /^postgres(ql)?:\/\//.test(place);
  let database: Database | undefined;
  try {
    database = isPostgres ? openPostgres(place) : await openSqlite(place);
    await migrate(database);
    return database;
  } catch (cause) {
    await database?.close();
    if (cause instanceof BeamkeeperError) throw cause;
    // A URL may hold a password.
    const shown = isPostgres ? place.replace(/\/\/[^@/]*@/, '//…@') : place;
    const reason = (cause as Error).message || (cause as { code?: string }).code;
    throw new BeamkeeperError('DATABASE', `${shown}: cannot be opened (${reason})`, { cause });
  }
}

async function migrate(database: Database): Promise<void> {
  await database.transaction(async queries => {
    if (database.engine === 'postgres') {
      await queries.all('SELECT pg_advisory_xact_lock(?)', MIGRATION_LOCK);
    }
    await queries.run('CREATE TABLE IF NOT EXISTS migration (id INTEGER PRIMARY KEY)');
    const [{ done }] = await queries.all<{ done: number }>(
      'SELECT COALESCE(MAX(id), 0) AS done FROM migration',
    );
    if (done > MIGRATIONS.length) {
      throw new BeamkeeperError(
        'DATABASE',
        `the database was written by a newer version (${done}, here ${MIGRATIONS.length}); update beamkeeper`,
      );
    }
    for (const [i, statements] of MIGRATIONS.entries()) {
      if (i < done) continue;
      for (const statement of statements) await queries.run(statement);
      await queries.run('INSERT INTO migration (id) VALUES (?)', i + 1);
    }
  });
}

async function openSqlite(path: string): Promise<Database> {
  if (path !== ':memory:') await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(path);
  database.exec(
    'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=5000',
  );
  const direct: Queries = {
    all: async <R extends Row>(sql: string, ...values: SqlValue[]) =>
      database.prepare(sql).all(...values) as R[],
    get: async <R extends Row>(sql: string, ...values: SqlValue[]) =>
      database.prepare(sql).get(...values) as R | undefined,
    run: async (sql, ...values) => Number(database.prepare(sql).run(...values).changes),
  };
  // One connection: what is not part of a transaction waits until it is over.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <R>(work: () => Promise<R>): Promise<R> => {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  };
  return {
    engine: 'sqlite',
    all: (sql, ...values) => inTurn(() => direct.all(sql, ...values)),
    get: (sql, ...values) => inTurn(() => direct.get(sql, ...values)),
    run: (sql, ...values) => inTurn(() => direct.run(sql, ...values)),
    transaction: work =>
      inTurn(async () => {
        database.exec('BEGIN IMMEDIATE');
        try {
          const result = await work(direct);
          database.exec('COMMIT');
          return result;
        } catch (error) {
          database.exec('ROLLBACK');
          throw error;
        }
      }),
    async close() {
      await turn;
      database.close();
    },
  };
}

function openPostgres(url: string): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    types: {
      // Counts and milliseconds fit a double exactly.
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format as 'text'),
    },
  });
  // An idle connection that the server closes is replaced; the next query tells if it is gone for good.
  pool.on('error', () => undefined);
  const queriesOf = (client: Pick<pg.Pool, 'query'>): Queries => ({
    all: async <R extends Row>(sql: string, ...values: SqlValue[]) =>
      (await client.query(numbered(sql), values)).rows as R[],
    get: async <R extends Row>(sql: string, ...values: SqlValue[]) =>
      (await client.query(numbered(sql), values)).rows[0] as R | undefined,
    run: async (sql, ...values) => (await client.query(numbered(sql), values)).rowCount ?? 0,
  });
  return {
    engine: 'postgres',
    ...queriesOf(pool),
    async transaction(work) {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        const result = await work(queriesOf(client as unknown as Pick<pg.Pool, 'query'>));
        await client.query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK').catch(() => undefined);
        throw error;
      } finally {
        client.release();
      }
    },
    close: () => pool.end(),
  };
}

/** `?` → `$1`, `$2`, …; our statements have no question mark in a literal. */
function numbered(sql: string): string {
  let count = 0;
  return sql.replaceAll('?', () => `$${++count}`);
}

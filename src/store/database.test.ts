import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from './database.ts';
import { MIGRATIONS } from './migrations.ts';
import { type PrivatePostgres, postgresPrograms, startPrivatePostgres } from './privatePostgres.ts';

const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-database-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const programs = postgresPrograms();
if (!programs && process.env['BEAMKEEPER_REQUIRE_TOOLS'] === '1') {
  throw new Error('postgresql is not installed');
}

describe.each(['sqlite', 'postgres'] as const)('%s', engine => {
  const isMissing = engine === 'postgres' && !programs;
  let server: PrivatePostgres | undefined;
  let place: string;
  let database: Database;
  beforeAll(async () => {
    if (isMissing) return;
    if (engine === 'postgres') server = await startPrivatePostgres(programs as string);
    place = server?.url ?? join(folder, 'private', 'server.sqlite');
    database = await openDatabase(place);
  }, 60_000);
  afterAll(async () => {
    await database?.close();
    server?.stop();
  });
  beforeEach(async () => {
    if (!isMissing) await database.run('DELETE FROM account');
  });
  const it = test.skipIf(isMissing);
  const add = (id: string, more: { subject?: string } = {}) =>
    database.run(
      'INSERT INTO account (id, name, role, oidc_subject, created_ms) VALUES (?, ?, ?, ?, ?)',
      id,
      "O'Hara ? $1; DROP TABLE account",
      'member',
      more.subject ?? null,
      1_795_000_000_123,
    );

  it('values come back as they were put in, milliseconds as numbers, nothing as code', async () => {
    expect(await add('a')).toBe(1);
    expect({ ...(await database.get('SELECT * FROM account WHERE id = ?', 'a')) }).toEqual({
      id: 'a',
      name: "O'Hara ? $1; DROP TABLE account",
      role: 'member',
      person: null,
      oidc_subject: null,
      created_ms: 1_795_000_000_123,
      disabled_ms: null,
    });
    expect(await database.get('SELECT id FROM account WHERE id = ?', 'b')).toBeUndefined();
    expect(await database.run("UPDATE account SET role = 'admin' WHERE id = ?", 'b')).toBe(0);
  });

  it('what a transaction throws undoes all of it', async () => {
    const failing = database.transaction(async queries => {
      await queries.run(
        'INSERT INTO account (id, name, role, created_ms) VALUES (?, ?, ?, ?)',
        'x',
        'x',
        'member',
        1,
      );
      throw new Error('stop');
    });
    await expect(failing).rejects.toThrow('stop');
    expect(await database.all('SELECT id FROM account')).toEqual([]);
    await add('after');
    expect(await database.all('SELECT id FROM account')).toHaveLength(1);
  });

  it('of two that take the same name at once, one is refused', async () => {
    const both = await Promise.allSettled([
      add('one', { subject: 'same' }),
      add('two', { subject: 'same' }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('a row that is taken is taken once, however many ask at the same time', async () => {
    await database.run('DELETE FROM challenge');
    await database.run("INSERT INTO challenge VALUES ('c', 'login', 'v', '{}', 5)");
    const taken = await Promise.all(
      Array.from({ length: 8 }, () =>
        database.get('DELETE FROM challenge WHERE id = ? RETURNING value', 'c'),
      ),
    );
    expect(taken.filter(row => row !== undefined)).toHaveLength(1);
  });

  it('opening it again, also by several at once, finds the same tables', async () => {
    await add('kept');
    const others = await Promise.all([openDatabase(place), openDatabase(place)]);
    for (const other of others) {
      expect(await other.all('SELECT id FROM account')).toHaveLength(1);
      await other.close();
    }
  });

  it('a database of a newer version is left alone', async () => {
    await database.run('INSERT INTO migration (id) VALUES (?)', MIGRATIONS.length + 1);
    await expect(openDatabase(place)).rejects.toThrow(/written by a newer version/);
    await database.run('DELETE FROM migration WHERE id > ?', MIGRATIONS.length);
  });
});

test('a database that is not there is said, and its password is not', async () => {
  const place = 'postgres://ada:secret@127.0.0.1:1/none';
  const error = await openDatabase(place).catch((e: Error) => e);
  expect(error).toMatchObject({ code: 'DATABASE' });
  expect((error as Error).message).toMatch(/127\.0\.0\.1:1\/none: cannot be opened/);
  expect((error as Error).message).not.toMatch(/secret/);
});

// The peer of bench/api.ts: a bare Fastify that answers the bytes it is told, and puts what is posted
// into node:sqlite, a commit each (WAL, synchronous=FULL). Prints its port.
//
//   node bench/apiPeer.ts ANSWER.json DATABASE

import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import Fastify from 'fastify';

const [, , answerFile, databaseFile] = process.argv;
const answer = readFileSync(answerFile, 'utf8');
const database = new DatabaseSync(databaseFile);
database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE entry (body TEXT)');
const insert = database.prepare('INSERT INTO entry VALUES (?)');

const app = Fastify();
app.get('/', (_, reply) => reply.type('application/json; charset=utf-8').send(answer));
app.post('/', (request, reply) => {
  const { lastInsertRowid } = insert.run(JSON.stringify(request.body));
  return reply.code(201).send({ index: Number(lastInsertRowid) });
});
await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${(app.server.address() as { port: number }).port}\n`);

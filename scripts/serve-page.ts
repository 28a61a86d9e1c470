// Serves the built page and its world, without accounts or a log: for work on the page and its tests.
//
//   node scripts/serve-page.ts [--port 7310] [--elements file …] [--constellation name] [--at instant]

import { parseArgs } from 'node:util';
import { pageServer } from './pageServer.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '7310' },
    elements: { type: 'string', multiple: true, default: [] },
    constellation: { type: 'string' },
    at: { type: 'string' },
  },
});
const app = await pageServer(values);
await app.listen({ port: Number(values.port), host: '127.0.0.1' });
process.stdout.write(`http://127.0.0.1:${values.port}\n`);

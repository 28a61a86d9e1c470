/** The real FreeRADIUS asks our endpoint through its `rest` module, and the real radclient asks it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cellToLatLng } from 'h3-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAdmission } from '../src/admission/index.ts';
import { INNER_CELLS, SCOPE, TestLog } from '../src/control/testLog.ts';
import { type AdmissionServer, startAdmissionServer } from '../src/store/admissionServer.ts';
import { packageFile } from '../src/store/packageFiles.ts';
import { nodeSha256 } from '../src/store/tlogStore.ts';

const isThere =
  existsSync('/usr/sbin/freeradius') && spawnSync('radclient', ['-v']).error === undefined;
if (!isThere && process.env['BEAMKEEPER_REQUIRE_TOOLS'] === '1') {
  throw new Error('freeradius, freeradius-rest and freeradius-utils are not installed');
}

const SECRET = 'testing123';
const [LAT, LON] = cellToLatLng(INNER_CELLS[0]);

describe.skipIf(!isThere)('FreeRADIUS (skipped where it is not installed)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-radius-'));
  const log = new TestLog(nodeSha256);
  let server: AdmissionServer;
  let radius: ChildProcess;
  let port: number;
  let hash: string;

  beforeAll(async () => {
    hash = log.order({ scope: { ...SCOPE, band: 'inside' } });
    log.votes(hash, 'operator.service', 'operator.legal', 'customer', 'oversight.1').after(24);
    expect(log.execute(hash)).toBeUndefined();
    const { state } = log;
    const admission = createAdmission({
      state,
      leafHashes: [],
      origin: 'test',
      size: state.size,
      attestedMs: log.nowMs,
      witnesses: 0,
    });
    server = await startAdmissionServer({
      admission: () => admission,
      terminals: new Map([['kit-9', { latDeg: 52, lonDeg: 5, customer: 'fixed' }]]),
      host: '127.0.0.1',
      port: 0,
      nowMs: () => log.nowMs,
    });
    port = await freeUdpPort();
    radius = await startRadius(folder, server.url, port);
  }, 30_000);
  afterAll(async () => {
    radius?.kill('SIGKILL');
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = (attributes: Record<string, string>) => radclient(folder, port, attributes);
  const inside = { 'Beamkeeper-Latitude': `${LAT}`, 'Beamkeeper-Longitude': `${LON}` };

  test('a terminal that may be served is accepted, for as long as the answer holds', async () => {
    const answer = await ask({ 'Calling-Station-Id': 'kit-9' });
    expect(answer).toMatch(/Received Access-Accept/);
    expect(answer).toMatch(/Session-Timeout = 86400/);
  });

  test('a terminal inside is rejected, and told by which order', async () => {
    const answer = await ask({ 'Calling-Station-Id': 'kit-1', ...inside });
    expect(answer).toMatch(/Received Access-Reject/);
    expect(answer).toContain(hash);
  });

  test('the same place is served to those whom no order reaches', async () => {
    const humanitarian = {
      'Calling-Station-Id': 'kit-1',
      ...inside,
      'Beamkeeper-Class': 'humanitarian',
    };
    expect(await ask(humanitarian)).toMatch(/Received Access-Accept/);
  });

  test('who says not where he is, and is in no table, is not let in', async () => {
    expect(await ask({ 'Calling-Station-Id': 'kit-unknown' })).toMatch(/Received Access-Reject/);
  });

  test('with the endpoint gone nobody is let in by mistake', async () => {
    const { url } = server;
    await server.close();
    expect(await ask({ 'Calling-Station-Id': 'kit-9' })).toMatch(/Received Access-Reject/);
    expect(url).toContain('127.0.0.1');
  });
});

function freeUdpPort(): Promise<number> {
  return new Promise(resolve => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1', () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}

/** A server of its own, with nothing of Debian's configuration but the modules and dictionaries. */
function startRadius(folder: string, url: string, port: number): Promise<ChildProcess> {
  const raddb = join(folder, 'raddb');
  mkdirSync(raddb);
  writeFileSync(
    join(raddb, 'dictionary'),
    `$INCLUDE ${packageFile('data/radius/dictionary.beamkeeper')}\n`,
  );
  writeFileSync(
    join(raddb, 'radiusd.conf'),
    `
prefix = ${folder}
name = beamkeeper
logdir = ${folder}
run_dir = ${folder}
libdir = /usr/lib/freeradius
max_requests = 256
log {
  destination = stdout
}
security {
  reject_delay = 0
  status_server = no
}
thread pool {
  start_servers = 1
  max_servers = 2
  min_spare_servers = 1
  max_spare_servers = 1
  max_requests_per_server = 0
}
client here {
  ipaddr = 127.0.0.1
  secret = ${SECRET}
}
modules {
  rest {
    connect_uri = "${url.replace(/\/$/, '')}"
    authorize {
      uri = "\${..connect_uri}/radius"
      method = 'post'
      body = 'json'
      timeout = 2.0
    }
    pool {
      start = 0
      min = 0
      max = 2
      spare = 1
      uses = 0
      lifetime = 0
      idle_timeout = 60
      retry_delay = 0
    }
  }
}
server default {
  listen {
    type = auth
    ipaddr = 127.0.0.1
    port = ${port}
  }
  authorize {
    rest
  }
  authenticate {
  }
}
`,
  );
  const child = spawn('/usr/sbin/freeradius', ['-f', '-l', 'stdout', '-x', '-d', raddb]);
  return new Promise((resolve, reject) => {
    let said = '';
    const listen = (part: Buffer): void => {
      said += part.toString();
      if (said.includes('Ready to process requests')) resolve(child);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('error', reject);
    child.on('exit', code =>
      reject(new Error(`freeradius ended with ${code}:\n${said.slice(-2000)}`)),
    );
  });
}

/** Not the synchronous way: the endpoint that it asks lives in this process. */
async function radclient(
  folder: string,
  port: number,
  attributes: Record<string, string>,
): Promise<string> {
  const raddb = join(folder, 'raddb');
  const words = ['-x', '-r', '1', '-t', '8', '-d', raddb, `127.0.0.1:${port}`, 'auth', SECRET];
  const child = spawn('radclient', words);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', part => {
      said += part;
    });
  }
  const input = Object.entries({ 'User-Name': 'terminal', 'User-Password': 'none', ...attributes });
  child.stdin.end(input.map(([name, value]) => `${name} = "${value}"\n`).join(''));
  await once(child, 'close');
  return said;
}

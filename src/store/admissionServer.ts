import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Admission, AdmissionDecision, AdmissionRequest } from '../admission/index.ts';
import { CLASSES, type CustomerClass } from '../control/index.ts';
import { BeamkeeperError } from '../orbits/index.ts';

const MAX_REQUEST_BYTES = 64 * 1024;
const REQUEST_TIMEOUT_MS = 5000;
const MBPS = 1e6;
const MAX_UINT32 = 0xffff_ffff;
const MAX_TEXT_BYTES = 253;
/** A clock that is further behind what witnesses attested is wrong. */
const CLOCK_SLACK_MS = 5 * 60_000;
/** Longest session that a RADIUS reply allows: a changed order reaches everybody within it. */
const MAX_SESSION_S = 86_400;

/** Where terminals are that do not say so themselves, and whose they are. */
export interface TerminalPlace {
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly customer: CustomerClass;
}

export interface AdmissionServerOptions {
  /** Read anew for each request, so that a fresh snapshot takes effect at once. */
  readonly admission: () => Admission;
  readonly terminals: ReadonlyMap<string, TerminalPlace>;
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly nowMs?: () => number;
}

export interface AdmissionServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Admission over HTTP: `POST /admit` takes `{latDeg, lonDeg, class, terminal, speedKmh, altitudeM}` and
 * answers with the decision; `POST /radius` takes attributes as FreeRADIUS' `rest` module posts them
 * (`body = 'json'`) and answers in its form: 200 with `control:Auth-Type` and a rate, or 401 with the
 * order in `Reply-Message`.
 *
 * Attributes read: `Calling-Station-Id`, else `User-Name`, names the terminal; `Beamkeeper-Latitude`,
 * `-Longitude`, `-Class`, `-Speed`, `-Altitude` say where it is, else the table of terminals.
 */
export async function startAdmissionServer(
  options: AdmissionServerOptions,
): Promise<AdmissionServer> {
  const server = serve(options);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as { port: number };
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}/`,
    async close() {
      await new Promise(resolve => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

function serve(options: AdmissionServerOptions): Server {
  const server = createServer((request, response) => {
    answerOf(options, request)
      .catch((error: unknown): Answer => {
        if (!(error instanceof BeamkeeperError)) throw error;
        return { status: 400, body: { code: error.code, detail: error.message } };
      })
      .catch((): Answer => ({ status: 500, body: { code: 'INTERNAL', detail: 'a defect' } }))
      .then(({ status, body }) => {
        response.writeHead(status, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify(body));
      });
  });
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  return server;
}

async function answerOf(
  options: AdmissionServerOptions,
  request: IncomingMessage,
): Promise<Answer> {
  const path = (request.url ?? '').split('?')[0];
  if (path === '/healthz') {
    const { snapshot, staleMs } = options.admission();
    const { origin, size, attestedMs, witnesses } = snapshot;
    const ok = (options.nowMs ?? Date.now)() <= staleMs;
    const [attestedAt, staleAt] = [attestedMs, staleMs].map(ms => new Date(ms).toISOString());
    return { status: ok ? 200 : 503, body: { ok, origin, size, attestedAt, staleAt, witnesses } };
  }
  if (path !== '/admit' && path !== '/radius') {
    return { status: 404, body: { code: 'NOT_FOUND', detail: 'POST /admit or /radius' } };
  }
  if (request.method !== 'POST') {
    return { status: 405, body: { code: 'METHOD', detail: `POST ${path}` } };
  }
  const fields = await readJson(request);
  const nowMs = (options.nowMs ?? Date.now)();
  const { attestedMs } = options.admission().snapshot;
  if (nowMs < attestedMs - CLOCK_SLACK_MS) {
    return {
      status: 503,
      body: {
        code: 'CLOCK',
        detail: `this machine's clock is behind what was attested at ${new Date(attestedMs).toISOString()}`,
      },
    };
  }
  if (path === '/admit') {
    const decision = options.admission().decide(requestOf(fields, options, nowMs));
    return { status: 200, body: plain(decision) };
  }
  const decision = options.admission().decide(requestOf(ofRadius(fields), options, nowMs));
  return radiusAnswer(decision, nowMs);
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_REQUEST_BYTES) {
      throw new BeamkeeperError('TOO_LARGE', `a request has at most ${MAX_REQUEST_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Said below.
  }
  throw new BeamkeeperError('MALFORMED', 'the body is no JSON object');
}

/** `{"User-Name": {"type": "string", "value": ["kit-7"]}, …}` as plain fields. */
function ofRadius(attributes: Record<string, unknown>): Record<string, unknown> {
  const first = (name: string): unknown =>
    (attributes[name] as { value?: readonly unknown[] } | undefined)?.value?.[0];
  const named: Readonly<Record<string, unknown>> = {
    terminal: first('Calling-Station-Id') ?? first('User-Name'),
    latDeg: first('Beamkeeper-Latitude'),
    lonDeg: first('Beamkeeper-Longitude'),
    class: first('Beamkeeper-Class'),
    speedKmh: first('Beamkeeper-Speed'),
    altitudeM: first('Beamkeeper-Altitude'),
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

function requestOf(
  fields: Readonly<Record<string, unknown>>,
  { terminals }: AdmissionServerOptions,
  nowMs: number,
): AdmissionRequest {
  const terminal = typeof fields['terminal'] === 'string' ? fields['terminal'] : undefined;
  const known = terminal === undefined ? undefined : terminals.get(terminal);
  const number = (name: string): number | undefined => {
    const value = fields[name];
    if (value === undefined) return undefined;
    const parsed = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof parsed === 'number' && Number.isFinite(parsed)) return parsed;
    throw new BeamkeeperError('MALFORMED', `${name}: ${JSON.stringify(value)} is no number`);
  };
  const latDeg = number('latDeg') ?? known?.latDeg;
  const lonDeg = number('lonDeg') ?? known?.lonDeg;
  if (latDeg === undefined || lonDeg === undefined) {
    throw new BeamkeeperError(
      'POSITION',
      `terminal ${terminal ?? 'without a name'}: no position in the request, and it is not in the table`,
    );
  }
  const customer = fields['class'] ?? known?.customer ?? 'fixed';
  if (!(CLASSES as readonly unknown[]).includes(customer)) {
    throw new BeamkeeperError('MALFORMED', `class: give one of ${CLASSES.join(', ')}`);
  }
  const speedKmh = number('speedKmh');
  const altitudeM = number('altitudeM');
  return {
    latDeg,
    lonDeg,
    customer: customer as CustomerClass,
    ...(terminal !== undefined && { terminal }),
    ...(speedKmh !== undefined && { speedKmh }),
    ...(altitudeM !== undefined && { altitudeM }),
    atMs: nowMs,
  };
}

/** JSON has no Infinity. */
function plain(decision: AdmissionDecision): unknown {
  const { untilMs, ...rest } = decision;
  return { ...rest, until: Number.isFinite(untilMs) ? new Date(untilMs).toISOString() : null };
}

/**
 * Text for an attribute: at most 253 bytes, the most that one carries; and told to be text, or the server
 * would expand what looks like its variables in an order's name.
 */
function asText(text: string): { value: string[]; do_xlat: false } {
  let bytes = Buffer.from(text).subarray(0, MAX_TEXT_BYTES);
  // Not in the middle of a letter.
  while (bytes.length > 0 && bytes.toString('utf8').includes('\uFFFD'))
    bytes = bytes.subarray(0, -1);
  return { value: [bytes.toString('utf8')], do_xlat: false };
}

function radiusAnswer(decision: AdmissionDecision, nowMs: number): Answer {
  const { isServed, reason, because, order, maxRateMbps, untilMs } = decision;
  const by = order ? `order ${order.hash}, entry ${order.entry}: ` : '';
  const message = because === undefined ? reason : `${reason}: ${by}${because}`;
  const reply = { 'reply:Reply-Message': asText(message) };
  if (!isServed) return { status: 401, body: reply };
  const sessionS = Math.max(1, Math.min(MAX_SESSION_S, Math.floor((untilMs - nowMs) / 1000)));
  return {
    status: 200,
    body: {
      'control:Auth-Type': 'Accept',
      ...reply,
      'reply:Session-Timeout': sessionS,
      ...(maxRateMbps !== undefined && {
        'reply:WISPr-Bandwidth-Max-Down': Math.min(MAX_UINT32, Math.round(maxRateMbps * MBPS)),
      }),
    },
  };
}

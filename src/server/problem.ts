import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply } from 'fastify';
import { BeamkeeperError } from '../orbits/index.ts';
import { TlogError } from '../tlog/index.ts';

/** RFC 9457, with a stable `code` and, where there is one, the field that is wrong. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly [more: string]: unknown;
}

/** Thrown by a handler that knows the answer's status. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly more: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    code: string,
    detail: string,
    more: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail);
    this.name = 'HttpProblem';
    this.status = status;
    this.code = code;
    this.more = more;
  }
}

/** Where the code of an error decides; everything else that is bad input is 400. */
const STATUS: Readonly<Record<string, number>> = {
  NO_EFFECT: 409,
  NO_ORDER: 404,
  NOT_FOUND: 404,
  NO_SUCH_PART: 404,
  READ_REPLAYED: 409,
  TERRITORY: 404,
  TOO_LARGE: 413,
  SEAL_UNAVAILABLE: 503,
  LEDGER_ROLLBACK: 503,
  LEDGER_FORK: 503,
  LEDGER_CORRUPT: 503,
  LEDGER_LOCKED: 503,
  LEDGER_STOPPED: 503,
  STORAGE_SYNC: 503,
  STORAGE_WRITE: 503,
  STORAGE_READ: 503,
  STORAGE_FULL: 507,
};
/** Fastify's own refusals, in this API's codes. */
const FASTIFY_CODES: Readonly<Record<string, string>> = {
  FST_ERR_VALIDATION: 'MALFORMED',
  FST_ERR_CTP_INVALID_JSON_BODY: 'MALFORMED',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'MALFORMED',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'MEDIA_TYPE',
  FST_ERR_CTP_BODY_TOO_LARGE: 'TOO_LARGE',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'MALFORMED',
  FST_ERR_BAD_URL: 'MALFORMED',
  FST_ERR_MAX_PARAM_LENGTH: 'TOO_LARGE',
};

/** What an error is answered with; of a defect nothing of its inside is told. */
export function problemOf(error: unknown): Problem {
  if (error instanceof HttpProblem) {
    return problem(error.status, error.code, error.message, error.more);
  }
  if (error instanceof BeamkeeperError || error instanceof TlogError) {
    const isBadInput = error instanceof BeamkeeperError && error.isBadInput;
    const fallback = isBadInput || error.code === 'BAD_FORMAT' ? 400 : 500;
    // The shapes of bodies begin with the field's path: `body.scope.band is none of …`.
    const [field] = error.code === 'BODY' ? (/^body[\w.[\]]*/.exec(error.message) ?? []) : [];
    const more = field === undefined ? {} : { field };
    return problem(STATUS[error.code] ?? fallback, error.code, error.message, more);
  }
  const { statusCode = 500, code = '', message, validation } = error as FastifyError;
  if (statusCode >= 500) {
    return problem(500, 'INTERNAL', 'the server met a defect of its own; it is in its log');
  }
  const field = validation?.[0]?.instancePath;
  return problem(
    statusCode,
    statusCode === 429 ? 'RATE_LIMIT' : (FASTIFY_CODES[code] ?? 'REFUSED'),
    message,
    field === undefined ? {} : { field: field.replace(/^\//, '').replaceAll('/', '.') },
  );
}

function problem(
  status: number,
  code: string,
  detail: string,
  more: Readonly<Record<string, unknown>> = {},
): Problem {
  return {
    ...more,
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Refused',
    status,
    code,
    detail,
  };
}

export function sendProblem(reply: FastifyReply, answer: Problem): FastifyReply {
  // The log may be back, or room made, when somebody has looked after it.
  if (answer.status === 503) reply.header('Retry-After', '30');
  return reply
    .code(answer.status)
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(answer));
}

/** What is no HTTP, or comes too slowly, is answered on the bare connection. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const status =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? 431
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? 408
        : 400;
  const code = status === 431 ? 'TOO_LARGE' : status === 408 ? 'TIMEOUT' : 'MALFORMED';
  const answer = problem(status, code, 'this is no HTTP request that could be answered');
  const body = JSON.stringify(answer);
  socket.end(
    `HTTP/1.1 ${status} ${answer.title}\r\nContent-Type: application/problem+json; charset=utf-8\r\n` +
      `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  );
}

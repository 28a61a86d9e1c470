import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { entryView } from '../control/index.ts';
import type { ServerContext } from './app.ts';
import { HttpProblem } from './problem.ts';
import * as schemas from './schemas.ts';
import type { ZodRequests } from './zodRequests.ts';

const HEARTBEAT_MS = 15_000;
const MAX_STREAMS = 1000;

/** Progress of long work, for whoever listens: events without an id. */
export const progressEvents = new EventEmitter<{ job: [unknown] }>();

/** A reader, and the index of the entry that he gets next. */
interface Reader {
  readonly stream: ServerResponse;
  next: number;
}

/**
 * Server-sent events: every published entry from now on, `id` its index; `Last-Event-ID` or `?after=`
 * resumes where a reader left off, so none is missed and none comes twice. A reader takes what he can:
 * who is slow gets later, and costs no memory.
 */
export const liveStream: FastifyPluginAsync<ServerContext> = async (instance, { store }) => {
  const app = instance.withTypeProvider<ZodRequests>();
  const readers = new Set<Reader>();
  /** All readers who keep up are sent the same text. */
  let last = { index: -1, text: '' };
  const textOf = (index: number): string => {
    if (last.index !== index) {
      const { body: _, ...view } = entryView(store.state, store.entries[index].entry);
      last = { index, text: `id: ${index}\nevent: entry\ndata: ${JSON.stringify(view)}\n\n` };
    }
    return last.text;
  };
  const pump = (reader: Reader): void => {
    while (reader.next < store.orders.log.publishedSize && !reader.stream.writableNeedDrain) {
      reader.stream.write(textOf(reader.next));
      reader.next += 1;
    }
  };
  /** Passing words; who has not taken the last ones does without. */
  const tell = (text: string): void => {
    for (const { stream } of readers) if (!stream.writableNeedDrain) stream.write(text);
  };
  const stopRecorded = store.onRecorded(() => {
    for (const reader of readers) pump(reader);
  });
  const onJob = (job: unknown): void => tell(`event: job\ndata: ${JSON.stringify(job)}\n\n`);
  progressEvents.on('job', onJob);
  const heartbeat = setInterval(() => tell(': alive\n\n'), HEARTBEAT_MS);
  heartbeat.unref();
  app.addHook('preClose', async () => {
    clearInterval(heartbeat);
    stopRecorded();
    progressEvents.off('job', onJob);
    for (const { stream } of readers) stream.end();
  });

  app.get(
    '/api/v1/stream',
    {
      schema: {
        description:
          'Server-sent events: `entry` (its id is the index) and `job`. Last-Event-ID resumes.',
        querystring: z.object({ after: z.string().max(20).optional() }),
        produces: ['text/event-stream'],
        response: { 200: z.string(), '4xx': schemas.problemSchema },
      },
    },
    (request, reply) => {
      if (readers.size >= MAX_STREAMS) {
        throw new HttpProblem(
          503,
          'BUSY',
          `${MAX_STREAMS} readers are on the stream; come back later`,
        );
      }
      const seen = request.headers['last-event-id'] ?? request.query.after;
      const isIndex = seen === undefined || /^(-1|\d{1,15})$/.test(String(seen));
      if (!isIndex) {
        throw new HttpProblem(400, 'MALFORMED', 'Last-Event-ID is the index of an entry', {
          field: 'Last-Event-ID',
        });
      }
      reply.hijack();
      const stream = reply.raw;
      stream.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store',
        Connection: 'close',
        'X-Accel-Buffering': 'no',
      });
      stream.write('retry: 2000\n\n');
      const next = seen === undefined ? store.orders.log.publishedSize : Number(seen) + 1;
      const reader: Reader = { stream, next };
      readers.add(reader);
      stream.on('drain', () => pump(reader));
      stream.on('close', () => readers.delete(reader));
      pump(reader);
    },
  );
};

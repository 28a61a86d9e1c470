import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyPluginAsync } from 'fastify';
import { entryView } from '../control/index.ts';
import type { Recorded } from '../store/switchStore.ts';
import type { ServerContext } from './app.ts';
import { HttpProblem } from './problem.ts';

const HEARTBEAT_MS = 15_000;
const MAX_STREAMS = 1000;
/** A reader that takes nothing is let go. */
const MAX_BUFFERED_BYTES = 1 << 20;

/** Progress of long work, for whoever listens: events without an id. */
export const progressEvents = new EventEmitter<{ job: [unknown] }>();

/**
 * Server-sent events: every entry from now on, `id` its index; `Last-Event-ID` or `?after=` resumes
 * where a reader left off, so none is missed.
 */
export const liveStream: FastifyPluginAsync<ServerContext> = async (app, { store }) => {
  const streams = new Set<ServerResponse>();
  const write = (stream: ServerResponse, text: string): void => {
    if (stream.writableLength > MAX_BUFFERED_BYTES) stream.destroy();
    else stream.write(text);
  };
  const textOf = ({ index, entry }: Recorded): string => {
    const { body: _, ...view } = entryView(store.state, entry);
    return `id: ${index}\nevent: entry\ndata: ${JSON.stringify(view)}\n\n`;
  };
  const stopRecorded = store.onRecorded(recorded => {
    const text = textOf(recorded);
    for (const stream of streams) write(stream, text);
  });
  const onJob = (job: unknown): void => {
    for (const stream of streams) write(stream, `event: job\ndata: ${JSON.stringify(job)}\n\n`);
  };
  progressEvents.on('job', onJob);
  const heartbeat = setInterval(() => {
    for (const stream of streams) write(stream, ': alive\n\n');
  }, HEARTBEAT_MS);
  heartbeat.unref();
  app.addHook('preClose', async () => {
    clearInterval(heartbeat);
    stopRecorded();
    progressEvents.off('job', onJob);
    for (const stream of streams) stream.end();
  });

  app.get<{ Querystring: { after?: string } }>(
    '/api/v1/stream',
    { schema: { hide: true } },
    (request, reply) => {
      if (streams.size >= MAX_STREAMS) {
        throw new HttpProblem(
          503,
          'BUSY',
          `${MAX_STREAMS} readers are on the stream; come back later`,
        );
      }
      const last = request.headers['last-event-id'] ?? request.query.after;
      const after = last === undefined ? store.entries.length - 1 : Number(last);
      if (!Number.isInteger(after) || after < -1) {
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
        'X-Accel-Buffering': 'no',
      });
      write(stream, 'retry: 2000\n\n');
      for (const recorded of store.entries.slice(after + 1)) write(stream, textOf(recorded));
      streams.add(stream);
      stream.on('close', () => streams.delete(stream));
    },
  );
};

import { randomBytes } from 'node:crypto';
import type { FastifyPluginAsync } from 'fastify';

import { z } from 'zod';
import { type Impact, signBody } from '../control/index.ts';
import { DEFAULT_ORDER_WORLD, type OrderImpact } from '../runs/orderImpact.ts';
import { orderImpactJob } from '../runs/orderImpactJob.ts';
import type { ServerContext } from './app.ts';
import { progressEvents } from './liveStream.ts';
import { HttpProblem } from './problem.ts';
import * as schemas from './schemas.ts';
import type { ZodRequests } from './zodRequests.ts';

/** The twin takes a core each; more would slow the log down. */
const MAX_RUNNING = 1;
const KEPT = 100;

interface Job {
  readonly job: string;
  readonly orderHash: string;
  state: 'running' | 'done' | 'failed';
  done: number;
  total: number;
  result?: {
    readonly reportSha256: string;
    /** With what was filed; null when nothing was. */
    readonly isSame: boolean | null;
    readonly headlines: Impact['headlines'];
    /** Entry that now carries the report; null when it was only compared. */
    readonly entry: number | null;
  };
  error?: { readonly code: string; readonly detail: string };
}

/**
 * Has the server's twin compute what an order would do. Where no report is filed, or the inputs of the
 * filed one have grown old, it files it with the twin's key; else it compares.
 */
export const impactJobs: FastifyPluginAsync<ServerContext> = async (instance, context) => {
  const app = instance.withTypeProvider<ZodRequests>();
  const { store, dataFolder, twin } = context;
  const jobs = new Map<string, Job>();
  const stopping = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  let runningCount = 0;
  app.addHook('preClose', async () => {
    stopping.abort();
    await running;
  });

  async function run(job: Job, isFiling: boolean): Promise<void> {
    const { orderHash } = job;
    const filed = [...store.entries]
      .reverse()
      .find(
        ({ entry }) => entry.type === 'impact/v1' && (entry.body as Impact).orderHash === orderHash,
      );
    const computed: OrderImpact = await orderImpactJob(
      {
        dataFolder,
        orderHash,
        twin: twin?.name ?? 'key:comparison',
        world: DEFAULT_ORDER_WORLD,
        nowMs: store.nowMs(),
        // To compare, the twin must see the log as the report did.
        ...(!isFiling && filed && { logSize: filed.index }),
      },
      (done, total) => {
        Object.assign(job, { done, total });
        progressEvents.emit('job', job);
      },
      stopping.signal,
    );
    const { body } = computed;
    let entry: number | null = null;
    if (isFiling && twin) {
      await store.putBlob(computed.report);
      entry = (await store.record('impact/v1', await signBody(twin, 'impact/v1', body))).index;
    }
    job.result = {
      reportSha256: body.reportSha256,
      isSame: filed ? (filed.entry.body as Impact).reportSha256 === body.reportSha256 : null,
      headlines: body.headlines,
      entry,
    };
    job.state = 'done';
  }

  app.post(
    '/api/v1/orders/:hash/impact',
    {
      schema: {
        description:
          'Computes the impact again; with ?file=true the twin of the server signs and files it',
        params: schemas.hashParam,
        querystring: z.object({ file: z.enum(['true', 'false']).optional() }),
        response: { 202: schemas.jobSchema, '4xx': schemas.problemSchema },
      },
    },
    async (request, reply) => {
      const { hash } = request.params;
      const record = store.state.ballots.get(hash);
      if (record?.subject.type !== 'order/v1')
        throw new HttpProblem(404, 'NOT_FOUND', `no order ${hash}`);
      if (!record.subject.body.scope) {
        throw new HttpProblem(409, 'SEALED', 'the scope is sealed; the twin has none');
      }
      const isFiling = request.query.file === 'true';
      if (isFiling && !twin)
        throw new HttpProblem(409, 'NO_TWIN', 'this server holds no key of a twin');
      if (runningCount >= MAX_RUNNING) {
        throw new HttpProblem(
          429,
          'BUSY',
          'the twin is at work for another order; ask again shortly',
        );
      }
      const job: Job = {
        job: randomBytes(8).toString('hex'),
        orderHash: hash,
        state: 'running',
        done: 0,
        total: 0,
      };
      jobs.set(job.job, job);
      for (const old of [...jobs.keys()].slice(0, -KEPT)) jobs.delete(old);
      runningCount += 1;
      running = run(job, isFiling)
        .catch((error: { code?: string; message: string }) => {
          job.state = 'failed';
          job.error = { code: error.code ?? 'INTERNAL', detail: error.message };
        })
        .finally(() => {
          runningCount -= 1;
          progressEvents.emit('job', job);
        });
      return reply.code(202).header('Location', `/api/v1/jobs/${job.job}`).send(job);
    },
  );
  app.get(
    '/api/v1/jobs/:job',
    {
      schema: {
        params: z.object({ job: z.string().max(64) }),
        response: { 200: schemas.jobSchema, '4xx': schemas.problemSchema },
      },
    },
    (request, reply) => {
      const job = jobs.get(request.params.job);
      if (!job) throw new HttpProblem(404, 'NOT_FOUND', `no job ${request.params.job}`);
      return reply.header('Cache-Control', 'no-store').send(job);
    },
  );
};

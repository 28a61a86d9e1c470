import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { BeamkeeperError } from '../orbits/index.ts';
import {
  beginDemo,
  DEMO_TWIN,
  type DemoKey,
  readDemoKeys,
  readDemoKeyTexts,
} from '../runs/demoInstallation.ts';
import { buildServer } from '../server/app.ts';
import { demoClock } from '../server/demoClock.ts';
import type { OidcOptions } from '../server/identity/oidc.ts';
import { setupCode } from '../server/identity/setupCode.ts';
import { sealedReads } from '../server/sealedReads.ts';
import { seals } from '../server/seals.ts';
import { world } from '../server/world.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { openDemoClock } from '../store/demoClock.ts';
import { packageFile } from '../store/packageFiles.ts';
import { openReleaseService } from '../store/releaseService.ts';
import { openSealStore } from '../store/sealStore.ts';
import { readSigningKey } from '../store/signingKey.ts';
import { openSwitch, type SwitchStore } from '../store/switchStore.ts';
import { stopWith } from './interruption.ts';

/** Each log names the other's newest checkpoint so often, if that has grown. */
const ANCHOR_MS = 600_000;
/** Whoever has not sent his request or taken his answer by then, after a signal to stop, is cut off. */
const GRACE_MS = 10_000;

export interface ServeRequest {
  readonly dataFolder: string;
  readonly keysFolder: string;
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Begins a demo where there is no switch, and hands its keys to the page. */
  readonly isDemo: boolean;
  readonly twinKey?: string | undefined;
  readonly witnessPolicy?: string | undefined;
  readonly ratePerSecond?: number | undefined;
  readonly trustedProxies?: string | undefined;
  /** `postgres://…` or a file; absent: `private/server.sqlite` in the data folder. */
  readonly database?: string | undefined;
  readonly oidc?: OidcOptions | undefined;
  readonly areLocalWebhooksAllowed?: boolean | undefined;
  /** Files of element sets for the page; none: the fleet as flown. */
  readonly elements?: readonly string[] | undefined;
  readonly plugins?: ((store: SwitchStore) => Promise<FastifyPluginAsync[]>) | undefined;
}

/** A server that listens, and how to reach it. */
export interface Served {
  readonly app: FastifyInstance;
  readonly store: SwitchStore;
  readonly url: string;
  /** Lets the first administrator in, for 15 minutes; undefined once there is one. */
  readonly setupCode: string | undefined;
}

/**
 * Opens a switch and serves it until the process is told to stop; then requests are finished, streams
 * ended and the log closed.
 *
 * @throws BeamkeeperError `PORT` when it cannot be listened at, `SWITCH_MISSING`, `LEDGER_LOCKED`
 */
export async function serveSwitch(request: ServeRequest): Promise<Served> {
  const { dataFolder, keysFolder, isDemo, twinKey, witnessPolicy } = request;
  const isEmpty = !existsSync(join(dataFolder, 'ledger', 'orders', 'checkpoint'));
  const clock = isDemo ? await openDemoClock(dataFolder) : undefined;
  const options = {
    ...(witnessPolicy !== undefined && { witnessPolicy }),
    ...(clock && { nowMs: clock.nowMs }),
  };
  const store =
    isDemo && isEmpty
      ? (await beginDemo(dataFolder, keysFolder, { ...options, pageOrigin: originOf(request) }))
          .store
      : await openSwitch({ ...options, dataFolder, keysFolder });
  let database: Database | undefined;
  try {
    database = await openDatabase(request.database ?? join(dataFolder, 'private', 'server.sqlite'));
    const first = await setupCode(database, Date.now());
    const demoKeys = isDemo ? await demoKeysOf(store, keysFolder) : undefined;
    const twin =
      twinKey !== undefined
        ? await readSigningKey(twinKey)
        : isDemo
          ? (await readDemoKeys(keysFolder)).get(DEMO_TWIN)
          : undefined;
    const sealing = await openSealing(store, request);
    const app = await buildServer({
      store,
      dataFolder,
      pageFolder: packageFile('dist/web'),
      twin,
      demoKeys,
      hasSealKeys: sealing?.hasKeys,
      trustedProxies: request.trustedProxies,
      logger: true,
      accounts: {
        database,
        relyingParty: { ...relyingPartyOf(store), name: 'Beamkeeper' },
        nowMs: Date.now,
        setup: first?.setup,
        oidc: request.oidc,
        areLocalWebhooksAllowed: request.areLocalWebhooksAllowed === true,
      },
      ...(request.ratePerSecond !== undefined && { ratePerSecond: request.ratePerSecond }),
      plugins: [
        async app => {
          await app.register(world, { elements: request.elements ?? [] });
        },
        async app => {
          if (clock) await app.register(demoClock, { clock });
        },
        ...(sealing ? [sealing.plugin] : []),
        ...((await request.plugins?.(store)) ?? []),
      ],
    });
    await listen(app, request);
    const anchoring = setInterval(() => {
      store.anchor().catch((error: Error) => app.log.error(error));
    }, ANCHOR_MS);
    anchoring.unref();
    stopWith(async () => {
      clearInterval(anchoring);
      const cut = setTimeout(() => app.server.closeAllConnections(), GRACE_MS);
      await app.close();
      clearTimeout(cut);
      await store.close();
      await database?.close();
    });
    const { port } = app.server.address() as { port: number };
    return {
      app,
      store,
      url: `http://${urlHost(request.host)}:${port}/`,
      setupCode: first?.code,
    };
  } catch (error) {
    await store.close();
    await database?.close();
    throw error;
  }
}

/** Where sealing is set up, parts are sealed, and read by who is cleared, over HTTP too. */
async function openSealing(
  store: SwitchStore,
  { dataFolder, keysFolder }: ServeRequest,
): Promise<
  { plugin: FastifyPluginAsync; hasKeys: (sealId: string) => Promise<boolean> } | undefined
> {
  try {
    const { readByPolicy } = await import('../store/cedarEngine.ts');
    const opened = await openSealStore({ dataFolder, keysFolder });
    const release = await openReleaseService(store, { dataFolder, keysFolder }, readByPolicy);
    return {
      hasKeys: opened.seals.hasKeys,
      plugin: async app => {
        await app.register(sealedReads, { release });
        await app.register(seals, { ...opened, store });
      },
    };
  } catch (error) {
    if (error instanceof BeamkeeperError && error.code === 'SEAL_ESCROW') return undefined;
    throw error;
  }
}

/** Passkeys that sign votes and those that sign in are bound to the same page. */
function relyingPartyOf(store: SwitchStore): { id: string; origin: string } {
  return store.state.rosters[store.state.rosters.length - 1].roster.relyingParty;
}

async function demoKeysOf(
  store: SwitchStore,
  keysFolder: string,
): Promise<ReadonlyMap<string, DemoKey>> {
  const { roster } = store.state.rosters[store.state.rosters.length - 1];
  if (!roster.demo) {
    throw new BeamkeeperError(
      'OPTION',
      '--demo: the switch in this folder is a real one; its keys are nobody else’s to hand out',
    );
  }
  return readDemoKeyTexts(keysFolder);
}

async function listen(app: FastifyInstance, { host, port }: ServeRequest): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    await app.close();
    const why =
      code === 'EADDRINUSE'
        ? 'is taken; give another with --port'
        : `cannot be listened at (${code ?? (cause as Error).message}); give others with --host, --port`;
    throw new BeamkeeperError('PORT', `port ${port} at ${host} ${why}`, { cause });
  }
}

/** Loopback is called by its name: passkeys are bound to names, and secure contexts know this one. */
function urlHost(host: string): string {
  if (host === '127.0.0.1' || host === '::1') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function originOf({ host, port }: ServeRequest): string {
  return `http://${urlHost(host)}:${port}`;
}

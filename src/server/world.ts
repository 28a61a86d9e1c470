import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import type { FastifyPluginAsync } from 'fastify';
import { cellsFile, TERRITORIES_FILE } from '../earth/index.ts';
import { latencyParametersOf } from '../network/index.ts';
import { BeamkeeperError, formatInstant, parseInstant } from '../orbits/index.ts';
import { backhaulOf } from '../runs/backhaulOf.ts';
import { decimalYear } from '../runs/decimalYear.ts';
import { loadFleet } from '../runs/fleet.ts';
import { chooseGateways } from '../runs/gatewayList.ts';
import { seenPointsOfPresence } from '../runs/loadInternet.ts';
import { gatewaysOfYear, parametersOf } from '../runs/loadWorld.ts';
import { type WorldFile, writeElementFile } from '../service/index.ts';
import { builtPointsOfPresence } from '../store/builtData.ts';
import { packageFile } from '../store/packageFiles.ts';

/** Names carry the content's hash: what is behind one never changes. */
const FOR_EVER = 'public, max-age=31536000, immutable';
const ASK_AGAIN = 'no-cache';

export interface WorldOptions {
  /** Files of element sets; empty: the built-in fleet of that name, or Starlink as flown last. */
  readonly elements?: readonly string[];
  readonly constellation?: string | undefined;
  /** Where the page's clock starts; undefined: the middle epoch of the element sets. */
  readonly at?: string | undefined;
}

/** A file as it is sent. */
interface SentFile {
  readonly type: string;
  readonly etag: string;
  readonly bytes: Uint8Array;
  readonly zipped: Uint8Array;
}

/**
 * The world that the page computes with: `/world/world.json` and the arrays that it names. Everything
 * is read and packed once, when the plugin is registered; a page that has it asks only whether it
 * changed (ETag by content).
 *
 * @throws BeamkeeperError for element sets that cannot be used, `DATA_MISSING` without `npm run build:data`
 */
export const world: FastifyPluginAsync<WorldOptions> = async (app, options) => {
  const files = await worldFiles(options);
  app.get<{ Params: { name: string } }>('/world/:name', (request, reply) => {
    const file = files.get(request.params.name);
    if (file === undefined) {
      return reply.code(404).send({
        type: 'about:blank',
        title: 'Not found',
        status: 404,
        detail: `/world/${request.params.name}: there is no such file; /world/world.json names them`,
      });
    }
    reply
      .header('etag', file.etag)
      .header('vary', 'accept-encoding')
      .header('cache-control', file.type === 'application/json' ? ASK_AGAIN : FOR_EVER);
    if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
    reply.type(file.type);
    if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(file.bytes);
    return reply.header('content-encoding', 'gzip').send(file.zipped);
  });
};

async function worldFiles(options: WorldOptions): Promise<Map<string, SentFile>> {
  const files = new Map<string, SentFile>();
  const add = (stem: string, bytes: Uint8Array): string => {
    const hash = contentHash(bytes);
    const name = `${stem}-${hash}.bin`;
    files.set(name, sentFile('application/octet-stream', hash, bytes));
    return `/world/${name}`;
  };
  const built = async (name: string): Promise<string> => {
    const path = packageFile(`dist/data/${name}`);
    if (!existsSync(path)) {
      throw new BeamkeeperError(
        'DATA_MISSING',
        `the page's data is not built (${path} is missing): run \`npm run build:data\``,
        { isBadInput: false },
      );
    }
    return add(name.replace('.bin', ''), await readFile(path));
  };

  const fleet = await loadFleet({
    catalogues: options.elements ?? [],
    constellation: options.constellation,
    at: options.at === undefined ? undefined : parseInstant(options.at),
  });
  const parameters = parametersOf({}, fleet);
  const chosen = await chooseGateways(undefined, fleet.operator);
  const year = decimalYear(fleet.at);
  const gateways = gatewaysOfYear(chosen, year, fleet, parameters.userMaskRad);
  const pops = builtPointsOfPresence(chosen.operator);
  const backhaul = backhaulOf({}, fleet);
  const content: Omit<WorldFile, 'revision'> = {
    version: 1,
    at: formatInstant(fleet.at),
    year,
    satellites: {
      count: fleet.records.length,
      operator: fleet.operator,
      kind: fleet.summary.kind,
      sources: fleet.summary.sources.map(source => source.replace(/^.*[/\\]/, '')),
      epoch: fleet.summary.epochs?.median ?? null,
      generations: fleet.summary.generations,
      licence:
        fleet.summary.kind === 'catalogue'
          ? 'element sets: 18th Space Defense Squadron, by way of CelesTrak'
          : 'shells as flown: written for this project, Apache-2.0',
    },
    gatewayList: chosen.list,
    gateways: Array.from({ length: gateways.count }, (_, g) => ({
      name: gateways.name[g],
      latDeg: degrees(gateways.latRad[g]),
      lonDeg: degrees(gateways.lonRad[g]),
      country: gateways.country[g],
      status: gateways.status[g],
      isOperational: gateways.isOperational[g] === 1,
    })),
    pointsOfPresence: Array.from({ length: pops.count }, (_, p) => ({
      operator: pops.operator[p],
      code: pops.code[p],
      city: pops.city[p],
      latDeg: degrees(pops.latRad[p]),
      lonDeg: degrees(pops.lonRad[p]),
      country: pops.country[p],
      sinceYear: Number.isFinite(pops.sinceYear[p]) ? pops.sinceYear[p] : null,
      isPrivate: pops.isPrivate[p] === 1,
    })),
    seen: seenPointsOfPresence(year),
    parameters,
    latency: latencyParametersOf(chosen.operator, year),
    topology: backhaul.name === 'bent-pipe' ? 'none' : backhaul.name.replace('lasers: ', ''),
    warnings: [...fleet.warnings, ...(chosen.warning === null ? [] : [chosen.warning])],
    files: {
      elements: add('elements', writeElementFile(fleet.records)),
      territories: await built(TERRITORIES_FILE),
      cells3: await built(cellsFile(3)),
      cells4: await built(cellsFile(4)),
      land110m: await built('land-110m.bin'),
      land50m: await built('land-50m.bin'),
    },
  };
  const revision = contentHash(Buffer.from(JSON.stringify(content)));
  const json = Buffer.from(JSON.stringify({ ...content, revision } satisfies WorldFile));
  files.set('world.json', sentFile('application/json', revision, json));
  return files;
}

function sentFile(type: string, hash: string, bytes: Uint8Array): SentFile {
  return { type, etag: `"${hash}"`, bytes, zipped: gzipSync(bytes, { level: 6 }) };
}

function contentHash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}

/** As the tables have it: the same radians come out of it as out of the table. */
function degrees(rad: number): number {
  return Number(((rad * 180) / Math.PI).toFixed(9));
}

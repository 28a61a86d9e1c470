import type {
  Catalogue,
  CatalogueWarning,
  ElementSet,
  Instant,
  Rejection,
  WalkerShell,
} from '../orbits/index.ts';
import {
  addSeconds,
  BeamkeeperError,
  designElementSets,
  fleetElementSets,
  formatInstant,
  joinCatalogues,
  parseDesign,
  parseInstant,
  satelliteGeneration,
  secondsBetween,
  staleWarnings,
} from '../orbits/index.ts';
import { slotNumber, slotStart } from '../service/index.ts';
import { nearestFleetName, readBuiltInFleet } from '../store/builtInFleets.ts';
import { readCatalogueFile } from '../store/catalogueFile.ts';

/** Where designs without an epoch of their own start, and what `beamkeeper start` shows. */
export const DEFAULT_INSTANT = '2026-08-22T12:00:12Z';
export const DEFAULT_FLEET = 'starlink-2026-08';

/** [A] Beyond this a warning says that launches and losses are not followed. */
const FLEET_GOOD_FOR_DAYS = 60;
const SECONDS_PER_DAY = 86400;

/** The satellites of a run, and where they come from. */
export interface Fleet {
  readonly records: readonly ElementSet[];
  /** One a record, see `GENERATIONS`. */
  readonly generations: readonly string[];
  /** Of a design, in the order of its satellites. */
  readonly shells?: readonly WalkerShell[];
  /** `starlink`, `oneweb`, `kuiper`, `other`: whose satellites most of them are. */
  readonly operator: string;
  readonly at: Instant;
  readonly summary: FleetSummary;
  readonly rejected: readonly Rejection[];
  readonly recordWarnings: readonly CatalogueWarning[];
  /** In words, for the reader of the result. */
  readonly warnings: readonly string[];
}

/** What a result says about its satellites. */
export interface FleetSummary {
  readonly kind: 'catalogue' | 'fleet-table' | 'design';
  readonly sources: readonly string[];
  readonly satellites: number;
  readonly rejected: number;
  readonly duplicates: number;
  /** Oldest, middle and newest epoch, UTC; null for a design. */
  readonly epochs: {
    readonly oldest: string;
    readonly median: string;
    readonly newest: string;
  } | null;
  /** Days from the middle epoch to the instant of the run; negative when the run lies before it. */
  readonly ageDays: number | null;
  readonly generations: Readonly<Record<string, number>>;
}

/**
 * Loads the satellites that a run asks for: catalogue files, or a built-in fleet, or a design; by
 * default Starlink as flown nearest to the instant. The instant defaults to the slot in force at the middle epoch, so that a run needs no clock.
 *
 * @throws BeamkeeperError for files, names and designs that cannot be used
 */
export async function loadFleet(request: {
  readonly catalogues: readonly string[];
  readonly constellation?: string | undefined;
  readonly at?: Instant | undefined;
}): Promise<Fleet> {
  const { catalogues, constellation } = request;
  if (catalogues.length > 0 && constellation !== undefined) {
    throw new BeamkeeperError(
      'FLEET_TWICE',
      'give either --catalog or --constellation, not both: they name the same thing twice',
    );
  }
  if (catalogues.length > 0) return fromCatalogues(catalogues, request.at);
  const name =
    constellation ??
    (request.at === undefined ? DEFAULT_FLEET : await nearestFleetName('starlink', request.at));
  if (isDesign(name)) {
    const at = request.at ?? parseInstant(DEFAULT_INSTANT);
    const shells = parseDesign(name);
    const records = designElementSets(shells, { epoch: at, name: 'design' });
    return finish({ kind: 'design', sources: [name], records, shells, at, epochs: null });
  }
  const fleet = await readBuiltInFleet(name);
  const at = request.at ?? slotAt(fleet.epoch);
  return finish({
    kind: 'fleet-table',
    sources: [fleet.name],
    records: fleetElementSets(fleet),
    at,
    epochs: [fleet.epoch, fleet.epoch, fleet.epoch],
  });
}

async function fromCatalogues(files: readonly string[], at: Instant | undefined): Promise<Fleet> {
  const catalogues: Catalogue[] = [];
  for (const file of files) catalogues.push(await readCatalogueFile(file));
  const { records, rejected, warnings } = joinCatalogues(catalogues);
  const epochs = records.map(dayOfEpoch).sort((a, b) => a - b);
  const span = [epochs[0], epochs[epochs.length >> 1], epochs[epochs.length - 1]].map(instantOf);
  return finish({
    kind: 'catalogue',
    sources: files,
    records,
    at: at ?? slotAt(span[1]),
    epochs: [span[0], span[1], span[2]],
    rejected,
    recordWarnings: warnings,
  });
}

function finish(input: {
  readonly kind: FleetSummary['kind'];
  readonly sources: readonly string[];
  readonly records: readonly ElementSet[];
  readonly shells?: readonly WalkerShell[];
  readonly at: Instant;
  readonly epochs: readonly [Instant, Instant, Instant] | null;
  readonly rejected?: readonly Rejection[];
  readonly recordWarnings?: readonly CatalogueWarning[];
}): Fleet {
  const { records, at, epochs, rejected = [], recordWarnings = [] } = input;
  const duplicates = recordWarnings.filter(({ code }) => code === 'DUPLICATE_ID').length;
  const generations = records.map(satelliteGeneration);
  const counts: Record<string, number> = {};
  for (const generation of generations) counts[generation] = (counts[generation] ?? 0) + 1;
  const warnings: string[] = [];
  if (rejected.length > 0) {
    const first = rejected[0];
    warnings.push(
      `${rejected.length} of ${records.length + rejected.length + duplicates} records were skipped; ` +
        `the first: ${first.message} (beamkeeper catalog check lists all)`,
    );
  }
  if (duplicates > 0) {
    warnings.push(`${duplicates} objects came more than once; the newest element set was taken`);
  }
  const stale =
    input.kind === 'catalogue' ? staleWarning(records, at) : farFromFleetWarning(epochs, at);
  if (stale !== null) warnings.push(stale);
  return {
    records,
    generations,
    ...(input.shells ? { shells: input.shells } : {}),
    operator: operatorOf(counts),
    at,
    rejected,
    recordWarnings,
    warnings,
    summary: {
      kind: input.kind,
      sources: input.sources,
      satellites: records.length,
      rejected: rejected.length,
      duplicates,
      epochs: epochs && {
        oldest: formatInstant(epochs[0]),
        median: formatInstant(epochs[1]),
        newest: formatInstant(epochs[2]),
      },
      ageDays: epochs && secondsBetween(epochs[1], at) / SECONDS_PER_DAY,
      generations: Object.fromEntries(Object.entries(counts).sort(([, a], [, b]) => b - a)),
    },
  };
}

function staleWarning(records: readonly ElementSet[], at: Instant): string | null {
  const count = staleWarnings(records, at).length;
  if (count === 0) return null;
  const day = at.jd + at.fraction;
  const worst = records.reduce((a, b) =>
    Math.abs(day - dayOfEpoch(b)) > Math.abs(day - dayOfEpoch(a)) ? b : a,
  );
  return (
    `${count} of ${records.length} element sets are more than 14 days from ${formatInstant(at)}, ` +
    `the farthest ${Math.abs(day - dayOfEpoch(worst)).toFixed(1)} days (${worst.name || worst.catalogId}): ` +
    'their positions may be off by tens to thousands of km'
  );
}

/** A fleet table keeps its form at any instant, but says nothing about what has been launched or lost since. */
function farFromFleetWarning(epochs: readonly Instant[] | null, at: Instant): string | null {
  if (epochs === null) return null;
  const days = secondsBetween(epochs[0], at) / SECONDS_PER_DAY;
  if (Math.abs(days) <= FLEET_GOOD_FOR_DAYS) return null;
  return `the fleet is as flown on ${formatInstant(epochs[0])}, ${Math.abs(Math.round(days))} days ${days > 0 ? 'before' : 'after'} the start: launches and losses between are not in it`;
}

/** A design starts with an inclination or a letter and a colon; fleets are plain names. */
function isDesign(text: string): boolean {
  return text.includes(':') || text.includes('/') || text.includes('@');
}

function operatorOf(counts: Readonly<Record<string, number>>): string {
  const sums = new Map<string, number>();
  for (const [generation, count] of Object.entries(counts)) {
    const operator = ['oneweb', 'kuiper', 'other'].includes(generation) ? generation : 'starlink';
    sums.set(operator, (sums.get(operator) ?? 0) + count);
  }
  return [...sums].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'other';
}

function dayOfEpoch(record: ElementSet): number {
  return record.epochJd + record.epochFraction;
}

function instantOf(day: number): Instant {
  const jd = Math.floor(day - 0.5) + 0.5;
  return addSeconds({ jd, fraction: 0 }, Math.round((day - jd) * SECONDS_PER_DAY));
}

function slotAt(instant: Instant): Instant {
  return slotStart(slotNumber(instant));
}

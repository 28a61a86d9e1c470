import { latLngToCell } from 'h3-js';
import type { CustomerClass, DisclosedScopes, Layer, Sha256Hex } from '../control/index.ts';
import { BeamkeeperError } from '../orbits/index.ts';
import { type ChainRaster, chainRaster, FIRST_CHAIN, FREE, MIXED } from './chainRaster.ts';
import { changeInstants, type DecisionTable, decisionTable, rulingOf } from './decisionTable.ts';
import type { PolicySnapshot } from './policySnapshot.ts';

const RESOLUTION = 5;

export interface AdmissionOptions {
  /** Terminal lists that sealed orders name, by their hash. */
  readonly lists?: ReadonlyMap<Sha256Hex, ReadonlySet<string>>;
  /** Scopes of sealed orders that this place is cleared for. */
  readonly disclosed?: DisclosedScopes;
  /** How old a snapshot may be, milliseconds since it was attested. */
  readonly maxAgeMs?: number;
  /**
   * What holds when it is older. `keep`: what was decided goes on, and ends when it was to end; a cut
   * line to the log neither takes service from anybody nor gives it. `refuse`: nobody is served.
   */
  readonly whenStale?: 'keep' | 'refuse';
}

/** A terminal that asks for service. */
export interface AdmissionRequest {
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly customer: CustomerClass;
  readonly terminal?: string;
  readonly speedKmh?: number;
  readonly altitudeM?: number;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

export interface AdmissionDecision {
  readonly isServed: boolean;
  /** Undefined: no limit of the switch's. */
  readonly maxRateMbps?: number | undefined;
  /**
   * `open`: nothing was decided here; `off`, `speed`, `altitude`, `moving`: why not; `limited`: served
   * with a limit; `list`: an order names terminals by a list that is not here, or the terminal was not
   * named; `sealed`: an order is in force that this place may not read; `stale`.
   */
  readonly reason:
    | 'open'
    | 'off'
    | 'speed'
    | 'altitude'
    | 'moving'
    | 'limited'
    | 'list'
    | 'sealed'
    | 'stale';
  /** In words: the order, or the territory's normal state. */
  readonly because?: string | undefined;
  readonly order?: Layer['order'];
  /** The answer holds until then; milliseconds, Infinity while nothing is scheduled. */
  readonly untilMs: number;
}

/** Decides for terminals, from a policy that was verified, with no network. */
export interface Admission {
  readonly snapshot: PolicySnapshot;
  /** From then on the log has been out of reach for longer than its owner bears, ms since 1970. */
  readonly staleMs: number;
  /** @throws BeamkeeperError `POSITION` when it is none */
  decide(request: AdmissionRequest): AdmissionDecision;
}

const DAY_MS = 86_400_000;
/** 13 MB each, of boxes. */
const MAX_TABLES = 4;
/** A week without the log, before an answer says so. */
const DEFAULT_MAX_AGE_MS = 7 * DAY_MS;

/**
 * "May this terminal be served here, now, at what rate, and by which order?"
 *
 * What is scheduled happens by itself: orders begin and end, break-glass reverts, exceptions run out,
 * also when the log has been out of reach since.
 *
 * @example
 * const snapshot = await readPolicySnapshot(bytes, { sha256, trust, nowMs });
 * const { isServed, order } = createAdmission(snapshot).decide({
 *   latDeg: -34.9, lonDeg: -56.2, customer: 'fixed', atMs: nowMs,
 * });
 */
export function createAdmission(
  snapshot: PolicySnapshot,
  options: AdmissionOptions = {},
): Admission {
  const { lists, disclosed, maxAgeMs = DEFAULT_MAX_AGE_MS, whenStale = 'keep' } = options;
  const { state } = snapshot;
  const instants = changeInstants(state, disclosed);
  const staleMs = snapshot.attestedMs + maxAgeMs;
  let table: DecisionTable = decisionTable(state, snapshot.attestedMs, instants, disclosed);
  let raster: ChainRaster = chainRaster(table.chainOf);

  /** Where a stale snapshot serves nobody, no answer reaches beyond that instant. */
  const untilOf = (atMs: number): number =>
    whenStale === 'refuse' && atMs <= staleMs ? Math.min(table.untilMs, staleMs) : table.untilMs;
  let open = openUntil(untilOf(snapshot.attestedMs));
  /** Compiled for some stretches of time: a clock that is set to and fro costs nothing. */
  const compiled = [{ table, raster }];
  const compileFor = (atMs: number): void => {
    let found = compiled.find(one => one.table.fromMs <= atMs && atMs < one.table.untilMs);
    if (!found) {
      const fresh = decisionTable(state, atMs, instants, disclosed);
      found = { table: fresh, raster: chainRaster(fresh.chainOf) };
      compiled.unshift(found);
      compiled.length = Math.min(compiled.length, MAX_TABLES);
    }
    ({ table, raster } = found);
    open = openUntil(untilOf(atMs));
  };

  return {
    snapshot,
    staleMs,
    decide(request) {
      const { latDeg, lonDeg, atMs } = request;
      if (!(latDeg >= -90 && latDeg <= 90 && lonDeg >= -180 && lonDeg <= 180)) {
        throw new BeamkeeperError(
          'POSITION',
          `${latDeg}, ${lonDeg}: is no position; give degrees, −90 to 90 and −180 to 180`,
        );
      }
      if (atMs > staleMs && whenStale === 'refuse') {
        return { isServed: false, reason: 'stale', untilMs: Number.POSITIVE_INFINITY };
      }
      if (atMs < table.fromMs || atMs >= table.untilMs) compileFor(atMs);
      if (table.sealed.length > 0) {
        return {
          isServed: false,
          reason: 'sealed',
          because: table.sealed[0],
          untilMs: table.untilMs,
        };
      }
      const box = raster.at(latDeg, lonDeg);
      if (box === FREE) return open;
      const chain =
        box === MIXED
          ? table.chainOf.get(latLngToCell(latDeg, lonDeg, RESOLUTION))
          : box - FIRST_CHAIN;
      if (chain === undefined) return open;
      return decideIn(table.chains[chain], request);
    },
  };

  function decideIn(chain: readonly Layer[], request: AdmissionRequest): AdmissionDecision {
    const { customer, terminal, speedKmh, altitudeM } = request;
    const ruling = rulingOf(chain, customer, listSha256 =>
      terminal === undefined ? undefined : lists?.get(listSha256)?.has(terminal),
    );
    if (!ruling) return open;
    const { constraint, label, order, isListMissing } = ruling;
    const answer = (
      isServed: boolean,
      reason: AdmissionDecision['reason'],
      maxRateMbps?: number,
    ): AdmissionDecision => ({
      isServed,
      reason,
      maxRateMbps,
      because: label,
      order,
      untilMs: untilOf(request.atMs),
    });
    if (constraint.kind === 'none') return open;
    if (constraint.kind === 'off') return answer(false, isListMissing ? 'list' : 'off');
    const { maxSpeedKmh, maxAltitudeM, maxRateMbps, stationaryOnly } = constraint;
    // Who does not say how fast he moves is taken at rest; who does is held to it.
    if (stationaryOnly === true && (speedKmh ?? 0) > 0) return answer(false, 'moving');
    if (maxSpeedKmh !== undefined && (speedKmh ?? 0) > maxSpeedKmh) return answer(false, 'speed');
    if (maxAltitudeM !== undefined && (altitudeM ?? 0) > maxAltitudeM) {
      return answer(false, 'altitude');
    }
    return answer(true, 'limited', maxRateMbps);
  }
}

function openUntil(untilMs: number): AdmissionDecision {
  return { isServed: true, reason: 'open', untilMs };
}

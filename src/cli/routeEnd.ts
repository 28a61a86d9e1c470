import { distance } from 'fastest-levenshtein';
import { cellToLatLng, isValidCell } from 'h3-js';
import type { Gateways, PointsOfPresence } from '../earth/index.ts';
import { BeamkeeperError } from '../orbits/index.ts';
import type { RouteEnd } from '../runs/routeRun.ts';
import type { HypatiaCity } from '../store/hypatiaCities.ts';
import { findPoint } from './findPoint.ts';

const SUGGESTION_COUNT = 3;
const DEGREES_OF_RAD = 180 / Math.PI;

/** What may be named besides towns. */
export interface KnownEnds {
  readonly gateways: Gateways;
  readonly pointsOfPresence: PointsOfPresence;
  /** Not empty when the conventions of Hypatia are in force: its coordinates come first. */
  readonly hypatiaCities: readonly HypatiaCity[];
  /** Takes what the reader of the result must know. */
  warn(text: string): void;
}

/**
 * An end of a route: `gateway:NAME`, `pop:CODE` or `pop:CITY`, an H3 cell (its centre), "lat,lon", a
 * town, or the name of a gateway or the code of a point of presence when no town is called so.
 *
 * @throws BeamkeeperError `GATEWAY_UNKNOWN`, `POP_UNKNOWN`, `CELL`, `PLACE`, `PLACE_UNKNOWN`, with near
 *   misses where there are some
 */
export function findRouteEnd(text: string, known: KnownEnds): RouteEnd {
  const [, prefix, rest] = /^\s*(gateway|pop):\s*(.*)$/i.exec(text) ?? [];
  if (prefix?.toLowerCase() === 'gateway') return gatewayEnd(rest, known.gateways);
  if (prefix?.toLowerCase() === 'pop') return popEnd(rest, known.pointsOfPresence);
  if (/^\s*8[0-9a-f]{14}\s*$/i.test(text)) return cellEnd(text.trim().toLowerCase());
  const city = known.hypatiaCities.find(({ name }) => fold(name) === fold(text));
  if (city) return { ...city, kind: 'place' };
  try {
    const point = findPoint(text);
    if (known.hypatiaCities.length > 0 && !/^\s*[-+\d.]/.test(text)) {
      known.warn(
        `${point.name} stands where GeoNames has it: its place in Hypatia's list is not known here`,
      );
    }
    return { ...point, kind: 'place' };
  } catch (error) {
    if (!(error instanceof BeamkeeperError) || error.code !== 'PLACE_UNKNOWN') throw error;
    const gateways = matches(known.gateways.name, text);
    if (gateways.length === 1) return gatewayEnd(text, known.gateways);
    if (known.pointsOfPresence.code.some(code => fold(code) === fold(text))) {
      return popEnd(text, known.pointsOfPresence);
    }
    throw error;
  }
}

function gatewayEnd(text: string, gateways: Gateways): RouteEnd {
  const found = matches(gateways.name, text);
  if (found.length !== 1) throw notOne('GATEWAY_UNKNOWN', 'gateway', text, found, gateways.name);
  const [g] = found;
  return {
    kind: 'gateway',
    name: `gateway ${gateways.name[g]}`,
    latDeg: gateways.latRad[g] * DEGREES_OF_RAD,
    lonDeg: gateways.lonRad[g] * DEGREES_OF_RAD,
  };
}

function popEnd(text: string, pops: PointsOfPresence): RouteEnd {
  const byCode = pops.code.flatMap((code, i) => (fold(code) === fold(text) ? [i] : []));
  const byCity = matches(pops.city, text);
  const found = byCode.length > 0 ? byCode : byCity;
  const labels = pops.code.map((code, i) => `${code} (${pops.city[i]})`);
  // Several points of presence stand in one city; the first of the table answers for its name.
  const isOneCity = new Set(found.map(i => pops.city[i])).size === 1;
  if (!isOneCity) throw notOne('POP_UNKNOWN', 'point of presence', text, found, labels);
  const [p] = found;
  return {
    kind: 'pop',
    name: `point of presence ${pops.city[p]} (${pops.code[p]})`,
    latDeg: pops.latRad[p] * DEGREES_OF_RAD,
    lonDeg: pops.lonRad[p] * DEGREES_OF_RAD,
  };
}

function cellEnd(id: string): RouteEnd {
  if (!isValidCell(id)) {
    throw new BeamkeeperError(
      'CELL',
      `"${id}" looks like an H3 cell and is none; coverage --json --cells lists cells`,
    );
  }
  const [latDeg, lonDeg] = cellToLatLng(id);
  return { kind: 'cell', name: `cell ${id}`, latDeg, lonDeg };
}

/** Indices of the names that are the text; if none is, of those that begin with it; else hold it. */
function matches(names: readonly string[], text: string): number[] {
  const wanted = fold(text);
  if (wanted === '') return [];
  const those = (is: (name: string) => boolean): number[] =>
    names.flatMap((name, i) => (is(fold(name)) ? [i] : []));
  for (const is of [
    (name: string) => name === wanted,
    (name: string) => name.startsWith(wanted),
    (name: string) => name.includes(wanted),
  ]) {
    const found = those(is);
    if (found.length > 0) return found;
  }
  return [];
}

function notOne(
  code: string,
  what: string,
  text: string,
  found: readonly number[],
  names: readonly string[],
): BeamkeeperError {
  if (found.length > 1) {
    const some = found.slice(0, SUGGESTION_COUNT).map(i => names[i]);
    return new BeamkeeperError(
      code,
      `"${text}" is the ${what} ${some.join(' or ')}${found.length > some.length ? ` or ${found.length - some.length} others` : ''}; write more of the name`,
    );
  }
  const wanted = fold(text);
  const near = names
    .map(name => {
      const start = fold(name).slice(0, wanted.length);
      return { name, score: distance(wanted, start) / Math.max(wanted.length, 1) };
    })
    .filter(({ score }) => score <= 0.4)
    .sort((a, b) => a.score - b.score)
    .slice(0, SUGGESTION_COUNT)
    .map(({ name }) => name);
  return new BeamkeeperError(
    code,
    `no ${what} is called "${text}"; ${near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'beamkeeper gateways lists them'}`,
  );
}

function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

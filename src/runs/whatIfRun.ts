import { cellsByEdge, membershipOf, outsideTerritoryOf } from '../earth/index.ts';
import { BeamkeeperError } from '../orbits/index.ts';
import {
  bentPipe,
  isSwitchedOffBySpeed,
  OPEN_POLICY,
  type PolicyRule,
  type ServiceAction,
  type ServicePolicy,
  type TerminalClass,
} from '../service/index.ts';
import { createWhatIf, type Impact } from '../whatif/index.ts';
import { eachSlot } from './eachSlot.ts';
import { type Ground, type LoadedWorld, loadGround, loadWorld } from './loadWorld.ts';
import {
  findPlace,
  membershipOfAll,
  type Place,
  placeId,
  uniquePlaces,
  wholeEarth,
} from './places.ts';
import { type RunManifest, runManifest } from './runManifest.ts';
import type { OnProgress, WorldRequest } from './worldRequest.ts';

/** At most so many Mbit/s a subscriber, or only terminals not used faster than so many km/h. */
export interface Restriction {
  readonly place: string;
  readonly maxRateMbps?: number;
  readonly maxSpeedKmh?: number;
}

/** A change of policy: what happens to which territories. */
export interface WhatIfRequest extends WorldRequest {
  /** Territories (code, name) or polygon files. */
  readonly off: readonly string[];
  readonly restrict: readonly Restriction[];
  /** Countries whose gateways may not be used. */
  readonly denyGateways: readonly string[];
  /** No satellite may hand traffic to another one. */
  readonly denyLasers: boolean;
  /** Where to look when only gateways or lasers change; empty: those countries, or the whole Earth. */
  readonly over: readonly string[];
  /** Terminal classes that the change applies to; undefined: all. */
  readonly terminals?: readonly TerminalClass[] | undefined;
}

export interface WhatIfResult {
  readonly request: WhatIfRequest;
  readonly impact: Impact;
  readonly manifest: RunManifest;
  /** The territory in question: what is switched off or restricted, else where the request says to look. */
  readonly places: readonly Place[];
  readonly off: readonly Place[];
  readonly restricted: readonly Place[];
  readonly denied: readonly Place[];
  readonly ground: Ground;
  readonly loaded: LoadedWorld;
  /** One line a rule, e.g. `TWN off (centre)`. */
  readonly rules: readonly string[];
  /** Ids of the cells switched off, ascending. */
  readonly withheld: BigUint64Array;
}

/** Evaluates everything on against the change asked for, slot by slot. */
export async function runWhatIf(
  request: WhatIfRequest,
  onProgress?: OnProgress,
): Promise<WhatIfResult> {
  const ground = await loadGround(request);
  const find = (text: string): Promise<Place> => findPlace(ground.territories, text);
  const off = uniquePlaces(await Promise.all(request.off.map(find)));
  const restricted = await Promise.all(request.restrict.map(({ place }) => find(place)));
  const denied = uniquePlaces(await Promise.all(request.denyGateways.map(find)));
  for (const place of denied) requireCountry(place);
  // With gateways denied as well, the place in question is still the one whose service changes.
  const changed = [...off, ...restricted];
  if (changed.length === 0 && denied.length === 0 && !request.denyLasers) {
    throw new BeamkeeperError(
      'NOTHING_CHANGES',
      'say what changes: --off TERRITORY, --restrict TERRITORY=RATE, --no-gateways ISO3 or --no-lasers',
    );
  }
  if (changed.length > 0 && request.over.length > 0) {
    throw new BeamkeeperError(
      'OVER',
      `--over ${request.over[0]}: says where to look when only gateways or lasers change; the place switched off or restricted is looked at anyway`,
    );
  }
  const places = uniquePlaces(
    changed.length > 0
      ? changed
      : request.over.length > 0
        ? await Promise.all(request.over.map(find))
        : denied.length > 0
          ? denied
          : [wholeEarth(ground.territories)],
  );
  const { cells } = ground;
  /** One rule for all places: between two of them there is no edge. */
  const ruleOf = (ruled: readonly Place[], action: ServiceAction, verb: string): PolicyRule => {
    const taken = cellsByEdge(membershipOfAll(ruled, cells), request.edge);
    const isTaken = new Set(taken);
    for (const place of ruled) {
      const touched = membershipOf(place, cells).cellIndex;
      if (touched.some(cell => isTaken.has(cell))) continue;
      throw new BeamkeeperError(
        'NO_CELLS',
        touched.length === 0
          ? `${placeId(place)}: nobody lives there in the data used, so there is nothing to switch`
          : `${placeId(place)}: no cell of resolution ${request.resolution} is taken by the edge rule "${request.edge}"; use --edge covering or a finer --resolution`,
      );
    }
    const { terminals } = request;
    const whom = terminals === undefined ? '' : `, ${terminals.join(', ')} terminals only`;
    return {
      label: `${ruled.map(placeId).join(', ')} ${verb} (${request.edge}${whom})`,
      cells: BigUint64Array.from(taken, cell => cells.h3[cell]),
      ...(terminals ? { terminals } : {}),
      action,
    };
  };
  const rules = [
    // Places under one limit are one area: the border between two of them is no border.
    ...[...Map.groupBy(request.restrict, limitInWords)].map(([words, alike]) => {
      const { place: _, ...limits } = alike[0];
      return ruleOf(
        uniquePlaces(alike.map(one => restricted[request.restrict.indexOf(one)])),
        { kind: 'restricted', ...limits },
        `restricted to ${words}`,
      );
    }),
    ...(off.length > 0 ? [ruleOf(off, { kind: 'off' }, 'off')] : []),
  ];
  const after: ServicePolicy = {
    rules,
    deniedGatewayCountries: denied.map(placeId),
    areLasersDenied: request.denyLasers,
  };
  const asked = await loadWorld(request, ground, membershipOfAll(places, cells));
  const loaded = {
    ...asked,
    warnings: [
      ...asked.warnings,
      ...idleDenials(after.deniedGatewayCountries, asked),
      ...idleSpeedLimits(request),
      ...(request.denyLasers && asked.backhaulModel === bentPipe
        ? ['these satellites have no laser links here: --no-lasers changes nothing']
        : []),
    ],
  };
  const { world, membership, slots } = loaded;
  const run = createWhatIf({
    world,
    territories: ground.territories.territories,
    before: OPEN_POLICY,
    after,
    terminal: request.terminal,
    membership,
    outsideTerritory: outsideTerritoryOf(
      world.cells,
      places.filter(place => place.kind !== 'polygon'),
      cells.parts,
    ),
    edge: request.edge,
    stepS: request.stepS,
    forS: request.forS,
    seed: request.seed,
    backhaulModel: loaded.backhaulModel,
  });
  await eachSlot(slots, run.slot, onProgress);
  const offIds = new Set(
    rules.filter(rule => rule.action.kind === 'off').flatMap(rule => [...rule.cells]),
  );
  return {
    request,
    impact: run.finish(),
    manifest: runManifest(request, loaded),
    places,
    off,
    restricted,
    denied,
    ground,
    loaded,
    rules: [
      ...rules.map(rule => rule.label),
      ...after.deniedGatewayCountries.map(id => `gateways in ${id} denied`),
      ...(request.denyLasers ? ['laser links off'] : []),
    ],
    withheld: BigUint64Array.from(offIds).sort(),
  };
}

/** `5 Mbit/s`, `50 km/h`. */
export function limitInWords(limits: Omit<Restriction, 'place'>): string {
  return limits.maxSpeedKmh === undefined
    ? `${limits.maxRateMbps} Mbit/s`
    : `${limits.maxSpeedKmh} km/h`;
}

/** A gateway has the country whose land it stands on; no other place has gateways of its own. */
function requireCountry(place: Place): void {
  if (place.kind === 'territory') return;
  const what = place.kind === 'polygon' ? 'a polygon' : 'a disputed area';
  throw new BeamkeeperError(
    'GATEWAY_COUNTRY',
    `--no-gateways ${placeId(place)}: is ${what}; gateways are denied by country: name a territory`,
  );
}

/** A limit of speed that stops nobody who is counted is most likely a mistake: say so. */
function idleSpeedLimits({ restrict, terminal }: WhatIfRequest): string[] {
  return restrict
    .filter(
      ({ maxSpeedKmh }) =>
        maxSpeedKmh !== undefined && !isSwitchedOffBySpeed(terminal, maxSpeedKmh),
    )
    .map(
      ({ place, maxSpeedKmh }) =>
        `--restrict ${place}=${maxSpeedKmh}kmh changes nothing for ${terminal} terminals, which are used slower than that; say whose it is about, like --terminals aviation`,
    );
}

/** A denial that denies nothing is most likely a mistake: say so. */
function idleDenials(denied: readonly string[], { world, gatewayList }: LoadedWorld): string[] {
  const { gateways } = world;
  const withGateways = new Set(gateways.country.filter((_, g) => gateways.isOperational[g] === 1));
  return denied
    .filter(id => !withGateways.has(id))
    .map(
      id =>
        `no operational gateway of the list "${gatewayList}" stands in ${id}: denying its gateways changes nothing`,
    );
}

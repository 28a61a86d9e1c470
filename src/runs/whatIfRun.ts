import { cellsByEdge, membershipOf, outsideTerritoryOf } from '../earth/index.ts';
import { BeamkeeperError } from '../orbits/index.ts';
import {
  OPEN_POLICY,
  type PolicyRule,
  type ServiceAction,
  type ServicePolicy,
  type TerminalClass,
} from '../service/index.ts';
import { createWhatIf, type Impact } from '../whatif/index.ts';
import { eachSlot } from './eachSlot.ts';
import { type Ground, type LoadedWorld, loadGround, loadWorld } from './loadWorld.ts';
import { findPlace, membershipOfAll, type Place, placeId } from './places.ts';
import { type RunManifest, runManifest } from './runManifest.ts';
import type { OnProgress, WorldRequest } from './worldRequest.ts';

/** A change of policy: what happens to which territories. */
export interface WhatIfRequest extends WorldRequest {
  /** Territories (code, name) or polygon files. */
  readonly off: readonly string[];
  readonly restrict: readonly { readonly place: string; readonly maxRateMbps: number }[];
  /** Countries whose gateways may not be used. */
  readonly denyGateways: readonly string[];
  /** Terminal classes that the change applies to; undefined: all. */
  readonly terminals?: readonly TerminalClass[] | undefined;
}

export interface WhatIfResult {
  readonly request: WhatIfRequest;
  readonly impact: Impact;
  readonly manifest: RunManifest;
  /** The territory in question: what is switched off or restricted, else the countries whose gateways are denied. */
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
  const off = await Promise.all(request.off.map(find));
  const restricted = await Promise.all(request.restrict.map(({ place }) => find(place)));
  const denied = await Promise.all(request.denyGateways.map(find));
  // With gateways denied as well, the place in question is still the one whose service changes.
  const changed = [...off, ...restricted];
  const places = [...new Set(changed.length > 0 ? changed : denied)];
  if (places.length === 0) {
    throw new BeamkeeperError(
      'NOTHING_CHANGES',
      'say what changes: --off TERRITORY, --restrict TERRITORY=RATE or --no-gateways ISO3',
    );
  }
  const { cells } = ground;
  const ruleOf = (place: Place, action: ServiceAction, verb: string): PolicyRule => {
    const touched = membershipOf(place, cells);
    const taken = cellsByEdge(touched, request.edge);
    if (taken.length === 0) {
      throw new BeamkeeperError(
        'NO_CELLS',
        touched.cellIndex.length === 0
          ? `${placeId(place)}: nobody lives there in the data used, so there is nothing to switch`
          : `${placeId(place)}: no cell of resolution ${request.resolution} is taken by the edge rule "${request.edge}"; use --edge covering or a finer --resolution`,
      );
    }
    return {
      label: `${placeId(place)} ${verb} (${request.edge})`,
      cells: BigUint64Array.from(taken, cell => cells.h3[cell]),
      ...(request.terminals ? { terminals: request.terminals } : {}),
      action,
    };
  };
  const rules = [
    ...restricted.map((place, i) => {
      const { maxRateMbps } = request.restrict[i];
      return ruleOf(
        place,
        { kind: 'restricted', maxRateMbps },
        `restricted to ${maxRateMbps} Mbps`,
      );
    }),
    ...off.map(place => ruleOf(place, { kind: 'off' }, 'off')),
  ];
  const after: ServicePolicy = { rules, deniedGatewayCountries: denied.map(placeId) };
  const loaded = await loadWorld(request, ground, membershipOfAll(places, cells));
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
    ],
    withheld: BigUint64Array.from(offIds).sort(),
  };
}

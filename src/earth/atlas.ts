import { BeamkeeperError } from '../orbits/error.ts';
import type { ShoreEdges } from './coast.ts';
import { type LabelledRing, normaliseLonDeg } from './planarMap.ts';
import type { Unit } from './territoryTable.ts';

/** What this project reads of a TopoJSON file (TopoJSON 1.0, quantised). */
export interface Topology {
  readonly transform: {
    readonly scale: readonly [number, number];
    readonly translate: readonly [number, number];
  };
  readonly arcs: readonly (readonly (readonly number[])[])[];
  readonly objects: {
    readonly countries: {
      readonly geometries: readonly {
        readonly type: string;
        readonly arcs?: unknown;
        readonly properties: { readonly name: string };
      }[];
    };
  };
}

/** A map of units: their rings, and the edges that no second unit shares, which are its shores. */
export interface Atlas {
  /** Name of each unit as the atlas spells it, in the order of labels handed in. */
  readonly rings: readonly LabelledRing[];
  readonly shores: ShoreEdges;
}

/**
 * Rings and shores of a world-atlas topology. A label is an index into the units.
 *
 * @throws BeamkeeperError `ATLAS` when the file and the table of territories do not name the same units.
 */
export function readAtlas(
  topology: Topology,
  units: readonly Pick<Unit, 'atlasName' | 'boxDeg'>[],
): Atlas {
  const labels = new Map(
    units.flatMap(({ atlasName, boxDeg }, label) => (boxDeg === null ? [[atlasName, label]] : [])),
  );
  const boxed = units.flatMap((unit, label) => (unit.boxDeg === null ? [] : [{ ...unit, label }]));
  const [scaleX, scaleY] = topology.transform.scale;
  const [originX, originY] = topology.transform.translate;
  const arcs = topology.arcs.map(arc => {
    const lonDeg = new Float64Array(arc.length);
    const latDeg = new Float64Array(arc.length);
    let x = 0;
    let y = 0;
    arc.forEach((step, i) => {
      x += step[0];
      y += step[1];
      lonDeg[i] = x * scaleX + originX;
      latDeg[i] = y * scaleY + originY;
    });
    return { lonDeg, latDeg };
  });

  const uses = new Uint8Array(arcs.length);
  const rings: LabelledRing[] = [];
  const ringArcs: { label: number; arcs: readonly number[] }[] = [];
  for (const geometry of topology.objects.countries.geometries) {
    const name = geometry.properties.name;
    const main = labels.get(name);
    if (main === undefined) {
      throw new BeamkeeperError('ATLAS', `world-atlas has "${name}", territories.csv does not`);
    }
    const polygons = (
      geometry.type === 'Polygon' ? [geometry.arcs] : (geometry.arcs ?? [])
    ) as readonly (readonly (readonly number[])[])[];
    const pieces = boxed.filter(({ atlasName }) => atlasName === name);
    for (const polygon of polygons) {
      let label = main;
      for (const ring of polygon) {
        const lonDeg: number[] = [];
        const latDeg: number[] = [];
        for (const reference of ring) {
          const index = reference < 0 ? ~reference : reference;
          const arc = arcs[index];
          uses[index]++;
          const n = arc.lonDeg.length;
          // The last point of an arc is the first of the next one.
          for (let i = 0; i < n - 1; i++) {
            const k = reference < 0 ? n - 1 - i : i;
            lonDeg.push(arc.lonDeg[k]);
            latDeg.push(arc.latDeg[k]);
          }
        }
        // The outer ring comes first: its holes go with it.
        if (ring === polygon[0]) {
          const piece = pieces.find(({ boxDeg }) => isWithin(boxDeg, lonDeg[0], latDeg[0]));
          label = piece?.label ?? main;
        }
        rings.push({ label, lonDeg, latDeg });
        ringArcs.push({ label, arcs: ring });
      }
    }
  }

  const edges: ShoreList = { lon0: [], lat0: [], lon1: [], lat1: [], label: [] };
  for (const ring of ringArcs) {
    for (const reference of ring.arcs) {
      const index = reference < 0 ? ~reference : reference;
      if (uses[index] === 1) pushShore(edges, arcs[index].lonDeg, arcs[index].latDeg, ring.label);
    }
  }
  return { rings, shores: shoreEdges(edges) };
}

function isWithin(boxDeg: Unit['boxDeg'], lonDeg: number, latDeg: number): boolean {
  if (boxDeg === null) return false;
  const [west, south, east, north] = boxDeg;
  return lonDeg >= west && lonDeg <= east && latDeg >= south && latDeg <= north;
}

export interface ShoreList {
  readonly lon0: number[];
  readonly lat0: number[];
  readonly lon1: number[];
  readonly lat1: number[];
  readonly label: number[];
}

/** Adds the edges of an open line. */
export function pushShore(
  list: ShoreList,
  lonDeg: ArrayLike<number>,
  latDeg: ArrayLike<number>,
  label: number,
): void {
  for (let i = 0; i + 1 < lonDeg.length; i++) {
    const lon0 = normaliseLonDeg(lonDeg[i]);
    // The far end may lie beyond ±180°, so that the edge is not drawn round the world.
    const lon1 = lon0 + normaliseLonDeg(lonDeg[i + 1] - lonDeg[i]);
    if (lon0 === lon1 && latDeg[i] === latDeg[i + 1]) continue;
    list.lon0.push(lon0);
    list.lat0.push(latDeg[i]);
    list.lon1.push(lon1);
    list.lat1.push(latDeg[i + 1]);
    list.label.push(label);
  }
}

export function shoreEdges(list: ShoreList): ShoreEdges {
  return {
    count: list.label.length,
    lon0Deg: Float64Array.from(list.lon0),
    lat0Deg: Float64Array.from(list.lat0),
    lon1Deg: Float64Array.from(list.lon1),
    lat1Deg: Float64Array.from(list.lat1),
    label: Uint16Array.from(list.label),
  };
}

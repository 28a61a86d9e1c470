import {
  type CellTable,
  findTerritory,
  type Membership,
  membershipOf,
  type Polygon,
  readPolygon,
  type Territory,
  type TerritoryIndex,
} from '../earth/index.ts';
import { readInputFile } from '../store/inputFile.ts';

const MAX_POLYGON_BYTES = 50e6;

/** A territory, a disputed area, or a polygon of the user's. */
export type Place = Territory | Polygon;

/**
 * A territory by code or name; a text that ends in .json or .geojson is a file with a polygon.
 *
 * @throws BeamkeeperError `TERRITORY_UNKNOWN` with near misses, or what is wrong with the file
 */
export async function findPlace(index: TerritoryIndex, text: string): Promise<Place> {
  if (!/\.(geo)?json(\.gz)?$/i.test(text)) return findTerritory(index, text);
  const bytes = await readInputFile(text, { maxBytes: MAX_POLYGON_BYTES });
  return readPolygon(new TextDecoder().decode(bytes), text);
}

const EARTH = 'EARTH';

export function isWholeEarth(places: readonly Place[]): boolean {
  return places.length === 1 && placeId(places[0]) === EARTH;
}

/** All territories as one: where to look when nothing else is named. */
export function wholeEarth({ territories, view }: TerritoryIndex): Territory {
  return {
    kind: 'territory',
    id: EARTH,
    iso2: '',
    numeric: '',
    name: 'the Earth',
    aliases: [],
    bboxDeg: [-180, -90, 180, 90],
    centreDeg: { latDeg: 0, lonDeg: 0 },
    parts: territories.flatMap(territory => territory.parts),
    view,
  };
}

export function placeId(place: Place): string {
  return place.kind === 'polygon' ? place.name : place.id;
}

/** The same places, each once: two names of one territory count as one, so does one file named twice. */
export function uniquePlaces(places: readonly Place[]): Place[] {
  return [...new Map(places.map(place => [`${place.kind} ${placeId(place)}`, place])).values()];
}

/**
 * The cells that several places touch together; a border between two territories is no border.
 *
 * Territories are made of parts, so what two of them hold of a cell adds up and nobody counts twice.
 * How a polygon overlaps others is not known: of a cell that it shares, the largest share counts.
 */
export function membershipOfAll(places: readonly Place[], cells: CellTable): Membership {
  const territories = places.filter(place => place.kind !== 'polygon');
  const joined: Place[] = uniquePlaces(places.filter(place => place.kind === 'polygon'));
  if (territories.length > 0) {
    const parts = [...new Set(territories.flatMap(territory => territory.parts))];
    joined.push({ ...territories[0], parts: parts.sort((a, b) => a - b) });
  }
  if (joined.length === 1) return membershipOf(joined[0], cells);
  const share = new Map<number, { inside: number; centre: number; whole: number }>();
  for (const place of joined) {
    const one = membershipOf(place, cells);
    one.cellIndex.forEach((cell, i) => {
      const known = share.get(cell);
      share.set(cell, {
        inside: Math.max(known?.inside ?? 0, one.insideShare[i]),
        centre: Math.max(known?.centre ?? 0, one.isCentreInside[i]),
        whole: Math.max(known?.whole ?? 0, one.isWhollyInside[i]),
      });
    });
  }
  const cellIndex = Int32Array.from(share.keys()).sort();
  return {
    cellIndex,
    insideShare: Float32Array.from(cellIndex, cell => share.get(cell)!.inside),
    isCentreInside: Uint8Array.from(cellIndex, cell => share.get(cell)!.centre),
    isWhollyInside: Uint8Array.from(cellIndex, cell => share.get(cell)!.whole),
  };
}

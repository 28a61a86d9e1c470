import { readCsvTable } from './csvTable.ts';

/** A unit of the map: a country, a dependency, or a piece of land that the map draws apart. */
export interface Unit {
  /** ISO 3166-1 alpha-3, or an id of our own (XKX, SOL, NCY …). */
  readonly id: string;
  readonly iso2: string;
  readonly numeric: string;
  readonly name: string;
  /** How the atlas spells it. */
  readonly atlasName: string;
  /** West, south, east, north, degrees: it is the pieces that the atlas draws here, not the rest of the name. */
  readonly boxDeg: readonly [number, number, number, number] | null;
  readonly aliases: readonly string[];
}

/** An area that more than one side administers or claims. Rows state, they do not judge. */
export interface DisputedAreaRow {
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
  /** Ids of the units whose land and waters it is made of. */
  readonly units: readonly string[];
  /** False when the area is all of its units. */
  readonly hasOutline: boolean;
  /** Unit ids, or `self`. */
  readonly administeredBy: readonly string[];
  readonly claimedBy: readonly string[];
  /** Unit that United Nations documents put it in, empty where they do not settle it. */
  readonly unView: string;
  readonly note: string;
}

/** A ring of an area's outline; `isLand` for islets that the atlas does not draw. */
export interface DisputedOutline {
  readonly areaId: string;
  readonly isLand: boolean;
  readonly lonDeg: readonly number[];
  readonly latDeg: readonly number[];
}

/** data/territories/territories.csv */
export function readUnits(csv: string, source: string): readonly Unit[] {
  return readCsvTable(csv, source, [
    'id',
    'iso2',
    'numeric',
    'name',
    'atlas',
    'box',
    'aliases',
  ]).map(({ fields }) => ({
    id: fields['id'],
    iso2: fields['iso2'],
    numeric: fields['numeric'],
    name: fields['name'],
    atlasName: fields['atlas'],
    boxDeg: box(fields['box']),
    aliases: list(fields['aliases']),
  }));
}

/** data/territories/disputed-areas.csv */
export function readDisputedAreas(csv: string, source: string): readonly DisputedAreaRow[] {
  const columns = ['id', 'name', 'aliases', 'units', 'outline', 'administered', 'claimed', 'un'];
  return readCsvTable(csv, source, [...columns, 'note']).map(({ fields }) => ({
    id: fields['id'],
    name: fields['name'],
    aliases: list(fields['aliases']),
    units: list(fields['units']),
    hasOutline: fields['outline'] === '1',
    administeredBy: list(fields['administered']),
    claimedBy: list(fields['claimed']),
    unView: fields['un'],
    note: fields['note'],
  }));
}

/** data/territories/disputed-outlines.csv */
export function readDisputedOutlines(csv: string, source: string): readonly DisputedOutline[] {
  return readCsvTable(csv, source, ['id', 'land', 'ring']).map(({ fields }) => {
    const points = fields['ring'].split(';').map(point => point.split(' ').map(Number));
    return {
      areaId: fields['id'],
      isLand: fields['land'] === '1',
      lonDeg: points.map(point => point[0]),
      latDeg: points.map(point => point[1]),
    };
  });
}

function box(field: string): readonly [number, number, number, number] | null {
  if (field === '') return null;
  const [west, south, east, north] = field.split(' ').map(Number);
  return [west, south, east, north];
}

function list(field: string): readonly string[] {
  return field === '' ? [] : field.split('|').map(item => item.trim());
}

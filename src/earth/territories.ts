import { BeamkeeperError } from '../orbits/error.ts';
import type { Part } from './geography.ts';
import { readSections, type Sections, takeSection } from './sectionFile.ts';
import type { DisputedAreaRow, Unit } from './territoryTable.ts';

/** Where `build:data` puts the territories. */
export const TERRITORIES_FILE = 'territories.bin';

/**
 * Whose map is drawn: `de-facto` (who administers, as Natural Earth 4.1 draws it: a breakaway area
 * that it does not draw apart stays with the state around it), `un` (changes named by United
 * Nations documents), or the id of a claimant, whose claims are granted. None of them is the truth;
 * every result names the one it used.
 */
export type View = string;

export const DEFAULT_VIEW: View = 'de-facto';

export interface Territory {
  readonly kind: 'territory' | 'disputed-area';
  /** ISO 3166-1 alpha-3, or an id of our own (XKX, SOL, NCY …, CRIMEA, GOLAN-HEIGHTS …). */
  readonly id: string;
  /** Empty when there is none. */
  readonly iso2: string;
  readonly numeric: string;
  readonly name: string;
  readonly aliases: readonly string[];
  /** West, south, east, north of the land, degrees; west > east when it crosses the antimeridian. */
  readonly bboxDeg: readonly [number, number, number, number];
  /** Centroid of the largest piece of land. */
  readonly centreDeg: { readonly latDeg: number; readonly lonDeg: number };
  /** Parts that it is made of in the view chosen; empty when the view gives its land to another. */
  readonly parts: readonly number[];
  readonly view: View;
}

/** An area that more than one side administers or claims; it can be named like a territory. */
export interface DisputedArea extends Territory {
  readonly kind: 'disputed-area';
  /** Ids of territories, or `self`. */
  readonly administeredBy: readonly string[];
  readonly claimedBy: readonly string[];
  /** Id of the territory that it belongs to in the view chosen. */
  readonly inView: string;
  readonly note: string;
}

export interface TerritoryIndex {
  readonly view: View;
  /** In the order of ids; `CellTable.territoryIndex` points here. */
  readonly territories: readonly Territory[];
  readonly disputedAreas: readonly DisputedArea[];
  /** Territory of every part in this view. */
  readonly partTerritory: Uint16Array;
  readonly source: string;
}

/** What `territories.bin` holds. */
export interface TerritoryFile {
  readonly source: string;
  readonly units: readonly (Unit & Place)[];
  readonly areas: readonly (DisputedAreaRow & Place)[];
  readonly parts: readonly Part[];
}

export interface Place {
  readonly bboxDeg: readonly [number, number, number, number];
  readonly centreDeg: { readonly latDeg: number; readonly lonDeg: number };
}

export function territorySections(file: TerritoryFile): Sections {
  return new Map([['json', new TextEncoder().encode(JSON.stringify(file))]]);
}

/**
 * The territories of the Earth in one view.
 *
 * @throws BeamkeeperError `DATA_FILE` for a damaged file, `VIEW_UNKNOWN` for a view that is none.
 */
export function readTerritories(
  bytes: Uint8Array,
  options: { readonly view?: View } = {},
): TerritoryIndex {
  const sections = readSections(bytes, TERRITORIES_FILE);
  const json = takeSection(sections, 'json', Uint8Array, TERRITORIES_FILE);
  const file = JSON.parse(new TextDecoder().decode(json)) as TerritoryFile;
  return drawView(file, options.view ?? DEFAULT_VIEW);
}

function drawView(file: TerritoryFile, wanted: View): TerritoryIndex {
  const unitIndex = new Map(file.units.map((unit, i) => [unit.id, i]));
  const view = normaliseView(wanted, unitIndex);
  const given = (area: DisputedAreaRow): number | undefined => {
    if (view === 'un') return unitIndex.get(area.unView);
    if (area.claimedBy.includes(view)) return unitIndex.get(view);
    return undefined;
  };
  const wholeUnitAreas = file.areas.filter(area => !area.hasOutline);
  const partTerritory = Uint16Array.from(file.parts, part => {
    const unit = file.units[part.unit];
    if (view === DEFAULT_VIEW) return part.unit;
    const areas = part.area >= 0 ? [file.areas[part.area]] : [];
    areas.push(...wholeUnitAreas.filter(area => area.units.includes(unit.id)));
    for (const area of areas) {
      const owner = given(area);
      if (owner !== undefined) return owner;
    }
    return part.unit;
  });
  const partsOfUnit: number[][] = file.units.map(() => []);
  partTerritory.forEach((unit, part) => {
    partsOfUnit[unit].push(part);
  });

  return {
    view,
    source: file.source,
    partTerritory,
    territories: file.units.map((unit, i) => ({
      kind: 'territory',
      id: unit.id,
      iso2: unit.iso2,
      numeric: unit.numeric,
      name: unit.name,
      aliases: unit.aliases,
      bboxDeg: unit.bboxDeg,
      centreDeg: unit.centreDeg,
      parts: partsOfUnit[i],
      view,
    })),
    disputedAreas: file.areas.map((area, i) => {
      const units = area.units.map(id => unitIndex.get(id)!);
      const parts: number[] = [];
      file.parts.forEach((part, p) => {
        if (area.hasOutline ? part.area === i : units.includes(part.unit)) parts.push(p);
      });
      const owner = parts.length > 0 ? partTerritory[parts[0]] : units[0];
      return {
        kind: 'disputed-area',
        id: area.id,
        iso2: '',
        numeric: '',
        name: area.name,
        aliases: area.aliases,
        bboxDeg: area.bboxDeg,
        centreDeg: area.centreDeg,
        parts,
        view,
        administeredBy: area.administeredBy,
        claimedBy: area.claimedBy,
        inView: file.units[owner].id,
        note: area.note,
      };
    }),
  };
}

function normaliseView(wanted: View, unitIndex: ReadonlyMap<string, number>): View {
  const lower = wanted.trim().toLowerCase();
  if (lower === DEFAULT_VIEW || lower === 'un') return lower;
  const id = wanted.trim().toUpperCase();
  if (unitIndex.has(id)) return id;
  throw new BeamkeeperError(
    'VIEW_UNKNOWN',
    `"${wanted}" is no point of view; give de-facto, un, or the three-letter code of a claimant such as UKR`,
  );
}

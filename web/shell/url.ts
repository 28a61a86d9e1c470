/**
 * The page's state as a link, and back. Everything that a reader of a shared link must see is in it;
 * keys come in a fixed order and defaults are left out, so that equal states give equal links. Keys
 * that this version does not know are kept and passed on.
 */
export const SCREENS = [
  'what-if',
  'routing',
  'orders',
  'declarations',
  'ledger',
  'claims',
  'public',
] as const;
export type ScreenName = (typeof SCREENS)[number];

export const SPEEDS = [0, 1, 10, 60, 600] as const;
export type Speed = (typeof SPEEDS)[number];
export const COLOURS = ['latency', 'change', 'state', 'utilisation'] as const;
export type Colour = (typeof COLOURS)[number];
export const EDGES = ['strict', 'centre', 'covering'] as const;

export interface MapView {
  readonly kind: 'globe' | 'flat';
  readonly latDeg: number;
  readonly lonDeg: number;
  /** From the centre, in Earth radii. */
  readonly distance: number;
}

export interface PlaceDeg {
  readonly latDeg: number;
  readonly lonDeg: number;
}

export interface PageUrl {
  readonly screen: ScreenName;
  /** Of an order or a claim. */
  readonly id: string | null;
  /** Territories switched off in the scenario. */
  readonly off: readonly string[];
  /** Which cells belong to a territory. */
  readonly edge: (typeof EDGES)[number];
  /** Countries whose gateways may not be used. */
  readonly gateways: readonly string[];
  readonly hasLasers: boolean;
  /** Suppliers and satellites taken out: `fleet:v1.5`, `sat:44713`. */
  readonly out: readonly string[];
  /** UTC instant in ms, `live`, or null for the world's own. */
  readonly t: number | 'live' | null;
  readonly speed: Speed;
  readonly view: MapView;
  readonly color: Colour;
  /** `sat:44713`, `terr:TWN`, `gw:name`, `cell:…`, `order:…`. */
  readonly sel: readonly string[];
  readonly a: string | null;
  readonly b: string | null;
  readonly from: PlaceDeg | null;
  readonly to: PlaceDeg | null;
  readonly base: string | null;
  readonly seed: number;
  readonly run: string | null;
  readonly entry: number | null;
  /** Keys of other screens and later versions, as they came. */
  readonly other: readonly (readonly [key: string, value: string])[];
}

export const DEFAULT_VIEW: MapView = { kind: 'globe', latDeg: 22, lonDeg: 60, distance: 3.1 };

export const DEFAULT_URL: PageUrl = {
  screen: 'what-if',
  id: null,
  off: [],
  edge: 'centre',
  gateways: [],
  hasLasers: true,
  out: [],
  t: null,
  speed: 10,
  view: DEFAULT_VIEW,
  color: 'latency',
  sel: [],
  a: null,
  b: null,
  from: null,
  to: null,
  base: null,
  seed: 1,
  run: null,
  entry: null,
  other: [],
};

/** What a link says, and which parts of it were not understood (defaults stand in for them). */
export function parseUrl(path: string, search: string): { url: PageUrl; notes: string[] } {
  const notes: string[] = [];
  const url: { -readonly [K in keyof PageUrl]: PageUrl[K] } = { ...DEFAULT_URL };
  const [first = '', second = '', ...more] = path
    .split('/')
    .filter(part => part !== '')
    .map(decode);
  if (first !== '') {
    const screen = SCREENS.find(name => name === first);
    if (screen === undefined || more.length > 0) {
      notes.push(`\`${path}\` is no page here, the start page is shown`);
    } else {
      url.screen = screen;
      url.id = second === '' ? null : second;
    }
  }
  const other: [string, string][] = [];
  const seen = new Set<string>();
  for (const pair of search.replace(/^\?/, '').split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const key = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1));
    // Also of what every object has, `valueOf` and the like, nothing is known.
    const read = Object.hasOwn(READERS, key) ? READERS[key] : undefined;
    if (read === undefined) {
      other.push([key, value]);
      continue;
    }
    if (seen.has(key)) {
      notes.push(`\`${key}\` is given twice, the first is used`);
      continue;
    }
    seen.add(key);
    const patch = read(value);
    if (patch === null) notes.push(`\`${key}=${value}\` not understood, default used`);
    else Object.assign(url, patch);
  }
  url.other = other;
  return { url, notes };
}

/** The link of a state: path and query. The inverse of `parseUrl`. */
export function formatUrl(url: PageUrl): string {
  const path = `/${url.screen}${url.id === null ? '' : `/${encodeURIComponent(url.id)}`}`;
  const pairs: [string, string][] = [];
  const add = (key: string, value: string, standard: string): void => {
    if (value !== standard) pairs.push([key, value]);
  };
  add('off', url.off.join(','), '');
  add('edge', url.edge, DEFAULT_URL.edge);
  add('nogw', url.gateways.join(','), '');
  add('lasers', url.hasLasers ? 'on' : 'off', 'on');
  add('out', url.out.join(','), '');
  add('t', url.t === null ? '' : url.t === 'live' ? 'live' : formatUtc(url.t), '');
  add('speed', String(url.speed), String(DEFAULT_URL.speed));
  add('view', formatView(url.view), formatView(DEFAULT_VIEW));
  add('color', url.color, DEFAULT_URL.color);
  add('sel', url.sel.join(','), '');
  add('a', url.a ?? '', '');
  add('b', url.b ?? '', '');
  add('from', formatPlace(url.from), '');
  add('to', formatPlace(url.to), '');
  add('base', url.base ?? '', '');
  add('seed', String(url.seed), String(DEFAULT_URL.seed));
  add('run', url.run ?? '', '');
  add('entry', url.entry === null ? '' : String(url.entry), '');
  pairs.push(...url.other.map(([key, value]): [string, string] => [key, value]));
  const query = pairs.map(([key, value]) => `${encode(key)}=${encode(value)}`).join('&');
  return query === '' ? path : `${path}?${query}`;
}

/** `2026-08-22T14:07:20Z`; with milliseconds only where there are some. */
export function formatUtc(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/;

/** An instant as people paste it: ISO 8601 in UTC, also with a space for the T and without the Z. */
export function parseUtc(text: string): number | null {
  let iso = text.trim().replace(' UTC', 'Z').replace(' ', 'T');
  if (/^\d{4}-\d\d-\d\d$/.test(iso)) iso += 'T00:00Z';
  if (!iso.endsWith('Z')) iso += 'Z';
  if (!UTC.test(iso)) return null;
  const ms = Date.parse(iso);
  // 2026-02-31 would be taken for a day in March.
  return Number.isFinite(ms) && new Date(ms).toISOString().slice(0, 10) === iso.slice(0, 10)
    ? ms
    : null;
}

type Reader = (value: string) => Partial<PageUrl> | null;

const READERS: Readonly<Record<string, Reader>> = {
  off: value => listOf(value, TERRITORY, off => ({ off })),
  edge: value => oneOf(EDGES, value, edge => ({ edge })),
  nogw: value => listOf(value, TERRITORY, gateways => ({ gateways })),
  lasers: value => oneOf(['on', 'off'], value, word => ({ hasLasers: word === 'on' })),
  out: value => listOf(value, /^(fleet|sat):[\w.-]+$/, out => ({ out })),
  t: value => {
    if (value === 'live') return { t: 'live' };
    const ms = UTC.test(value) ? parseUtc(value) : null;
    return ms === null ? null : { t: ms };
  },
  speed: value => oneOf(SPEEDS.map(String), value, speed => ({ speed: Number(speed) as Speed })),
  view: value => {
    const [kind, lat, lon, distance, ...rest] = value.split(',');
    const view = { latDeg: number(lat), lonDeg: number(lon), distance: number(distance) };
    if ((kind !== 'globe' && kind !== 'flat') || rest.length > 0) return null;
    if (!(Math.abs(view.latDeg) <= 90) || !(Math.abs(view.lonDeg) <= 180)) return null;
    if (!(view.distance >= 1.05 && view.distance <= 9)) return null;
    return { view: { kind, ...view } };
  },
  color: value => oneOf(COLOURS, value, color => ({ color })),
  sel: value => listOf(value, /^(sat|cell|gw|terr|order):[^,]+$/, sel => ({ sel })),
  a: value => (value === '' ? null : { a: value }),
  b: value => (value === '' ? null : { b: value }),
  from: value => placeOf(value, from => ({ from })),
  to: value => placeOf(value, to => ({ to })),
  base: value => (value === '' ? null : { base: value }),
  seed: value =>
    /^\d{1,10}$/.test(value) && Number(value) < 2 ** 32 ? { seed: Number(value) } : null,
  run: value => (value === '' ? null : { run: value }),
  entry: value => (/^\d{1,15}$/.test(value) ? { entry: Number(value) } : null),
};

const TERRITORY = /^[A-Z0-9-]{2,40}$/;

function listOf(
  value: string,
  shape: RegExp,
  make: (items: readonly string[]) => Partial<PageUrl>,
): Partial<PageUrl> | null {
  const items = [...new Set(value.split(','))];
  return items.every(item => shape.test(item)) ? make(items) : null;
}

function oneOf<const T extends string>(
  words: readonly T[],
  value: string,
  make: (word: T) => Partial<PageUrl>,
): Partial<PageUrl> | null {
  const word = words.find(one => one === value);
  return word === undefined ? null : make(word);
}

function placeOf(
  value: string,
  make: (place: PlaceDeg) => Partial<PageUrl>,
): Partial<PageUrl> | null {
  const [lat, lon, ...rest] = value.split(',');
  const place = { latDeg: number(lat), lonDeg: number(lon) };
  const isPlace =
    rest.length === 0 && Math.abs(place.latDeg) <= 90 && Math.abs(place.lonDeg) <= 180;
  return isPlace ? make(place) : null;
}

function number(text: string | undefined): number {
  return text !== undefined && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
}

function formatView({ kind, latDeg, lonDeg, distance }: MapView): string {
  return `${kind},${decimals(latDeg)},${decimals(lonDeg)},${decimals(distance, 3)}`;
}

function formatPlace(place: PlaceDeg | null): string {
  return place === null ? '' : `${decimals(place.latDeg, 4)},${decimals(place.lonDeg, 4)}`;
}

/** Fixed digits without the zeros at the end. */
function decimals(value: number, digits = 2): string {
  return String(Number(value.toFixed(digits)) + 0);
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/%2C/g, ',').replace(/%3A/g, ':').replace(/%20/g, '+');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return text;
  }
}

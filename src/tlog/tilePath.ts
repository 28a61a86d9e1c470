import { TlogError } from './error.ts';

/** Hashes in a full tile, entries in a full bundle. C2SP tlog-tiles. */
export const TILE_WIDTH = 256;

/** A tile of hashes at `level` 0 … 63, or of entries; `width` 1 … 255 when partial, 256 when full. */
export interface Tile {
  level: number | 'entries';
  index: number;
  width: number;
}

/**
 * Path of a tile below the log's prefix: `tile/<L>/<N>[.p/<W>]`.
 *
 * @example
 * tilePath({ level: 0, index: 1234067, width: 256 }); // 'tile/0/x001/x234/067'
 */
export function tilePath(tile: Tile): string {
  let rest = tile.index;
  let name = String(rest % 1000).padStart(3, '0');
  while ((rest = Math.floor(rest / 1000)) > 0) {
    name = `x${String(rest % 1000).padStart(3, '0')}/${name}`;
  }
  const suffix = tile.width < TILE_WIDTH ? `.p/${tile.width}` : '';
  return `tile/${tile.level}/${name}${suffix}`;
}

/**
 * Reads a tile path strictly: one tile has one spelling, and no path leads anywhere else.
 *
 * @throws TlogError `BAD_FORMAT`
 */
export function parseTilePath(path: string): Tile {
  const match =
    /^tile\/(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/.exec(
      path,
    );
  const tile = match && {
    level: match[1] === 'entries' ? ('entries' as const) : Number(match[1]),
    index: Number(match[2].replaceAll(/[x/]/g, '')),
    width: match[3] === undefined ? TILE_WIDTH : Number(match[3]),
  };
  const isTile =
    tile &&
    (tile.level === 'entries' || tile.level <= 63) &&
    Number.isSafeInteger(tile.index) &&
    (match[3] === undefined || tile.width < TILE_WIDTH);
  // Writing it again refuses the leading `x000/`, which the pattern lets through.
  if (!isTile || tilePath(tile) !== path) {
    throw new TlogError('BAD_FORMAT', `"${path.slice(0, 80)}" is not the path of a tile`);
  }
  return tile;
}

/** The tiles at the right edge of a tree of `size`, one partial tile at most for each level. */
export function partialTiles(size: number): Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / TILE_WIDTH)) {
    const width = count % TILE_WIDTH;
    if (width > 0) tiles.push({ level, index: Math.floor(count / TILE_WIDTH), width });
  }
  return tiles;
}

/** How wide tile `index` of `level` is in a tree of `size`; 0 or less when it does not exist. */
export function tileWidth(level: number, index: number, size: number): number {
  return Math.min(TILE_WIDTH, Math.floor(size / TILE_WIDTH ** level) - index * TILE_WIDTH);
}

import { getBaseCellNumber, getResolution, isValidCell } from 'h3-js';
import { BeamkeeperError } from '../orbits/error.ts';
import { fromBase64url, toBase64url } from './proofs.ts';

/**
 * H3 cells as entries hold them: one by one, or packed into one text where there are so many that
 * they would not fit into an entry (Russia: 12,197 cells in 17 kB instead of 220).
 */
export type CellList = readonly string[] | PackedCells;
/** `h3d1.` and base64url (without padding) of the bytes that {@link packCells} writes. */
export type PackedCells = string;

/** Resolution 5 and coarser: what orders and outlines name. */
const FINEST = 5;
const PREFIX = 'h3d1.';
const PACKED = /^h3d1\.[A-Za-z0-9_-]+$/;
/** Up to here a reader's eye gains more than an entry loses. */
const PLAIN_CELLS = 64;

/** Lists a person may look through stay as they are; longer ones are packed. */
export function cellList(cells: readonly string[]): CellList {
  return cells.length > PLAIN_CELLS ? packCells(cells) : cells;
}

/**
 * Cells in ascending order, as LEB128 numbers: for each resolution from 0 to 5 how many there are,
 * and for each of them how many cells of its resolution lie between it and the one before. Cells are
 * numbered by base cell and then by their digits, in base 7.
 *
 * @param cells H3 cells of resolution 5 or coarser, in any order
 * @throws BeamkeeperError `CELLS` for what is no such cell, or is there twice
 */
export function packCells(cells: readonly string[]): PackedCells {
  const groups: number[][] = Array.from({ length: FINEST + 1 }, () => []);
  for (const cell of cells) {
    const resolution = isValidCell(cell) ? getResolution(cell) : Number.POSITIVE_INFINITY;
    if (resolution > FINEST) throw refused(`${cell} is not a cell of resolution ${FINEST}`);
    groups[resolution].push(numberOf(cell, resolution));
  }
  const bytes: number[] = [];
  for (const group of groups) {
    group.sort((a, b) => a - b);
    pushNumber(bytes, group.length);
    let next = 0;
    for (const number of group) {
      if (number < next) throw refused('a cell is there twice');
      pushNumber(bytes, number - next);
      next = number + 1;
    }
  }
  return PREFIX + toBase64url(Uint8Array.from(bytes));
}

/**
 * The cells of a list, one by one; of a packed one in ascending order.
 *
 * @throws BeamkeeperError `CELLS` for a text that {@link packCells} did not write
 */
export function cellsOf(list: CellList): readonly string[] {
  return typeof list === 'string' ? unpack(list) : list;
}

function unpack(packed: PackedCells): readonly string[] {
  if (!PACKED.test(packed)) throw refused(`${packed.slice(0, 20)} is not a packed list of cells`);
  const bytes = fromBase64url(packed.slice(PREFIX.length), 'packed cells');
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      if (at >= bytes.length || scale > 2 ** 28) throw refused('a packed list of cells ends early');
      const byte = bytes[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const cells: string[] = [];
  for (let resolution = 0; resolution <= FINEST; resolution++) {
    let next = 0;
    for (let left = number(); left > 0; left--) {
      next += number();
      cells.push(cellOf(next, resolution));
      next += 1;
    }
  }
  // One list has one spelling: no cell that there is not, no number longer than it must be.
  if (packCells(cells) !== packed) throw refused('a packed list of cells is not as it is written');
  return cells;
}

// An H3 index in hexadecimal: four bits that say it is a cell, its resolution (one figure), its base
// cell (7 bits), then 15 digits of 3 bits, 7 where it has none (h3geo.org/docs/core-library/h3Indexing).
/** How many cells of its resolution come before it, were every cell to have seven children. */
function numberOf(cell: string, resolution: number): number {
  const index = BigInt(`0x${cell}`);
  let number = getBaseCellNumber(cell);
  for (let r = 1; r <= resolution; r++) {
    number = number * 7 + Number((index >> BigInt(45 - 3 * r)) & 7n);
  }
  return number;
}

function cellOf(number: number, resolution: number): string {
  let rest = number;
  let digits = 0n;
  for (let r = 1; r <= 15; r++) digits |= 7n << BigInt(45 - 3 * r);
  for (let r = resolution; r >= 1; r--) {
    const shift = BigInt(45 - 3 * r);
    digits = (digits & ~(7n << shift)) | (BigInt(rest % 7) << shift);
    rest = Math.floor(rest / 7);
  }
  if (rest > 121) throw refused('a packed list names a cell that there is not');
  return ((1n << 59n) | (BigInt(resolution) << 52n) | (BigInt(rest) << 45n) | digits).toString(16);
}

function pushNumber(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

function refused(what: string): BeamkeeperError {
  return new BeamkeeperError('CELLS', what);
}

/**
 * The order of all H3 cells of one resolution: ascending ids, which is base cell by base cell and
 * digit by digit, the order in which h3-js lists children. The place of a cell in it is its ordinal,
 * computed from the id's bits without a table of ids (H3 index layout: mode at bit 59, resolution at
 * 52, base cell at 45, then fifteen 3-bit digits; h3geo.org/docs/core-library/h3Indexing).
 */
export interface CellOrder {
  readonly resolution: number;
  /** 2 + 120 × 7^resolution. */
  readonly count: number;
  /** Ordinal of an id given as the two 32-bit halves; -1 for an id that is no cell of this resolution. */
  ordinalOf(high: number, low: number): number;
  /** Ids by ordinal; as 32-bit halves, low first. */
  writeId(ordinal: number, halves: Uint32Array, at: number): void;
}

/** The twelve pentagons lack the children that start with digit 1 (the deleted K axes). */
const PENTAGON_BASE_CELLS = new Set([4, 14, 24, 38, 49, 58, 63, 72, 83, 97, 107, 117]);
const BASE_CELL_COUNT = 122;
const CELL_MODE = 1 << 27;
const DIGIT_BITS = 45;

const orders = new Map<number, CellOrder>();

/** The order of the cells of a resolution, 0…5. */
export function cellOrder(resolution: number): CellOrder {
  let order = orders.get(resolution);
  if (order === undefined) {
    order = createOrder(resolution);
    orders.set(resolution, order);
  }
  return order;
}

function createOrder(resolution: number): CellOrder {
  if (!Number.isInteger(resolution) || resolution < 0 || resolution > 5) {
    throw new RangeError(`cell order is made for resolutions 0 to 5, not ${resolution}`);
  }
  const patternBits = 3 * resolution;
  const patternCount = 1 << patternBits;
  const hexagonPatterns: number[] = [];
  const pentagonPatterns: number[] = [];
  const hexagonRank = new Int32Array(patternCount).fill(-1);
  const pentagonRank = new Int32Array(patternCount).fill(-1);
  for (let pattern = 0; pattern < patternCount; pattern++) {
    let isCell = true;
    let leading = 0;
    for (let shift = patternBits - 3; shift >= 0; shift -= 3) {
      const digit = (pattern >> shift) & 7;
      if (digit === 7) isCell = false;
      if (leading === 0) leading = digit;
    }
    if (!isCell) continue;
    hexagonRank[pattern] = hexagonPatterns.length;
    hexagonPatterns.push(pattern);
    if (leading === 1) continue;
    pentagonRank[pattern] = pentagonPatterns.length;
    pentagonPatterns.push(pattern);
  }
  const baseStart = new Int32Array(BASE_CELL_COUNT + 1);
  for (let base = 0; base < BASE_CELL_COUNT; base++) {
    const size = PENTAGON_BASE_CELLS.has(base) ? pentagonPatterns.length : hexagonPatterns.length;
    baseStart[base + 1] = baseStart[base] + size;
  }
  const baseIsPentagon = Uint8Array.from({ length: BASE_CELL_COUNT }, (_, base) =>
    PENTAGON_BASE_CELLS.has(base) ? 1 : 0,
  );
  const hexagons = Uint16Array.from(hexagonPatterns);
  const pentagons = Uint16Array.from(pentagonPatterns);
  // The unused digits are all ones; the pattern stands above them, across the two halves.
  const spareBits = DIGIT_BITS - patternBits;
  const spareInLow = Math.min(32, spareBits);
  const spareInHigh = spareBits - spareInLow;
  const lowOnes = spareInLow === 32 ? 0xffffffff : (1 << spareInLow) - 1;
  const highOnes = (1 << spareInHigh) - 1;
  const lowPatternBits = 32 - spareInLow;

  return {
    resolution,
    count: baseStart[BASE_CELL_COUNT],
    ordinalOf(high, low) {
      if (high >>> 20 !== (CELL_MODE >>> 20) + resolution) return -1;
      if ((low & lowOnes) >>> 0 !== lowOnes >>> 0 || (high & highOnes) !== highOnes) return -1;
      const base = (high >>> 13) & 127;
      if (base >= BASE_CELL_COUNT) return -1;
      const highPart = (high & 0x1fff) >>> spareInHigh;
      const pattern =
        lowPatternBits === 0 ? highPart : (highPart << lowPatternBits) | (low >>> spareInLow);
      const rank = baseIsPentagon[base] === 1 ? pentagonRank[pattern] : hexagonRank[pattern];
      return rank < 0 ? -1 : baseStart[base] + rank;
    },
    writeId(ordinal, halves, at) {
      let from = 0;
      let to = BASE_CELL_COUNT;
      while (to - from > 1) {
        const middle = (from + to) >> 1;
        if (baseStart[middle] <= ordinal) from = middle;
        else to = middle;
      }
      const rank = ordinal - baseStart[from];
      const pattern = baseIsPentagon[from] === 1 ? pentagons[rank] : hexagons[rank];
      halves[at] = lowPatternBits === 0 ? 0xffffffff : ((pattern << spareInLow) | lowOnes) >>> 0;
      halves[at + 1] =
        (CELL_MODE |
          (resolution << 20) |
          (from << 13) |
          ((pattern >>> lowPatternBits) << spareInHigh) |
          highOnes) >>>
        0;
    },
  };
}

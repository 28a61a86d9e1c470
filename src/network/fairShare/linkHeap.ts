/** A binary heap of link indices, the one with the lowest key (then the lowest index) on top. */
export interface LinkHeap {
  size(): number;
  top(): number;
  pop(): void;
  /** To be called when the key of the top has risen. */
  siftTop(): void;
}

/** Over all of `keys`, which the caller owns; only the key of the top may change, and only rise. */
export function createLinkHeap(keys: Float64Array): LinkHeap {
  const items = Int32Array.from(keys, (_, link) => link);
  let size = items.length;
  for (let at = (size >> 1) - 1; at >= 0; at--) sift(at);

  return {
    size: () => size,
    top: () => items[0],
    pop: () => {
      items[0] = items[--size];
      sift(0);
    },
    siftTop: () => sift(0),
  };

  function sift(from: number): void {
    let at = from;
    const item = items[at];
    const key = keys[item];
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && isBelow(items[child + 1], keys[items[child + 1]], items[child])) {
        child++;
      }
      if (isBelow(item, key, items[child])) break;
      items[at] = items[child];
      at = child;
    }
    items[at] = item;
  }

  function isBelow(item: number, key: number, other: number): boolean {
    return key < keys[other] || (key === keys[other] && item < other);
  }
}

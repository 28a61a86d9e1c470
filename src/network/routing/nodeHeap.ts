/**
 * The nodes of a search that wait to be settled, cheapest first; of equal ones the lower number, so that
 * the order of a search does not depend on the past of the heap. A binary heap that knows where each node is.
 */
export interface NodeHeap {
  /** Forgets all nodes. */
  clear(): void;
  /** Puts a node in, or moves it up after its cost fell. */
  push(node: number): void;
  /** Takes the cheapest node out; -1 when there is none. */
  pop(): number;
}

/** @param cost of each node; the searcher's own array, written before `push` */
export function createNodeHeap(cost: Float64Array): NodeHeap {
  const heap = new Int32Array(cost.length);
  const placeOf = new Int32Array(cost.length).fill(-1);
  let count = 0;

  function isBefore(a: number, b: number): boolean {
    return cost[a] < cost[b] || (cost[a] === cost[b] && a < b);
  }
  function put(node: number, at: number): void {
    heap[at] = node;
    placeOf[node] = at;
  }
  function rise(node: number, from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(node, heap[parent])) break;
      put(heap[parent], at);
      at = parent;
    }
    put(node, at);
  }
  function sink(node: number): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= count) break;
      if (child + 1 < count && isBefore(heap[child + 1], heap[child])) child++;
      if (!isBefore(heap[child], node)) break;
      put(heap[child], at);
      at = child;
    }
    put(node, at);
  }

  return {
    clear() {
      for (let i = 0; i < count; i++) placeOf[heap[i]] = -1;
      count = 0;
    },
    push(node) {
      rise(node, placeOf[node] < 0 ? count++ : placeOf[node]);
    },
    pop() {
      if (count === 0) return -1;
      const top = heap[0];
      placeOf[top] = -1;
      const last = heap[--count];
      if (count > 0) sink(last);
      return top;
    },
  };
}

import {
  allocateLinkGraph,
  CLEAR_OF_THE_EARTH,
  type LinkGraph,
  updateLinkGraph,
} from '../../src/network/index.ts';
import { allocatePositionsEcef } from '../../src/orbits/index.ts';
import { instantOfMs } from './keyFrame.ts';
import type { Twin } from './twin.ts';

/** Laser links of one instant as pairs of satellites. */
export function linkPairs(twin: Twin, slotMs: number): Uint32Array {
  const pairs: number[] = [];
  forLinks(twin, slotMs, (a, b) => pairs.push(a, b));
  return Uint32Array.from(pairs);
}

/** Every laser link of one instant, a row each, for other programs. */
export function topologyCsv(twin: Twin, slotMs: number): string {
  const rows = ['satellite_a,satellite_b,name_a,name_b,length_km'];
  forLinks(twin, slotMs, (a, b, km) => {
    const [one, two] = [twin.records[a], twin.records[b]];
    rows.push(
      `${one.catalogId},${two.catalogId},${quoted(one.name)},${quoted(two.name)},${km.toFixed(3)}`,
    );
  });
  return `${rows.join('\n')}\n`;
}

function forLinks(
  twin: Twin,
  slotMs: number,
  visit: (a: number, b: number, km: number) => void,
): void {
  if (twin.topology === null) return;
  const positions = allocatePositionsEcef(twin.propagator.count);
  const graph: LinkGraph = allocateLinkGraph(twin.topology);
  twin.propagator.positionsEcef(instantOfMs(slotMs), positions);
  updateLinkGraph(twin.topology, positions, CLEAR_OF_THE_EARTH, graph);
  for (let a = 0; a < graph.satelliteCount; a++) {
    for (let link = graph.offsets[a]; link < graph.offsets[a + 1]; link++) {
      if (graph.neighbour[link] > a) visit(a, graph.neighbour[link], graph.lengthKm[link]);
    }
  }
}

function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

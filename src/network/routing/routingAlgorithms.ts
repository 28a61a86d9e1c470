import { fewestHops } from './fewestHops.ts';
import { groundRelays } from './groundRelays.ts';
import { loadAware } from './loadAware.ts';
import type { RoutingAlgorithm } from './routingAlgorithm.ts';
import { shortestDelay } from './shortestDelay.ts';

/** Every routing algorithm by name; the first is the default. Add yours here, one line. */
export const ROUTING_ALGORITHMS: readonly RoutingAlgorithm[] = [
  shortestDelay,
  fewestHops,
  groundRelays,
  loadAware,
];

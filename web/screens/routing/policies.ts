import type { RoutePolicy } from '../../workers/messages.ts';

/** Routing algorithms of the core, by name; `load-aware` is left out: no loads are computed here. */
export const ALGORITHMS: readonly (readonly [name: string, words: string])[] = [
  ['shortest-delay', 'shortest delay'],
  ['fewest-hops', 'fewest hops'],
  ['ground-relays', 'ground relays'],
];

const WITHOUT = '.no-lasers';
export const DEFAULT_A = 'shortest-delay';
export const DEFAULT_B = 'fewest-hops';

/** `shortest-delay`, `ground-relays.no-lasers`; what is not understood becomes the first. */
export function policyOfText(text: string): RoutePolicy {
  const hasLasers = !text.endsWith(WITHOUT);
  const name = hasLasers ? text : text.slice(0, -WITHOUT.length);
  const algorithm = ALGORITHMS.find(([known]) => known === name)?.[0] ?? DEFAULT_A;
  return { algorithm, hasLasers };
}

export function textOfPolicy({ algorithm, hasLasers }: RoutePolicy): string {
  return hasLasers ? algorithm : `${algorithm}${WITHOUT}`;
}

export function wordsOfPolicy({ algorithm, hasLasers }: RoutePolicy): string {
  const words = ALGORITHMS.find(([known]) => known === algorithm)?.[1] ?? algorithm;
  return `${words}, ${hasLasers ? 'lasers' : 'no lasers'}`;
}

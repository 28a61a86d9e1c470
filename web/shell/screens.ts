import type { ComponentType } from 'preact';
import type { ScreenName } from './url.ts';

/** A screen is the default export of its folder; it loads when it is first shown. */
export interface Screen {
  readonly title: string;
  /** Whether the shared map and clock stand behind it. */
  readonly load: () => Promise<{ readonly default: ComponentType }>;
}

// A screen of another hand may not be there yet while the tree grows: the glob takes what is there.
const found = import.meta.glob<{ readonly default: ComponentType }>('../screens/*/index.tsx');

function screen(name: ScreenName, title: string): readonly [ScreenName, Screen] | null {
  const load = found[`../screens/${name}/index.tsx`];
  return load === undefined ? null : [name, { title, load }];
}

/** The screens in the order of the top bar. */
export const screens: ReadonlyMap<ScreenName, Screen> = new Map(
  [
    screen('what-if', 'What if'),
    screen('routing', 'Routing'),
    screen('orders', 'Orders'),
    screen('declarations', 'Territories'),
    screen('ledger', 'Ledger'),
    screen('claims', 'Claims'),
    screen('public', 'Public'),
  ].filter(entry => entry !== null),
);

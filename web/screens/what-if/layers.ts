import { signal } from '@preact/signals';

/** What is shown on the map beside land and cells. Satellites: null follows the kind of map. */
export const layers = signal<{
  readonly satellites: boolean | null;
  readonly gateways: boolean;
  readonly path: boolean;
  readonly names: boolean;
  readonly links: boolean;
  readonly footprints: boolean;
}>({ satellites: null, gateways: true, path: true, names: true, links: false, footprints: false });

import type { LatencyParameters } from '../network/index.ts';
import type { ServiceParameters } from './serviceParameters.ts';

/**
 * What the server tells the page about its world, `/world/world.json`; the arrays come beside it.
 * Angles of places in degrees, as in every file; `parameters` as the core has them.
 */
export interface WorldFile {
  readonly version: 1;
  /** Names the content of all files together. */
  readonly revision: string;
  /** Where the page's clock starts, UTC. */
  readonly at: string;
  /** Decimal year that gateways, points of presence and parameters are of. */
  readonly year: number;
  readonly satellites: {
    readonly count: number;
    readonly operator: string;
    readonly kind: 'catalogue' | 'fleet-table' | 'design';
    readonly sources: readonly string[];
    /** Epoch in the middle, UTC; null for a design. */
    readonly epoch: string | null;
    readonly generations: Readonly<Record<string, number>>;
    readonly licence: string;
  };
  readonly gatewayList: string;
  readonly gateways: readonly {
    readonly name: string;
    readonly latDeg: number;
    readonly lonDeg: number;
    readonly country: string;
    readonly status: string;
    readonly isOperational: boolean;
  }[];
  readonly pointsOfPresence: readonly {
    readonly operator: string;
    readonly code: string;
    readonly city: string;
    readonly latDeg: number;
    readonly lonDeg: number;
    readonly country: string;
    /** Null where nothing is known: always there. */
    readonly sinceYear: number | null;
    readonly isPrivate: boolean;
  }[];
  /** Which point of presence was seen to serve which country in that year. */
  readonly seen: readonly { readonly code: string; readonly country: string }[];
  readonly parameters: ServiceParameters;
  readonly latency: LatencyParameters;
  /** Laser topology that the satellites are linked by. */
  readonly topology: string;
  readonly warnings: readonly string[];
  /** Where each array file is. */
  readonly files: {
    readonly elements: string;
    readonly territories: string;
    readonly cells3: string;
    readonly cells4: string;
    readonly land110m: string;
    readonly land50m: string;
  };
}

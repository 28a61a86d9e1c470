import type { EdgeRule, View } from '../earth/index.ts';
import type { Instant } from '../orbits/index.ts';
import type { TerminalClass } from '../service/index.ts';

/** What every run over cells is asked: satellites, time, grid, and what is assumed. */
export interface WorldRequest {
  readonly catalogues: readonly string[];
  readonly constellation?: string | undefined;
  readonly at?: Instant | undefined;
  readonly forS: number;
  readonly stepS: number;
  readonly resolution: number;
  /** `auto`, `cities`, `kontur`, or a file with rows of h3,population. */
  readonly people: string;
  readonly view?: View | undefined;
  readonly edge: EdgeRule;
  readonly reachKm: number;
  readonly seed: number;
  /** `starlink`, `oneweb`, or a file; undefined: the operator's own. */
  readonly gatewayList?: string | undefined;
  /** Name of a laser topology; undefined: `nearest`, for operators that fly lasers. */
  readonly topology?: string | undefined;
  /** Cross-plane shift, for topologies that need one. */
  readonly crossPlaneShift?: number | undefined;
  readonly maskDeg?: number | undefined;
  /** Rain and clouds on every user link, dB; undefined: clear sky. */
  readonly rainFadeDb?: number | undefined;
  readonly gsoAngleDeg?: number | undefined;
  readonly terminal: TerminalClass;
}

/** Called between slots: how many are done, of how many. */
export type OnProgress = (done: number, total: number) => void;

/** Who holds the terminal. A policy rule may apply to some classes only. */
export const TERMINAL_CLASSES = ['fixed', 'roam', 'maritime', 'aviation', 'government'] as const;
export type TerminalClass = (typeof TERMINAL_CLASSES)[number];

/** What a rule does to the cells and terminals that it names. */
export type ServiceAction =
  | { readonly kind: 'on' }
  | { readonly kind: 'off' }
  | { readonly kind: 'restricted'; readonly maxRateMbps?: number; readonly maxSpeedKmh?: number };

export interface PolicyRule {
  /** For messages and reports, e.g. `TWN off (centre)`. */
  readonly label: string;
  /** H3 ids of the cells at the evaluated resolution, ascending. */
  readonly cells: BigUint64Array;
  /** Absent: all classes. */
  readonly terminals?: readonly TerminalClass[];
  readonly action: ServiceAction;
}

/**
 * Who may be served where. Rules apply in order, a later one overrides an earlier one.
 * Without any rule every cell is on and every gateway permitted.
 */
export interface ServicePolicy {
  readonly rules: readonly PolicyRule[];
  /** ISO 3166-1 alpha-3 codes of countries whose gateways may not be used. */
  readonly deniedGatewayCountries: readonly string[];
  /** True: no satellite hands traffic to another one. */
  readonly areLasersDenied?: boolean;
}

export const OPEN_POLICY: ServicePolicy = { rules: [], deniedGatewayCountries: [] };

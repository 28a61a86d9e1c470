import type { QuorumRule, RuleSet, SeatRequirement } from './types.ts';

const OPERATOR: readonly SeatRequirement[] = [
  { office: 'operator.service', count: 1 },
  { office: 'operator.legal', count: 1 },
];
const TAKING: readonly SeatRequirement[] = [
  ...OPERATOR,
  { office: 'customer', count: 1 },
  { office: 'oversight', count: 1 },
];
const REGULATOR: SeatRequirement = { office: 'regulator', count: 1 };

const GIVING_BACK: QuorumRule = {
  seats: [],
  voteCount: 2,
  employerCount: 2,
  coolingOffHours: 0,
  voteWindowHours: 7 * 24,
  executionWindowHours: 72,
  vetoOffices: [],
};
const TAKING_AWAY: QuorumRule = {
  seats: TAKING,
  voteCount: 4,
  employerCount: 3,
  coolingOffHours: 24,
  voteWindowHours: 14 * 24,
  executionWindowHours: 72,
  vetoOffices: ['regulator', 'commitment'],
};

/** The rules that a log starts with unless its genesis says otherwise: control.md §6, as a table. */
export const DEFAULT_RULES: RuleSet = {
  orders: {
    resume: GIVING_BACK,
    exempt: GIVING_BACK,
    activate: {
      seats: [...OPERATOR, REGULATOR],
      voteCount: 3,
      employerCount: 2,
      coolingOffHours: 0,
      voteWindowHours: 14 * 24,
      executionWindowHours: 7 * 24,
      vetoOffices: ['regulator', 'commitment'],
    },
    suspend: TAKING_AWAY,
    restrict: TAKING_AWAY,
    withhold: {
      ...TAKING_AWAY,
      seats: [...TAKING, REGULATOR],
      voteCount: 5,
      employerCount: 4,
      coolingOffHours: 72,
    },
  },
  breakGlass: {
    seats: [{ office: 'operator.service', count: 1 }],
    voteCount: 2,
    employerCount: 2,
    coolingOffHours: 0,
    voteWindowHours: 4,
    executionWindowHours: 1,
    vetoOffices: ['regulator', 'commitment'],
    kinds: ['suspend', 'restrict'],
    maxTtlHours: 24,
    repeatDays: 7,
    reviewDays: 7,
  },
  change: { coolingOffHours: 72, voteWindowHours: 30 * 24, executionWindowHours: 7 * 24 },
  originators: {
    capacities: ['third_party', 'foreign_government', 'owner'],
    // Giving service back is never made harder by who asked for it.
    kinds: ['activate', 'suspend', 'restrict', 'withhold'],
    seats: [{ office: 'oversight', count: 2, areOfDifferentJurisdictions: true }],
    coolingOffHours: 72,
  },
  commitmentKinds: ['activate', 'suspend', 'restrict', 'withhold'],
  declaration: {
    validDays: 90,
    shortReasons: ['operator_choice', 'third_party_request'],
    shortValidDays: 30,
    orderReasons: ['third_party_request', 'government_order'],
  },
  defaultExceptions: ['emergency', 'humanitarian'],
};

/** What a change of roster, rules, policies, keys or territories needs: every rule of an order at once. */
export function strictestRule(rules: RuleSet): QuorumRule {
  const rows = Object.values(rules.orders);
  return {
    ...rules.change,
    seats: rows.reduce<readonly SeatRequirement[]>((all, { seats }) => mergeSeats(all, seats), []),
    voteCount: Math.max(...rows.map(row => row.voteCount)),
    employerCount: Math.max(...rows.map(row => row.employerCount)),
    vetoOffices: [],
  };
}

/** The requirements of both: for each office the larger number. */
export function mergeSeats(
  a: readonly SeatRequirement[],
  b: readonly SeatRequirement[],
): readonly SeatRequirement[] {
  const merged = [...a];
  for (const seat of b) {
    const i = merged.findIndex(({ office }) => office === seat.office);
    if (i < 0) merged.push(seat);
    else {
      const areApart = seat.areOfDifferentJurisdictions || merged[i].areOfDifferentJurisdictions;
      merged[i] = {
        office: seat.office,
        count: Math.max(seat.count, merged[i].count),
        ...(areApart ? { areOfDifferentJurisdictions: true } : {}),
      };
    }
  }
  return merged;
}

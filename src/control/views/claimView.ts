import { type ClaimStatus, claimStatus } from '../claims.ts';
import { instantOf } from '../instants.ts';
import type { ControlState } from '../state.ts';
import type { Attribution, Claim, Instant, Source, Stance } from '../types.ts';

/** A source as it stands in the chain that carries a claim. */
export interface AttributionView extends Attribution {
  readonly role: string;
  readonly reliability: Source['reliability'];
  readonly citedIn: Source['citedIn'] | null;
}

/** A claim with everything that was said about it. */
export interface ClaimView extends Claim {
  readonly status: ClaimStatus;
  /** The rule that gave the status, in words. */
  readonly rule: string;
  /** Chains of sources: who draws on whom. */
  readonly attributions: readonly AttributionView[];
  readonly stances: readonly (Stance & { readonly entry: number; readonly recordedAt: Instant })[];
}

const RULES: Readonly<Record<ClaimStatus, string>> = {
  retracted: 'its originator has taken it back',
  superseded: 'its originator has put another claim in its place',
  contested: 'at least one independent source carries it, and a party that it is about denies it',
  denied: 'no independent source carries it, and a party that it is about denies it',
  corroborated: 'two or more independent sources carry it, and nobody with standing denies it',
  reported: 'one independent source carries it, and nobody with standing denies it',
  unconfirmed: 'no source of sufficient reliability carries it',
};

export function claimViews(state: ControlState): ClaimView[] {
  const { claims, attributions, sources, stances } = state.claims;
  return [...claims.values()].map(claim => {
    const status = claimStatus(state, claim.id) as ClaimStatus;
    return {
      ...claim,
      status,
      rule: RULES[status],
      attributions: [...attributions.values()]
        .filter(one => one.claim === claim.id)
        .map(one => {
          const source = sources.get(one.source) as Source;
          const { role, reliability, citedIn } = source;
          return { ...one, role, reliability, citedIn: citedIn ?? null };
        }),
      stances: stances
        .filter(({ stance }) => stance.claim === claim.id)
        .map(({ stance, seq, atMs }) => ({ ...stance, entry: seq, recordedAt: instantOf(atMs) })),
    };
  });
}

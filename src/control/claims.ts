import {
  type ClaimsRegister,
  type ControlState,
  type Draft,
  found,
  need,
  type Step,
} from './state.ts';
import type { Attribution } from './types.ts';

export type ClaimStatus =
  | 'retracted'
  | 'superseded'
  | 'contested'
  | 'denied'
  | 'corroborated'
  | 'reported'
  | 'unconfirmed';

// ── Entries ─────────────────────────────────────────────────────────────────────────────────────

export function addClaim({ claims: register }: Draft, { body }: Step<'claim/v1'>): void {
  const { id, replaces, originator } = body;
  need(!register.claims.has(id), `the text of claim ${id} does not change`);
  if (replaces !== undefined) {
    const replaced = found(register.claims.get(replaces), `no claim ${replaces}`);
    need(replaced.originator === originator, 'a claim is replaced by its originator only');
  }
  register.claims.set(id, body);
}

export function addSource({ claims: register }: Draft, { body }: Step<'source/v1'>): void {
  need(!register.sources.has(body.id), `the source ${body.id} is recorded already`);
  register.sources.set(body.id, body);
}

export function addAttribution(
  { claims: register }: Draft,
  { body }: Step<'attribution/v1'>,
): void {
  const { id, claim, source, parent } = body;
  need(!register.attributions.has(id), `the attribution ${id} is recorded already`);
  need(register.claims.has(claim), `no claim ${claim}`);
  need(register.sources.has(source), `no source ${source}`);
  need(
    parent === undefined || register.attributions.get(parent)?.claim === claim,
    `no attribution ${parent} of claim ${claim}`,
  );
  register.attributions.set(id, body);
}

export function addStance(
  { claims: register }: Draft,
  { seq, atMs, body }: Step<'stance/v1'>,
): void {
  need(register.claims.has(body.claim), `no claim ${body.claim}`);
  register.stances.push({ seq, atMs, stance: body });
}

// ── Status ──────────────────────────────────────────────────────────────────────────────────────

/**
 * What a claim is worth today: computed from its rows, never typed. control.md §10.
 *
 * @returns undefined when there is no such claim
 */
export function claimStatus(
  { claims: register }: ControlState,
  id: string,
): ClaimStatus | undefined {
  const claim = register.claims.get(id);
  if (!claim) return undefined;
  const stances = register.stances.map(row => row.stance).filter(row => row.claim === id);
  const last = new Map(stances.map(({ party, stance }) => [party, stance]));
  if (last.get(claim.originator) === 'retract') return 'retracted';
  if ([...register.claims.values()].some(({ replaces }) => replaces === id)) return 'superseded';
  const isDenied = claim.about.some(party => {
    const stance = last.get(party);
    return stance === 'deny_flat' || stance === 'deny_in_part';
  });
  const chains = independentRoots(register, id).size;
  if (isDenied) return chains >= 1 ? 'contested' : 'denied';
  if (chains >= 2) return 'corroborated';
  return chains === 1 ? 'reported' : 'unconfirmed';
}

/**
 * Independent roots that support a claim: what the chains of attributions end in. Unnamed people
 * cited in one report are one root, unless the report tells them apart.
 */
function independentRoots(register: ClaimsRegister, claim: string): ReadonlySet<string> {
  const roots = new Set<string>();
  for (const attribution of register.attributions.values()) {
    if (attribution.claim !== claim) continue;
    let root: Attribution = attribution;
    while (root.parent !== undefined) root = register.attributions.get(root.parent) as Attribution;
    const source = register.sources.get(root.source);
    if (!source || source.reliability >= 'E' || root.credibility >= 5) continue;
    const { citedIn } = source;
    roots.add(citedIn && !citedIn.isToldApart ? `report ${citedIn.report}` : `source ${source.id}`);
  }
  return roots;
}

/** The seven bands of likelihood of ICD 203 (2015), percent. */
export const LIKELIHOODS = [
  { words: 'almost no chance', fromPercent: 1, toPercent: 5 },
  { words: 'very unlikely', fromPercent: 5, toPercent: 20 },
  { words: 'unlikely', fromPercent: 20, toPercent: 45 },
  { words: 'roughly even chance', fromPercent: 45, toPercent: 55 },
  { words: 'likely', fromPercent: 55, toPercent: 80 },
  { words: 'very likely', fromPercent: 80, toPercent: 95 },
  { words: 'almost certain', fromPercent: 95, toPercent: 99 },
] as const;

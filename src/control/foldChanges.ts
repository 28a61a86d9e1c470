import { toHex } from '../tlog/index.ts';
import { canonicalJson } from './canonicalJson.ts';
import type { LogPoint, VoteRecord } from './quorum.ts';
import { isSameKey, liveKeysOf, personOf, rosterFault, rosterOf } from './rosterRules.ts';
import { territoryFault } from './scopeCells.ts';
import {
  type BallotRecord,
  type CastVote,
  type Change,
  type Draft,
  type FoldContext,
  need,
  type Step,
} from './state.ts';
import { ballotHash } from './statements.ts';
import type { Key, PolicySet, RuleSet, Sha256Hex, Territory } from './types.ts';

/** Digest over the quorum table and the Cedar policies: a vote counts only under what it names. */
export function policyDigest(
  { sha256 }: FoldContext,
  rules: RuleSet,
  policySet: PolicySet,
): Sha256Hex {
  const text = `beamkeeper/policy/v1\n${canonicalJson({ policySet, rules })}`;
  return toHex(sha256(new TextEncoder().encode(text)));
}

/** Why a change cannot be made, as things stand; undefined when it can. */
export function changeFault(
  state: Draft,
  { type, body }: Change,
  { sha256 }: FoldContext,
): string | undefined {
  switch (type) {
    case 'roster/v1': {
      const fault = rosterFault(body.roster, state.rules);
      if (fault !== undefined) return fault;
      const known = state.keys.map(({ key }) => key);
      const twice = body.newKeys.find(key => known.some(other => isSameKey(key, other)));
      if (twice) return `a new key of ${twice.holder} is enrolled already`;
      const silent = body.newKeys.find(
        ({ holder }) => !body.acceptances.some(acceptance => acceptance.holder === holder),
      );
      if (silent) return `${silent.holder} has not accepted with the new key`;
      const keyless = body.roster.seats.find(
        ({ holder }) =>
          liveKeysOf(state, holder).length === 0 && !body.newKeys.some(k => k.holder === holder),
      );
      if (keyless) return `${keyless.holder} would hold the seat ${keyless.id} without a key`;
      return undefined;
    }
    case 'rule/v1':
      return rosterFault(rosterOf(state), body.rules);
    case 'policySet/v1':
      return undefined;
    case 'territory/v1': {
      if (body.territories.length === 0) return 'it names no territory';
      const seen = new Set<string>();
      for (const territory of body.territories) {
        const { id, version } = territory;
        const latest = state.latestVersions.get(id) ?? 0;
        if (version !== latest + 1) return `territory ${id}: the next version is ${latest + 1}`;
        if (seen.has(id)) return `territory ${id} is there twice`;
        seen.add(id);
        const fault = territoryFault(territory, sha256);
        if (fault !== undefined) return fault;
      }
      return undefined;
    }
    case 'keyEnrol/v1': {
      const { holder } = body.key;
      const { persons, machines } = rosterOf(state);
      if (![...persons, ...machines].some(({ id }) => id === holder)) return `no ${holder}`;
      const isKnown = state.keys.some(({ key }) => isSameKey(key, body.key));
      return isKnown ? 'the key is, or was, enrolled already' : undefined;
    }
    case 'keyRevoke/v1': {
      const isLive = liveKeysOf(state, body.key.holder).some(key => isSameKey(key, body.key));
      return isLive ? undefined : 'the key is not enrolled';
    }
  }
}

/** A proposal to change what was fixed at genesis: opens a vote at once. */
export function proposeChange(state: Draft, step: Step<Change['type']>): void {
  const subject = { type: step.type, body: step.body } as Change;
  const { proposer } = subject.body;
  need(personOf(state, proposer) !== undefined, `${proposer} is not in the roster`);
  const fault = changeFault(state, subject, step.context);
  need(fault === undefined, fault ?? '');
  const { seq, atMs } = step;
  if (subject.type === 'keyRevoke/v1' && subject.body.key.holder === proposer) {
    revokeKey(state, subject.body.key, step);
    return;
  }
  const hash = ballotHash(step.context.sha256, step.type, step.body);
  need(!state.ballots.has(hash), 'proposed already');
  const record: BallotRecord = {
    hash,
    subject,
    proposed: { seq, atMs },
    opened: { seq, atMs },
    votes: [],
    recusals: [],
    commitments: [],
    appointers: [],
    reviews: [],
  };
  state.ballots.set(hash, record);
}

/** Puts an approved change in force. */
export function applyChange(
  state: Draft,
  change: Change,
  step: LogPoint & { context: FoldContext },
): void {
  const { seq, atMs, context } = step;
  switch (change.type) {
    case 'roster/v1':
      state.rosters.push({ seq, atMs, roster: change.body.roster });
      for (const key of change.body.newKeys) state.keys.push({ key, seq, atMs });
      break;
    case 'rule/v1':
      state.rules = change.body.rules;
      break;
    case 'policySet/v1':
      state.policySet = change.body.policySet;
      break;
    case 'territory/v1':
      for (const territory of change.body.territories) addTerritory(state, territory);
      break;
    case 'keyEnrol/v1':
      state.keys.push({ key: change.body.key, seq, atMs });
      break;
    case 'keyRevoke/v1':
      revokeKey(state, change.body.key, step);
  }
  const policySha256 = policyDigest(context, state.rules, state.policySet);
  if (policySha256 !== state.policySha256) {
    state.policySha256 = policySha256;
    endVotes(state, step, 'rulesChanged', () => true);
  }
}

export function addTerritory(state: Draft, territory: Territory): void {
  state.territories.set(`${territory.id}@${territory.version}`, territory);
  state.latestVersions.set(territory.id, territory.version);
}

function revokeKey(state: Draft, revoked: Key, { seq, atMs }: LogPoint): void {
  state.keys = state.keys.map(record =>
    isSameKey(record.key, revoked) ? { ...record, revokedSeq: seq } : record,
  );
  endVotes(state, { seq, atMs }, 'keyRevoked', vote => isSameKey(vote.key, revoked));
}

/** Ends votes on everything that is still pending. */
function endVotes(
  state: Draft,
  { seq, atMs }: LogPoint,
  why: NonNullable<VoteRecord['ended']>['why'],
  isMeant: (vote: CastVote) => boolean,
): void {
  for (const [hash, record] of state.ballots) {
    if (record.closed || record.executed || !record.votes.some(isMeant)) continue;
    state.ballots.set(hash, {
      ...record,
      votes: record.votes.map(vote =>
        isMeant(vote) && !vote.ended ? { ...vote, ended: { seq, atMs, why } } : vote,
      ),
    });
  }
}

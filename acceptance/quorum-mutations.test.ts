/**
 * A check that cannot fail is no check. For each rule of the switch (control.md §6) the engine is
 * built once more with that rule taken out of its source; the tests of the engine must notice.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, describe, expect, test } from 'vitest';

interface Mutant {
  readonly rule: string;
  /** In src/control. */
  readonly file: string;
  /** Stands there once. */
  readonly from: string;
  readonly to: string;
  readonly suite?: 'quorum' | 'fold';
  /** Title of a test in the suite, which fails without the rule. */
  readonly noticedBy: string;
}

const MUTANTS: readonly Mutant[] = [
  // ── Distinct
  {
    rule: 'one person, one vote',
    file: 'quorum.ts',
    from: 'if (other.person === vote.person) return',
    to: 'if (false) return',
    noticedBy: 'one person has one vote, whatever seats he holds',
  },
  {
    rule: 'one seat, one vote',
    file: 'quorum.ts',
    from: 'if (other.seat === vote.seat) return',
    to: 'if (false) return',
    noticedBy: 'a seat votes once',
  },
  {
    rule: 'enough employers',
    file: 'quorum.ts',
    from: 'if (employers < need.employerCount)',
    to: 'if (false)',
    noticedBy:
      'break-glass: operator.service and one of another employer, 4 h to vote, 1 h to execute',
  },
  {
    rule: 'employers by beneficial owner',
    file: 'quorum.ts',
    from: 'return roster.organisations.find(({ id }) => id === employer)?.beneficialOwner;',
    to: 'return employer;',
    noticedBy: 'two companies of one beneficial owner are one employer',
  },
  // ── Not counted
  {
    rule: 'not the proposer',
    file: 'quorum.ts',
    from: "if (person === ballot.proposer) return 'proposer';",
    to: '',
    noticedBy: 'the proposer',
  },
  {
    rule: 'nobody in the originator chain',
    file: 'quorum.ts',
    from: 'if (ballot.originators.some(o => o.party === person || o.onBehalfOf === person)) {',
    to: 'if (false) {',
    noticedBy: 'a person in the originator chain, on whichever end of a link',
  },
  {
    rule: 'nobody for whom a link speaks',
    file: 'quorum.ts',
    from: 'o.party === person || o.onBehalfOf === person',
    to: 'o.party === person',
    noticedBy: 'a person in the originator chain, on whichever end of a link',
  },
  {
    rule: 'not the staff of who asked',
    file: 'quorum.ts',
    from: "return owners.has(employer) ? 'originatorStaff' : undefined;",
    to: 'return undefined;',
    noticedBy: 'the staff of an organisation that asked, by beneficial owner',
  },
  {
    rule: 'not the staff of those for whom he asked',
    file: 'quorum.ts',
    from: 'if (onBehalfOf !== undefined) add(ownerOfParty(roster, onBehalfOf));',
    to: '',
    noticedBy: '… nor that of the organisation for which somebody asked',
  },
  {
    rule: 'operator and customer in their own name excepted',
    file: 'quorum.ts',
    from: 'if (!isOwnName) add',
    to: 'add',
    noticedBy: '… but the operator and the customer may ask in their own name',
  },
  {
    rule: 'nobody recused, tainted or with a contact',
    file: 'quorum.ts',
    from: 'if (recusal) return recusal.why;',
    to: '',
    noticedBy: "the seat's alternate steps in, and the threshold stays",
  },
  {
    rule: 'a vote by a recused person stops counting',
    file: 'quorum.ts',
    from: 'return isNamed && barOf(facts, roster, seat, vote.person, point) === undefined;',
    to: 'return isNamed;',
    noticedBy: "the seat's alternate steps in, and the threshold stays",
  },
  {
    rule: 'a vote that was ended stops counting',
    file: 'quorum.ts',
    from: '(vote.ended && vote.ended.seq <= point.seq)',
    to: 'false',
    noticedBy: 'votes that were cast under other rules',
  },
  {
    rule: 'a seat that is not held any more',
    file: 'quorum.ts',
    from: 'return isNamed && barOf(',
    to: 'return barOf(',
    noticedBy: 'a vote of somebody who has left its seat by a change of roster',
  },
  {
    rule: 'a seat whose term is over',
    file: 'quorum.ts',
    from: 'if (!seat || !isSeatLive(seat, point.atMs)) return false;',
    to: 'if (!seat) return false;',
    noticedBy: 'a seat whose term is over when it comes to execution',
  },
  {
    rule: 'no vote from a seat before its term',
    file: 'quorum.ts',
    from: 'if (!isSeatLive(seat, point.atMs)) return [];',
    to: '',
    noticedBy: 'a vote cast before the term of its seat, also when that has begun',
  },
  {
    rule: 'only from a seat of his own',
    file: 'quorum.ts',
    from: 'if (!entitledTo(facts, roster, seat, vote).includes(vote.person)) {',
    to: 'if (false) {',
    noticedBy: 'a stranger, an alternate whose holder may vote, a seat held by somebody else',
  },
  {
    rule: 'a revoked key ends its votes',
    file: 'foldChanges.ts',
    from: "endVotes(state, { seq, atMs }, 'keyRevoked', vote => isSameKey(vote.key, revoked));",
    to: '',
    noticedBy: 'a vote whose key is revoked when it comes to execution',
  },
  {
    rule: 'other rules end the votes',
    file: 'foldChanges.ts',
    from: "endVotes(state, step, 'rulesChanged', () => true);",
    to: '',
    noticedBy: 'votes that were cast under other rules',
  },
  // ── The owner asks
  {
    rule: "the operator's seats are the owner's side",
    file: 'quorum.ts',
    from: "if (isTaking(ballot.kind) && !isIndependent) return 'ownerSide';",
    to: '',
    noticedBy: "the operator's seats fall to the independent alternates",
  },
  {
    rule: 'only an independent alternate takes such a seat',
    file: 'quorum.ts',
    from: 'a.person === person && a.isIndependent',
    to: 'a.person === person',
    noticedBy: 'an alternate who was not named independent does not take their place',
  },
  {
    rule: 'the owner is known by his party, whatever his capacity',
    file: 'quorum.ts',
    from: "capacity === 'owner' || isOwner(party) || isOwner(onBehalfOf)",
    to: "capacity === 'owner'",
    noticedBy: 'a link that speaks for the owner, or names him as a person, is the owner asking',
  },
  {
    rule: 'giving, the operator may do what its owner asks',
    file: 'quorum.ts',
    from: "if (!isTaking(ballot.kind) && seat.office !== 'owner') return undefined;",
    to: '',
    noticedBy: 'to give service, the operator may do what its owner asks',
  },
  // ── Needed
  {
    rule: 'every seat of the row',
    file: 'quorum.ts',
    from: 'if (filled.length < count) {',
    to: 'if (false) {',
    noticedBy:
      'break-glass: operator.service and one of another employer, 4 h to vote, 1 h to execute',
  },
  {
    rule: 'oversight of different jurisdictions',
    file: 'quorum.ts',
    from: 'if (apart < count) missing.push',
    to: 'if (false) missing.push',
    noticedBy: 'two of oversight of one jurisdiction are not enough',
  },
  {
    rule: 'as many votes as the row says',
    file: 'quorum.ts',
    from: 'if (yes.length < need.voteCount) {',
    to: 'if (false) {',
    noticedBy: 'a change needs every rule of an order at once: 5 seats, 4 employers, 72 h',
  },
  {
    rule: 'the seat of a touched commitment',
    file: 'quorum.ts',
    from: 'if (!yes.some(vote => vote.seat === seat)) missing.push',
    to: 'if (false) missing.push',
    noticedBy: 'adds its seat, its notice and its veto',
  },
  {
    rule: 'the notice of a touched commitment',
    file: 'quorum.ts',
    from: 'Math.max(coolingOffHours, ...touched.map(c => c.noticeHours))',
    to: 'coolingOffHours',
    noticedBy: 'adds its seat, its notice and its veto',
  },
  {
    rule: 'more oversight where a third party, a foreign government or the owner asked',
    file: 'quorum.ts',
    from: 'seats = mergeSeats(seats, originators.seats);',
    to: '',
    noticedBy: "the operator's seats fall to the independent alternates",
  },
  {
    rule: '… and a longer cooling-off',
    file: 'quorum.ts',
    from: 'coolingOffHours = Math.max(coolingOffHours, originators.coolingOffHours);',
    to: '',
    noticedBy: "the operator's seats fall to the independent alternates",
  },
  {
    rule: 'only yes is yes',
    file: 'quorum.ts',
    from: "const yes = standing.filter(({ decision }) => decision === 'yes');",
    to: 'const yes = standing;',
    noticedBy: 'a no is not counted as a yes',
  },
  {
    rule: 'a change needs every rule of an order',
    file: 'quorum.ts',
    from: "if (kind === 'change') return strictestRule(rules);",
    to: "if (kind === 'change') return { ...rules.orders.resume, ...rules.change };",
    noticedBy: 'a change needs every rule of an order at once: 5 seats, 4 employers, 72 h',
  },
  // ── Recusal and deadlock
  {
    rule: 'an alternate steps in only for one who is barred',
    file: 'quorum.ts',
    from: 'isHolderBarred ||\n',
    to: 'true ||\n',
    noticedBy: 'a stranger, an alternate whose holder may vote, a seat held by somebody else',
  },
  {
    rule: 'an alternate steps in for one who is barred',
    file: 'quorum.ts',
    from: 'isHolderBarred ||\n',
    to: '',
    noticedBy: 'the proposer',
  },
  {
    rule: 'the threshold never sinks',
    file: 'quorum.ts',
    from: 'voteCount: rule.voteCount,',
    to: 'voteCount: rule.voteCount - facts.recusals.length,',
    noticedBy: "the seat's alternate steps in, and the threshold stays",
  },
  {
    rule: 'a seat stays needed whoever is recused',
    file: 'quorum.ts',
    from: 'let { seats, coolingOffHours } = rule;',
    to: `let { seats, coolingOffHours } = rule;
      seats = seats.filter(({ office }) => roster.seats.some(
        seat => seat.office === office && entitledTo(facts, roster, seat, point).length > 0));`,
    noticedBy: 'alternates exhausted: deadlocked; two of oversight appoint one alternate, once',
  },
  {
    rule: 'deadlock is a state',
    file: 'quorum.ts',
    from: "tally.reach() === 'deadlocked' ? 'deadlocked' : 'voting'",
    to: "'voting'",
    noticedBy: 'an alternate who was not named independent does not take their place',
  },
  {
    rule: 'two who might fill one seat are one employer',
    file: 'quorum.ts',
    from: 'isCarried(open.filter(({ seat }) => !seated.includes(seat)))',
    to: 'employersOf(open.flatMap(one => one.people)) >= need.employerCount',
    noticedBy: 'a deadlock is seen also where the employers that are wanted share a seat',
  },
  {
    rule: 'only in a deadlock is an alternate appointed',
    file: 'foldOrders.ts',
    from: "need(quorum.status === 'deadlocked', ",
    to: 'need(true, ',
    noticedBy: 'no alternate is appointed where there is no deadlock',
  },
  {
    rule: 'two of oversight appoint him',
    file: 'foldOrders.ts',
    from: 'const isSecond = record.appointers.some(a => a.seat === seatId && a.person === person);',
    to: 'const isSecond = true;',
    noticedBy: 'alternates exhausted: deadlocked; two of oversight appoint one alternate, once',
  },
  {
    rule: 'one of oversight does not appoint twice',
    file: 'foldOrders.ts',
    from: 'need(!record.appointers.some(({ by }) => by === appointedBy), ',
    to: 'need(true, ',
    noticedBy: 'alternates exhausted: deadlocked; two of oversight appoint one alternate, once',
  },
  {
    rule: 'one alternate for one order',
    file: 'foldOrders.ts',
    from: "need(!record.appointment, 'an alternate is appointed for this order');",
    to: '',
    noticedBy: 'there is no second appointment, not even by others of oversight',
  },
  {
    rule: 'nobody who is barred is appointed',
    file: 'foldOrders.ts',
    from: 'need(personBar === undefined, ',
    to: 'need(true, ',
    noticedBy: 'alternates exhausted: deadlocked; two of oversight appoint one alternate, once',
  },
  {
    rule: 'a recusal is demanded from a seat',
    file: 'foldOrders.ts',
    from: 'person === demandedBy || seatsHeldBy(state, demandedBy, atMs).length > 0',
    to: 'true',
    noticedBy: 'is demanded by the holder of a seat only',
  },
  // ── No and veto
  {
    rule: 'a veto stops the order',
    file: 'quorum.ts',
    from: "if (tally.isVetoed) return report(facts, tally, 'vetoed', metSinceMs, windowEndMs);",
    to: '',
    noticedBy: 'is found also when the report leaves it out, and one the report names counts too',
  },
  {
    rule: 'a veto only by an office of the rule',
    file: 'quorum.ts',
    from: 'if (!baseRule(rules, ballot).vetoOffices.includes(seat.office)) return false;',
    to: '',
    noticedBy: 'nobody vetoes outside, without the right, or against giving back',
  },
  {
    rule: 'a veto only inside the own jurisdiction',
    file: 'quorum.ts',
    from: "return seat.office !== 'regulator' || seat.jurisdiction === jurisdiction;",
    to: 'return true;',
    noticedBy: 'nobody vetoes outside, without the right, or against giving back',
  },
  {
    rule: "a commitment's veto only where it is touched",
    file: 'quorum.ts',
    from: 'return ballot.commitments.some(c => c.seat === seat.id && c.seq <= point.seq);',
    to: 'return true;',
    noticedBy: 'has no veto on an order that does not touch it',
  },
  {
    rule: 'a needed no rejects',
    file: 'quorum.ts',
    from: "if (tally.no.length > 0 && tally.reach() === 'rejected') {",
    to: 'if (false) {',
    noticedBy: 'a no from a seat that is needed rejects',
  },
  // ── Times
  {
    rule: 'cooling-off',
    file: 'quorum.ts',
    from: 'nowMs >= metSinceMs + tally.need.coolingOffHours * HOUR_MS',
    to: 'nowMs >= metSinceMs',
    noticedBy: 'a change needs every rule of an order at once: 5 seats, 4 employers, 72 h',
  },
  {
    rule: 'cooling-off starts anew when the quorum is lost',
    file: 'quorum.ts',
    from: 'if (!tally.met) metSinceMs = undefined;',
    to: 'if (!tally.met) metSinceMs = metSinceMs;',
    noticedBy: 'a vote of somebody who has left its seat by a change of roster',
  },
  {
    rule: 'the vote window',
    file: 'quorum.ts',
    from: 'if (!met || metSinceMs === undefined) return untilMs >= windowEndMs;',
    to: 'if (!met || metSinceMs === undefined) return false;',
    noticedBy:
      'break-glass: operator.service and one of another employer, 4 h to vote, 1 h to execute',
  },
  {
    rule: 'no yes after the vote window',
    file: 'quorum.ts',
    from: "rule.voteWindowHours * HOUR_MS && vote.decision === 'yes'",
    to: "rule.voteWindowHours * HOUR_MS && vote.decision === 'veto'",
    noticedBy: 'after the window no yes is added, which could stand for one that is taken back',
  },
  {
    rule: 'the execution window',
    file: 'quorum.ts',
    from: 'return untilMs >= metSinceMs + (need.coolingOffHours + need.executionWindowHours) * HOUR_MS;',
    to: 'return false;',
    noticedBy:
      'break-glass: operator.service and one of another employer, 4 h to vote, 1 h to execute',
  },
  {
    rule: 'the quorum again at execution',
    file: 'foldOrders.ts',
    from: "need(quorum.status === 'approved', ",
    to: 'need(true, ',
    noticedBy: 'a change needs every rule of an order at once: 5 seats, 4 employers, 72 h',
  },
  {
    rule: 'the machine within 5 minutes of a witness',
    file: 'foldOrders.ts',
    from: 'need(apartMs <= CLOCK_TOLERANCE_MS, ',
    to: 'need(true, ',
    noticedBy: 'machine and witness more than 5 minutes apart: refused; no witness: flagged',
  },
  {
    rule: 'without a witness the clock is flagged',
    file: 'foldOrders.ts',
    from: 'isClockAttested: clock.witness !== undefined',
    to: 'isClockAttested: true',
    noticedBy: 'machine and witness more than 5 minutes apart: refused; no witness: flagged',
  },
  {
    rule: 'reminders at 50 %',
    file: 'quorum.ts',
    from: "due('reminder50', share(0.5)), ",
    to: '',
    noticedBy: 'what is due is said beforehand: reminders at half and 80 %, alternates at 90 %',
  },
  {
    rule: 'escalation at 90 %',
    file: 'quorum.ts',
    from: "due('escalation90', share(0.9)), ",
    to: '',
    noticedBy: 'what is due is said beforehand: reminders at half and 80 %, alternates at 90 %',
  },
  // ── Execution
  {
    rule: 'an executor executes',
    file: 'foldOrders.ts',
    from: "personOf(state, executor)?.roles.includes('executor') === true",
    to: 'true',
    suite: 'fold',
    noticedBy: 'goes from proposed to executed',
  },
  {
    rule: 'who proposed does not execute',
    file: 'foldOrders.ts',
    from: "need(record.subject.body.proposer !== executor, 'the proposer does not execute');",
    to: '',
    noticedBy: 'nobody executes what he proposed or voted on',
  },
  {
    rule: 'who voted does not execute',
    file: 'foldOrders.ts',
    from: "need(!hasVoted(state, record, executor), 'a voter does not execute');",
    to: '',
    noticedBy: 'nobody executes what he proposed or voted on',
  },
  {
    rule: 'votes do not carry over to an amendment',
    file: 'foldOrders.ts',
    from: 'votes: [],\n    recusals,',
    to: 'votes: previous?.votes ?? [],\n    recusals,',
    suite: 'fold',
    noticedBy: 'amended, is a new order: votes do not carry over',
  },
  {
    rule: 'an undisclosed contact taints the vote',
    file: 'foldDisclosures.ts',
    from: 'taintVote(state, record, reporter, step);',
    to: '{}',
    suite: 'fold',
    noticedBy: 'found later, taints the vote: before execution it stops counting',
  },
  {
    rule: 'a tainted vote that was executed on is reviewed',
    file: 'foldOrders.ts',
    from: "!record.reviews.some(({ why }) => why === 'tainted')",
    to: 'false',
    suite: 'fold',
    noticedBy: '… after it, a review is due in 72 h',
  },
  {
    rule: 'a changed impact voids the votes',
    file: 'foldOrders.ts',
    from: 'votes: endedVotes(record.votes, point)',
    to: 'votes: record.votes',
    suite: 'fold',
    noticedBy: 'loses its votes when a headline number changes by more than 10 %',
  },
  {
    rule: 'an old impact is not executed upon',
    file: 'foldOrders.ts',
    from: "need(atMs - impact.inputsAtMs <= IMPACT_MAX_AGE_MS, 'the impact is older than 72 h');",
    to: '',
    suite: 'fold',
    noticedBy: 'waits for an impact report not older than 72 h',
  },
  // ── Break-glass
  {
    rule: 'break-glass only to suspend or restrict',
    file: 'foldOrders.ts',
    from: 'need(kinds.includes(kind), ',
    to: 'need(true, ',
    suite: 'fold',
    noticedBy: 'runs 24 h at most, only to suspend or restrict, and never sealed',
  },
  {
    rule: 'break-glass for 24 h at most',
    file: 'foldOrders.ts',
    from: 'need(breakGlass.ttlHours <= maxTtlHours, ',
    to: 'need(true, ',
    suite: 'fold',
    noticedBy: 'runs 24 h at most, only to suspend or restrict, and never sealed',
  },
  {
    rule: 'break-glass is not repeated',
    file: 'foldOrders.ts',
    from: 'need(!repeated, ',
    to: 'need(true, ',
    suite: 'fold',
    noticedBy: 'is not repeated within 7 days, nor by two orders at once',
  },
  {
    rule: 'break-glass ends by itself',
    file: 'inForce.ts',
    from: 'const ttlHours = order.breakGlass?.ttlHours ?? Number.POSITIVE_INFINITY;',
    to: 'const ttlHours = Number.POSITIVE_INFINITY;',
    suite: 'fold',
    noticedBy: 'ends by its time, without an entry',
  },
  {
    rule: 'break-glass is reviewed',
    file: 'foldOrders.ts',
    from: 'const isReviewed = order.breakGlass && !order.drill;',
    to: 'const isReviewed = false;',
    suite: 'fold',
    noticedBy: 'ends by its time, without an entry',
  },
  {
    rule: '… by people who took no part',
    file: 'foldOrders.ts',
    from: 'need(!tookPart, ',
    to: 'need(true, ',
    suite: 'fold',
    noticedBy: 'is reviewed within 7 days by seats that took no part',
  },
  {
    rule: 'break-glass is loud',
    file: 'flags.ts',
    from: "if (order.order.breakGlass && isInForce(order, nowMs)) raise('breakGlass', hash, fromMs);",
    to: '',
    suite: 'fold',
    noticedBy: 'ends by its time, without an entry',
  },
  // ── Roster, drills, delegation
  {
    rule: 'a change of roster is carried under the new one too',
    file: 'quorum.ts',
    from: 'if (missing.length === 0 && proposed) {',
    to: 'if (false) {',
    noticedBy: 'a change of roster is carried under the old roster and the new one',
  },
  {
    rule: 'whoever gets a seat by it accepts',
    file: 'ballots.ts',
    from: 'accepted: subject.body.acceptances.map(({ holder }) => holder),',
    to: 'accepted: subject.body.roster.seats.map(({ holder }) => holder),',
    noticedBy: 'a change of roster is carried under the old roster and the new one',
  },
  {
    rule: 'nobody gets a seat without a key',
    file: 'foldChanges.ts',
    from: 'if (keyless) return',
    to: 'if (false) return',
    noticedBy: 'a change of roster is carried under the old roster and the new one',
  },
  {
    rule: 'a seat is not emptied below its rule',
    file: 'rosterRules.ts',
    from: 'if (have < count) return',
    to: 'if (false) return',
    noticedBy: 'a seat is not emptied below its rule, and a demonstration says what it lacks',
  },
  {
    rule: 'a drill does not reach service',
    file: 'inForce.ts',
    from: '.filter(({ order }) => !order.drill)',
    to: '',
    suite: 'fold',
    noticedBy: 'as a drill takes every step but the last',
  },
  {
    rule: 'a seat that was not drilled is flagged',
    file: 'flags.ts',
    from: 'if (nowMs - drilledMs > DRILL_MS) raise(',
    to: 'if (false) raise(',
    suite: 'fold',
    noticedBy: 'as a drill takes every step but the last',
  },
  {
    rule: 'a delegation goes to a named alternate',
    file: 'foldOrders.ts',
    from: 'seat.alternates.some(({ person }) => person === body.delegate),',
    to: 'true,',
    suite: 'fold',
    noticedBy: 'a delegation goes to a named alternate, for 30 days at most, and is not passed on',
  },
  {
    rule: 'a delegation lasts 30 days at most',
    file: 'foldOrders.ts',
    from: "need(untilMs - fromMs <= DELEGATION_MAX_MS, 'a delegation lasts 30 days at most');",
    to: '',
    suite: 'fold',
    noticedBy: 'a delegation goes to a named alternate, for 30 days at most, and is not passed on',
  },
  {
    rule: 'a delegation is not passed on',
    file: 'foldOrders.ts',
    from: 'seat.holder === body.delegator && isSeatLive(seat, atMs),',
    to: 'true,',
    suite: 'fold',
    noticedBy: 'a delegation goes to a named alternate, for 30 days at most, and is not passed on',
  },
  {
    rule: 'a delegation ends',
    file: 'quorum.ts',
    from: 'point.atMs < d.untilMs',
    to: 'true',
    suite: 'fold',
    noticedBy: 'a delegation goes to a named alternate, for 30 days at most, and is not passed on',
  },
  // ── The table
  ...(
    [
      [
        'GIVING_BACK',
        'voteCount: 2,',
        'voteCount: 1,',
        'one vote for giving back lacks a second, of another employer',
      ],
      [
        'GIVING_BACK',
        'vetoOffices: [],',
        "vetoOffices: ['regulator'],",
        'nobody vetoes outside, without the right, or against giving back',
      ],
      [
        'GIVING_BACK',
        'voteWindowHours: 7 * 24,',
        'voteWindowHours: 8 * 24,',
        'what is due is said beforehand: reminders at half and 80 %, alternates at 90 %',
      ],
      [
        'TAKING_AWAY',
        'coolingOffHours: 24,',
        'coolingOffHours: 23,',
        'cooling-off starts anew when the quorum was lost',
      ],
      [
        'TAKING_AWAY',
        'executionWindowHours: 72,',
        'executionWindowHours: 73,',
        '%s: cooling-off %o … to the hour',
      ],
      [
        'TAKING_AWAY',
        "vetoOffices: ['regulator', 'commitment'],",
        "vetoOffices: ['commitment'],",
        'the regulator vetoes inside its own jurisdiction, until execution',
      ],
      [
        'TAKING:',
        "{ office: 'customer', count: 1 },",
        '',
        "the seat's alternate steps in, and the threshold stays",
      ],
      [
        'TAKING:',
        "{ office: 'oversight', count: 1 },",
        '',
        '%s: no other seats take the place of one that is needed',
      ],
      [
        'activate: {',
        'seats: [...OPERATOR, REGULATOR],',
        'seats: OPERATOR,',
        '%s: no other seats take the place of one that is needed',
      ],
      [
        'withhold: {',
        'seats: [...TAKING, REGULATOR],',
        'seats: TAKING,',
        '%s: no other seats take the place of one that is needed',
      ],
      [
        'withhold: {',
        'coolingOffHours: 72,',
        'coolingOffHours: 24,',
        '%s: cooling-off %o … to the hour',
      ],
      [
        'breakGlass: {',
        "seats: [{ office: 'operator.service', count: 1 }],",
        'seats: [],',
        'break-glass: operator.service and one of another employer, 4 h to vote, 1 h to execute',
      ],
      [
        'breakGlass: {',
        'voteWindowHours: 4,',
        'voteWindowHours: 5,',
        'break-glass: operator.service and one of another employer, 4 h to vote, 1 h to execute',
      ],
      [
        'breakGlass: {',
        'executionWindowHours: 1,',
        'executionWindowHours: 2,',
        'break-glass: operator.service and one of another employer, 4 h to vote, 1 h to execute',
      ],
      [
        'change: {',
        'coolingOffHours: 72,',
        'coolingOffHours: 71,',
        'a change needs every rule of an order at once: 5 seats, 4 employers, 72 h',
      ],
      [
        'originators: {',
        "'third_party', ",
        '',
        'two of oversight of one jurisdiction are not enough',
      ],
      [
        'originators: {',
        "'foreign_government', ",
        '',
        '%s: two of oversight of different jurisdictions, 72 h',
      ],
      [
        'originators: {',
        ', areOfDifferentJurisdictions: true',
        '',
        'two of oversight of one jurisdiction are not enough',
      ],
    ] as const
  ).map(([row, from, to, noticedBy]) => ({
    rule: `the table: ${row.replace(/\W+$/, '')} ${from.replace(/,\s*$/, '')}`,
    file: 'defaultRules.ts',
    from: `${row}…${from}`,
    to,
    noticedBy,
  })),
];

// ── Building and running ────────────────────────────────────────────────────────────────────────

const SUITES = ['quorum', 'fold'] as const;
const CONTROL = fileURLToPath(new URL('../src/control/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-mutants-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The source without the rule; `A…B` is the first B after the A. */
function mutated(source: string, { rule, from, to }: Mutant): string {
  const [row, text] = from.includes('…') ? from.split('…') : ['', from];
  const start = source.indexOf(row);
  const count = row === '' ? source.split(text).length - 1 : Number(source.includes(text, start));
  if (start < 0 || count !== 1) {
    throw new Error(`"${rule}": "${from}" stands ${count} times in the source, not once`);
  }
  const at = source.indexOf(text, start);
  return source.slice(0, at) + to + source.slice(at + text.length);
}

/** The suite with that one test alone. */
function alone(suite: string, title: string): string {
  const count = suite.split(title).length - 1;
  if (count !== 1) throw new Error(`"${title}": ${count} tests of this name, not one`);
  const at = suite.slice(0, suite.indexOf(title)).search(/\n *test(?!.*\n *test)/s);
  return suite.slice(0, at) + suite.slice(at).replace('test', 'test.only');
}

/** A suite, with the engine that it tests, in one file. */
async function bundle(name: string, suite: string, mutant?: Mutant): Promise<void> {
  const sources = new Map<string, string>();
  const entry = join(CONTROL, `${suite}.test.ts`);
  if (mutant) {
    const changed = join(CONTROL, mutant.file);
    sources.set(changed, mutated(readFileSync(changed, 'utf8'), mutant));
    sources.set(entry, alone(readFileSync(entry, 'utf8'), mutant.noticedBy));
  }
  await build({
    configFile: false,
    logLevel: 'silent',
    root: folder,
    plugins: [{ name: 'mutant', load: id => sources.get(id) }],
    ssr: { external: ['vitest', 'fast-check', 'h3-js'] },
    build: {
      ssr: entry,
      outDir: join(folder, 'suites'),
      emptyOutDir: false,
      minify: false,
      rollupOptions: { output: { entryFileNames: `${name}.js`, codeSplitting: false } },
    },
  });
}

interface Outcome {
  readonly passed: number;
  readonly failed: number;
}

async function runAll(): Promise<Map<string, Outcome>> {
  mkdirSync(join(folder, 'suites'));
  symlinkSync(
    fileURLToPath(new URL('../node_modules', import.meta.url)),
    join(folder, 'node_modules'),
  );
  const names = MUTANTS.map((_, i) => `mutant-${i}`);
  await Promise.all([
    ...SUITES.map(suite => bundle(suite, suite)),
    ...MUTANTS.map((mutant, i) => bundle(names[i], mutant.suite ?? 'quorum', mutant)),
  ]);
  // One file for all mutants: it is the start of a file that takes long.
  const gather = (file: string, some: readonly string[]): void =>
    writeFileSync(
      join(folder, file),
      `import { describe } from 'vitest';
${some.map(name => `describe('${name}', () => import('./suites/${name}.js'));`).join('\n')}`,
    );
  gather('whole.test.js', SUITES);
  gather('mutants.test.js', names);
  const inline = "{ include: ['*.test.js'], server: { deps: { external: [/suites/] } } }";
  writeFileSync(join(folder, 'vitest.config.js'), `export default { test: ${inline} };`);
  const report = join(folder, 'report.json');
  const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
  const options = ['--root', folder, '--pool=threads', '--reporter=json'];
  // The mutants make it fail, and should.
  await new Promise(resolve => {
    const parts = [vitest, 'run', ...options, '--outputFile', report];
    execFile(process.execPath, parts, { cwd: folder, env: { PATH: process.env['PATH'] } }, resolve);
  });
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
    testResults: { assertionResults: { status: string; ancestorTitles: string[] }[] }[];
  };
  const outcomes = new Map<string, Outcome>();
  for (const { status, ancestorTitles } of testResults.flatMap(one => one.assertionResults)) {
    const { passed, failed } = outcomes.get(ancestorTitles[0]) ?? { passed: 0, failed: 0 };
    outcomes.set(ancestorTitles[0], {
      passed: passed + Number(status === 'passed'),
      failed: failed + Number(status === 'failed'),
    });
  }
  return outcomes;
}

const outcomes = runAll();

test('with every rule in place the suites pass', async () => {
  for (const suite of SUITES) {
    const { passed, failed } = (await outcomes).get(suite)!;
    expect(failed).toBe(0);
    expect(passed).toBeGreaterThan(40);
  }
});

describe('a test fails without the rule', () => {
  test.each(MUTANTS.map(({ rule }, i) => [rule, i] as const))('%s', async (_, i) => {
    // A build that does not start would have no test at all.
    expect((await outcomes).get(`mutant-${i}`)!.failed).toBeGreaterThan(0);
  });
});

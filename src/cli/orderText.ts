import {
  type BallotRecord,
  type ControlState,
  changeSentence,
  missingWords,
  type Order,
  orderSentence,
  orderStatusAt,
  quorumAt,
} from '../control/index.ts';
import { whole } from '../runs/numbers.ts';
import { textTable, wordColumns } from './textTable.ts';

/** Orders and changes, one a line. */
export function orderListText(state: ControlState, now: string): string {
  const rows = [...state.ballots.values()].map(({ hash, subject }) => [
    subject.type === 'order/v1' ? subject.body.id : subject.type,
    subject.type === 'order/v1' ? orderSentence(subject.body) : changeSentence(subject),
    orderStatusAt(state, hash, now) ?? '',
    hash.slice(0, 16),
  ]);
  if (rows.length === 0) return 'No order has been proposed.';
  return textTable(wordColumns('order', 'what', 'status', 'hash'), rows).join('\n');
}

/** Everything about one order for the one who has to decide. */
export function orderText(state: ControlState, record: BallotRecord, now: string): string {
  const { hash, subject, impact, votes, recusals } = record;
  const quorum = quorumAt(state, record, Date.parse(now));
  const lines = [
    subject.type === 'order/v1'
      ? orderSentence(subject.body)
      : `Change: ${changeSentence(subject)}`,
    `hash      ${hash}`,
    `status    ${orderStatusAt(state, hash, now)}, proposed by ${subject.body.proposer} in entry ${record.proposed.seq}`,
    `reason    ${subject.body.reason}`,
  ];
  if (subject.type === 'order/v1') {
    const { originators, ownAuthorship, legalBasis, disclosures } = subject.body;
    lines.push(...originators.map(originatorLine));
    if (ownAuthorship !== undefined) lines.push(`          "${ownAuthorship}"`);
    if (legalBasis.length > 0) lines.push(`basis     ${legalBasis.join('; ')}`);
    for (const id of disclosures) {
      const disclosed = state.contacts.get(id);
      lines.push(
        `contact   ${id}, disclosed by ${disclosed?.contact.reporter ?? '?'}${disclosed?.isLate ? ', late' : ''}`,
      );
    }
  }
  if (impact) {
    lines.push(`impact    report ${impact.reportSha256}`);
    for (const { name, low, central, high } of impact.headlines) {
      lines.push(`          ${name}: ${whole(central)} (${whole(low)} to ${whole(high)})`);
    }
  }
  for (const { person, seat, decision, seq, ended } of votes) {
    const isOver = ended ? `, no longer counts (${ended.why})` : '';
    lines.push(`vote      ${decision} by ${person} for ${seat}, entry ${seq}${isOver}`);
  }
  for (const { person, why } of recusals) lines.push(`recused   ${person} (${why})`);
  for (const missing of quorum?.missing ?? []) lines.push(`missing   ${missingWords(missing)}`);
  for (const { seat, person, why } of quorum?.blockedBy ?? []) {
    lines.push(`blocked   ${seat}: ${person} (${why})`);
  }
  if (record.executed) {
    lines.push(`executed  by ${record.executed.executor}, entry ${record.executed.seq}`);
  }
  return lines.join('\n');
}

function originatorLine({
  party,
  capacity,
  onBehalfOf,
  channel,
  at,
  contactId,
}: Order['originators'][number]): string {
  const forWhom = onBehalfOf === undefined ? '' : ` on behalf of ${onBehalfOf}`;
  const contact = contactId === undefined ? '' : `, contact ${contactId}`;
  return `asked by  ${party} (${capacity})${forWhom}, by ${channel}, ${at}${contact}`;
}

import { canonicalJson } from '../canonicalJson.ts';
import { DAY_MS, msOf } from '../instants.ts';
import { isSeatLive } from '../quorum.ts';
import { seatOf, seatsHeldBy } from '../rosterRules.ts';
import type { ControlState, SealRecord } from '../state.ts';
import type { Commitment, Contact, Order, Seal } from '../types.ts';
import { DIGESTS_STEP } from './makeSeal.ts';
import { bannerOf, markingName } from './marking.ts';
import { SEALABLE, type SealBearer, type SealCarrier, sealedTextsOf } from './sealedTexts.ts';

/** A seal is reviewed within a year, by default after half of one. */
export const REVIEW_DAYS = 180;
const REVIEW_MAX_MS = 365 * DAY_MS;
/** A territory may be sealed no longer: people in the dark must be able to see that it was done. */
export const TERRITORY_SEALED_MS = 30 * DAY_MS;
/** Every decision about a read takes as long as one about so many groups. */
export const GROUPS_MAX = 8;

/** Why two people may not seal, or keep a seal, for an authority; undefined when they may. */
export function signersFault(
  state: ControlState,
  authority: string,
  [first, second]: readonly [string, string],
  atMs: number,
): string | undefined {
  if (first === second) return 'nobody seals alone: the second person is the author';
  const seat = seatOf(state, authority);
  if (!seat || !isSeatLive(seat, atMs)) return `the authority ${authority} is no seat in office`;
  if (seat.holder !== first && seat.holder !== second) {
    return `neither ${first} nor ${second} holds the authority's seat ${authority}`;
  }
  if (seatsHeldBy(state, second, atMs).length === 0) return `${second} holds no seat`;
  return undefined;
}

export function reviewFault(reviewBy: string, atMs: number): string | undefined {
  const reviewMs = msOf(reviewBy);
  if (reviewMs <= atMs) return 'the review of the seal is due before it begins';
  if (reviewMs - atMs > REVIEW_MAX_MS) return 'a seal is reviewed within a year';
  return undefined;
}

/** Why a seal may not be carried, or is lacking; undefined when all is well. */
export function sealFault(
  state: ControlState,
  type: SealCarrier,
  body: SealBearer,
  atMs: number,
): string | undefined {
  const { seal } = body;
  const texts = sealedTextsOf(body);
  if (!seal)
    return texts.length > 0 ? `${texts[0].name} is sealed, and there is no seal` : undefined;
  const author =
    'proposer' in body ? body.proposer : 'reporter' in body ? body.reporter : body.person;
  return (
    formFault(seal) ??
    textsFault(type, texts, seal) ??
    reviewFault(seal.reviewBy, atMs) ??
    signersFault(state, seal.authority, [author, seal.second.person], atMs) ??
    reuseFault(state, body, seal)
  );
}

/** What is wrong with a seal by itself, whatever carries it; undefined when all is well. */
export function formFault({ id, sd, groups, banner, recipients }: Seal): string | undefined {
  // The id names a file of wrapped keys.
  if (!/^[0-9a-f]{32}$/.test(id)) return 'the id of a seal is 16 bytes in hexadecimal';
  if (sd.length === 0 || sd.length % DIGESTS_STEP !== 0) {
    return `the digests of a seal are filled up to a multiple of ${DIGESTS_STEP}`;
  }
  const isAscending = sd.every((one, i) => i === 0 || sd[i - 1] < one);
  if (!isAscending || sd.some(one => !/^[A-Za-z0-9_-]{43}$/.test(one))) {
    return 'the digests of a seal are base64url of SHA-256, sorted, each once';
  }
  const markings = groups.map(({ marking }) => marking);
  if (groups.length === 0 || groups.length > GROUPS_MAX) {
    return `a seal has 1 to ${GROUPS_MAX} groups`;
  }
  if (markings.some(({ level }) => level === 0)) return 'what is public (level 0) is not sealed';
  if (new Set(markings.map(markingName)).size < groups.length) {
    return 'two groups of a seal have one marking';
  }
  if (new Set(groups.map(({ ctSha256 }) => ctSha256)).size < groups.length) {
    return 'two groups of a seal have one ciphertext';
  }
  if (canonicalJson(banner) !== canonicalJson(bannerOf(markings))) {
    return 'the banner is not the highest of the groups';
  }
  const areFingerprints = recipients.every(one => /^[0-9a-f]{64}$/.test(one));
  if (!areFingerprints || recipients.length !== 2 || recipients[0] === recipients[1]) {
    return 'the recipients are the fingerprints of the release service and of the escrow';
  }
  return undefined;
}

function textsFault(
  type: SealCarrier,
  texts: ReturnType<typeof sealedTextsOf>,
  { sd }: Seal,
): string | undefined {
  const open = texts.find(({ name }) => !SEALABLE[type].test(name));
  if (open) return `${open.name} is never sealed`;
  const stray = texts.find(({ digest }) => !sd.includes(digest));
  if (stray) return `the seal has no digest of ${stray.name}`;
  if (new Set(texts.map(({ digest }) => digest)).size < texts.length) {
    return 'one digest stands in two places';
  }
  return undefined;
}

/** A further revision may carry the seal of the one before, with its clocks; nothing else may. */
function reuseFault(state: ControlState, body: SealBearer, seal: Seal): string | undefined {
  const earlier = state.seals.get(seal.id);
  if (!earlier) return undefined;
  const isSame = canonicalJson(earlier.seal) === canonicalJson(seal);
  return isSame && carrierId(state, earlier) === body.id
    ? undefined
    : `the seal ${seal.id} is of another entry`;
}

function carrierId(state: ControlState, { carrier }: SealRecord): string | undefined {
  if (carrier.type !== 'order/v1') return carrier.id;
  const subject = state.ballots.get(carrier.hash)?.subject;
  return subject?.type === 'order/v1' ? subject.body.id : undefined;
}

/** What carries the seal, as it does. */
export function carrierOf(state: ControlState, { carrier }: SealRecord): SealBearer {
  switch (carrier.type) {
    case 'order/v1':
      return state.ballots.get(carrier.hash)?.subject.body as Order;
    case 'commitment/v1':
      return state.commitments.get(carrier.id)?.commitment as Commitment;
    case 'contact/v1':
      return state.contacts.get(carrier.id)?.contact as Contact;
  }
}

/**
 * When a sealed territory is due to be opened: 30 days after the order was first proposed. Amending
 * it does not turn the clock back.
 */
export function territoryDueMs(state: ControlState, order: Order): number {
  const [first] = state.revisions.get(order.id) ?? [];
  const proposedMs = state.ballots.get(first ?? '')?.proposed.atMs ?? state.timeMs;
  return proposedMs + TERRITORY_SEALED_MS;
}

import { concatBytes, toHex, utf8 } from './bytes.ts';
import { openCheckpoint, parseCheckpointText, type SignedCheckpoint } from './checkpoint.ts';
import { decodeCosignature } from './cosignature.ts';
import { TlogError } from './error.ts';
import type { MlDsa44 } from './mlDsa44.ts';
import { parseNote } from './note.ts';
import type { Sha256 } from './treeHash.ts';
import { parseVerifierKey, type VerifierKey } from './verifierKey.ts';

export interface PolicyLog {
  key: VerifierKey;
  url?: string;
}

export interface PolicyWitness extends PolicyLog {
  /** Used inside the policy only. */
  name: string;
}

/** `threshold` of `members` (witnesses or groups, by name) must have cosigned. */
export interface PolicyGroup {
  name: string;
  threshold: number;
  members: string[];
}

/** Whom a verifier trusts. C2SP tlog-policy. */
export interface Policy {
  logs: PolicyLog[];
  witnesses: PolicyWitness[];
  groups: PolicyGroup[];
  /** A witness, a group, or `none`. */
  quorum: string;
}

/**
 * Reads a policy file: lines `log <vkey> [url]`, `witness <name> <vkey> [url]`,
 * `group <name> <k|any|all> <members…>`, and exactly one `quorum <name|none>`.
 *
 * @param file bytes, or a string that stands for its UTF-8
 * @throws TlogError `BAD_FORMAT`, with the line
 */
export function parsePolicy(sha256: Sha256, file: string | Uint8Array, mlDsa44?: MlDsa44): Policy {
  const bytes = typeof file === 'string' ? utf8(file) : file;
  // Names are byte strings here: one character for each byte keeps them apart without Unicode.
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  const policy: Policy = { logs: [], witnesses: [], groups: [], quorum: '' };
  const names = new Set<string>();
  const joined = new Set<string>();
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new TlogError('BAD_FORMAT', 'policy: the last line has no newline');

  for (const [at, line] of lines.entries()) {
    const fail = (what: string): never => {
      throw new TlogError('BAD_FORMAT', `policy, line ${at + 1}: ${what}`);
    };
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    if (/[\x00-\x08\x0b-\x1f\x7f]/.test(line)) fail('a control character');
    const [keyword, ...words] = line.split(/[ \t]+/).filter(word => word !== '');
    if (keyword === undefined || keyword.startsWith('#')) continue;
    const key = (vkey: string, kinds: readonly VerifierKey['kind'][]): VerifierKey => {
      let parsed: VerifierKey;
      try {
        parsed = parseVerifierKey(sha256, latin1ToText(vkey), mlDsa44);
      } catch (cause) {
        return fail((cause as Error).message);
      }
      if (!kinds.includes(parsed.kind)) fail(`a key of type ${parsed.kind} cannot stand here`);
      return parsed;
    };
    const define = (name: string): void => {
      if (name === 'none') fail('"none" cannot be defined');
      if (names.has(name)) fail(`"${name}" is defined twice`);
      names.add(name);
    };
    const distinct = (own: VerifierKey, others: readonly PolicyLog[]): void => {
      const text = toHex(own.publicKey);
      const other = others.find(o => toHex(o.key.publicKey) === text);
      if (other) fail(`the public key of ${own.name} is already there as ${other.key.name}`);
    };
    if (keyword === 'log') {
      if (words.length < 1 || words.length > 2) fail('expected: log <vkey> [url]');
      const log = key(words[0], ['ed25519', 'cosignature-ml-dsa-44']);
      distinct(log, policy.logs);
      policy.logs.push({ key: log, ...(words[1] && { url: latin1ToText(words[1]) }) });
    } else if (keyword === 'witness') {
      if (words.length < 2 || words.length > 3) fail('expected: witness <name> <vkey> [url]');
      define(words[0]);
      const witness = key(words[1], ['cosignature-ed25519', 'cosignature-ml-dsa-44']);
      distinct(witness, policy.witnesses);
      policy.witnesses.push({
        name: words[0],
        key: witness,
        ...(words[2] && { url: latin1ToText(words[2]) }),
      });
    } else if (keyword === 'group') {
      const [name, threshold, ...members] = words;
      if (members.length === 0) fail('expected: group <name> <k|any|all> <member> …');
      for (const member of members) {
        if (!names.has(member)) fail(`"${member}" is not defined above`);
        if (joined.has(member)) fail(`"${member}" is already a member of a group`);
        joined.add(member);
      }
      define(name);
      policy.groups.push({
        name,
        members,
        threshold: thresholdOf(threshold, members.length, fail),
      });
    } else if (keyword === 'quorum') {
      if (words.length !== 1) fail('expected: quorum <name>');
      if (policy.quorum !== '') fail('a second quorum');
      if (words[0] !== 'none' && !names.has(words[0])) fail(`"${words[0]}" is not defined above`);
      policy.quorum = words[0];
    } else {
      fail(`unknown keyword "${keyword.slice(0, 40)}"`);
    }
  }
  if (policy.quorum === '') throw new TlogError('BAD_FORMAT', 'policy: no quorum line');
  return policy;
}

/** A checkpoint that a policy accepts. */
export interface AcceptedCheckpoint extends SignedCheckpoint {
  /** The witnesses that cosigned it, with the newest time of each, seconds since 1970. */
  cosigners: { name: string; timeSeconds: number }[];
}

/**
 * Checks a signed checkpoint against a policy: a log of the policy signed it, its quorum of
 * witnesses cosigned it. Cosignatures from the future do not count.
 *
 * @param times `nowSeconds`: the verifier's clock, seconds since 1970; `maxAgeSeconds`: refuse as
 *   stale when the quorum is not met by cosignatures that are newer than this
 * @throws TlogError `BAD_FORMAT`, `BAD_SIGNATURE`, `UNKNOWN_ORIGIN`, `QUORUM_NOT_MET`, `STALE`
 */
export async function verifyCheckpoint(
  policy: Policy,
  note: string | Uint8Array,
  times: { nowSeconds: number; maxAgeSeconds?: number },
): Promise<AcceptedCheckpoint> {
  const { origin } = parseCheckpointText(parseNote(note).text);
  const logKeys = policy.logs.filter(log => log.key.name === origin).map(log => log.key);
  if (logKeys.length === 0) {
    throw new TlogError('UNKNOWN_ORIGIN', `checkpoint of "${origin}": the policy has no such log`);
  }
  const witnessKeys = policy.witnesses.map(witness => witness.key);
  const checkpoint = await openCheckpoint(note, origin, logKeys, witnessKeys);
  const cosignedBy = policy.witnesses.flatMap(({ name, key }) =>
    checkpoint.verified
      .filter(line => line.name === key.name && line.keyId === key.keyId)
      .map(line => ({ name, timeSeconds: decodeCosignature(line.signature).timeSeconds })),
  );
  // A cosignature from the future says nothing; it does not spoil the others.
  const usable = cosignedBy.filter(({ timeSeconds }) => timeSeconds <= times.nowSeconds);
  const newest = new Map<string, number>();
  for (const { name, timeSeconds } of usable) {
    newest.set(name, Math.max(timeSeconds, newest.get(name) ?? 0));
  }
  const cosigners = [...newest].map(([name, timeSeconds]) => ({ name, timeSeconds }));
  if (!meetsQuorum(policy, new Set(newest.keys()))) {
    const futureCount = cosignedBy.length - usable.length;
    throw new TlogError(
      'QUORUM_NOT_MET',
      `checkpoint of ${origin}, size ${checkpoint.size}: quorum "${policy.quorum}" is not met; cosigned by: ${
        [...newest.keys()].join(', ') || 'none'
      }${futureCount > 0 ? `; ${futureCount} cosignatures lie in the future (check the clock)` : ''}`,
    );
  }
  const oldest = times.nowSeconds - (times.maxAgeSeconds ?? Infinity);
  const fresh = cosigners.filter(({ timeSeconds }) => timeSeconds >= oldest);
  if (!meetsQuorum(policy, new Set(fresh.map(({ name }) => name)))) {
    throw new TlogError(
      'STALE',
      `checkpoint of ${origin}: no quorum of cosignatures within ${times.maxAgeSeconds} s`,
    );
  }
  return { ...checkpoint, cosigners };
}

/** Whether these witnesses, by their names in the policy, are enough. */
export function meetsQuorum(policy: Policy, cosigned: ReadonlySet<string>): boolean {
  if (policy.quorum === 'none') return true;
  const hasWitnessed = new Set(cosigned);
  // Members stand above their group, so one pass in order settles every group.
  for (const { name, threshold, members } of policy.groups) {
    if (members.filter(member => hasWitnessed.has(member)).length >= threshold) {
      hasWitnessed.add(name);
    }
  }
  return hasWitnessed.has(policy.quorum);
}

function thresholdOf(text: string, count: number, fail: (what: string) => never): number {
  if (text === 'any') return 1;
  if (text === 'all') return count;
  const threshold = /^[1-9][0-9]{0,5}$/.test(text) ? Number(text) : 0;
  if (threshold < 1 || threshold > count) fail(`threshold "${text}" is not within 1 … ${count}`);
  return threshold;
}

function latin1ToText(bytes: string): string {
  return new TextDecoder().decode(
    concatBytes(Uint8Array.from(bytes, character => character.charCodeAt(0))),
  );
}

/** The real verifier in the browser: every entry, tile, signature and quorum, from the public files. */
import { sha256 } from '@noble/hashes/sha2.js';
import { parseEntry } from '../../src/control/canonicalJson.ts';
import { foldAll } from '../../src/control/fold.ts';
import type { Entry } from '../../src/control/types.ts';
import { verifySignatures } from '../../src/control/verifiedSignatures.ts';
import { toBase64 } from '../../src/tlog/bytes.ts';
import { checkLog } from '../../src/tlog/checkLog.ts';
import { parsePolicy, verifyCheckpoint } from '../../src/tlog/policy.ts';

export interface VerifyRequest {
  /** Where the log's public files are, such as `/ledger/orders`. */
  readonly place: string;
  /** C2SP tlog-policy: whom the reader trusts. */
  readonly policy: string;
}
export type VerifyAnswer =
  | {
      readonly kind: 'progress';
      readonly what: string;
      readonly done: number;
      readonly total: number;
    }
  | {
      readonly kind: 'done';
      readonly origin: string;
      readonly size: number;
      readonly root: string;
      readonly witnesses: readonly { readonly name: string; readonly timeSeconds: number }[];
      readonly signatureCount: number;
      readonly ineffectiveCount: number;
    }
  | {
      readonly kind: 'failed';
      readonly message: string;
      /** The first entry that does not agree; null when it is the checkpoint itself. */
      readonly entry: number | null;
    };

const say = (answer: VerifyAnswer): void => self.postMessage(answer);

self.onmessage = async ({ data }: MessageEvent<VerifyRequest>) => {
  try {
    await verify(data);
  } catch (error) {
    const { message } = error as Error;
    // "tile/0/000.p/20: does not agree with entry 14", "entry 3: …", "(entries 0 to 20)"
    const [, first] = /entr(?:y|ies) (\d+)/.exec(message) ?? [];
    say({ kind: 'failed', message, entry: first === undefined ? null : Number(first) });
  }
};

async function verify({ place, policy: text }: VerifyRequest): Promise<void> {
  const read = async (path: string): Promise<Uint8Array | undefined> => {
    // What the browser kept from before is not what the server says now.
    const response = await fetch(`${place}/${path}`, { cache: 'no-store' });
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`${path}: the server answered ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  };
  const policy = parsePolicy(sha256, text);
  const newest = await read('checkpoint');
  const witnessed = policy.quorum === 'none' ? undefined : await read('checkpoint.witnessed');
  const bytes = witnessed ?? newest;
  if (bytes === undefined) throw new Error('checkpoint: is missing');
  const checkpoint = new TextDecoder().decode(bytes);
  const nowSeconds = Math.floor(Date.now() / 1000);
  const accepted = await verifyCheckpoint(policy, checkpoint, { nowSeconds });
  const leaves: Uint8Array[] = [];
  await checkLog({
    sha256,
    source: { read },
    origin: accepted.origin,
    verifiers: policy.logs.map(({ key }) => key),
    checkpoint,
    onEntry(entry, index) {
      leaves.push(Uint8Array.from(entry));
      if (index % 100 === 0) {
        say({ kind: 'progress', what: 'hashes', done: index, total: accepted.size });
      }
    },
  });
  const entries: Entry[] = leaves.map((leaf, i) => {
    try {
      return parseEntry(leaf);
    } catch (error) {
      throw new Error(`entry ${i}: ${(error as Error).message}`);
    }
  });
  say({ kind: 'progress', what: 'signatures', done: 0, total: entries.length });
  const signatures = await verifySignatures(sha256, entries);
  say({ kind: 'progress', what: 'quorums', done: 0, total: entries.length });
  const state = foldAll(entries, { sha256, holds: signatures.holds });
  say({
    kind: 'done',
    origin: accepted.origin,
    size: accepted.size,
    root: toBase64(accepted.root),
    witnesses: accepted.cosigners,
    signatureCount: signatures.count,
    ineffectiveCount: state.ineffective.length,
  });
}

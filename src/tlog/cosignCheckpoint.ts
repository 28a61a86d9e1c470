import { TlogError } from './error.ts';
import type { TransparencyLog } from './log.ts';
import { formatNote, parseNote } from './note.ts';
import { meetsQuorum, type Policy } from './policy.ts';
import { type HttpExchange, requestCosignature } from './witnessClient.ts';

export interface CosigningResult {
  /** Whether the quorum was met, and `checkpoint.witnessed` is the checkpoint asked for. */
  isWitnessed: boolean;
  /** Witnesses that did not cosign, by their names in the policy, and why. */
  refusals: { name: string; error: Error }[];
}

/**
 * Asks every witness of a policy that has a URL to cosign the newest checkpoint of a log, all at
 * once, and keeps the cosigned checkpoint when the quorum is met.
 *
 * @param lastSizes size that each witness cosigned last, by name; kept by the caller from call to
 *   call, so that most requests need no second one
 * @throws TlogError `LEDGER_ROLLBACK` when a witness has seen a larger tree of this log
 */
export async function cosignCheckpoint(
  log: TransparencyLog,
  policy: Policy,
  lastSizes: Map<string, number>,
  exchange: HttpExchange,
  nowSeconds: () => number,
): Promise<CosigningResult> {
  const { checkpoint } = log;
  const tree = log.tree();
  const { text, signatures } = parseNote(checkpoint);
  const refusals: CosigningResult['refusals'] = [];
  const cosigned = new Set<string>();
  const asked = policy.witnesses.filter(({ url }) => url !== undefined);
  const answers = await Promise.allSettled(
    asked.map(({ name, key, url }) =>
      requestCosignature(
        { keys: [key], url: url as string },
        checkpoint,
        Math.min(lastSizes.get(name) ?? 0, tree.size),
        from => tree.consistencyProof(from),
        exchange,
      ),
    ),
  );
  for (const [i, answer] of answers.entries()) {
    const { name } = asked[i];
    if (answer.status === 'rejected') {
      const error = answer.reason as Error;
      if (error instanceof TlogError && error.code === 'LEDGER_ROLLBACK') throw error;
      refusals.push({ name, error });
      continue;
    }
    lastSizes.set(name, tree.size);
    cosigned.add(name);
    signatures.push(...answer.value);
  }
  const isWitnessed = meetsQuorum(policy, cosigned);
  if (isWitnessed) {
    const note = formatNote({ text, signatures });
    await log.recordWitnessed(note, policy, { nowSeconds: nowSeconds() });
  }
  return { isWitnessed, refusals };
}

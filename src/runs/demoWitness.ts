import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { logSource } from '../store/logSource.ts';
import { TlogFolder } from '../store/tlogFiles.ts';
import { nodeSha256 } from '../store/tlogStore.ts';
import {
  createCosigner,
  type HttpExchange,
  parseVerifierKey,
  Witness,
  type WitnessedLog,
} from '../tlog/index.ts';

const NAME = 'witness.demo.beamkeeper.example';
/** Nothing is sent there: requests are answered in this process. */
const URL_PREFIX = 'http://witness.invalid';

/** A witness without a network, for a story that is played with a clock of its own. */
export interface DemoWitness {
  /** For the policy of those who trust it. */
  readonly policyLines: string;
  readonly exchange: HttpExchange;
  close(): Promise<void>;
}

/**
 * A witness in this process, with the real rules, for the two logs of a switch in `dataFolder`. What it
 * saw last it keeps in `<dataFolder>/witness`.
 */
export async function demoWitness(dataFolder: string, nowMs: () => number): Promise<DemoWitness> {
  const files = new TlogFolder(join(dataFolder, 'witness'), { isPrivate: true });
  await files.makeRoot();
  const signer = await createCosigner(nodeSha256, NAME, randomBytes(32), () =>
    Math.floor(nowMs() / 1000),
  );
  let witness: Promise<Witness | undefined> | undefined;
  /** The logs have keys only once they have begun. */
  const opened = async (): Promise<Witness | undefined> => {
    const logs: WitnessedLog[] = [];
    for (const name of ['orders', 'access']) {
      const keys = await logSource(join(dataFolder, 'ledger', name)).read('vkeys');
      if (!keys) return undefined;
      const [key] = new TextDecoder().decode(keys).trim().split(/\s+/);
      const verifier = parseVerifierKey(nodeSha256, key);
      logs.push({ origin: verifier.name, keys: [verifier] });
    }
    return new Witness({ sha256: nodeSha256, logs, signers: [signer], files });
  };
  return {
    policyLines: `witness demo ${signer.verifierKey} ${URL_PREFIX}/\nquorum demo\n`,
    async exchange(url, { method, body = '' }) {
      const current = await (witness ?? opened());
      if (!current) return { status: 404, text: async () => 'the log has not begun\n' };
      witness = Promise.resolve(current);
      const path = url.slice(URL_PREFIX.length);
      const answer =
        method === 'POST'
          ? await current.addCheckpoint(new TextEncoder().encode(body))
          : await current.checkpoint(path.split('/')[1]);
      return { status: answer.status, text: async () => answer.body };
    },
    close: () => files.close(),
  };
}

/** What others wrote: transparency-dev/merkle, transparency-dev/tessera, C2SP. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sharedPath } from '../store/sharedData.ts';
import { nodeSha256 as sha256 } from '../store/tlogStore.ts';
import {
  checkLog,
  createCosigner,
  createEd25519Signer,
  createLogSigner,
  ed25519CosignedMessage,
  fromBase64,
  leafHash,
  MemoryFiles,
  meetsQuorum,
  openCheckpoint,
  openLog,
  openNote,
  parseCheckpointText,
  parseNote,
  parsePolicy,
  parseProofFile,
  parseSignatureLines,
  parseVerifierKey,
  parseWitnessRequest,
  TileTree,
  toHex,
  verifyConsistency,
  verifyInclusion,
} from './index.ts';

const VECTORS = sharedPath('vectors');
const text = (path: string): string => readFileSync(join(VECTORS, path), 'utf8');

/** JSON whose integers may exceed 2^53: those become Infinity, which is no count of anything. */
function exactJson(path: string): Record<string, never> {
  return JSON.parse(text(path), (_, value, context?: { source?: string }) =>
    typeof value === 'number' && String(value) !== context?.source ? Infinity : value,
  );
}

function cases(folder: string): string[] {
  return readdirSync(join(VECTORS, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.json'))
    .map(name => `${folder}/${name}`)
    .sort();
}

const hashes = (list: readonly string[] | null): Uint8Array[] =>
  (list ?? []).map(base64 => fromBase64(base64 ?? '', 'vector'));
const hash = (base64: string | null): Uint8Array => fromBase64(base64 ?? '', 'vector');

function isAccepted(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    expect((error as { code: string }).code).toMatch(/^BAD_/);
    return false;
  }
}

test('98 inclusion and 98 consistency vectors: 12 accepted, 184 refused', () => {
  const inclusion = cases('merkle-rfc6962/inclusion');
  const consistency = cases('merkle-rfc6962/consistency');
  expect([inclusion.length, consistency.length]).toEqual([98, 98]);
  let acceptedCount = 0;
  for (const path of inclusion) {
    const v: Record<string, never> = exactJson(path);
    const accepted = isAccepted(() =>
      verifyInclusion(sha256, {
        index: v['leafIdx'],
        size: v['treeSize'],
        leafHash: hash(v['leafHash']),
        root: hash(v['root']),
        proof: hashes(v['proof']),
      }),
    );
    expect([path, accepted]).toEqual([path, !v['wantErr']]);
    acceptedCount += Number(accepted);
  }
  for (const path of consistency) {
    const v: Record<string, never> = exactJson(path);
    const accepted = isAccepted(() =>
      verifyConsistency(sha256, {
        fromSize: v['size1'],
        fromRoot: hash(v['root1']),
        toSize: v['size2'],
        toRoot: hash(v['root2']),
        proof: hashes(v['proof']),
      }),
    );
    expect([path, accepted]).toEqual([path, !v['wantErr']]);
    acceptedCount += Number(accepted);
  }
  expect(acceptedCount).toBe(12);
});

describe('a log written by Tessera', () => {
  const origin = 'example.com/log/testdata';
  const key = parseVerifierKey(sha256, text('tessera-log/log.vkey.txt').trim());
  const log = join(VECTORS, 'tessera-log', 'log');
  const source = {
    read: async (path: string) =>
      existsSync(join(log, path)) ? readFileSync(join(log, path)) : undefined,
  };

  test('16 checkpoints verify, and their roots are those of the entries', async () => {
    for (let size = 0; size <= 15; size++) {
      const note = readFileSync(join(log, `checkpoint.${size}`), 'utf8');
      const checkpoint = await openCheckpoint(note, origin, [key]);
      expect(checkpoint.size).toBe(size);
      const root = await new TileTree(sha256, source, size).root();
      expect(toHex(root)).toBe(toHex(checkpoint.root));
      await checkLog({ sha256, source, origin, verifiers: [key], checkpoint: note });
    }
  });

  test('each of its entries is proven in each of its trees', async () => {
    for (let size = 1; size <= 15; size++) {
      const note = readFileSync(join(log, `checkpoint.${size}`), 'utf8');
      const { root } = await openCheckpoint(note, origin, [key]);
      const tree = new TileTree(sha256, source, size);
      for (let index = 0; index < size; index++) {
        const leaf = leafHash(sha256, await tree.entry(index));
        const proof = await tree.inclusionProof(index);
        verifyInclusion(sha256, { index, size, leafHash: leaf, root, proof });
      }
      for (let fromSize = 1; fromSize <= size; fromSize++) {
        const from = readFileSync(join(log, `checkpoint.${fromSize}`), 'utf8');
        verifyConsistency(sha256, {
          fromSize,
          fromRoot: (await openCheckpoint(from, origin, [key])).root,
          toSize: size,
          toRoot: root,
          proof: await tree.consistencyProof(fromSize),
        });
      }
    }
  });

  test('the same entries give the same tiles, bundles and checkpoint texts, byte for byte', async () => {
    const entries = await new TileTree(sha256, source, 15).bundle(0);
    const signer = await createEd25519Signer(sha256, origin, new Uint8Array(32).fill(1));
    const verifiers = [parseVerifierKey(sha256, signer.verifierKey)];
    const storage = { published: new MemoryFiles(), private: new MemoryFiles() };
    const ours = await openLog({
      sha256,
      verifiers,
      storage,
      signer: createLogSigner({
        sha256,
        origin,
        signers: [signer],
        verifiers,
        record: new MemoryFiles(),
        copy: storage.private,
      }),
    });
    for (const [i, entry] of entries.entries()) {
      await ours.append(entry);
      const { note } = await ours.publish();
      const theirs = readFileSync(join(log, `checkpoint.${i + 1}`), 'utf8');
      expect(parseNote(note).text).toBe(parseNote(theirs).text);
    }
    const names = readdirSync(join(log, 'tile'), { recursive: true, encoding: 'utf8' })
      .map(name => `tile/${name}`)
      .filter(name => /\/[0-9]+$/.test(name) && name.includes('.p/'));
    expect(names).toHaveLength(30);
    for (const name of names) {
      expect([name, storage.published.files.get(name)]).toEqual([
        name,
        new Uint8Array(readFileSync(join(log, name))),
      ]);
    }
  });
});

describe('C2SP examples', () => {
  test('the signed note verifies, and fails with any byte changed', async () => {
    const key = parseVerifierKey(sha256, text('c2sp/signed-note-example.vkey.txt').trim());
    const note = new Uint8Array(readFileSync(join(VECTORS, 'c2sp/signed-note-example.note.txt')));
    expect((await openNote(note, [key])).text).toBe('This is an example message.\n');
    for (let at = 0; at < note.length; at++) {
      for (const bit of [1, 0x20, 0x80]) {
        const changed = note.slice();
        changed[at] ^= bit;
        await expect(openNote(changed, [key]), `byte ${at} ^ ${bit}`).rejects.toThrow();
      }
    }
  });

  test('checkpoints parse', () => {
    for (const [name, lineCount] of [
      ['checkpoint', 1],
      ['checkpoint-cosigned', 2],
    ] as const) {
      const note = parseNote(text(`c2sp/${name}.note.txt`));
      expect(note.signatures).toHaveLength(lineCount);
      const { origin, size, extensionLines } = parseCheckpointText(note.text);
      expect({ origin, size, extensionLines }).toEqual({
        origin: 'example.com/behind-the-sofa',
        size: 20_852_163,
        extensionLines: [],
      });
    }
  });

  test('a cosignature signs exactly the bytes of the specification', () => {
    const note = parseNote(text('c2sp/checkpoint-cosigned.note.txt'));
    const { signature } = note.signatures[1];
    const time = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
    expect(time).toBe(1_679_315_147n);
    expect(new TextDecoder().decode(ed25519CosignedMessage(note.text, 1_679_315_147))).toBe(
      text('c2sp/cosignature-v1-message.txt'),
    );
  });

  test('witness request and response parse', () => {
    const request = parseWitnessRequest(text('c2sp/witness-add-checkpoint-request.txt'));
    expect([request.oldSize, request.proof.length]).toEqual([20_852_014, 4]);
    const lines = parseSignatureLines(text('c2sp/witness-add-checkpoint-response.txt'));
    expect(lines.map(({ name }) => name)).toEqual([
      'witness.example/w1',
      'witness.example/w1',
      'witness.example/w2',
    ]);
  });

  test('a proof file with shortened signatures and a policy with placeholders are refused', () => {
    expect(() => parseProofFile(text('c2sp/proof-shape.txt'))).toThrow(/base64|signature line/);
    expect(() => parsePolicy(sha256, text('c2sp/policy-shape.txt'))).toThrow(
      /line 1: verifier key/,
    );
  });

  test('the policy of the specification, with real keys, wants 2 of X and 1 of Y', async () => {
    let seed = 10;
    const witnessKey = async (name: string): Promise<string> => {
      const own = new Uint8Array(32).fill(seed++);
      return (await createCosigner(sha256, name, own, () => 1)).verifierKey;
    };
    const lines: string[] = [];
    for (const line of text('c2sp/policy-shape.txt').split('\n')) {
      const name = /^witness (\S+)/.exec(line)?.[1];
      if (line.startsWith('log')) {
        lines.push(
          `log ${(await createEd25519Signer(sha256, 'l.example', new Uint8Array(32))).verifierKey}`,
        );
      } else {
        lines.push(name ? line.replace('<vkey>', await witnessKey(`${name}.example`)) : line);
      }
    }
    const policy = parsePolicy(sha256, lines.join('\n'));
    const meets = (...names: string[]): boolean => meetsQuorum(policy, new Set(names));
    expect(meets('X1', 'X2', 'Y3')).toBe(true);
    expect(meets('X1', 'X2', 'X3')).toBe(false);
    expect(meets('X1', 'Y1', 'Y2', 'Y3')).toBe(false);
  });
});

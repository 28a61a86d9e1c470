/** What malformed and forged input gets: tables of our own, after `ledger.md` and the C2SP texts. */
import { createPrivateKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeSha256 as sha256 } from '../store/tlogStore.ts';
import { utf8 } from './bytes.ts';
import {
  createCosigner,
  createEd25519Signer,
  createMlDsa44Cosigner,
  emptyRoot,
  formatCheckpointText,
  formatNote,
  formatVerifierKey,
  fromBase64,
  type KeyedSigner,
  leafHash,
  type MlDsa44,
  meetsQuorum,
  openCheckpoint,
  openNote,
  parseCheckpointText,
  parseNote,
  parsePolicy,
  parseProofFile,
  parseVerifierKey,
  parseWitnessRequest,
  signNote,
  toBase64,
  verifyCheckpoint,
  verifyProofFile,
} from './index.ts';

const seed = (n: number): Uint8Array => new Uint8Array(32).fill(n);
const NOW = 1_800_000_000;
const log = await createEd25519Signer(sha256, 'example.com/log', seed(1));
const logKey = parseVerifierKey(sha256, log.verifierKey);
const witnessNamed = (name: string, n: number, time = NOW): Promise<KeyedSigner> =>
  createCosigner(sha256, name, seed(n), () => time);
const w1 = await witnessNamed('w1.example', 2);
const w2 = await witnessNamed('w2.example', 3);
const w3 = await witnessNamed('w3.example', 4);
const sameKey = await witnessNamed('other-name.example', 2);
const ROOT = leafHash(sha256, utf8('only entry'));
const TEXT = formatCheckpointText('example.com/log', 1, ROOT);

const note = await signNote(TEXT, [log]);

describe('a note', () => {
  test('by one key verifies with that key, and with no other', async () => {
    const note = await signNote('text\n', [log]);
    expect((await openNote(note, [logKey])).text).toBe('text\n');
    const other = await createEd25519Signer(sha256, 'example.com/log', seed(9));
    const otherKey = parseVerifierKey(sha256, other.verifierKey);
    await expect(openNote(note, [otherKey])).rejects.toThrow(/not signed by any known key/);
    await expect(openNote(note, [])).rejects.toThrow(/known: none/);
    await expect(openNote(note, [logKey, logKey])).rejects.toThrow(/share name and id/);
  });

  test('is split at its last empty line', async () => {
    const note = await signNote('one\n\ntwo\n', [log]);
    expect((await openNote(note, [logKey])).text).toBe('one\n\ntwo\n');
  });

  test('with one good and one bad signature of known keys is refused', async () => {
    const second = await createEd25519Signer(sha256, 'second.example', seed(5));
    const { signatures } = parseNote(await signNote('text\n', [log, second]));
    signatures[1].signature = signatures[0].signature;
    const note = formatNote({ text: 'text\n', signatures });
    const known = [logKey, parseVerifierKey(sha256, second.verifierKey)];
    await expect(openNote(note, known)).rejects.toThrow(/second.example does not hold/);
    expect((await openNote(note, [logKey])).unverified).toHaveLength(1);
  });

  test('with the right name and a wrong id, or the reverse, is of an unknown key', async () => {
    const { signatures } = parseNote(await signNote('text\n', [log]));
    const wrongId = formatNote({
      text: 'text\n',
      signatures: [{ ...signatures[0], keyId: signatures[0].keyId ^ 1 }],
    });
    const wrongName = formatNote({
      text: 'text\n',
      signatures: [{ ...signatures[0], name: 'example.com/lot' }],
    });
    for (const note of [wrongId, wrongName]) {
      await expect(openNote(note, [logKey])).rejects.toThrow(/not signed by any known key/);
    }
  });

  const line = formatNote({
    text: '',
    signatures: [{ name: 'a', keyId: 1, signature: new Uint8Array(64) }],
  }).trimStart();
  test.each<[string, string | Uint8Array]>([
    ['nothing', ''],
    ['no signature block', 'text\n'],
    ['an empty signature block', 'text\n\n'],
    ['no final newline', `text\n\n${line.trimEnd()}`],
    ['text in the signature block', `text\n\n${line}more\n`],
    ['a hyphen for the dash', `text\n\n${line.replace('—', '-')}`],
    ['two spaces', `text\n\n${line.replace('a ', 'a  ')}`],
    ['a key name with a plus', `text\n\n${line.replace('— a', '— a+b')}`],
    ['a key name with a no-break space', `text\n\n${line.replace('— a', '— a\u00a0b')}`],
    ['no key name', `text\n\n${line.replace('— a ', '— ')}`],
    ['a tab in the text', `te\txt\n\n${line}`],
    ['a carriage return', `text\r\n\n${line}`],
    ['a null', `te\0xt\n\n${line}`],
    ['bytes that are not UTF-8', new Uint8Array([0xff, ...utf8(`text\n\n${line}`)])],
    ['an unpaired surrogate', `te\ud800xt\n\n${line}`],
    ['a signature of four bytes', `text\n\n— a AAAAAQ==\n`],
    ['base64 without padding', `text\n\n— a AAAAAQA\n`],
    ['base64 with stray bits', `text\n\n— a AAAAAQB=\n`],
    ['base64 of the URL alphabet', `text\n\n— a AAAA-_AA\n`],
    ['101 signatures', `text\n\n${line.repeat(101)}`],
    ['more than 128 KiB', `${'x'.repeat(131_072)}\n\n${line}`],
  ])('with %s is refused', (_, note) => {
    expect(() => parseNote(note)).toThrow(/note/);
  });

  test('with 100 signatures is read', () => {
    expect(parseNote(`text\n\n${line.repeat(100)}`).signatures).toHaveLength(100);
  });

  test('keeps a byte order mark: two texts are two texts', async () => {
    const note = await signNote('\ufefftext\n', [log]);
    expect((await openNote(utf8(note), [logKey])).text).toBe('\ufefftext\n');
  });

  test.each(['text', 'te\rxt\n', ''])('%j cannot be signed', async text => {
    await expect(signNote(text, [log])).rejects.toThrow(/note/);
  });

  test('read and written again is the same, whatever the text', () => {
    const lines = fc.stringMatching(/^[ -~é€]{0,40}$/u);
    fc.assert(
      fc.property(
        fc.array(lines, { minLength: 1 }),
        fc.uint8Array({ minLength: 1 }),
        (l, bytes) => {
          const signatures = [{ name: 'k', keyId: 0xfedcba98, signature: bytes }];
          const text = `${l.join('\n')}\n`;
          const read = parseNote(formatNote({ text, signatures }));
          expect(read.text).toBe(text);
          expect([...read.signatures[0].signature]).toEqual([...bytes]);
          expect(read.signatures[0].keyId).toBe(0xfedcba98);
        },
      ),
    );
  });
});

describe('a verifier key', () => {
  const [name, id, key] = log.verifierKey.split('+');
  const bytes = fromBase64(log.verifierKey.slice(name.length + id.length + 2), 'key');
  test.each([
    ['another id', `${name}+00000000+${key}`],
    [
      'capitals in the id',
      `${name}+${id.toUpperCase()}+${key}`.replace(/\+[0-9]{8}\+/, '+ABCDEF01+'),
    ],
    ['another name', `example.com/lot+${id}+${key}`],
    ['no name', `+${id}+${key}`],
    ['a space in the name', `example.com log+${id}+${key}`],
    ['an unknown type', `${name}+${id}+${toBase64(Uint8Array.of(0x77, ...bytes.slice(1)))}`],
    ['a key too short', `${name}+${id}+${toBase64(bytes.slice(0, 32))}`],
    ['nothing after the type', `${name}+${id}+AQ==`],
    ['two parts', `${name}+${id}`],
  ])('with %s is refused', (_, text) => {
    expect(() => parseVerifierKey(sha256, text)).toThrow(/verifier key|key name/);
  });
});

describe('a checkpoint', () => {
  const root = toBase64(ROOT);
  test.each([
    ['two lines', `o\n1\n`],
    ['an empty origin', `\n1\n${root}\n`],
    ['a leading zero', `o\n007\n${root}\n`],
    ['a negative size', `o\n-1\n${root}\n`],
    ['a signed size', `o\n+1\n${root}\n`],
    ['a size of 2^63', `o\n9223372036854775808\n${root}\n`],
    [
      'a size of 2^53, which a number cannot tell from its neighbour',
      `o\n9007199254740992\n${root}\n`,
    ],
    ['no size', `o\n\n${root}\n`],
    ['a hexadecimal size', `o\n0x10\n${root}\n`],
    ['a root of 31 bytes', `o\n1\n${toBase64(ROOT.slice(1))}\n`],
    ['a root of 33 bytes', `o\n1\n${toBase64(Uint8Array.of(0, ...ROOT))}\n`],
    ['an empty line after the root', `o\n1\n${root}\n\n`],
    ['no final newline', `o\n1\n${root}`],
  ])('with %s is refused', (_, text) => {
    expect(() => parseCheckpointText(text)).toThrow(/checkpoint/);
  });

  test('with extension lines is read, and they are told apart', () => {
    expect(parseCheckpointText(`o\n1\n${root}\nmore\n`).extensionLines).toEqual(['more']);
  });

  test('of another origin is refused even under the right key', async () => {
    const note = await signNote(formatCheckpointText('example.com/other', 1, ROOT), [log]);
    await expect(openCheckpoint(note, 'example.com/log', [logKey])).rejects.toThrow(/origin/);
  });

  test('that only a witness signed is refused', async () => {
    const note = await signNote(TEXT, [w1]);
    const key = parseVerifierKey(sha256, w1.verifierKey);
    await expect(openCheckpoint(note, 'example.com/log', [logKey], [key])).rejects.toThrow(
      /not signed by the log itself/,
    );
  });
});

describe('a policy', () => {
  const witness = (name: string, key: KeyedSigner): string =>
    `witness ${name} ${key.verifierKey}\n`;
  const all = `log ${log.verifierKey}\n${witness('a', w1)}${witness('b', w2)}${witness('c', w3)}`;

  test.each([
    ['no quorum', all],
    ['two quorums', `${all}quorum none\nquorum a\n`],
    ['an unknown quorum', `${all}quorum d\n`],
    ['a quorum above its definition', `quorum g\n${all}group g any a\n`],
    [
      'a member that is defined below',
      `log ${log.verifierKey}\ngroup g any a\n${witness('a', w1)}quorum g\n`,
    ],
    ['a group that is its own member', `${all}group g any g\nquorum g\n`],
    ['threshold 0', `${all}group g 0 a b\nquorum g\n`],
    ['threshold 3 of 2', `${all}group g 3 a b\nquorum g\n`],
    ['threshold 02', `${all}group g 02 a b\nquorum g\n`],
    ['no members', `${all}group g any\nquorum g\n`],
    ['a member twice', `${all}group g 2 a a\nquorum g\n`],
    ['a member of two groups', `${all}group g any a\ngroup h any a\nquorum h\n`],
    ['"none" as a member', `${all}group g any none\nquorum g\n`],
    ['"none" as a name', `witness none ${w1.verifierKey}\nquorum none\n`],
    ['a name twice', `${witness('a', w1)}${witness('a', w2)}quorum a\n`],
    ['one public key under two names', `${witness('a', w1)}${witness('b', sameKey)}quorum a\n`],
    ['one log twice', `log ${log.verifierKey}\nlog ${log.verifierKey}\nquorum none\n`],
    ['a witness key as a log', `log ${w1.verifierKey}\nquorum none\n`],
    ['a log key as a witness', `witness a ${log.verifierKey}\nquorum none\n`],
    ['an unknown keyword', `${all}quorun a\nquorum none\n`],
    ['a carriage return', `${all}quorum none\r\n`],
    ['a form feed', `${all}\fquorum none\n`],
    ['words after the quorum', `${all}quorum a b\n`],
    ['no final newline', `${all}quorum none`],
  ])('with %s is refused', (_, text) => {
    expect(() => parsePolicy(sha256, text)).toThrow(/policy/);
  });

  test('takes comments, white space, URLs, and names that are not ASCII', () => {
    const policy = parsePolicy(
      sha256,
      ` # who\n\n\tlog  ${log.verifierKey}\t https://log.example/ \nwitness Zürich ${w1.verifierKey} https://w1.example/\nquorum Zürich\n`,
    );
    expect(policy.logs[0].url).toBe('https://log.example/');
    expect(meetsQuorum(policy, new Set([policy.witnesses[0].name]))).toBe(true);
    // K and the Kelvin sign are two names.
    const kelvin = `${witness('K', w1)}${witness('\u212a', w2)}quorum K\n`;
    expect(parsePolicy(sha256, kelvin).witnesses).toHaveLength(2);
  });

  test('takes 40 logs, 40 witnesses and 40 groups', async () => {
    let text = '';
    for (let i = 0; i < 40; i++) {
      const key = await createEd25519Signer(sha256, `log${i}`, seed(100 + i));
      text += `log ${key.verifierKey}\n${witness(`w${i}`, await witnessNamed(`w${i}`, 150 + i))}`;
      text += `group g${i} all w${i}${i > 0 ? ` g${i - 1}` : ''}\n`;
    }
    const policy = parsePolicy(sha256, `${text}quorum g39\n`);
    const names = policy.witnesses.map(({ name }) => name);
    expect(meetsQuorum(policy, new Set(names))).toBe(true);
    expect(meetsQuorum(policy, new Set(names.slice(1)))).toBe(false);
  });

  test('k of n holds exactly when k have cosigned', async () => {
    for (let k = 1; k <= 3; k++) {
      const policy = parsePolicy(sha256, `${all}group g ${k} a b c\nquorum g\n`);
      for (const cosigners of [[], [w1], [w1, w2], [w2, w3], [w1, w2, w3]]) {
        const note = await signNote(TEXT, [log, ...cosigners]);
        const verified = verifyCheckpoint(policy, note, { nowSeconds: NOW });
        if (cosigners.length >= k) {
          expect((await verified).cosigners).toHaveLength(cosigners.length);
        } else {
          await expect(verified).rejects.toMatchObject({ code: 'QUORUM_NOT_MET' });
        }
      }
    }
  });

  test('refuses an unknown log, cosignatures from the future, of time 0, and old ones', async () => {
    const policy = parsePolicy(sha256, `log ${log.verifierKey}\n${witness('a', w1)}quorum a\n`);
    const times = { nowSeconds: NOW };
    const by = async (time: number): Promise<string> =>
      signNote(TEXT, [log, await witnessNamed('w1.example', 2, time)]);
    await verifyCheckpoint(policy, await by(NOW), times);
    await expect(verifyCheckpoint(policy, await by(NOW + 1), times)).rejects.toThrow(/future/);
    await expect(verifyCheckpoint(policy, await by(0), times)).rejects.toMatchObject({
      code: 'BAD_SIGNATURE',
    });
    const recent = { ...times, maxAgeSeconds: 600 };
    await verifyCheckpoint(policy, await by(NOW - 600), recent);
    await expect(verifyCheckpoint(policy, await by(NOW - 601), recent)).rejects.toMatchObject({
      code: 'STALE',
    });
    const other = await createEd25519Signer(sha256, 'other.example', seed(8));
    const unknown = await signNote(formatCheckpointText('other.example', 1, ROOT), [other]);
    await expect(verifyCheckpoint(policy, unknown, times)).rejects.toMatchObject({
      code: 'UNKNOWN_ORIGIN',
    });
  });
});

describe('a proof file', () => {
  const policy = parsePolicy(sha256, `log ${log.verifierKey}\nquorum none\n`);
  const entry = utf8('only entry');
  const head = 'c2sp.org/tlog-proof@v1\n';
  const hash = `${toBase64(ROOT)}\n`;
  const times = { nowSeconds: NOW };

  test('proves its entry, and no other', async () => {
    const file = `${head}index 0\n\n${note}`;
    expect((await verifyProofFile(sha256, policy, entry, file, times)).index).toBe(0);
    await expect(
      verifyProofFile(sha256, policy, utf8('another'), file, times),
    ).rejects.toMatchObject({ code: 'BAD_PROOF' });
    const moved = `${head}index 1\n\n${note}`;
    await expect(verifyProofFile(sha256, policy, entry, moved, times)).rejects.toThrow(
      /no entry 1/,
    );
  });

  test('carries extra data as they are', () => {
    expect(parseProofFile(`${head}extra AAEC\nindex 0\n\n${note}`).extra).toEqual(
      Uint8Array.of(0, 1, 2),
    );
  });

  test.each([
    ['another header', `c2sp.org/tlog-proof@v2\nindex 0\n\n${note}`],
    ['no index', `${head}\n${note}`],
    ['a hash for the index', `${head}${hash}\n${note}`],
    ['an index with a leading zero', `${head}index 00\n\n${note}`],
    ['extra after the index', `${head}index 0\nextra AAEC\n\n${note}`],
    ['64 hashes', `${head}index 0\n${hash.repeat(64)}\n${note}`],
    ['a hash of 31 bytes', `${head}index 0\n${toBase64(ROOT.slice(1))}\n\n${note}`],
    ['an empty line among the hashes', `${head}index 0\n${hash}\n${hash}\n${note}`],
    ['no checkpoint', `${head}index 0\n\n`],
    ['no empty line', `${head}index 0\n`],
    ['bytes that are not UTF-8', new Uint8Array([...utf8(head), 0xff])],
  ])('with %s is refused', (_, file) => {
    expect(() => parseProofFile(file)).toThrow();
  });

  test('fails with any byte changed', async () => {
    const file = utf8(`${head}index 0\n\n${note}`);
    for (let at = 0; at < file.length; at++) {
      const changed = file.slice();
      changed[at] ^= 1;
      await expect(
        verifyProofFile(sha256, policy, entry, changed, times),
        `byte ${at}`,
      ).rejects.toThrow();
    }
  });
});

test.each([
  ['no old line', `\n${TEXT}`],
  ['an old size with a leading zero', `old 01\n\n`],
  ['a negative old size', `old -1\n\n`],
  ['64 proof lines', `old 1\n${`${toBase64(ROOT)}\n`.repeat(64)}\n`],
  ['a short hash', `old 1\nAAAA\n\n`],
  ['no checkpoint', `old 0\n`],
])('a witness request with %s is refused', (_, start) => {
  expect(() => parseWitnessRequest(start + (start.includes('\n\n') ? note : ''))).toThrow();
});

describe('ML-DSA-44', () => {
  const hasMlDsa = (() => {
    try {
      generateKeyPairSync('ml-dsa-44' as 'ed25519');
      return true;
    } catch {
      return false;
    }
  })();

  test.skipIf(!hasMlDsa)(
    'OpenSSL signs the second line of a checkpoint, and verifies it',
    async () => {
      // SubjectPublicKeyInfo of ML-DSA-44 is a header of 22 bytes, then the key (RFC 9881).
      const { publicKey, privateKey } = generateKeyPairSync('ml-dsa-44' as 'ed25519');
      const spki = publicKey.export({ type: 'spki', format: 'der' });
      const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
      const header = spki.subarray(0, spki.length - 1312);
      const openssl: MlDsa44 = {
        verify: (key, message, signature) =>
          verify(
            null,
            message,
            { key: Buffer.concat([header, key]), type: 'spki', format: 'der' },
            signature,
          ),
      };
      const own = createPrivateKey({ key: pkcs8, type: 'pkcs8', format: 'der' });
      const second = createMlDsa44Cosigner(
        sha256,
        'example.com/log',
        {
          publicKey: new Uint8Array(spki.subarray(header.length)),
          sign: message => new Uint8Array(sign(null, message, own)),
        },
        () => NOW,
      );
      const note = await signNote(TEXT, [log, second]);
      const key = parseVerifierKey(sha256, second.verifierKey, openssl);
      expect((await openCheckpoint(note, 'example.com/log', [logKey, key])).verified).toHaveLength(
        2,
      );
      // Those who do not know the type read the note all the same.
      expect((await openCheckpoint(note, 'example.com/log', [logKey])).unverified).toHaveLength(1);
      // It binds the tree, and the cosigner's name.
      const { signatures } = parseNote(note);
      const other = formatCheckpointText('example.com/log', 2, emptyRoot(sha256));
      await expect(
        openNote(formatNote({ text: other, signatures: signatures.slice(1) }), [key]),
      ).rejects.toThrow(/does not hold/);
    },
  );

  test('a key of that type is refused where no implementation was handed in', () => {
    const key = formatVerifierKey(sha256, 'x', 'cosignature-ml-dsa-44', new Uint8Array(1312));
    expect(() => parseVerifierKey(sha256, key)).toThrow(/ML-DSA-44, and none was handed in/);
  });
});

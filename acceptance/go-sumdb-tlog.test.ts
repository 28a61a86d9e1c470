/**
 * Go's own `sumdb/tlog` and `sumdb/note`, unchanged from Debian's packages, read a log written here:
 * they accept it, and refuse it with one byte flipped. Debian: golang-go, golang-golang-x-mod-dev.
 *
 * https://pkg.go.dev/golang.org/x/mod/sumdb/tlog
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeSha256, openLogStore } from '../src/store/tlogStore.ts';
import {
  cosignCheckpoint,
  createCosigner,
  MemoryFiles,
  openCheckpoint,
  parsePolicy,
  parseVerifierKey,
  Witness,
} from '../src/tlog/index.ts';

const GO_ENVIRONMENT = {
  ...process.env,
  GO111MODULE: 'off',
  GOPATH: '/usr/share/gocode',
  GOFLAGS: '',
  GOPROXY: 'off',
};
const hasGo =
  spawnSync('go', ['version']).status === 0 &&
  existsSync('/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog');
if (!hasGo && process.env['BEAMKEEPER_REQUIRE_GO'] === '1') {
  throw new Error('BEAMKEEPER_REQUIRE_GO=1, but golang-go or golang-golang-x-mod-dev is missing');
}

const SIZE = 66_000;
const ORIGIN = 'example.com/interop';

/** Reads the folder as its own tile reader; everything else is Go's. */
const PROGRAM = `package main

import (
	"encoding/binary"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type reader struct{ dir string }

func (r reader) Height() int                           { return 8 }
func (r reader) SaveTiles(_ []tlog.Tile, _ [][]byte)    {}
func (r reader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, t := range tiles {
		// Go names the height in the path, tile/8/0/000; C2SP tlog-tiles does not.
		path := strings.Replace(t.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(r.dir, path))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func entry(dir string, size, index int64) ([]byte, error) {
	t := tlog.Tile{H: 8, L: 0, N: index / 256, W: 256}
	if size-t.N*256 < 256 {
		t.W = int(size - t.N*256)
	}
	path := strings.Replace(t.Path(), "tile/8/0/", "tile/entries/", 1)
	data, err := os.ReadFile(filepath.Join(dir, path))
	if err != nil {
		return nil, err
	}
	for i := int64(0); ; i++ {
		n := int(binary.BigEndian.Uint16(data))
		if i == index%256 {
			return data[2 : 2+n], nil
		}
		data = data[2+n:]
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	log.SetFlags(0)
	dir, vkey := os.Args[1], os.Args[2]
	msg, err := os.ReadFile(filepath.Join(dir, "checkpoint.witnessed"))
	check(err)
	verifier, err := note.NewVerifier(vkey)
	check(err)
	n, err := note.Open(msg, note.VerifierList(verifier))
	check(err)
	lines := strings.Split(n.Text, "\\n")
	var tree tlog.Tree
	_, err = fmt.Sscanf(lines[1], "%d", &tree.N)
	check(err)
	tree.Hash, err = tlog.ParseHash(lines[2])
	check(err)
	hashes := tlog.TileHashReader(tree, reader{dir})
	root, err := tlog.TreeHash(tree.N, hashes)
	check(err)
	if root != tree.Hash {
		log.Fatal("root differs")
	}
	for _, i := range []int64{0, 1, 255, 256, 65535, 65536, tree.N - 1} {
		data, err := entry(dir, tree.N, i)
		check(err)
		proof, err := tlog.ProveRecord(tree.N, i, hashes)
		check(err)
		check(tlog.CheckRecord(proof, tree.N, tree.Hash, i, tlog.RecordHash(data)))
	}
	for _, old := range []int64{1, 300, 65536, tree.N - 1} {
		oldRoot, err := tlog.TreeHash(old, hashes)
		check(err)
		proof, err := tlog.ProveTree(tree.N, old, hashes)
		check(err)
		check(tlog.CheckTree(proof, tree.N, tree.Hash, old, oldRoot))
	}
	fmt.Printf("size %d, signed by %s, %d lines of other keys\\n", tree.N, n.Sigs[0].Name, len(n.UnverifiedSigs))
}
`;

if (!hasGo && process.env['BEAMKEEPER_REQUIRE_TOOLS'] === '1')
  throw new Error('Go is not installed');

describe.skipIf(!hasGo)(`Go sumdb/tlog reads our log${hasGo ? '' : ' (skipped: no Go)'}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-go-'));
  const program = join(folder, 'check');
  const ours = join(folder, 'data', 'ledger', 'interop');
  let verifierKey: string;

  const runGo = (dir: string): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(program, [dir, verifierKey], { encoding: 'utf8' });
  const damaged = (change: (dir: string) => void): string => {
    const dir = mkdtempSync(join(folder, 'damaged-'));
    cpSync(ours, dir, { recursive: true });
    change(dir);
    return dir;
  };
  const flip = (path: string, at: number) => (dir: string) => {
    const data = readFileSync(join(dir, path));
    data[at] ^= 1;
    writeFileSync(join(dir, path), data);
  };

  beforeAll(async () => {
    writeFileSync(join(folder, 'check.go'), PROGRAM);
    const built = spawnSync('go', ['build', '-o', program, 'check.go'], {
      cwd: folder,
      env: { ...GO_ENVIRONMENT, GOCACHE: join(folder, 'cache') },
      encoding: 'utf8',
    });
    if (built.status !== 0) throw new Error(`go build: ${built.stderr}`);

    const store = await openLogStore({
      dataFolder: join(folder, 'data'),
      keysFolder: join(folder, 'keys'),
      name: 'interop',
      origin: ORIGIN,
    });
    verifierKey = store.verifierKey;
    // Several checkpoints on the way, so that partial tiles come and go.
    for (const size of [1, 300, 65_536, SIZE]) {
      const entries: Promise<number>[] = [];
      for (let i = store.log.size; i < size; i++) {
        entries.push(store.log.append(new TextEncoder().encode(`entry ${i}`)));
      }
      await Promise.all(entries);
      await store.log.publish();
    }
    // A witness line, which Go's package does not know and must pass over.
    const cosigner = await createCosigner(
      nodeSha256,
      'witness.example/w1',
      new Uint8Array(32).fill(7),
      () => 1_800_000_000,
    );
    const logKey = parseVerifierKey(nodeSha256, verifierKey);
    const witness = new Witness({
      sha256: nodeSha256,
      logs: [{ origin: ORIGIN, keys: [logKey] }],
      signers: [cosigner],
      files: new MemoryFiles(),
    });
    const policy = parsePolicy(
      nodeSha256,
      `log ${verifierKey}\nwitness w1 ${cosigner.verifierKey} https://witness.example/\nquorum w1\n`,
    );
    const { isWitnessed } = await cosignCheckpoint(
      store.log,
      policy,
      new Map(),
      async (_url, { body }) => {
        const answer = await witness.addCheckpoint(body as string);
        return { status: answer.status, text: async () => answer.body };
      },
      () => 1_800_000_000,
    );
    expect(isWitnessed).toBe(true);
    await store.close();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('accepts tiles, entries, checkpoint, inclusion and consistency', async () => {
    const { status, stdout, stderr } = runGo(ours);
    expect(stderr).toBe('');
    expect(stdout).toBe(`size ${SIZE}, signed by ${ORIGIN}, 1 lines of other keys\n`);
    expect(status).toBe(0);
    const note = readFileSync(join(ours, 'checkpoint.witnessed'));
    const key = parseVerifierKey(nodeSha256, verifierKey);
    expect((await openCheckpoint(note, ORIGIN, [key])).size).toBe(SIZE);
  });

  test('refuses a flipped byte in a level-0 tile', () => {
    const { status, stderr } = runGo(damaged(flip('tile/0/000', 0)));
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/proof|inconsistent/);
  });

  test('refuses a flipped byte in a level-1 tile', () => {
    expect(runGo(damaged(flip('tile/1/000', 100))).status).not.toBe(0);
  });

  test('refuses a flipped byte in a bundle', () => {
    const { status, stderr } = runGo(damaged(flip('tile/entries/000', 2)));
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/proof/);
  });

  test('refuses a flipped byte in the root of the checkpoint', () => {
    const { length } = `${ORIGIN}\n${SIZE}\n`;
    const { status, stderr } = runGo(damaged(flip('checkpoint.witnessed', length + 3)));
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/invalid signature/);
  });

  test('misses a partial tile that is gone', () => {
    const width = SIZE % 256;
    const index = Math.floor(SIZE / 256);
    const dir = damaged(d => rmSync(join(d, `tile/0/${index}.p/${width}`)));
    const { status, stderr } = runGo(dir);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/no such file/);
  });
});

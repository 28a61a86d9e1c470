import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { readInputFile } from './inputFile.ts';

const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-input-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test('gzip is opened by its content, whatever the name', async () => {
  const path = file('plain.txt', gzipSync('element sets'));
  expect(Buffer.from(await readInputFile(path, { maxBytes: 100 })).toString()).toBe('element sets');
});

test('a small archive that unpacks beyond the limit is refused', async () => {
  const path = file('bomb.gz', gzipSync(Buffer.alloc(1e6)));
  await expect(readInputFile(path, { maxBytes: 1e5 })).rejects.toMatchObject({
    code: 'FILE_TOO_LARGE',
  });
});

test('a file over the limit is refused with both sizes', async () => {
  await expect(
    readInputFile(file('large', Buffer.alloc(3e6)), { maxBytes: 2e6 }),
  ).rejects.toMatchObject({
    code: 'FILE_TOO_LARGE',
    message: expect.stringContaining('3 MB is more than the 2 MB'),
  });
});

test('the first block can refuse the file before the rest is read', async () => {
  let seen = 0;
  const refuse = (block: Uint8Array): void => {
    seen += block.length;
    throw new RangeError('no catalogue');
  };
  const path = file('garbage', Buffer.alloc(5e6));
  await expect(readInputFile(path, { maxBytes: 1e7, accept: refuse })).rejects.toThrow(
    'no catalogue',
  );
  expect(seen).toBeLessThan(2e6);
});

test('a damaged archive, a folder and a missing file say what they are', async () => {
  const whole = gzipSync('element sets '.repeat(99));
  const cut = file('cut.gz', whole.subarray(0, 30));
  await expect(readInputFile(cut, { maxBytes: 1e6 })).rejects.toMatchObject({ code: 'GZIP' });
  await expect(readInputFile(folder, { maxBytes: 1e6 })).rejects.toMatchObject({
    code: 'FILE_FOLDER',
  });
  await expect(readInputFile(join(folder, 'no'), { maxBytes: 1e6 })).rejects.toMatchObject({
    code: 'FILE_MISSING',
  });
});

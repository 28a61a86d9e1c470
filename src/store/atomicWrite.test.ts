import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { atomicWrite, checkWritable, removePartials } from './atomicWrite.ts';

const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-write-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the file appears whole and no partial stays', async () => {
  const path = join(folder, 'report.html');
  writeFileSync(path, 'old');
  await atomicWrite(path, 'new');
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(readdirSync(folder)).toEqual(['report.html']);
});

test('an interruption in the middle leaves the old file and no partial', async () => {
  const path = join(folder, 'kept.html');
  writeFileSync(path, 'old');
  const writing = atomicWrite(path, Buffer.alloc(5e7)).catch(error => error);
  removePartials();
  await writing;
  removePartials();
  expect(readdirSync(folder).filter(name => name.endsWith('.partial'))).toEqual([]);
});

test('a place that cannot be written to is refused before the work', async () => {
  await expect(checkWritable(join(folder, 'no', 'such', 'file'))).rejects.toMatchObject({
    code: 'FILE_WRITE',
    isBadInput: true,
  });
  await expect(checkWritable(folder)).rejects.toMatchObject({ code: 'FILE_WRITE' });
});

test('a device is refused, and so is a link to one or to nothing', async () => {
  const device = join(folder, 'device');
  symlinkSync('/dev/null', device);
  const dangling = join(folder, 'dangling');
  symlinkSync(join(folder, 'gone'), dangling);
  for (const path of ['/dev/null', device, dangling]) {
    await expect(checkWritable(path), path).rejects.toMatchObject({ code: 'FILE_WRITE' });
  }
});

test('through a link the file behind it is replaced, and the link stays', async () => {
  const path = join(folder, 'behind.csv');
  const link = join(folder, 'link.csv');
  writeFileSync(path, 'old');
  symlinkSync(path, link);
  await atomicWrite(link, 'new');
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(path, 'utf8')).toBe('new');
});

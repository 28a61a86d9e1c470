import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { DEFAULT_POLICIES } from '../control/index.ts';
import { readPolicySet, writePolicySet } from './policySetFiles.ts';

const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-policies-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a set that is written and read again is the same, byte for byte', async () => {
  const place = join(folder, 'default');
  await writePolicySet(place, DEFAULT_POLICIES);
  expect(await readPolicySet(place)).toEqual(DEFAULT_POLICIES);
  const file = join(folder, 'default.json');
  writeFileSync(file, JSON.stringify(DEFAULT_POLICIES));
  expect(await readPolicySet(file)).toEqual(DEFAULT_POLICIES);
});

test('a set is not written among policies that would become part of it', async () => {
  const place = join(folder, 'other');
  await writePolicySet(place, { stranger: 'permit (principal, action, resource);' });
  await expect(writePolicySet(place, DEFAULT_POLICIES)).rejects.toThrow('stranger.cedar');
  await expect(writePolicySet(folder, { '../up': '' })).rejects.toThrow('no name of a file');
});

test('what is no set is told with its place', async () => {
  const file = join(folder, 'numbers.json');
  writeFileSync(file, '{"one": 1}');
  await expect(readPolicySet(file)).rejects.toThrow('numbers.json: one: must be the text');
  await expect(readPolicySet(mkdtempSync(join(folder, 'empty-')))).rejects.toThrow('.cedar');
  await expect(readPolicySet(join(folder, 'nowhere'))).rejects.toMatchObject({
    code: 'FILE_MISSING',
  });
});

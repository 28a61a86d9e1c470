import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PolicySet } from '../control/index.ts';
import { BeamkeeperError } from '../orbits/index.ts';
import { atomicWrite } from '../store/atomicWrite.ts';
import { readJsonFile, readText } from './switchOptions.ts';

const SUFFIX = '.cedar';

/**
 * A policy set from a folder, one policy a file whose name is its id (`seats-vote.cedar`), or from a
 * JSON file of ids and texts.
 *
 * @throws BeamkeeperError `POLICY_SET`, `JSON`, and what reading throws
 */
export async function readPolicySet(path: string): Promise<PolicySet> {
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() === true;
  if (isFolder) {
    const names = await policyFiles(path);
    if (names.length === 0) {
      throw new BeamkeeperError('POLICY_SET', `${path}: holds no file that ends in ${SUFFIX}`);
    }
    const texts = names.map(async name => [idOf(name), (await readText(join(path, name))).trim()]);
    return Object.fromEntries(await Promise.all(texts));
  }
  const set = await readJsonFile(path);
  const id = Object.keys(set).find(one => typeof set[one] !== 'string');
  if (id !== undefined) {
    throw new BeamkeeperError('POLICY_SET', `${path}: ${id}: must be the text of a policy`);
  }
  return set as PolicySet;
}

/**
 * Writes a set as a folder that {@link readPolicySet} reads.
 *
 * @throws BeamkeeperError `POLICY_SET` when other policies lie there: they would become part of the set
 */
export async function writePolicySet(folder: string, set: PolicySet): Promise<void> {
  await mkdir(folder, { recursive: true });
  const stranger = (await policyFiles(folder)).find(name => !Object.hasOwn(set, idOf(name)));
  if (stranger !== undefined) {
    throw new BeamkeeperError(
      'POLICY_SET',
      `${join(folder, stranger)}: is not of the set that is to be written here; name another folder`,
    );
  }
  for (const [id, text] of Object.entries(set)) {
    if (!/^[\w.-]+$/.test(id)) {
      throw new BeamkeeperError('POLICY_SET', `"${id}": is no name of a file; take it from --json`);
    }
    await atomicWrite(join(folder, `${id}${SUFFIX}`), `${text}\n`);
  }
}

async function policyFiles(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter(name => name.endsWith(SUFFIX)).sort();
}

function idOf(name: string): string {
  return name.slice(0, -SUFFIX.length);
}

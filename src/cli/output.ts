import { BeamkeeperError } from '../orbits/index.ts';
import { atomicWrite, checkWritable, realOutputPath } from '../store/atomicWrite.ts';
import type { OutputOptions } from './worldOptions.ts';

/**
 * Fails before the work, not after it, when a result could not be written, or would overwrite another
 * result or one of the `inputs` (what the user gave as files; words that are none do no harm).
 */
export async function checkOutputs(
  options: OutputOptions,
  inputs: readonly (string | undefined)[],
): Promise<void> {
  const taken = new Map(
    inputs.flatMap(path => (path === undefined ? [] : [[realOutputPath(path), 'is read']])),
  );
  for (const path of [options.csv, options.geojson, options.html]) {
    if (path === undefined) continue;
    await checkWritable(path);
    const target = realOutputPath(path);
    const use = taken.get(target);
    if (use !== undefined) {
      throw new BeamkeeperError(
        'FILE_WRITE',
        `${path}: ${use} in the same command; name another file for the result`,
      );
    }
    taken.set(target, 'is written');
  }
}

/** Writes the files that were asked for; gives their paths by kind. */
export async function writeOutputs(
  options: OutputOptions,
  make: Readonly<Record<'csv' | 'geojson' | 'html', () => string | Promise<string>>>,
): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const kind of ['csv', 'geojson', 'html'] as const) {
    const path = options[kind];
    if (path === undefined) continue;
    await atomicWrite(path, await make[kind]());
    files[kind] = path;
  }
  return files;
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

import { atomicWrite, checkWritable } from '../store/atomicWrite.ts';
import type { OutputOptions } from './worldOptions.ts';

/** Fails before the work, not after it, when a result could not be written. */
export async function checkOutputs(options: OutputOptions): Promise<void> {
  for (const path of [options.csv, options.geojson, options.html]) {
    if (path !== undefined) await checkWritable(path);
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

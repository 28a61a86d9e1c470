import { rmSync, statSync } from 'node:fs';
import { access, constants, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BeamkeeperError } from '../orbits/error.ts';

/** Files being written, under the names that they have until they are whole. */
const partials = new Set<string>();

/**
 * Writes `NAME.partial`, then renames it: nobody ever sees half a file under its name.
 *
 * @throws BeamkeeperError `FILE_WRITE` when the place cannot be written to.
 */
export async function atomicWrite(path: string, content: string | Uint8Array): Promise<void> {
  const partial = `${path}.partial`;
  partials.add(partial);
  try {
    await writeFile(partial, content);
    await rename(partial, path);
  } catch (cause) {
    rmSync(partial, { force: true });
    throw new BeamkeeperError('FILE_WRITE', `${path}: cannot be written (${reason(cause)})`, {
      cause,
      isBadInput: false,
    });
  } finally {
    partials.delete(partial);
  }
}

/** Removes what is half-written; for an interruption, after which nothing else runs. */
export function removePartials(): void {
  for (const partial of partials) rmSync(partial, { force: true });
  partials.clear();
}

/**
 * Says at once, before the long work, that a result could not be written.
 *
 * @throws BeamkeeperError `FILE_WRITE`
 */
export async function checkWritable(path: string): Promise<void> {
  const folder = dirname(path);
  const refuse = (why: string): BeamkeeperError =>
    new BeamkeeperError('FILE_WRITE', `${path}: cannot be written (${why}); name another file`);
  try {
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw refuse(`folder ${folder}: ${reason(cause)}`);
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw refuse('it is a folder');
}

function reason(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException).code;
  const words: Record<string, string> = {
    ENOENT: 'no such folder',
    EACCES: 'no permission',
    EROFS: 'read-only place',
    ENOSPC: 'the disk is full',
    EISDIR: 'it is a folder',
    ENOTDIR: 'part of the path is no folder',
  };
  return words[code ?? ''] ?? (cause as Error).message;
}

import { lstatSync, realpathSync, rmSync, statSync } from 'node:fs';
import { access, constants, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BeamkeeperError } from '../orbits/error.ts';

/** Files being written, under the names that they have until they are whole. */
const partials = new Set<string>();

/**
 * Writes `NAME.PID.partial`, then renames it: nobody ever sees half a file under its name, and two
 * processes do not write into each other's. Through a link the file behind it is replaced.
 *
 * @throws BeamkeeperError `FILE_WRITE` when the place cannot be written to.
 */
export async function atomicWrite(path: string, content: string | Uint8Array): Promise<void> {
  const target = realOutputPath(path);
  const partial = `${target}.${process.pid}.partial`;
  partials.add(partial);
  try {
    await writeFile(partial, content);
    await rename(partial, target);
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
 * The file that a path means, links followed; the path itself where nothing is there yet.
 * Two paths of one file give the same.
 */
export function realOutputPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    try {
      return join(realpathSync(dirname(path)), basename(path));
    } catch {
      return path;
    }
  }
}

/**
 * Says at once, before the long work, that a result could not be written.
 *
 * @throws BeamkeeperError `FILE_WRITE`
 */
export async function checkWritable(path: string): Promise<void> {
  const folder = dirname(realOutputPath(path));
  const refuse = (why: string): BeamkeeperError =>
    new BeamkeeperError('FILE_WRITE', `${path}: cannot be written (${why}); name another file`);
  try {
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw refuse(`folder ${folder}: ${reason(cause)}`);
  }
  const about = statSync(path, { throwIfNoEntry: false });
  if (about === undefined) {
    if (lstatSync(path, { throwIfNoEntry: false })) throw refuse('it is a link to nothing');
    return;
  }
  if (about.isDirectory()) throw refuse('it is a folder');
  // A file appears by renaming, which would put it in the place of a device or a pipe.
  if (!about.isFile()) throw refuse('it is no regular file');
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

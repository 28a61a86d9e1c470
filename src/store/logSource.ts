import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TlogError } from '../tlog/error.ts';
import type { TileSource } from '../tlog/index.ts';

/** Tiles and bundles are 8 KB and at most 16 MB; nothing of a log is larger. */
const MAX_BYTES = 32 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

/** The public files of a log, in a folder or under a URL. @throws TlogError `STORAGE_READ` */
export function logSource(place: string): TileSource {
  return /^https?:\/\//i.test(place) ? httpSource(place) : folderSource(place);
}

function folderSource(folder: string): TileSource {
  return {
    async read(path) {
      try {
        return await readFile(join(folder, path));
      } catch (cause) {
        const { code } = cause as NodeJS.ErrnoException;
        if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
        throw new TlogError('STORAGE_READ', `${join(folder, path)}: cannot be read (${code})`, {
          cause,
        });
      }
    },
  };
}

function httpSource(url: string): TileSource {
  const base = url.endsWith('/') ? url : `${url}/`;
  return {
    async read(path) {
      const target = new URL(path, base);
      let answer: Response;
      let bytes: ArrayBuffer;
      try {
        answer = await fetch(target, { signal: AbortSignal.timeout(TIMEOUT_MS) });
        bytes = await answer.arrayBuffer();
      } catch (cause) {
        throw new TlogError('STORAGE_READ', `${target}: no answer (${(cause as Error).message})`, {
          cause,
        });
      }
      if (answer.status === 404 || answer.status === 410) return undefined;
      if (!answer.ok || bytes.byteLength > MAX_BYTES) {
        throw new TlogError(
          'STORAGE_READ',
          `${target}: ${answer.ok ? `is over ${MAX_BYTES} bytes long` : `status ${answer.status}`}`,
        );
      }
      return new Uint8Array(bytes);
    },
  };
}

import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { BeamkeeperError } from '../orbits/error.ts';

const CHUNK_BYTES = 1 << 20;
const gunzipAsync = promisify(gunzip);

/**
 * The bytes of a file that a user named, never more than `maxBytes`; gzip is opened, and a small
 * archive that would unpack into more than that is refused too. `accept` sees the first block
 * (unpacked as far as it goes) before the rest is read, and throws to refuse the file at once.
 *
 * @throws BeamkeeperError `FILE_MISSING`, `FILE_FOLDER`, `FILE_UNREADABLE`, `FILE_TOO_LARGE`, `GZIP`
 */
export async function readInputFile(
  path: string,
  options: { readonly maxBytes: number; readonly accept?: (firstBlock: Uint8Array) => void },
): Promise<Uint8Array> {
  const { maxBytes } = options;
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (cause) {
    throw unreadable(path, cause);
  }
  try {
    const about = await file.stat();
    if (about.isDirectory()) {
      throw new BeamkeeperError('FILE_FOLDER', `${path}: is a folder; name a file`);
    }
    if (!about.isFile() && !about.isFIFO()) {
      throw new BeamkeeperError('FILE_UNREADABLE', `${path}: is neither a file nor a pipe`);
    }
    const chunks: Uint8Array[] = [];
    let length = 0;
    let isGzip = false;
    for (;;) {
      const { bytesRead, buffer } = await file.read(new Uint8Array(CHUNK_BYTES), 0, CHUNK_BYTES);
      if (bytesRead === 0) break;
      const chunk = buffer.subarray(0, bytesRead);
      if (length === 0) {
        isGzip = chunk[0] === 0x1f && chunk[1] === 0x8b;
        if (!isGzip) options.accept?.(chunk);
        if (about.isFile() && about.size > maxBytes) throw tooLarge(path, about.size, maxBytes);
      }
      chunks.push(chunk);
      length += bytesRead;
      if (length > maxBytes) throw tooLarge(path, length, maxBytes);
    }
    const bytes = Buffer.concat(chunks, length);
    if (!isGzip) return bytes;
    const content = await unpack(path, bytes, maxBytes);
    options.accept?.(content.subarray(0, CHUNK_BYTES));
    return content;
  } catch (cause) {
    if (cause instanceof BeamkeeperError) throw cause;
    throw unreadable(path, cause);
  } finally {
    await file.close();
  }
}

async function unpack(path: string, bytes: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  try {
    return await gunzipAsync(bytes, { maxOutputLength: maxBytes });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new BeamkeeperError(
        'FILE_TOO_LARGE',
        `${path}: unpacks into more than ${megabytes(maxBytes)}; that is no catalogue`,
        { cause },
      );
    }
    throw new BeamkeeperError(
      'GZIP',
      `${path}: the gzip data is damaged or cut short; fetch the file again`,
      { cause },
    );
  }
}

function tooLarge(path: string, bytes: number, maxBytes: number): BeamkeeperError {
  return new BeamkeeperError(
    'FILE_TOO_LARGE',
    `${path}: ${megabytes(bytes)} is more than the ${megabytes(maxBytes)} that are read; is it the right file?`,
  );
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6).toLocaleString('en')} MB`;
}

function unreadable(path: string, cause: unknown): BeamkeeperError {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new BeamkeeperError('FILE_MISSING', `${path}: there is no such file`, { cause });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new BeamkeeperError('FILE_UNREADABLE', `${path}: no permission to read it`, { cause });
  }
  return new BeamkeeperError('FILE_UNREADABLE', `${path}: ${(cause as Error).message}`, { cause });
}

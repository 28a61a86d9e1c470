import {
  constants,
  type FileHandle,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
} from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { type DurableFiles, type FileContent, TlogError } from '../tlog/index.ts';

/**
 * A folder as {@link DurableFiles}. A file is written under a temporary name beside its own, synced,
 * renamed, and its directory synced; a new directory's parent is synced too.
 *
 * A sync that fails is never tried again (the kernel may have dropped the pages and report success
 * the next time): it is `STORAGE_SYNC`, and the process must start anew from what can be read back.
 */
export class TlogFolder implements DurableFiles {
  readonly #root: string;
  readonly #mode: number;
  /** Files being appended to, kept open. */
  readonly #open = new Map<string, { handle: FileHandle; bytes: number }>();
  /** Directories known to be there and durable. */
  readonly #known = new Set<string>();

  /** @param isPrivate directories get mode 0700 and files 0600 */
  constructor(root: string, { isPrivate = false } = {}) {
    this.#root = root;
    this.#mode = isPrivate ? 0o600 : 0o644;
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    const file = this.#file(path);
    try {
      return await readFile(file);
    } catch (cause) {
      if (isMissing(cause)) return undefined;
      throw storageError('STORAGE_READ', file, cause);
    }
  }

  async create(files: readonly FileContent[]): Promise<void> {
    const renames: { partial: string; file: string }[] = [];
    for (const { path, data } of files) {
      const file = this.#file(path);
      if (await this.#isThere(file, data)) continue;
      await this.#makeFolder(dirname(file));
      renames.push({ file, partial: await this.#writePartial(file, data) });
    }
    for (const { partial, file } of renames) {
      await attempt(file, () => rename(partial, file));
    }
    for (const folder of new Set(files.map(({ path }) => dirname(this.#file(path))))) {
      await syncFolder(folder);
    }
  }

  async createExclusive(path: string, data: Uint8Array): Promise<boolean> {
    const file = this.#file(path);
    await this.#makeFolder(dirname(file));
    const partial = await this.#writePartial(file, data, `.${process.pid}`);
    try {
      // Unlike a rename, a link never takes another's place.
      await link(partial, file);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw writeError(file, cause);
    } finally {
      await rm(partial, { force: true });
    }
    await syncFolder(dirname(file));
    return true;
  }

  async replace(path: string, data: Uint8Array): Promise<void> {
    const file = this.#file(path);
    await this.#makeFolder(dirname(file));
    const partial = await this.#writePartial(file, data);
    await attempt(file, () => rename(partial, file));
    await syncFolder(dirname(file));
  }

  async append(path: string, data: Uint8Array): Promise<void> {
    const file = this.#file(path);
    const isNew = !this.#open.has(path);
    if (isNew) await this.#openForAppend(path, file);
    const state = this.#open.get(path) as { handle: FileHandle; bytes: number };
    try {
      await writeAll(state.handle, data, state.bytes);
    } catch (cause) {
      this.#open.delete(path);
      await state.handle.close().catch(() => undefined);
      throw writeError(file, cause);
    }
    await sync(file, () => state.handle.datasync());
    if (isNew) await syncFolder(dirname(file));
    state.bytes += data.length;
  }

  async truncate(path: string, lengthBytes: number): Promise<void> {
    const file = this.#file(path);
    await this.#forget(path);
    let handle: FileHandle;
    try {
      handle = await open(file, 'r+');
    } catch (cause) {
      if (isMissing(cause)) return;
      throw writeError(file, cause);
    }
    try {
      await attempt(file, () => handle.truncate(lengthBytes));
      await sync(file, () => handle.datasync());
    } finally {
      await handle.close().catch(() => undefined);
    }
  }

  async remove(path: string): Promise<void> {
    const file = this.#file(path);
    await this.#forget(path);
    this.#known.delete(file);
    await attempt(file, () => rm(file, { recursive: true, force: true }));
  }

  async list(folder: string): Promise<string[]> {
    const place = this.#file(folder);
    try {
      const entries = await readdir(place, { withFileTypes: true });
      return entries
        .filter(entry => entry.isFile() && !entry.name.startsWith('.'))
        .map(entry => entry.name)
        .sort();
    } catch (cause) {
      if (isMissing(cause)) return [];
      throw storageError('STORAGE_READ', place, cause);
    }
  }

  /** Makes the folder itself, durably. */
  async makeRoot(): Promise<void> {
    await this.#makeFolder(this.#root);
  }

  /** Closes what is open; the folder can go on being used. */
  async close(): Promise<void> {
    for (const path of [...this.#open.keys()]) await this.#forget(path);
  }

  /** Paths of the log are its own, but one that leads out of the folder must never be followed. */
  #file(path: string): string {
    const isPlain = path.split('/').every(part => /^[^/\\\0]+$/.test(part) && !/^\.+$/.test(part));
    if (!isPlain) throw new TlogError('BAD_FORMAT', `"${path}" is not a path within the log`);
    return join(this.#root, path);
  }

  async #openForAppend(path: string, file: string): Promise<void> {
    await this.#makeFolder(dirname(file));
    const flags = constants.O_RDWR | constants.O_CREAT;
    const handle = await attempt(file, () => open(file, flags, this.#mode));
    const { size } = await attempt(file, () => handle.stat());
    this.#open.set(path, { handle, bytes: size });
  }

  async #forget(path: string): Promise<void> {
    const state = this.#open.get(path);
    this.#open.delete(path);
    await state?.handle.close().catch(() => undefined);
  }

  /** Whether the file is there with this content; if so, it is synced: a crash may have come between. */
  async #isThere(file: string, data: Uint8Array): Promise<boolean> {
    let handle: FileHandle;
    try {
      handle = await open(file, 'r');
    } catch (cause) {
      if (isMissing(cause)) return false;
      throw storageError('STORAGE_READ', file, cause);
    }
    try {
      const old = await handle.readFile().catch(cause => {
        throw storageError('STORAGE_READ', file, cause);
      });
      if (!old.equals(data)) {
        throw new TlogError('LEDGER_CORRUPT', `${file}: is there with other content`);
      }
      await sync(file, () => handle.sync());
      return true;
    } finally {
      await handle.close().catch(() => undefined);
    }
  }

  async #writePartial(file: string, data: Uint8Array, tag = ''): Promise<string> {
    const partial = join(dirname(file), `.${basename(file)}${tag}.partial`);
    let handle: FileHandle | undefined;
    try {
      handle = await open(partial, 'w', this.#mode);
      await writeAll(handle, data, 0);
    } catch (cause) {
      await handle?.close().catch(() => undefined);
      await rm(partial, { force: true }).catch(() => undefined);
      throw writeError(file, cause);
    }
    try {
      await sync(file, () => (handle as FileHandle).sync());
    } finally {
      await handle.close().catch(() => undefined);
    }
    return partial;
  }

  /** Makes a folder and those above it, each durable in its parent. */
  async #makeFolder(folder: string): Promise<void> {
    if (this.#known.has(folder)) return;
    if (folder.startsWith(`${this.#root}${sep}`)) await this.#makeFolder(dirname(folder));
    const mode = this.#mode === 0o600 ? 0o700 : 0o755;
    try {
      await mkdir(folder, { mode });
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === 'ENOENT') {
        await this.#makeFolder(dirname(folder));
        await attempt(folder, () => mkdir(folder, { mode }));
      } else if (code !== 'EEXIST') {
        throw writeError(folder, cause);
      }
    }
    // One that was there may have been made by a process that died before it could sync.
    await syncFolder(dirname(folder));
    this.#known.add(folder);
  }
}

async function writeAll(handle: FileHandle, data: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < data.length; ) {
    const { bytesWritten } = await handle.write(data, done, data.length - done, position + done);
    if (bytesWritten === 0) throw Object.assign(new Error('nothing written'), { code: 'EIO' });
    done += bytesWritten;
  }
}

/** Makes the names in a folder durable. Windows has no such call, and keeps names without it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  await sync(folder, async () => {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  });
}

async function sync(file: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    throw storageError('STORAGE_SYNC', file, cause);
  }
}

async function attempt<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw writeError(file, cause);
  }
}

function writeError(file: string, cause: unknown): TlogError {
  if (cause instanceof TlogError) return cause;
  const isFull = ['ENOSPC', 'EDQUOT'].includes((cause as NodeJS.ErrnoException).code ?? '');
  return storageError(isFull ? 'STORAGE_FULL' : 'STORAGE_WRITE', file, cause);
}

function storageError(code: string, file: string, cause: unknown): TlogError {
  const what = {
    STORAGE_SYNC: 'could not be made durable; stop, and start again from what is on disk',
    STORAGE_FULL: 'the disk is full; make room and try again',
    STORAGE_READ: 'cannot be read',
  }[code];
  return new TlogError(
    code,
    `${file}: ${what ?? 'cannot be written'} (${(cause as Error).message})`,
    { cause },
  );
}

function isMissing(cause: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '');
}

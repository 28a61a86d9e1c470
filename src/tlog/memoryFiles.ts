import { equalBytes } from './bytes.ts';
import { TlogError } from './error.ts';
import type { DurableFiles, FileContent } from './storage.ts';

/** Files in memory, for examples and tests: everything is "durable" as soon as it is written. */
export class MemoryFiles implements DurableFiles {
  readonly files: Map<string, Uint8Array>;

  constructor(files: ReadonlyMap<string, Uint8Array> = new Map()) {
    this.files = new Map([...files].map(([path, data]) => [path, data.slice()]));
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    return this.files.get(path)?.slice();
  }

  async create(files: readonly FileContent[]): Promise<void> {
    for (const { path, data } of files) {
      const old = this.files.get(path);
      if (old && !equalBytes(old, data)) {
        throw new TlogError('LEDGER_CORRUPT', `${path}: is there with other content`);
      }
      this.files.set(path, data.slice());
    }
  }

  async createExclusive(path: string, data: Uint8Array): Promise<boolean> {
    if (this.files.has(path)) return false;
    this.files.set(path, data.slice());
    return true;
  }

  async replace(path: string, data: Uint8Array): Promise<void> {
    this.files.set(path, data.slice());
  }

  async append(path: string, data: Uint8Array): Promise<void> {
    const old = this.files.get(path) ?? new Uint8Array(0);
    const grown = new Uint8Array(old.length + data.length);
    grown.set(old);
    grown.set(data, old.length);
    this.files.set(path, grown);
  }

  async truncate(path: string, lengthBytes: number): Promise<void> {
    const old = this.files.get(path);
    if (old) this.files.set(path, old.slice(0, lengthBytes));
  }

  async remove(path: string): Promise<void> {
    for (const key of [...this.files.keys()]) {
      if (key === path || key.startsWith(`${path}/`)) this.files.delete(key);
    }
  }

  async list(folder: string): Promise<string[]> {
    const names = [...this.files.keys()]
      .filter(path => path.startsWith(`${folder}/`))
      .map(path => path.slice(folder.length + 1))
      .filter(name => !name.includes('/'));
    return names.sort();
  }
}

/**
 * Files that survive a crash: what the log and the witness stand on. `beamkeeper`'s own
 * implementation keeps them on disk; {@link MemoryFiles} is for tests and examples.
 *
 * Paths are relative, with `/`, as in `tile/0/x001/234`. When a call resolves, what it did is
 * durable, with the name of the file. When it throws, nothing is known to be durable, and
 * - `STORAGE_SYNC` says that durability can no longer be known at all: stop and start again;
 * - any other code says that the call failed: a file still has its old content or none, except that
 *   `append` may have left a part at the end.
 */
export interface DurableFiles {
  read(path: string): Promise<Uint8Array | undefined>;
  /**
   * Writes new files, each whole or not at all. One that exists must be byte-identical.
   *
   * @throws TlogError `LEDGER_CORRUPT` when a file is there with other content
   */
  create(files: readonly FileContent[]): Promise<void>;
  /** Creates a file unless there is one; says whether it did. Of two at once, one gets `true`. */
  createExclusive(path: string, data: Uint8Array): Promise<boolean>;
  /** Puts new content in the place of the old, whole or not at all. */
  replace(path: string, data: Uint8Array): Promise<void>;
  /** Adds at the end, creating the file if need be. */
  append(path: string, data: Uint8Array): Promise<void>;
  truncate(path: string, lengthBytes: number): Promise<void>;
  /** Removes a file or a folder with all it holds; nothing if there is none. */
  remove(path: string): Promise<void>;
  /** Names of the files in a folder, sorted; none when there is no such folder. */
  list(folder: string): Promise<string[]>;
}

export interface FileContent {
  path: string;
  data: Uint8Array;
}

/** The two places of a log: served to everybody, and never served. */
export interface LogStorage {
  published: DurableFiles;
  private: DurableFiles;
}

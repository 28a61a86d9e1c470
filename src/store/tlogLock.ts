import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TlogError } from '../tlog/index.ts';

/** Who holds a lock: enough to know whether it is still the same process. */
interface LockOwner {
  pid: number;
  /** Start of the process in clock ticks since boot; empty where the system does not tell. */
  started: string;
  bootId: string;
}

export interface TlogLock {
  release(): Promise<void>;
}

/**
 * Takes the lock of an existing folder, `lock`; that of a process that is gone is taken over.
 *
 * Node has no lock that the system gives back by itself, so this gives a clear message early; what
 * makes two writers harmless is the signer, which lets one of them go on.
 *
 * @throws TlogError `LEDGER_LOCKED` when another process, or this one, holds it.
 */
export async function takeTlogLock(folder: string): Promise<TlogLock> {
  const file = join(folder, 'lock');
  const own = `${file}.${process.pid}`;
  const text = `${JSON.stringify(await ownerNow(process.pid))}\n`;
  for (let attempts = 3; attempts > 0; attempts--) {
    await writeFile(own, text, { mode: 0o600 });
    try {
      // A link appears whole, content and all, or not at all.
      await link(own, file);
      return { release: () => release(file, text) };
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw new TlogError('STORAGE_WRITE', `${file}: ${(cause as Error).message}`, { cause });
      }
    } finally {
      await rm(own, { force: true });
    }
    const held = await readFile(file, 'utf8').catch(() => '');
    const owner = parseOwner(held);
    if (owner && (await isAlive(owner))) {
      throw new TlogError(
        'LEDGER_LOCKED',
        `${folder}: process ${owner.pid} is writing this log; stop it first`,
      );
    }
    // Look again right before removing: another may have taken over in the meantime.
    if ((await readFile(file, 'utf8').catch(() => '')) === held) await rm(file, { force: true });
  }
  throw new TlogError('LEDGER_LOCKED', `${folder}: the lock is contended; try again`);
}

async function release(file: string, text: string): Promise<void> {
  if ((await readFile(file, 'utf8').catch(() => '')) === text) await rm(file, { force: true });
}

function parseOwner(text: string): LockOwner | undefined {
  try {
    return JSON.parse(text) as LockOwner;
  } catch {
    return undefined;
  }
}

async function isAlive(owner: LockOwner): Promise<boolean> {
  const now = await ownerNow(owner.pid);
  if (now.bootId !== owner.bootId) return false;
  if (owner.started !== '') return now.started === owner.started;
  try {
    process.kill(owner.pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A process number is used again after a while; with its start time and the boot it is not. */
async function ownerNow(pid: number): Promise<LockOwner> {
  const bootId = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // Field 22; the second, the name, may hold spaces and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const isZombie = fields[0] === 'Z';
  return { pid, bootId: bootId.trim(), started: isZombie ? '' : (fields[19] ?? '') };
}

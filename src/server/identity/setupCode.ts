import { randomInt, timingSafeEqual } from 'node:crypto';
import type { Database } from '../../store/database.ts';
import { hashOf } from './secrets.ts';

const VALID_MS = 15 * 60_000;
const MAX_ATTEMPTS = 10;
/** No letters or digits that look alike. */
const LETTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';

/** The way in for the first administrator: printed at the first start, good once, for a quarter of an hour. */
export interface SetupCode {
  /** Whether this is the code; each wrong one counts. */
  accepts(code: string, nowMs: number): boolean;
  /** After use it is gone. */
  spend(): void;
}

/**
 * A code where there is no account yet; undefined where there is one. It lives in memory: a restart makes
 * another.
 */
export async function setupCode(
  database: Database,
  nowMs: number,
): Promise<{ readonly code: string; readonly setup: SetupCode } | undefined> {
  if (await database.get('SELECT id FROM account LIMIT 1')) return undefined;
  const code = Array.from({ length: 4 }, () =>
    Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join(''),
  ).join('-');
  const wanted = Buffer.from(hashOf(code), 'hex');
  let attemptsLeft = MAX_ATTEMPTS;
  let isSpent = false;
  return {
    code,
    setup: {
      accepts(given, atMs) {
        if (isSpent || atMs > nowMs + VALID_MS || attemptsLeft <= 0) return false;
        const isRight = timingSafeEqual(
          Buffer.from(hashOf(given.trim().toUpperCase()), 'hex'),
          wanted,
        );
        if (!isRight) attemptsLeft -= 1;
        return isRight;
      },
      spend() {
        isSpent = true;
      },
    },
  };
}

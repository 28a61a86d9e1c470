import { BeamkeeperError } from '../orbits/index.ts';

const UNIT_S: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400 };
const MAX_S = 366 * 86400;

/**
 * Seconds of `90s`, `10m`, `1h`, `1d`, `1h30m`.
 *
 * @throws BeamkeeperError `DURATION`
 */
export function parseDuration(text: string, flag: string): number {
  let seconds = 0;
  if (/^(?:\d+(?:\.\d+)?[smhd])+$/.test(text)) {
    for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)([smhd])/g)) {
      seconds += Number(amount) * UNIT_S[unit];
    }
  }
  if (seconds > 0 && seconds <= MAX_S) return seconds;
  throw new BeamkeeperError(
    'DURATION',
    `${flag} "${text}" is no length of time up to a year; write it like 90s, 10m, 1h, 1h30m or 1d`,
  );
}

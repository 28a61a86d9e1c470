import type { ElementSet } from '../../orbits/index.ts';
import { jdOfCivil } from '../../orbits/index.ts';

/**
 * Element sets of a TLE text by column, without any check: for the verification file of AIAA
 * 2006-6753, which has comments and trailing numbers, and to stay independent of our own reader.
 */
export function verificationSets(text: string, source: string): ElementSet[] {
  const lines = text.split(/\r?\n/);
  const records: ElementSet[] = [];
  lines.forEach((first, index) => {
    const second = lines[index + 1] ?? '';
    if (!first.startsWith('1 ') || !second.startsWith('2 ')) return;
    const twoDigitYear = Number(first.slice(18, 20));
    const year = twoDigitYear < 57 ? 2000 + twoDigitYear : 1900 + twoDigitYear;
    records.push({
      catalogId: Number(second.slice(2, 7)),
      name: '',
      intlDesignator: first.slice(9, 17).trim(),
      epochJd: jdOfCivil(year, 1, 1) + Number(first.slice(20, 23)) - 1,
      epochFraction: Number(`0${first.slice(23, 32)}`),
      meanMotion: Number(second.slice(52, 63)),
      eccentricity: Number(`0.${second.slice(26, 33).replaceAll(' ', '0')}`),
      inclinationDeg: Number(second.slice(8, 16)),
      raanDeg: Number(second.slice(17, 25)),
      argPerigeeDeg: Number(second.slice(34, 42)),
      meanAnomalyDeg: Number(second.slice(43, 51)),
      bstar: Number(`${first.slice(53, 54)}.${first.slice(54, 59)}e${first.slice(59, 61)}`),
      meanMotionDot: 0,
      meanMotionDdot: 0,
      source,
      line: index + 1,
    });
  });
  return records;
}

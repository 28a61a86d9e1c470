/** Letters that stand for the first two digits of an alpha-5 number: A = 10 … Z = 33, no I, no O. */
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
const ALPHA5 = /^([A-HJ-NP-Z])(\d{4})$/;
const DIGITS = /^\d{1,9}$/;

/**
 * Reads a catalogue number: one to nine digits, or alpha-5 (`A0000` = 100,000 … `Z9999` = 339,999).
 *
 * @returns 1…999,999,999, or `null` when it is no such number (the letters I and O are not used).
 * @see space-track.org, "Alpha-5"
 * @example
 * readCatalogId('E8493'); // 148493
 */
export function readCatalogId(text: string): number | null {
  const trimmed = text.trim();
  if (DIGITS.test(trimmed)) return Number(trimmed) || null;
  const match = ALPHA5.exec(trimmed);
  return match ? (LETTERS.indexOf(match[1]) + 10) * 10_000 + Number(match[2]) : null;
}

/** First characters of an alpha-5 number: A = 10 … Z = 33, without I and O. */
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ';

/**
 * Decodes the five characters of a TLE's satellite number, plain or alpha-5 (highest 339,999).
 * Returns null for anything else, the letters I and O included. Source: space-track.org, "Alpha-5".
 */
export function decodeAlpha5(text: string): number | null {
  const match = /^([ \dA-HJ-NP-Z])([ \d]{3}\d)$/.exec(text);
  if (match === null || /\d \d|[A-Z\d] /.test(text)) return null;
  const first = match[1] as string;
  const rest = Number(match[2]);
  if (first === ' ') return rest;
  const letter = LETTERS.indexOf(first);
  return (letter < 0 ? Number(first) : 10 + letter) * 10_000 + rest;
}

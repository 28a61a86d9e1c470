import { distance } from 'fastest-levenshtein';
import { BeamkeeperError } from '../orbits/index.ts';

/** Parses a number within bounds. */
export function numberWithin(
  flag: string,
  least: number,
  most: number,
  unit: string,
): (text: string) => number {
  return text => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (value >= least && value <= most) return value;
    throw new BeamkeeperError(
      'OPTION',
      `${flag} "${text}" is no number from ${least} to ${most}${unit === '' ? '' : ` ${unit}`}`,
    );
  };
}

/** Parses a whole number within bounds. */
export function wholeNumberWithin(
  flag: string,
  least: number,
  most: number,
): (text: string) => number {
  const parse = numberWithin(flag, least, most, '');
  return text => {
    const value = parse(text);
    if (Number.isInteger(value)) return value;
    throw new BeamkeeperError('OPTION', `${flag} "${text}" is no whole number`);
  };
}

/** One of several words; a near miss is suggested. */
export function oneOf<T extends string>(
  flag: string,
  words: readonly T[],
  code = 'OPTION',
): (text: string) => T {
  return text => {
    const found = words.find(word => word.toLowerCase() === text.toLowerCase());
    if (found !== undefined) return found;
    const near = words
      .map(word => ({ word, score: distance(text.toLowerCase(), word) / word.length }))
      .sort((a, b) => a.score - b.score)[0];
    const hint =
      near.score <= 0.5 && Number.isNaN(Number(text)) ? `; did you mean ${near.word}?` : '';
    throw new BeamkeeperError(
      code,
      `${flag} "${text}" is not available; give ${words.slice(0, -1).join(', ')} or ${words[words.length - 1]}${hint}`,
    );
  };
}

/** Collects a repeatable option. */
export function collect<T>(parse: (text: string) => T): (text: string, before: T[]) => T[] {
  return (text, before) => [...before, parse(text)];
}

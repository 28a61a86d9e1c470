import { distance } from 'fastest-levenshtein';
import { BeamkeeperError } from '../../orbits/index.ts';
import type { PublishedResult, ValidationRow } from './publishedResult.ts';
import { PUBLISHED_RESULTS } from './publishedResults.ts';

/** A published result with its figures beside ours. */
export interface ValidatedResult {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly conditions: string;
  readonly rows: readonly ValidationRow[];
}

export interface Validation {
  readonly results: readonly ValidatedResult[];
  readonly passedCount: number;
  readonly failedCount: number;
  /** Rows that could not be computed here; they neither pass nor fail. */
  readonly skippedCount: number;
  /** No row failed. */
  readonly isPassed: boolean;
}

/**
 * Computes published results and sets them beside what was published.
 *
 * @param options.only ids, as N3 or hypatia-rows; all when left out
 * @param options.onProgress results done, of how many
 * @throws BeamkeeperError `VALIDATION_ID` for an id that there is none of, with the nearest that there is.
 * @example
 * (await runValidation({ only: ['N4'] })).isPassed; // true
 */
export async function runValidation(
  options: {
    readonly only?: readonly string[];
    readonly onProgress?: (done: number, total: number) => void;
    readonly results?: readonly PublishedResult[];
  } = {},
): Promise<Validation> {
  const all = options.results ?? PUBLISHED_RESULTS;
  const chosen = chooseResults(all, options.only ?? []);
  const results: ValidatedResult[] = [];
  for (const { id, title, source, conditions, rows } of chosen) {
    options.onProgress?.(results.length, chosen.length);
    results.push({ id, title, source, conditions, rows: await rows() });
  }
  options.onProgress?.(chosen.length, chosen.length);
  const rows = results.flatMap(result => result.rows);
  const skippedCount = rows.filter(row => row.isSkipped).length;
  const passedCount = rows.filter(row => row.isPassed).length;
  const failedCount = rows.length - passedCount - skippedCount;
  return { results, passedCount, failedCount, skippedCount, isPassed: failedCount === 0 };
}

/** In the order of the list; upper and lower case are one. */
function chooseResults(
  all: readonly PublishedResult[],
  only: readonly string[],
): readonly PublishedResult[] {
  if (only.length === 0) return all;
  const wanted = new Set(only.map(id => id.trim().toLowerCase()));
  for (const id of only) {
    if (!all.some(result => result.id.toLowerCase() === id.trim().toLowerCase())) {
      throw unknownId(all, id);
    }
  }
  return all.filter(result => wanted.has(result.id.toLowerCase()));
}

function unknownId(all: readonly PublishedResult[], id: string): BeamkeeperError {
  const nearest = all
    .map(result => ({ id: result.id, score: distance(id.toLowerCase(), result.id.toLowerCase()) }))
    .sort((a, b) => a.score - b.score)[0];
  const hint = nearest.score <= Math.max(1, id.length / 2) ? `; did you mean ${nearest.id}?` : '';
  return new BeamkeeperError(
    'VALIDATION_ID',
    `--only "${id}" is no published result; give ${all.map(result => result.id).join(', ')}${hint}`,
  );
}

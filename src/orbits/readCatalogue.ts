import type { Catalogue, CatalogueWarning, ElementSet } from './elementSet.ts';
import { BeamkeeperError } from './error.ts';
import { gunzipText, MAX_CATALOGUE_BYTES } from './gunzipText.ts';
import { formatInstant, type Instant, secondsBetween } from './instant.ts';
import { readOmmCsv } from './ommCsv.ts';
import { readOmmJson } from './ommJson.ts';
import { readOmmKvn } from './ommKvn.ts';
import { readOmmXml } from './ommXml.ts';
import { type CatalogueFormat, sniffFormat } from './sniffFormat.ts';
import { readTleText } from './tle.ts';
import type { ReadingState } from './validateElements.ts';

export { MAX_CATALOGUE_BYTES };

/** SGP4 is good to about 1 km at epoch and loses 1–3 km a day [A, orbits.md §1.3]. */
const STALE_AFTER_DAYS = 14;

const READERS: Readonly<Record<CatalogueFormat, (text: string, state: ReadingState) => void>> = {
  tle: readTleText,
  'omm-json': readOmmJson,
  'omm-xml': readOmmXml,
  'omm-kvn': readOmmKvn,
  'omm-csv': readOmmCsv,
};

/**
 * Reads a catalogue: TLE, 3LE, or OMM as JSON, XML, KVN or CSV; the format is told from the content,
 * and gzip bytes are unpacked. A bad record is put into `rejected` with its line, and the rest loads.
 * Of sets with the same number the newest is kept, with a warning.
 *
 * @param source file name for messages
 * @param options.history keep all sets of an object (a file of one satellite over the months)
 * @throws BeamkeeperError `CATALOGUE_EMPTY`, `CATALOGUE_HTML`, `CATALOGUE_FORMAT`, `CATALOGUE_GZIP`,
 *   `CATALOGUE_TOO_LARGE`; `CATALOGUE_ALL_REJECTED` with the rejections as its cause
 * @example
 * const { records, rejected, warnings } = readCatalogue(bytes, 'starlink.3le.gz');
 */
export function readCatalogue(
  content: string | Uint8Array,
  source: string,
  options: { history?: boolean } = {},
): Catalogue {
  const format = sniffFormat(content, source);
  if (content.length > MAX_CATALOGUE_BYTES) {
    throw new BeamkeeperError(
      'CATALOGUE_TOO_LARGE',
      `${source} has more than ${MAX_CATALOGUE_BYTES >> 20} MB; is it the right file?`,
    );
  }
  const text = (typeof content === 'string' ? content : gunzipText(content, source)).replace(
    /^\uFEFF/,
    '',
  );
  const state: ReadingState = { source, records: [], rejected: [], warnings: [] };
  READERS[format](text, state);

  if (state.records.length === 0) {
    if (state.rejected.length === 0) {
      throw new BeamkeeperError(
        'CATALOGUE_EMPTY',
        `${source} holds no element sets; fetch it again`,
      );
    }
    throw new BeamkeeperError(
      'CATALOGUE_ALL_REJECTED',
      `${source}: all ${state.rejected.length} records are bad; the first: ${state.rejected[0].message}`,
      { cause: state.rejected },
    );
  }
  return options.history ? state : keepNewest(state);
}

/** Keeps one set per catalogue number, the one with the newest epoch, in the order of the file. */
function keepNewest(catalogue: Catalogue): Catalogue {
  const newest = new Map<number, ElementSet>();
  const warnings = [...catalogue.warnings];
  for (const set of catalogue.records) {
    const other = newest.get(set.catalogId);
    if (other === undefined) {
      newest.set(set.catalogId, set);
      continue;
    }
    const isNewer = secondsBetween(epochOf(other), epochOf(set)) > 0;
    if (isNewer) newest.set(set.catalogId, set);
    const dropped = isNewer ? other : set;
    warnings.push({
      source: dropped.source,
      line: dropped.line,
      catalogId: dropped.catalogId,
      code: 'DUPLICATE_ID',
      message: `${dropped.source}:${dropped.line}: satellite ${dropped.catalogId} is there twice; the newer set (line ${(isNewer ? set : other).line}) is used`,
    });
  }
  const records = catalogue.records.filter(set => newest.get(set.catalogId) === set);
  return { records, rejected: catalogue.rejected, warnings };
}

/** Puts several catalogues together; of sets with the same number the newest is kept. */
export function joinCatalogues(catalogues: readonly Catalogue[]): Catalogue {
  return keepNewest({
    records: catalogues.flatMap(catalogue => catalogue.records),
    rejected: catalogues.flatMap(catalogue => catalogue.rejected),
    warnings: catalogues.flatMap(catalogue => catalogue.warnings),
  });
}

/** The instant at which an element set holds. */
export function epochOf(set: ElementSet): Instant {
  return { jd: set.epochJd, fraction: set.epochFraction };
}

/** A `STALE_EPOCH` warning for each set whose epoch lies more than 14 days from the asked instant. */
export function staleWarnings(records: readonly ElementSet[], at: Instant): CatalogueWarning[] {
  const warnings: CatalogueWarning[] = [];
  for (const set of records) {
    const days = secondsBetween(epochOf(set), at) / 86400;
    if (Math.abs(days) <= STALE_AFTER_DAYS) continue;
    warnings.push({
      source: set.source,
      line: set.line,
      catalogId: set.catalogId,
      code: 'STALE_EPOCH',
      message: `${set.source}:${set.line}: the elements of satellite ${set.catalogId} are ${Math.abs(days).toFixed(0)} days ${days > 0 ? 'older' : 'newer'} than ${formatInstant(at)}; expect errors of ${Math.abs(days).toFixed(0)} to ${(3 * Math.abs(days)).toFixed(0)} km and more`,
    });
  }
  return warnings;
}

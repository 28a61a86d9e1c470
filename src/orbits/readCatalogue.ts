import { gunzipSync } from 'fflate';
import type { Catalogue, CatalogueWarning, ElementSet, Rejection } from './elementSet.ts';
import { BeamkeeperError } from './error.ts';
import { readOmmCsv, readOmmJson, readOmmKvn, readOmmXml } from './omm.ts';
import { initialiseSgp4 } from './sgp4Init.ts';
import { readTle } from './tle.ts';

export type CatalogueFormat = 'tle' | 'omm-json' | 'omm-csv' | 'omm-kvn' | 'omm-xml' | 'gzip';

/** A gzip file may say that it unpacks to this much, bytes: ten times the largest catalogue there is. */
const MAX_UNPACKED_BYTES = 512 * 1024 * 1024;
const GZIP_MAGIC = [0x1f, 0x8b];

/**
 * Recognises a catalogue's format by its first bytes (a few kB are enough).
 *
 * @throws BeamkeeperError `CATALOGUE_EMPTY`, `CATALOGUE_HTML`, `CATALOGUE_FORMAT`
 */
export function sniffFormat(first: Uint8Array | string, source: string): CatalogueFormat {
  if (typeof first !== 'string' && first[0] === GZIP_MAGIC[0] && first[1] === GZIP_MAGIC[1]) {
    return 'gzip';
  }
  const head = (
    typeof first === 'string' ? first.slice(0, 65_536) : decode(first.subarray(0, 65_536))
  )
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (head === '') {
    throw new BeamkeeperError('CATALOGUE_EMPTY', `${source}: the file is empty; fetch it again`);
  }
  if (/^<(!doctype\s+html|html|head|body)/i.test(head)) {
    throw new BeamkeeperError(
      'CATALOGUE_HTML',
      `${source}: this is a web page (HTML), not a catalogue; fetch the data itself, not the page about it`,
    );
  }
  if (head.startsWith('<')) return 'omm-xml';
  if (head.startsWith('[') || head.startsWith('{')) return 'omm-json';
  if (/^[12] [ \dA-Z]{4}\d/m.test(head)) return 'tle';
  if (/^\s*(CCSDS_OMM_VERS|OBJECT_NAME|CREATION_DATE)\s*=/m.test(head)) return 'omm-kvn';
  if (/(^|,)"?(NORAD_CAT_ID|MEAN_MOTION)"?\s*(,|$)/m.test(head.split('\n', 1)[0] as string)) {
    return 'omm-csv';
  }
  throw new BeamkeeperError(
    'CATALOGUE_FORMAT',
    `${source}: not a catalogue; expected TLE, 3LE or OMM (JSON, CSV, KVN, XML), plain or gzip`,
  );
}

/**
 * Reads a catalogue of element sets: TLE, 3LE, OMM in JSON, CSV, KVN or XML, plain or gzip, recognised
 * by content. One bad record never costs another: it is in `rejected` with its line and what is wrong.
 * Of several sets with one id the newest epoch is kept, with a warning.
 *
 * @throws BeamkeeperError `CATALOGUE_EMPTY`, `CATALOGUE_HTML`, `CATALOGUE_FORMAT`, `CATALOGUE_TOO_LARGE`,
 *   `CATALOGUE_ALL_REJECTED`
 * @example
 * const { records, rejected } = readCatalogue(bytes, 'starlink.3le.gz');
 */
export function readCatalogue(content: string | Uint8Array, source: string): Catalogue {
  let format = sniffFormat(content, source);
  let text = typeof content === 'string' ? content : '';
  if (format === 'gzip') {
    text = unpack(content as Uint8Array, source);
    format = sniffFormat(text, source);
    if (format === 'gzip') throw new BeamkeeperError('CATALOGUE_FORMAT', `${source}: packed twice`);
  } else if (typeof content !== 'string') text = decode(content);
  text = text.replace(/^\uFEFF/, '');
  const read = {
    tle: readTle,
    'omm-json': readOmmJson,
    'omm-csv': readOmmCsv,
    'omm-kvn': readOmmKvn,
    'omm-xml': readOmmXml,
  }[format](text, source);
  const catalogue = keepStartable(keepNewest(read));
  if (catalogue.records.length === 0) {
    const first = catalogue.rejected[0];
    throw new BeamkeeperError(
      'CATALOGUE_ALL_REJECTED',
      first === undefined
        ? `${source}: no element set in this file`
        : `${source}: none of ${catalogue.rejected.length} records is usable; the first: ${first.message}`,
    );
  }
  return catalogue;
}

/** Joins catalogues; of several sets with one id the newest epoch stays, with a warning. */
export function joinCatalogues(catalogues: readonly Catalogue[]): Catalogue {
  return keepNewest({
    records: catalogues.flatMap(catalogue => catalogue.records),
    rejected: catalogues.flatMap(catalogue => catalogue.rejected),
    warnings: catalogues.flatMap(catalogue => catalogue.warnings),
  });
}

function keepNewest(catalogue: Catalogue): Catalogue {
  const newest = new Map<number, ElementSet>();
  const warnings: CatalogueWarning[] = [...catalogue.warnings];
  for (const record of catalogue.records) {
    const other = newest.get(record.catalogId);
    if (other === undefined) {
      newest.set(record.catalogId, record);
      continue;
    }
    const isNewer =
      record.epochJd + record.epochFraction > other.epochJd + other.epochFraction ||
      (record.epochJd === other.epochJd && record.epochFraction > other.epochFraction);
    if (isNewer) newest.set(record.catalogId, record);
    warnings.push({
      source: record.source,
      line: record.line,
      catalogId: record.catalogId,
      code: 'DUPLICATE_ID',
      message: `${record.source}:${record.line}: ${record.catalogId} occurs again; the newest epoch is kept`,
    });
  }
  return { records: [...newest.values()], rejected: catalogue.rejected, warnings };
}

/** Drops sets that SGP4 cannot start. */
function keepStartable(catalogue: Catalogue): Catalogue {
  const { rejected } = initialiseSgp4(catalogue.records);
  if (rejected.length === 0) return catalogue;
  const refused = new Map(rejected.map(({ index, message }) => [index, message]));
  const more: Rejection[] = [];
  const records = catalogue.records.filter((record, index) => {
    const message = refused.get(index);
    if (message === undefined) return true;
    more.push({
      source: record.source,
      line: record.line,
      catalogId: record.catalogId,
      name: record.name || null,
      field: null,
      code: 'SGP4_INIT',
      message: `${record.source}:${record.line}: ${record.name || record.catalogId}: ${message}`,
    });
    return false;
  });
  return { records, rejected: [...catalogue.rejected, ...more], warnings: catalogue.warnings };
}

function unpack(bytes: Uint8Array, source: string): string {
  // The last four bytes are the unpacked size modulo 2³².
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = bytes.length >= 18 ? view.getUint32(bytes.length - 4, true) : 0;
  if (size > MAX_UNPACKED_BYTES) {
    throw new BeamkeeperError(
      'CATALOGUE_TOO_LARGE',
      `${source}: unpacks to ${Math.round(size / 1e6)} MB; a catalogue has at most ${MAX_UNPACKED_BYTES / 1048576} MB`,
    );
  }
  try {
    return decode(gunzipSync(bytes));
  } catch (cause) {
    throw new BeamkeeperError(
      'CATALOGUE_FORMAT',
      `${source}: the gzip file is cut off or broken; fetch it again`,
      { cause },
    );
  }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8').decode(bytes);
}

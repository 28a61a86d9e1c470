import { Gunzip } from 'fflate';
import { BeamkeeperError } from './error.ts';

export type CatalogueFormat = 'tle' | 'omm-json' | 'omm-xml' | 'omm-kvn' | 'omm-csv';

/** How much of a file `sniffFormat` looks at. */
export const SNIFF_BYTES = 65_536;

const OMM_KEY = /"(?:NORAD_CAT_ID|MEAN_MOTION|OBJECT_NAME|EPOCH)"\s*:/;
const KVN_LINE =
  /^[ \t]{0,20}(?:CCSDS_OMM_VERS|OBJECT_NAME|NORAD_CAT_ID|EPOCH|MEAN_MOTION)[ \t]{0,40}=/m;
const CSV_HEADER = /^(?:[^\n,]{0,60},){0,60}"?(?:NORAD_CAT_ID|MEAN_MOTION)"?[,\r\n]/im;
const TLE_LINE = /^[12] [ 0-9A-Z][ 0-9]{4}/m;
const HTML_TAG = /<(?:!doctype html|html|head|body|title)\b/i;

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Tells the format of a catalogue from the beginning of its content (gzip is looked into), never from
 * its name. Hand in the first block of a file to refuse the wrong file before the rest is read.
 *
 * @param firstBytes the first 64 kB or the whole of a file
 * @throws BeamkeeperError `CATALOGUE_EMPTY`, `CATALOGUE_HTML` (an error page saved as a catalogue),
 *   `CATALOGUE_FORMAT` (none of the formats)
 */
export function sniffFormat(firstBytes: string | Uint8Array, source: string): CatalogueFormat {
  const text = beginningOf(firstBytes, source);
  const start = text.trimStart();
  if (start === '' || /^\[\s*\]\s*$/.test(start)) {
    throw new BeamkeeperError(
      'CATALOGUE_EMPTY',
      `${source} is empty; fetch the element sets again`,
    );
  }
  if (/^No GP data found/i.test(start)) {
    throw new BeamkeeperError(
      'CATALOGUE_EMPTY',
      `${source} holds the server's answer "No GP data found"; ask for another group of satellites`,
    );
  }
  if (isBinary(start)) throw notACatalogue(source, 'it is binary');

  if (start.startsWith('<')) {
    if (/<(?:[\w.-]+:)?(?:omm|ndm)\b/.test(start)) return 'omm-xml';
    if (HTML_TAG.test(start)) throw htmlInstead(source);
    throw notACatalogue(source, 'it is XML without an <omm> element');
  }
  if (start.startsWith('{') || start.startsWith('[')) {
    if (OMM_KEY.test(start)) return 'omm-json';
    throw notACatalogue(source, 'it is JSON without element sets');
  }
  // What comes first decides, so that rubbish at the end of a file does not change what it is.
  const first = (
    [
      ['omm-kvn', KVN_LINE],
      ['omm-csv', CSV_HEADER],
      ['tle', TLE_LINE],
    ] as const
  )
    .map(([format, pattern]) => ({ format, place: start.search(pattern) }))
    .filter(({ place }) => place >= 0)
    .sort((a, b) => a.place - b.place)[0];
  if (first) return first.format;
  if (HTML_TAG.test(start)) throw htmlInstead(source);
  throw notACatalogue(source, 'no line of it looks like one');
}

function htmlInstead(source: string): BeamkeeperError {
  return new BeamkeeperError(
    'CATALOGUE_HTML',
    `${source} is a web page, not element sets; the server probably answered with an error page: open the address in a browser, then fetch again`,
  );
}

function notACatalogue(source: string, why: string): BeamkeeperError {
  return new BeamkeeperError(
    'CATALOGUE_FORMAT',
    `${source} is not a catalogue (${why}); give a TLE, 3LE or OMM (JSON, XML, KVN, CSV) file, gzip or not`,
  );
}

function beginningOf(content: string | Uint8Array, source: string): string {
  if (typeof content === 'string') return content.slice(0, SNIFF_BYTES).replace(/^\uFEFF/, '');
  const bytes = content.subarray(0, SNIFF_BYTES);
  return new TextDecoder().decode(isGzip(bytes) ? firstInflated(bytes, source) : bytes);
}

/** What the first block of a gzip file holds; the block may end in the middle of it. */
function firstInflated(bytes: Uint8Array, source: string): Uint8Array {
  let inflated: Uint8Array = new Uint8Array(0);
  const gunzip = new Gunzip(chunk => {
    if (inflated.length === 0) inflated = chunk.subarray(0, SNIFF_BYTES);
  });
  try {
    // In small pieces, so that a few kilobytes that unpack to gigabytes are left alone.
    for (let i = 0; i < bytes.length && inflated.length === 0; i += 4096) {
      gunzip.push(bytes.subarray(i, i + 4096), false);
    }
  } catch (cause) {
    if (inflated.length === 0) {
      throw new BeamkeeperError(
        'CATALOGUE_FORMAT',
        `${source} begins like a gzip file but cannot be unpacked; fetch it again`,
        { cause },
      );
    }
  }
  return inflated;
}

function isBinary(text: string): boolean {
  let odd = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0) return true;
    if (c === 0xfffd || (c < 32 && c !== 9 && c !== 10 && c !== 13)) odd++;
  }
  return odd * 20 > text.length;
}

import { Gunzip } from 'fflate';
import { BeamkeeperError } from './error.ts';
import { isGzip } from './sniffFormat.ts';

/** More than ten times everything that was ever catalogued, and less than a string may hold. */
export const MAX_CATALOGUE_BYTES = 256 * 1024 * 1024;

/**
 * The text of a file's bytes, unpacked if they are gzip (several members one after the other too).
 *
 * @throws BeamkeeperError `CATALOGUE_GZIP` when the packed data is cut short or damaged (its CRC-32 is
 *   checked), `CATALOGUE_TOO_LARGE` when there is more than `MAX_CATALOGUE_BYTES` of it
 */
export function gunzipText(bytes: Uint8Array, source: string): string {
  return new TextDecoder().decode(isGzip(bytes) ? inflate(bytes, source) : bounded(bytes, source));
}

function bounded(bytes: Uint8Array, source: string): Uint8Array {
  if (bytes.length > MAX_CATALOGUE_BYTES) throw tooLarge(source);
  return bytes;
}

function tooLarge(source: string): BeamkeeperError {
  return new BeamkeeperError(
    'CATALOGUE_TOO_LARGE',
    `${source} holds more than ${MAX_CATALOGUE_BYTES >> 20} MB; a catalogue of everything in orbit has less than 30: is it the right file?`,
  );
}

function inflate(bytes: Uint8Array, source: string): Uint8Array {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let memberCount = 1;
  const gunzip = new Gunzip(chunk => {
    length += chunk.length;
    if (length > MAX_CATALOGUE_BYTES) throw tooLarge(source);
    chunks.push(chunk);
  });
  gunzip.onmember = () => memberCount++;
  try {
    const step = 65_536;
    for (let i = 0; i < bytes.length; i += step) {
      gunzip.push(bytes.subarray(i, i + step), i + step >= bytes.length);
    }
  } catch (cause) {
    throw cause instanceof BeamkeeperError ? cause : damaged(source, cause);
  }
  const inflated = new Uint8Array(length);
  let place = 0;
  for (const chunk of chunks) {
    inflated.set(chunk, place);
    place += chunk.length;
  }
  // fflate leaves the trailer alone; without it a flipped bit could become another number.
  if (memberCount === 1 && !hasTrailer(bytes, inflated)) throw damaged(source, undefined);
  return inflated;
}

function damaged(source: string, cause: unknown): BeamkeeperError {
  return new BeamkeeperError(
    'CATALOGUE_GZIP',
    `${source} is a gzip file that is cut short or damaged; fetch it again`,
    { cause },
  );
}

/** RFC 1952: the file ends with the CRC-32 and the length of what was packed, little-endian. */
function hasTrailer(bytes: Uint8Array, inflated: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 8, 8);
  return (
    view.getUint32(4, true) === inflated.length >>> 0 && view.getUint32(0, true) === crc32(inflated)
  );
}

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (let i = 0; i < bytes.length; i++) crc = CRC_TABLE[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}

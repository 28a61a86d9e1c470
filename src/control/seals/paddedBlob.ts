import { BeamkeeperError } from '../../orbits/error.ts';

const LEAST_BYTES = 4096;
const STEP = 4;
const MOST_BYTES = 16 << 20;
const PREFIX_BYTES = 4;

/** Sizes that content is filled up to: 4, 16, 64, 256 KiB, 1, 4, 16 MiB. They tell little of it. */
export function paddedBytes(contentBytes: number): number {
  let size = LEAST_BYTES;
  while (size < contentBytes) size *= STEP;
  if (size > MOST_BYTES) {
    throw new BeamkeeperError(
      'SEAL_SIZE',
      `sealed content: ${contentBytes} bytes, above ${MOST_BYTES}; seal the hash of a file instead`,
    );
  }
  return size;
}

/** Texts, each behind its length (32 bits, big-endian), filled up with zeros. */
export function packPadded(texts: readonly string[]): Uint8Array {
  const parts = texts.map(text => new TextEncoder().encode(text));
  const total = parts.reduce((sum, { length }) => sum + PREFIX_BYTES + length, 0);
  const packed = new Uint8Array(paddedBytes(total));
  const view = new DataView(packed.buffer);
  let at = 0;
  for (const bytes of parts) {
    view.setUint32(at, bytes.length);
    packed.set(bytes, at + PREFIX_BYTES);
    at += PREFIX_BYTES + bytes.length;
  }
  return packed;
}

/** @throws BeamkeeperError `SEAL_CONTENT` */
export function unpackPadded(packed: Uint8Array): string[] {
  const refuse = (cause?: unknown): BeamkeeperError =>
    new BeamkeeperError(
      'SEAL_CONTENT',
      'sealed content: not texts behind their lengths, then zeros',
      { cause },
    );
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const texts: string[] = [];
  let at = 0;
  while (at + PREFIX_BYTES <= packed.length) {
    const length = view.getUint32(at);
    if (length === 0) break;
    at += PREFIX_BYTES;
    if (at + length > packed.length) throw refuse();
    try {
      texts.push(decoder.decode(packed.subarray(at, at + length)));
    } catch (cause) {
      throw refuse(cause);
    }
    at += length;
  }
  if (packed.subarray(at).some(byte => byte !== 0)) throw refuse();
  return texts;
}

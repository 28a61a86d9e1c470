import { BeamkeeperError } from '../orbits/error.ts';

/**
 * A file of named arrays: what `build:data` writes and the page and the command line read.
 * Little-endian. Header: magic `BKEP`, version, section count, revision (FNV-1a over all sections,
 * so that a cache can tell two builds apart); then 40 bytes a section (name 24 bytes, type, count,
 * byte offset, spare); then the arrays, each on an 8-byte boundary so that it is read in place.
 */
const MAGIC = 0x50454b42; // 'BKEP'
const VERSION = 1;
const HEADER_BYTES = 16;
const ENTRY_BYTES = 40;
const NAME_BYTES = 24;

const ARRAY_TYPES = [Uint8Array, Uint16Array, Int32Array, Uint32Array, Float32Array] as const;

export type SectionArray = Uint8Array | Uint16Array | Int32Array | Uint32Array | Float32Array;
export type Sections = ReadonlyMap<string, SectionArray>;

/** The bytes of a section file. Same sections, same bytes. */
export function writeSections(sections: Sections): Uint8Array {
  let end = align(HEADER_BYTES + ENTRY_BYTES * sections.size);
  const offsets: number[] = [];
  for (const array of sections.values()) {
    offsets.push(end);
    end = align(end + array.byteLength);
  }
  const bytes = new Uint8Array(end);
  const view = new DataView(bytes.buffer);
  let at = HEADER_BYTES;
  let i = 0;
  for (const [name, array] of sections) {
    if (name.length > NAME_BYTES) throw new RangeError(`section name too long: ${name}`);
    for (let c = 0; c < name.length; c++) bytes[at + c] = name.charCodeAt(c);
    const type = ARRAY_TYPES.findIndex(ArrayType => array instanceof ArrayType);
    view.setUint32(at + NAME_BYTES, type, true);
    view.setUint32(at + NAME_BYTES + 4, array.length, true);
    view.setUint32(at + NAME_BYTES + 8, offsets[i], true);
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offsets[i]);
    at += ENTRY_BYTES;
    i++;
  }
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, VERSION, true);
  view.setUint32(8, sections.size, true);
  view.setUint32(12, revisionOf(bytes.subarray(HEADER_BYTES)), true);
  return bytes;
}

/**
 * The sections of a file, as views on its bytes where alignment allows.
 *
 * @throws BeamkeeperError `DATA_FILE` when it is another kind of file, another version, or cut short.
 */
export function readSections(bytes: Uint8Array, source: string): Sections {
  const rebuild = 'run `npm run build:data` again';
  if (bytes.byteLength < HEADER_BYTES) {
    throw new BeamkeeperError('DATA_FILE', `${source}: only ${bytes.byteLength} bytes; ${rebuild}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) {
    throw new BeamkeeperError('DATA_FILE', `${source}: not a Beamkeeper data file; ${rebuild}`);
  }
  const version = view.getUint32(4, true);
  if (version !== VERSION) {
    throw new BeamkeeperError(
      'DATA_FILE',
      `${source}: written in version ${version} of the format, this program reads version ${VERSION}; ${rebuild}`,
    );
  }
  const count = view.getUint32(8, true);
  const sections = new Map<string, SectionArray>();
  for (let i = 0; i < count; i++) {
    const at = HEADER_BYTES + ENTRY_BYTES * i;
    if (at + ENTRY_BYTES > bytes.byteLength) throw cut(source, rebuild);
    let name = '';
    for (let c = 0; c < NAME_BYTES && bytes[at + c] !== 0; c++) {
      name += String.fromCharCode(bytes[at + c]);
    }
    const ArrayType = ARRAY_TYPES[view.getUint32(at + NAME_BYTES, true)];
    const length = view.getUint32(at + NAME_BYTES + 4, true);
    const offset = view.getUint32(at + NAME_BYTES + 8, true);
    if (
      ArrayType === undefined ||
      offset + length * ArrayType.BYTES_PER_ELEMENT > bytes.byteLength
    ) {
      throw cut(source, rebuild);
    }
    const start = bytes.byteOffset + offset;
    sections.set(
      name,
      start % ArrayType.BYTES_PER_ELEMENT === 0
        ? new ArrayType(bytes.buffer as ArrayBuffer, start, length)
        : new ArrayType(bytes.slice(offset, offset + length * ArrayType.BYTES_PER_ELEMENT).buffer),
    );
  }
  return sections;
}

/** One section, of the type that the caller knows it to have. */
export function takeSection<T extends SectionArray>(
  sections: Sections,
  name: string,
  ArrayType: new (length: number) => T,
  source: string,
): T {
  const array = sections.get(name);
  if (!(array instanceof ArrayType)) {
    throw new BeamkeeperError(
      'DATA_FILE',
      `${source}: has no section ${name}; run \`npm run build:data\` again`,
    );
  }
  return array;
}

function cut(source: string, rebuild: string): BeamkeeperError {
  return new BeamkeeperError('DATA_FILE', `${source}: cut short or damaged; ${rebuild}`);
}

function align(offset: number): number {
  return Math.ceil(offset / 8) * 8;
}

function revisionOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
  return hash >>> 0;
}

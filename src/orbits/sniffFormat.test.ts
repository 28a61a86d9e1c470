import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { sharedPath } from '../store/sharedData.ts';
import type { BeamkeeperError } from './error.ts';
import { SNIFF_BYTES, sniffFormat } from './sniffFormat.ts';

function codeOf(firstBytes: Uint8Array): string {
  try {
    return sniffFormat(firstBytes, 'x');
  } catch (error) {
    return (error as BeamkeeperError).code;
  }
}

test('the first block of a catalogue is enough, packed or not, wherever it is cut', () => {
  const packed = readFileSync(sharedPath('data/orbits/starlink-2026-08-22.3le.gz'));
  const plain = gunzipSync(packed);
  for (const length of [300, 4096, 4097, SNIFF_BYTES, packed.length]) {
    expect(sniffFormat(packed.subarray(0, length), 'x')).toBe('tle');
    expect(sniffFormat(plain.subarray(0, length), 'x')).toBe('tle');
  }
});

test('one block of any endless garbage is enough to refuse it', () => {
  const block = (byteAt: (i: number) => number): Uint8Array =>
    Uint8Array.from({ length: SNIFF_BYTES }, (_, i) => byteAt(i));
  expect(codeOf(block(() => 0))).toBe('CATALOGUE_FORMAT');
  expect(codeOf(block(i => (i * 2654435761) >>> 24))).toBe('CATALOGUE_FORMAT');
  expect(codeOf(block(() => 97))).toBe('CATALOGUE_FORMAT');
  expect(codeOf(block(i => (i % 80 === 79 ? 10 : 49)))).toBe('CATALOGUE_FORMAT');
  expect(codeOf(block(() => 32))).toBe('CATALOGUE_EMPTY');
  expect(codeOf(block(() => 44))).toBe('CATALOGUE_FORMAT');
  expect(codeOf(block(i => (i < 2 ? [0x1f, 0x8b][i] : 255)))).toBe('CATALOGUE_FORMAT');
});

test('what comes first says what a file is', () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  expect(codeOf(bytes('\uFEFFCCSDS_OMM_VERS = 2.0\nOBJECT_NAME = A\n'))).toBe('omm-kvn');
  expect(codeOf(bytes('OBJECT_NAME,NORAD_CAT_ID,BSTAR\r\n'))).toBe('omm-csv');
  expect(codeOf(bytes('"OBJECT_NAME","MEAN_MOTION"\n'))).toBe('omm-csv');
  expect(codeOf(bytes(' [{"OBJECT_NAME":"A"}]'))).toBe('omm-json');
  expect(codeOf(bytes('<?xml version="1.0"?><ndm:ndm><ndm:omm>'))).toBe('omm-xml');
  expect(codeOf(bytes('A\n1 00005U 58002B\nEPOCH = 1\n'))).toBe('tle');
});

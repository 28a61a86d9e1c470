import { expect, test } from 'vitest';
import { designElementSets, parseDesign, parseInstant } from '../orbits/index.ts';
import { readElementFile, writeElementFile } from './elementFile.ts';

test('element sets come back to the last bit, names too', () => {
  const records = designElementSets(parseDesign('53:22/2/1@550'), {
    epoch: parseInstant('2026-08-22T12:34:56.789Z'),
    name: 'Zürich [v1.5]',
  });
  const back = readElementFile(writeElementFile(records));
  const numbers = ({ source: _, line: __, ...rest }: (typeof records)[number]) => rest;
  expect(back.map(numbers)).toEqual(records.map(numbers));
});

test('another kind of file is refused by name', () => {
  expect(() => readElementFile(new Uint8Array(64))).toThrow(/not a Beamkeeper data file/);
});

import { type Catalogue, readCatalogue, SNIFF_BYTES, sniffFormat } from '../orbits/index.ts';
import { readInputFile } from './inputFile.ts';

/** A catalogue of 100,000 objects is about 17 MB as TLE and 60 MB as OMM XML. */
const MAX_CATALOGUE_BYTES = 512e6;

/**
 * Reads a catalogue file: TLE, 3LE or OMM, plain or gzip. What is no catalogue is refused by its
 * first block, however large it is.
 *
 * @throws BeamkeeperError what `readInputFile` and `readCatalogue` throw
 */
export async function readCatalogueFile(path: string): Promise<Catalogue> {
  const bytes = await readInputFile(path, {
    maxBytes: MAX_CATALOGUE_BYTES,
    accept: firstBlock => {
      sniffFormat(firstBlock.subarray(0, SNIFF_BYTES), path);
    },
  });
  return readCatalogue(bytes, path);
}

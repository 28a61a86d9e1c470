import { BeamkeeperError } from '../orbits/error.ts';
import type { UserPeople } from './readCellTable.ts';

/**
 * People per H3 cell from a table `h3,population` (Kontur's form): cells of any resolution that is
 * not coarser than the one evaluated. Negative, missing or non-numeric counts and ids that are no
 * cells are an error that names the line.
 *
 * @throws BeamkeeperError `PEOPLE_CSV`
 */
export function readPeopleCsv(csv: string, source: string): UserPeople {
  const halves: number[] = [];
  const people: number[] = [];
  const lines = csv.split('\n');
  let isHeadingRead = false;
  lines.forEach((raw, i) => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) return;
    const comma = line.indexOf(',');
    const id = line.slice(0, Math.max(0, comma)).trim().replace(/^"|"$/g, '').toLowerCase();
    const value = line.slice(comma + 1).trim();
    if (!isHeadingRead) {
      isHeadingRead = true;
      if (id === 'h3' && value.toLowerCase() === 'population') return;
      throw new BeamkeeperError(
        'PEOPLE_CSV',
        `${source}:${i + 1}: the first row is not "h3,population"`,
      );
    }
    const count = value === '' ? Number.NaN : Number(value);
    const low = Number.parseInt(id.slice(-8), 16);
    const high = Number.parseInt(id.slice(0, -8), 16);
    if (!/^8[3-9a-f][0-9a-f]{13}$/.test(id)) {
      throw new BeamkeeperError(
        'PEOPLE_CSV',
        `${source}:${i + 1}: "${id}" is no H3 cell of resolution 3 to 15`,
      );
    }
    if (!(count >= 0) || !Number.isFinite(count)) {
      throw new BeamkeeperError(
        'PEOPLE_CSV',
        `${source}:${i + 1}: population "${value}" is no number of people`,
      );
    }
    halves.push(low, high);
    people.push(count);
  });
  if (people.length === 0) {
    throw new BeamkeeperError(
      'PEOPLE_CSV',
      `${source}: holds no cells; give rows of h3,population`,
    );
  }
  return { source, halves: Uint32Array.from(halves), people: Float64Array.from(people) };
}

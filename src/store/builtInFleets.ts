import { readdir, readFile } from 'node:fs/promises';
import { distance } from 'fastest-levenshtein';
import {
  BeamkeeperError,
  type FleetTable,
  type Instant,
  parseInstant,
  readFleetTable,
  secondsBetween,
} from '../orbits/index.ts';
import { packageFile } from './packageFiles.ts';

const FOLDER = 'data/constellations/';

/** Names of the fleets that come with the package, for `--constellation`. */
export async function builtInFleetNames(): Promise<string[]> {
  const files = await readdir(packageFile(FOLDER));
  return files
    .filter(name => name.endsWith('.csv') && name !== 'generations.csv')
    .map(name => name.slice(0, -'.csv'.length))
    .sort();
}

/** The table of an operator's fleet as flown, such as starlink-2023-07, whose month is nearest to an instant. */
export async function nearestFleetName(operator: string, at: Instant): Promise<string> {
  const flown = (await builtInFleetNames()).flatMap(name => {
    const [, whose, year, month] = /^(.+)-(\d{4})-(\d{2})$/.exec(name) ?? [];
    if (whose !== operator) return [];
    const middle = parseInstant(`${year}-${month}-15T00:00:00Z`);
    return [{ name, distance: Math.abs(secondsBetween(middle, at)) }];
  });
  flown.sort((a, b) => a.distance - b.distance);
  return flown[0]?.name ?? operator;
}

/**
 * A fleet that comes with the package.
 *
 * @throws BeamkeeperError `CONSTELLATION_UNKNOWN` with near misses
 */
export async function readBuiltInFleet(name: string): Promise<FleetTable> {
  const names = await builtInFleetNames();
  if (!names.includes(name)) {
    const near = names
      .map(known => ({
        known,
        score: known.startsWith(name) ? 0 : distance(name, known) / known.length,
      }))
      // Of equally near names the newest fleet.
      .sort((a, b) => a.score - b.score || (a.known < b.known ? 1 : -1))
      .filter(({ score }) => score <= 0.6)
      .slice(0, 3)
      .map(({ known }) => known);
    throw new BeamkeeperError(
      'CONSTELLATION_UNKNOWN',
      `no constellation is called "${name}"; ` +
        (near.length > 0 ? `did you mean ${near.join(', ')}?` : `there are ${names.join(', ')}`) +
        ' A design is written like 53:1584/72/39@550',
    );
  }
  const file = `${FOLDER}${name}.csv`;
  return readFleetTable(await readFile(packageFile(file), 'utf8'), file);
}

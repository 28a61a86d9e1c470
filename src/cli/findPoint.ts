import { distance } from 'fastest-levenshtein';
import { BeamkeeperError } from '../orbits/index.ts';
import { allCities, findCity } from '../store/cities.ts';

const SUGGESTED_FROM_PEOPLE = 200_000;

/** A point of the Earth with a name, geodetic degrees. */
export interface Point {
  readonly name: string;
  readonly latDeg: number;
  readonly lonDeg: number;
}

/**
 * A point from "lat,lon" in degrees or the name of a town (the most populous of that name).
 *
 * @throws BeamkeeperError `PLACE`, `PLACE_UNKNOWN` with near misses
 */
export function findPoint(text: string): Point {
  if (/^\s*[-+\d.]/.test(text)) {
    const [latDeg, lonDeg, ...rest] = text
      .split(',')
      .map(part => (part.trim() === '' ? Number.NaN : Number(part)));
    if (rest.length === 0 && Math.abs(latDeg) <= 90 && Math.abs(lonDeg) <= 180) {
      return { name: `${latDeg}°, ${lonDeg}°`, latDeg, lonDeg };
    }
    throw new BeamkeeperError(
      'PLACE',
      `"${text}" is no place: write latitude,longitude in degrees, like 25.03,121.56`,
    );
  }
  const city = findCity(text);
  if (city) {
    const [lonDeg, latDeg] = city.loc.coordinates;
    return { name: `${city.name}, ${city.country}`, latDeg, lonDeg };
  }
  const wanted = text.toLowerCase();
  const near = allCities()
    .filter(({ population }) => population >= SUGGESTED_FROM_PEOPLE)
    .map(({ name, country }) => ({
      name: `${name} (${country})`,
      score: distance(wanted, name.toLowerCase()) / Math.max(wanted.length, name.length),
    }))
    .filter(({ score }) => score <= 0.4)
    .sort((a, b) => a.score - b.score)
    .slice(0, 3);
  throw new BeamkeeperError(
    'PLACE_UNKNOWN',
    `no town is called "${text}"; ` +
      (near.length > 0
        ? `did you mean ${near.map(({ name }) => name).join(', ')}?`
        : 'give "lat,lon" in degrees'),
  );
}

/** A territory of that name, else a town, else the territory's own complaint with its near misses. */
export async function placeOrPoint<T>(
  text: string,
  findTerritory: () => Promise<T>,
): Promise<T | Point> {
  if (/^\s*[-+\d.]/.test(text)) return findPoint(text);
  try {
    return await findTerritory();
  } catch (error) {
    if (!(error instanceof BeamkeeperError) || error.code !== 'TERRITORY_UNKNOWN') throw error;
    try {
      return findPoint(text);
    } catch {
      throw new BeamkeeperError(
        'PLACE_UNKNOWN',
        `no territory and no town is called "${text}"${error.message.replace(/^[^;]*/, '')}`,
      );
    }
  }
}

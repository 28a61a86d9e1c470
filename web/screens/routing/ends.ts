import { world } from '../../shell/simulation.ts';
import type { PlaceDeg } from '../../shell/url.ts';

const NEAR_DEG = 0.6;

/** Places that a route can be asked for by name: cities with a point of presence, and gateways. */
export function namedPlaces(): readonly { readonly name: string; readonly place: PlaceDeg }[] {
  const file = world.value;
  if (file === null) return [];
  const cities = new Map(
    file.pointsOfPresence.map(({ city, latDeg, lonDeg }) => [
      city,
      { name: city, place: { latDeg, lonDeg } },
    ]),
  );
  return [
    ...[...cities.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    ...file.gateways
      .filter(({ isOperational }) => isOperational)
      .map(({ name, latDeg, lonDeg }) => ({
        name: `Gateway ${name}`,
        place: { latDeg, lonDeg },
      })),
  ];
}

/** `London`, or `51.51, -0.13` far from any city that has a name here. */
export function nameOfPlace({ latDeg, lonDeg }: PlaceDeg): string {
  const near = namedPlaces().find(
    ({ place }) =>
      Math.abs(place.latDeg - latDeg) < NEAR_DEG && Math.abs(place.lonDeg - lonDeg) < NEAR_DEG,
  );
  return near?.name ?? `${latDeg.toFixed(2)}, ${lonDeg.toFixed(2)}`;
}

/** A city, a gateway, or a latitude and a longitude in degrees; null for anything else. */
export function placeOfText(text: string): PlaceDeg | null {
  const wanted = text.trim().toLowerCase();
  const named =
    namedPlaces().find(({ name }) => name.toLowerCase() === wanted) ??
    (wanted.length > 2
      ? namedPlaces().find(({ name }) => name.toLowerCase().startsWith(wanted))
      : undefined);
  if (named) return named.place;
  const [, lat, lon] = /^(-?\d+(?:\.\d+)?)\s*[, ]\s*(-?\d+(?:\.\d+)?)$/.exec(text.trim()) ?? [];
  if (lat === undefined || lon === undefined) return null;
  const place = { latDeg: Number(lat), lonDeg: Number(lon) };
  return Math.abs(place.latDeg) <= 90 && Math.abs(place.lonDeg) <= 180 ? place : null;
}

import { signal } from '@preact/signals';

/** Where the map is asked to go; the map takes it up when it is there. */
export const flight = signal<{
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly distance: number | null;
} | null>(null);

/** Flies to a place, nearer or farther if a distance in Earth radii is given. */
export function flyTo(latDeg: number, lonDeg: number, distance: number | null = null): void {
  flight.value = { latDeg, lonDeg, distance };
}

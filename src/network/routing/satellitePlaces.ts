import type { GroundLinks } from './groundLinks.ts';

/** Ground links the other way round, CSR by satellite: the places that each one sees. */
export interface SatellitePlaces {
  readonly offsets: Int32Array;
  place: Int32Array;
  lengthKm: Float64Array;
}

export function allocateSatellitePlaces(satelliteCount: number): SatellitePlaces {
  return {
    offsets: new Int32Array(satelliteCount + 2),
    place: new Int32Array(0),
    lengthKm: new Float64Array(0),
  };
}

/** Turns ground links round. Places of a satellite are in ascending order. */
export function updateSatellitePlaces(ground: GroundLinks, out: SatellitePlaces): void {
  const { offsets } = out;
  const count = ground.offsets[ground.placeCount];
  if (out.place.length < count) {
    out.place = new Int32Array(2 * count);
    out.lengthKm = new Float64Array(2 * count);
  }
  // Counted two places on, so that filling moves the offsets to where they belong.
  offsets.fill(0);
  for (let i = 0; i < count; i++) offsets[ground.satellite[i] + 2]++;
  for (let s = 2; s < offsets.length; s++) offsets[s] += offsets[s - 1];
  for (let place = 0; place < ground.placeCount; place++) {
    for (let i = ground.offsets[place]; i < ground.offsets[place + 1]; i++) {
      const at = offsets[ground.satellite[i] + 1]++;
      out.place[at] = place;
      out.lengthKm[at] = ground.lengthKm[i];
    }
  }
}

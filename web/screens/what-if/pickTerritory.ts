import { flyTo } from '../../renderer/flight.ts';
import { placeOf } from '../../shell/simulation.ts';
import { setUrl } from '../../shell/state.ts';

/** Selects a territory and flies to where it fills the map. */
export function pickTerritory(id: string): void {
  setUrl({ sel: [`terr:${id}`] });
  const place = placeOf(id);
  if (place === undefined) return;
  const [west, south, east, north] = place.bboxDeg;
  const widthDeg =
    ((east < west ? east + 360 : east) - west) * Math.cos((place.centreDeg.latDeg * Math.PI) / 180);
  const spanDeg = Math.max(north - south, Math.min(widthDeg, 90), 5);
  flyTo(
    place.centreDeg.latDeg,
    place.centreDeg.lonDeg,
    Math.max(1.3, Math.min(3.1, 1 + spanDeg / 20)),
  );
}

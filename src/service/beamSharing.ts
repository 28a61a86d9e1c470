/** How finely a beam may be shared, and how many may point at one cell. */
export interface BeamLimits {
  readonly cellsPerBeam: number;
  readonly maxBeamsPerCell: number;
}

/**
 * Shares the beams and the downlink of one satellite among its cells: max-min fair, by progressive
 * filling in one sort (all weights are equal here; the network module generalises it).
 *
 * A cell takes at least `1 / cellsPerBeam` of a beam (a beam visits at most that many cells) and at
 * most `maxBeamsPerCell`. With rate r it uses max(1/cellsPerBeam, r/beamMbps) beams. The level λ is
 * the largest for which Σ beams ≤ beamCount and Σ min(demand, λ) ≤ satelliteMbps.
 *
 * @param demandMbps demand of each cell
 * @param rateMbps filled with the rate of each cell
 * @returns beams used, ≤ `beamCount` as long as there are at most `beamCount × cellsPerBeam` cells
 */
export function shareBeams(
  satellite: { beamCount: number; beamMbps: number; satelliteMbps: number },
  limits: BeamLimits,
  demandMbps: Float64Array,
  rateMbps: Float64Array,
): number {
  const count = demandMbps.length;
  const cap = limits.maxBeamsPerCell * satellite.beamMbps;
  const floorMbps = satellite.beamMbps / limits.cellsPerBeam;
  const total = satellite.beamCount * satellite.beamMbps;
  let wantedRate = 0;
  let wantedBeamRate = 0;
  for (let i = 0; i < count; i++) {
    rateMbps[i] = Math.min(demandMbps[i], cap);
    wantedRate += rateMbps[i];
    wantedBeamRate += Math.max(floorMbps, rateMbps[i]);
  }
  if (wantedRate <= satellite.satelliteMbps && wantedBeamRate <= total) {
    return wantedBeamRate / satellite.beamMbps;
  }
  const wanted = Float64Array.from(demandMbps, d => Math.min(d, cap)).sort();
  // At level λ the cells below it are at their demand; move λ up from demand to demand.
  let level = 0;
  let fixedRate = 0;
  let fixedBeamRate = 0;
  for (let i = 0; i < count; i++) {
    const rest = count - i;
    const byRate = (satellite.satelliteMbps - fixedRate) / rest;
    const byBeams = (total - fixedBeamRate) / rest;
    // Under the floor a higher rate costs no beam time.
    const limit = Math.min(byRate, Math.max(byBeams, floorMbps));
    if (wanted[i] > limit) {
      level = Math.max(0, limit);
      break;
    }
    level = wanted[i];
    fixedRate += wanted[i];
    fixedBeamRate += Math.max(floorMbps, wanted[i]);
  }
  let beams = 0;
  for (let i = 0; i < count; i++) {
    rateMbps[i] = Math.min(demandMbps[i], cap, level);
    beams += Math.max(floorMbps, rateMbps[i]) / satellite.beamMbps;
  }
  return beams;
}

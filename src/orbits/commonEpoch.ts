import type { ElementSet } from './elementSet.ts';
import { type Instant, secondsBetween } from './instant.ts';
import { j2Rates, semiMajorAxisKmOf } from './j2.ts';

/** Node and argument of latitude (perigee plus mean anomaly) of element sets at one instant, degrees in [0, 360). */
export interface AnglesAtInstant {
  readonly raanDeg: Float64Array;
  readonly argLatDeg: Float64Array;
}

/**
 * Brings element sets to one instant by their secular rates: published mean motion and its drift for the
 * position in orbit, J₂ for the node. Good to a few hundredths of a degree over three days.
 */
export function anglesAt(records: readonly ElementSet[], at: Instant): AnglesAtInstant {
  const raanDeg = new Float64Array(records.length);
  const argLatDeg = new Float64Array(records.length);
  records.forEach((record, i) => {
    const epoch = { jd: record.epochJd, fraction: record.epochFraction };
    const days = secondsBetween(epoch, at) / 86400;
    const rates = j2Rates(
      semiMajorAxisKmOf(record.meanMotion),
      record.eccentricity,
      record.inclinationDeg,
    );
    raanDeg[i] = wrap(record.raanDeg + rates.raanDegPerDay * days);
    // Kozai's mean motion already holds the J₂ term of the mean anomaly; the source gives ṅ/2.
    const turns = record.meanMotion * days + record.meanMotionDot * days * days;
    argLatDeg[i] = wrap(
      record.argPerigeeDeg + record.meanAnomalyDeg + 360 * turns + rates.argPerigeeDegPerDay * days,
    );
  });
  return { raanDeg, argLatDeg };
}

/** The median epoch of element sets. */
export function medianEpoch(records: readonly ElementSet[]): Instant {
  const sorted = [...records].sort(
    (a, b) => a.epochJd - b.epochJd || a.epochFraction - b.epochFraction,
  );
  const middle = sorted[Math.floor(sorted.length / 2)];
  return middle ? { jd: middle.epochJd, fraction: middle.epochFraction } : { jd: 0.5, fraction: 0 };
}

function wrap(angle: number): number {
  const wrapped = angle % 360;
  return wrapped < 0 ? wrapped + 360 : wrapped;
}

import type { ElementSet } from './elementSet.ts';
import { BeamkeeperError } from './error.ts';
import type { Instant } from './instant.ts';

/** Equatorial radius over which a design's altitude is counted, km, and μ, km³/s². */
const EARTH_RADIUS_KM = 6378.137;
const MU_KM3_S2 = 398600.4418;
/** First id of designed satellites: nine digits, so that none is taken for a real one. */
const FIRST_DESIGN_ID = 900_000_001;

/**
 * One Walker shell: T satellites in P planes of S = T/P, circular.
 *
 * Delta: planes 360°/P apart in right ascension; star: 180°/P, with a counter-rotating seam between
 * plane P−1 and plane 0. Satellite j of plane k has argument of latitude u₀ + 360° j/S + 360° F k/T.
 * Going once round, plane P is plane 0 with the slot shifted by F. With this sign Handley's 5/32 is
 * F = 27 (= −5) and his 17/32 is F = 15 (= −17).
 */
export interface WalkerShell {
  readonly pattern: 'delta' | 'star';
  /** Above 6378.137 km. */
  readonly altitudeKm: number;
  readonly inclinationDeg: number;
  readonly satelliteCount: number;
  readonly planeCount: number;
  /** F, 0 … P−1. */
  readonly phasing: number;
  /** u₀, the argument of latitude of slot 0 of plane 0. */
  readonly meanAnomalyDeg: number;
  readonly raanDeg?: number;
}

const NUMBER = String.raw`(\d+(?:\.\d+)?)`;
/** `53:1584/72/39@550`: inclination, T/P/F, altitude; `S:` before it makes it a star. */
const SHORT = new RegExp(`^(?:([DS]):)?${NUMBER}:(\\d+)/(\\d+)/(\\d+)@${NUMBER}$`, 'i');
/** draft-piraux-space-constellation-code, working revision of 2026: `D:550:53:1584/72/39[:u₀]`. */
const CODE = new RegExp(`^([DS]):${NUMBER}:${NUMBER}:(\\d+)/(\\d+)/(\\d+)(?::${NUMBER})?$`);

/**
 * Reads a design: shells joined by `+`, each `53:1584/72/39@550` (inclination:T/P/F@altitude) or the
 * constellation code `D:550:53:1584/72/39`.
 *
 * @throws BeamkeeperError `DESIGN`
 */
export function parseDesign(text: string): WalkerShell[] {
  return text
    .trim()
    .split('+')
    .map(part => shellOf(part.trim(), text));
}

function shellOf(part: string, whole: string): WalkerShell {
  const refuse = (what: string): never => {
    throw new BeamkeeperError('DESIGN', `design "${whole}": ${what}`);
  };
  const short = SHORT.exec(part);
  const code = short ? null : CODE.exec(part);
  if (short === null && code === null) {
    return refuse(
      `"${part}" is not like 53:1584/72/39@550 (inclination:T/P/F@altitude) or D:550:53:1584/72/39`,
    );
  }
  const [letter, inclination, t, p, f, altitude, anomaly] = short
    ? [short[1] ?? 'D', short[2], short[3], short[4], short[5], short[6], '0']
    : [code?.[1], code?.[3], code?.[4], code?.[5], code?.[6], code?.[2], code?.[7] ?? '0'];
  const shell: WalkerShell = {
    pattern: letter?.toUpperCase() === 'S' ? 'star' : 'delta',
    altitudeKm: Number(altitude),
    inclinationDeg: Number(inclination),
    satelliteCount: Number(t),
    planeCount: Number(p),
    phasing: Number(f),
    meanAnomalyDeg: Number(anomaly),
  };
  const { satelliteCount, planeCount, phasing } = shell;
  if (planeCount < 1 || satelliteCount < 1) refuse('satellites and planes must be 1 or more');
  if (satelliteCount % planeCount !== 0) {
    refuse(`${satelliteCount} satellites do not divide into ${planeCount} planes`);
  }
  if (phasing >= planeCount) refuse(`phasing F = ${phasing} must be below P = ${planeCount}`);
  if (shell.inclinationDeg > 180) refuse(`inclination ${shell.inclinationDeg}° is above 180°`);
  if (shell.altitudeKm < 100 || shell.altitudeKm > 50_000) {
    refuse(`altitude ${shell.altitudeKm} km is outside 100 … 50,000 km`);
  }
  if (satelliteCount > 200_000) refuse(`${satelliteCount} satellites are more than 200,000`);
  return shell;
}

/** The constellation code of a design; `parseDesign` of it gives the same shells. */
export function constellationCode(shells: readonly WalkerShell[]): string {
  return shells
    .map(shell => {
      const { pattern, altitudeKm, inclinationDeg, satelliteCount, planeCount, phasing } = shell;
      const anomaly = shell.meanAnomalyDeg === 0 ? '' : `:${shell.meanAnomalyDeg}`;
      return `${pattern === 'star' ? 'S' : 'D'}:${altitudeKm}:${inclinationDeg}:${satelliteCount}/${planeCount}/${phasing}${anomaly}`;
    })
    .join('+');
}

/** Mean motion, rev/day, of a circular orbit at an altitude above 6378.137 km. */
export function meanMotionOf(altitudeKm: number): number {
  const a = EARTH_RADIUS_KM + altitudeKm;
  return (86400 * Math.sqrt(MU_KM3_S2 / (a * a * a))) / (2 * Math.PI);
}

/** Element sets of a design at an epoch: circular, no drag; shell after shell, plane after plane, slot after slot. */
export function designElementSets(
  shells: readonly WalkerShell[],
  options: { epoch: Instant; name?: string },
): ElementSet[] {
  const sets: ElementSet[] = [];
  const source = options.name ?? constellationCode(shells);
  shells.forEach((shell, shellIndex) => {
    const { satelliteCount: t, planeCount: p, phasing: f } = shell;
    const slotCount = t / p;
    const spread = shell.pattern === 'star' ? 180 : 360;
    for (let k = 0; k < p; k++) {
      for (let j = 0; j < slotCount; j++) {
        sets.push({
          catalogId: FIRST_DESIGN_ID + sets.length,
          name: `${source} ${shellIndex}-${k}-${j}`,
          intlDesignator: '',
          epochJd: options.epoch.jd,
          epochFraction: options.epoch.fraction,
          meanMotion: meanMotionOf(shell.altitudeKm),
          eccentricity: 1e-7,
          inclinationDeg: shell.inclinationDeg,
          raanDeg: wrapDegrees((shell.raanDeg ?? 0) + (spread * k) / p),
          argPerigeeDeg: 0,
          meanAnomalyDeg: wrapDegrees(
            shell.meanAnomalyDeg + (360 * j) / slotCount + (360 * f * k) / t,
          ),
          bstar: 0,
          meanMotionDot: 0,
          meanMotionDdot: 0,
          source,
          line: 0,
        });
      }
    }
  });
  return sets;
}

function wrapDegrees(angle: number): number {
  const wrapped = angle % 360;
  return wrapped < 0 ? wrapped + 360 : wrapped;
}

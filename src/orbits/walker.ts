import type { ElementSet } from './elementSet.ts';
import { BeamkeeperError } from './error.ts';
import type { Instant } from './instant.ts';
import { wrapDeg } from './validateElements.ts';

/** WGS72, the constants of SGP4, through which every design runs: radius (km) and μ (km³/s²). */
const EARTH_RADIUS_KM = 6378.135;
const MU_KM3_S2 = 398600.8;
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
  /** Above the equatorial radius of SGP4, 6378.135 km (2 m from that of WGS84). */
  readonly altitudeKm: number;
  readonly inclinationDeg: number;
  readonly satelliteCount: number;
  readonly planeCount: number;
  /** F, 0 … P−1. */
  readonly phasing: number;
  /** u₀, the argument of latitude of slot 0 of plane 0. */
  readonly meanAnomalyDeg: number;
  /** Ω₀, the node of plane 0 at the epoch; 0 when left out. A code cannot say it. */
  readonly raanDeg?: number;
  /** The code that it was read from, so that printing gives the same string (`53.0` stays `53.0`). */
  readonly code?: string;
}

/** Altitudes that SGP4 can fly, km, and how many satellites one design may have. */
const ALTITUDE_RANGE_KM = { low: 100, high: 50_000 };
const MAX_SATELLITES = 200_000;

const NUMBER = String.raw`(\d+(?:\.\d+)?)`;
/** `53:1584/72/39@550`: inclination, T/P/F, altitude; `S:` before it makes it a star. */
const SHORT = new RegExp(`^(?:([DS]):)?${NUMBER}:(\\d+)/(\\d+)/(\\d+)@${NUMBER}$`, 'i');
/** ABNF of draft-piraux-space-constellation-code, working revision of 2026. */
const CODE = new RegExp(`^([DS]):${NUMBER}:${NUMBER}:(\\d+)/(\\d+)/(\\d+)(?::${NUMBER})?$`);

/**
 * Reads a design: shells joined by `+`, each `53:1584/72/39@550` (inclination:T/P/F@altitude, delta
 * unless `S:` stands before it) or the constellation code `D:550:53:1584/72/39[:u₀]`.
 *
 * @throws BeamkeeperError `DESIGN`
 * @example
 * parseDesign('53:1584/72/39@550+S:1200:87.9:672/12/11').length; // 2
 */
export function parseDesign(text: string): WalkerShell[] {
  const shells = text
    .trim()
    .split('+')
    .map(part => shellOf(part.trim()));
  const count = shells.reduce((sum, shell) => sum + shell.satelliteCount, 0);
  if (count > MAX_SATELLITES) {
    throw new BeamkeeperError(
      'DESIGN',
      `design "${clip(text)}" has ${count} satellites; no more than ${MAX_SATELLITES} are taken`,
    );
  }
  return shells;
}

function shellOf(part: string): WalkerShell {
  const refuse = (what: string): never => {
    throw new BeamkeeperError('DESIGN', `design "${clip(part)}": ${what}`);
  };
  const short = SHORT.exec(part);
  const code = short ? null : CODE.exec(part);
  if (short === null && code === null) {
    return refuse(
      'write it like 53:1584/72/39@550 (inclination:satellites/planes/phasing@altitude) or D:550:53:1584/72/39',
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
    ...(code ? { code: part } : {}),
  };
  const { satelliteCount, planeCount, phasing, altitudeKm } = shell;
  if (planeCount < 1 || satelliteCount < 1) refuse('satellites and planes must be 1 or more');
  if (satelliteCount > MAX_SATELLITES) {
    refuse(`${satelliteCount} satellites are more than ${MAX_SATELLITES}`);
  }
  if (satelliteCount % planeCount !== 0) {
    refuse(`${satelliteCount} satellites do not divide into ${planeCount} planes`);
  }
  if (phasing >= planeCount) refuse(`phasing F = ${phasing} must be below P = ${planeCount}`);
  if (shell.inclinationDeg > 180) refuse(`inclination ${shell.inclinationDeg}° is above 180°`);
  if (shell.meanAnomalyDeg > 360) refuse(`mean anomaly ${shell.meanAnomalyDeg}° is above 360°`);
  if (altitudeKm < ALTITUDE_RANGE_KM.low || altitudeKm > ALTITUDE_RANGE_KM.high) {
    refuse(
      `altitude ${altitudeKm} km is outside ${ALTITUDE_RANGE_KM.low} … ${ALTITUDE_RANGE_KM.high} km`,
    );
  }
  return shell;
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/**
 * The constellation code of a design. A code that was read is printed as it stood; other shells get the
 * shortest numbers that read back the same.
 */
export function constellationCode(shells: readonly WalkerShell[]): string {
  return shells
    .map(shell =>
      shell.code !== undefined && isSameShell(shellOf(shell.code), shell)
        ? shell.code
        : canonicalCode(shell),
    )
    .join('+');
}

function canonicalCode(shell: WalkerShell): string {
  const { altitudeKm, inclinationDeg, satelliteCount, planeCount, phasing } = shell;
  const anomaly = shell.meanAnomalyDeg === 0 ? '' : `:${plainDecimal(shell.meanAnomalyDeg)}`;
  const letter = shell.pattern === 'star' ? 'S' : 'D';
  return `${letter}:${plainDecimal(altitudeKm)}:${plainDecimal(inclinationDeg)}:${satelliteCount}/${planeCount}/${phasing}${anomaly}`;
}

/** A shell that was changed after it was read no longer goes by its old code. */
function isSameShell(a: WalkerShell, b: WalkerShell): boolean {
  return (
    a.pattern === b.pattern &&
    a.altitudeKm === b.altitudeKm &&
    a.inclinationDeg === b.inclinationDeg &&
    a.satelliteCount === b.satelliteCount &&
    a.planeCount === b.planeCount &&
    a.phasing === b.phasing &&
    a.meanAnomalyDeg === b.meanAnomalyDeg
  );
}

/** Digits without an exponent, which the grammar does not know. */
function plainDecimal(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(20).replace(/\.?0+$/, '') : text;
}

/** Mean motion, rev/day, of a circular orbit at an altitude above the equatorial radius of SGP4. */
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
          raanDeg: wrapDeg((shell.raanDeg ?? 0) + (spread * k) / p),
          argPerigeeDeg: 0,
          meanAnomalyDeg: wrapDeg(shell.meanAnomalyDeg + (360 * j) / slotCount + (360 * f * k) / t),
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

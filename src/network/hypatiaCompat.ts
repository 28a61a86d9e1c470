import {
  BeamkeeperError,
  type EarthOrientation,
  type ElementSet,
  gmstRad,
  parseInstant,
} from '../orbits/index.ts';
import type { GroundGeometry } from '../sky/index.ts';
import type { GroundLinkRule } from './routing/groundLinks.ts';
import { hypatiaGrid } from './topology/hypatiaGrid.ts';
import type { LaserLimits } from './topology/laserLimits.ts';
import type { LaserTopology } from './topology/laserTopology.ts';

/**
 * A shell by the conventions of Hypatia (Kassing et al., IMC 2020), to compare with its numbers; not
 * physics: its "Starlink at 550 km" flies at 508.9 km, and its ground rule is a cone on a flat Earth.
 */
export interface HypatiaShell {
  readonly name: string;
  readonly planeCount: number;
  readonly slotCount: number;
  readonly inclinationDeg: number;
  readonly revPerDay: number;
  /** What it takes for the altitude in its limits, km. */
  readonly statedAltitudeKm: number;
  /** Radius of the cone on the ground, km. */
  readonly coneRadiusKm: number;
}

export const HYPATIA_SHELLS: readonly HypatiaShell[] = [
  {
    name: 'kuiper-k1-hypatia',
    planeCount: 34,
    slotCount: 34,
    inclinationDeg: 51.9,
    revPerDay: 14.8,
    statedAltitudeKm: 630,
    coneRadiusKm: 630 / Math.tan(Math.PI / 6),
  },
  {
    name: 'starlink-s1-hypatia',
    planeCount: 72,
    slotCount: 22,
    inclinationDeg: 53,
    revPerDay: 15.19,
    statedAltitudeKm: 550,
    coneRadiusKm: 940.7,
  },
];

/** Hypatia counts all times from here. */
export const HYPATIA_EPOCH = parseInstant('2000-01-01T00:00:00Z');
/** In its limits of range: WGS72, km. */
const RADIUS_KM = 6378.135;
/** On the ground: the ellipsoid of libastro (earthsat.c), with which PyEphem, and so Hypatia, measures. */
const SITE_RADIUS_KM = 6378.16;
const SITE_FLATTENING = 1 / 298.25;
/** Clearance of its lasers over the Earth, km, from which it takes their greatest length. */
const CLEARANCE_KM = 80;
const FIRST_ID = 910_000_001;

/** libastro turns the Earth by Newcomb's sidereal time of 1900, hours at 0 h UT (earthsat.c). */
const CENTURIES_FROM_1900 = (HYPATIA_EPOCH.jd - 2415020) / 36525;
const NEWCOMB_HOURS =
  6.6460656 + 2400.051262 * CENTURIES_FROM_1900 + 0.00002581 * CENTURIES_FROM_1900 ** 2;
const SIDEREAL_RATE = 1.0027379093;

/**
 * The turn of the Earth as Hypatia has it: 0.076 s behind the sidereal time of 1982, given as if UT1
 * were late by that much. At its range limit those 35 m decide when a path changes.
 */
export const HYPATIA_EARTH_ORIENTATION: EarthOrientation = {
  dut1S: ((NEWCOMB_HOURS % 24) * 3600 - (gmstRad(HYPATIA_EPOCH) * 43200) / Math.PI) / SIDEREAL_RATE,
  xpArcsec: 0,
  ypArcsec: 0,
};

/** Everything that Hypatia fixes besides the places. */
export interface HypatiaNetwork {
  readonly elementSets: readonly ElementSet[];
  readonly topology: LaserTopology;
  readonly laserLimits: LaserLimits;
  /** For any number of places: only the range counts. */
  groundRule(placeCount: number): GroundLinkRule;
}

/**
 * One of Hypatia's shells, ready to propagate (with `HYPATIA_EARTH_ORIENTATION`) and link. Its lasers
 * and its ground links are limited by length alone.
 *
 * @throws BeamkeeperError `CONSTELLATION` for any other name.
 * @example
 * const { elementSets, topology } = hypatiaNetwork('kuiper-k1-hypatia');
 * createPropagator(elementSets).count === topology.satelliteCount; // 1156
 */
export function hypatiaNetwork(name: string): HypatiaNetwork {
  const shell = HYPATIA_SHELLS.find(one => one.name === name);
  if (shell === undefined) {
    throw new BeamkeeperError(
      'CONSTELLATION',
      `"${name}" is no constellation of Hypatia; take ${HYPATIA_SHELLS.map(one => one.name).join(' or ')}`,
    );
  }
  const orbit = RADIUS_KM + shell.statedAltitudeKm;
  const tangent = RADIUS_KM + CLEARANCE_KM;
  return {
    elementSets: hypatiaElementSets(shell),
    topology: hypatiaGrid(shell.planeCount, shell.slotCount),
    laserLimits: {
      maxRangeKm: 2 * Math.sqrt(orbit * orbit - tangent * tangent),
      minTangentHeightKm: Number.NEGATIVE_INFINITY,
    },
    groundRule: placeCount => ({
      minElevationRad: new Float64Array(placeCount).fill(-Math.PI / 2),
      maxRangeKm: Math.hypot(shell.coneRadiusKm, shell.statedAltitudeKm),
    }),
  };
}

/** Planes evenly round the equator, odd planes half a slot ahead, angles as its TLE files hold them. */
function hypatiaElementSets(shell: HypatiaShell): ElementSet[] {
  const { planeCount, slotCount } = shell;
  return Array.from({ length: planeCount * slotCount }, (_, index) => {
    const plane = Math.floor(index / slotCount);
    const slot = index % slotCount;
    const halfSlot = plane % 2 === 1 ? 180 / slotCount : 0;
    return {
      catalogId: FIRST_ID + index,
      name: `${shell.name} ${index}`,
      intlDesignator: '',
      epochJd: HYPATIA_EPOCH.jd,
      epochFraction: HYPATIA_EPOCH.fraction,
      meanMotion: shell.revPerDay,
      eccentricity: 1e-7,
      inclinationDeg: shell.inclinationDeg,
      raanDeg: tleAngle((360 * plane) / planeCount),
      argPerigeeDeg: 0,
      meanAnomalyDeg: tleAngle(halfSlot + (360 * slot) / slotCount),
      bstar: 0,
      meanMotionDot: 0,
      meanMotionDdot: 0,
      source: shell.name,
      line: 0,
    };
  });
}

/** A TLE holds four decimals of a degree: 6 m along the orbit. */
function tleAngle(deg: number): number {
  return Math.round(deg * 1e4) / 1e4;
}

/**
 * Places on the ellipsoid that Hypatia measures with (height 0), `up` along the geodetic zenith.
 * Latitudes and longitudes in radians.
 */
export function hypatiaGround(latRad: Float64Array, lonRad: Float64Array): GroundGeometry {
  const e2 = SITE_FLATTENING * (2 - SITE_FLATTENING);
  // libastro's GetSitPosition first moves the latitude by up to 1.2" (36 m). Kept: see above.
  const siteLatRad = latRad.map(lat => Math.atan(Math.tan(lat) / (1 - SITE_FLATTENING ** 2)));
  const upX = siteLatRad.map((lat, i) => Math.cos(lat) * Math.cos(lonRad[i]));
  const upY = siteLatRad.map((lat, i) => Math.cos(lat) * Math.sin(lonRad[i]));
  const upZ = siteLatRad.map(Math.sin);
  const normalKm = upZ.map(sinLat => SITE_RADIUS_KM / Math.sqrt(1 - e2 * sinLat * sinLat));
  return {
    count: latRad.length,
    xKm: normalKm.map((n, i) => n * upX[i]),
    yKm: normalKm.map((n, i) => n * upY[i]),
    zKm: normalKm.map((n, i) => n * (1 - e2) * upZ[i]),
    upX,
    upY,
    upZ,
  };
}

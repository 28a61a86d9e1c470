import { type Instant, parseInstant, temeToEcef, type Vector3 } from '../../orbits/index.ts';
import { compare, type PublishedResult } from './publishedResult.ts';

const AT = parseInstant('2004-04-06T07:51:28.386009Z');
const TEME_KM: Vector3 = [5094.1801621, 6127.6446595, 6380.3445327];
const TEME_KM_S: Vector3 = [-4.746131487, 0.785818041, 5.531931288];
const ITRF_KM: Vector3 = [-1033.479383, 7901.2952754, 6380.3565958];
const DAY_VALUES = { dut1S: -0.439962, xpArcsec: -0.140682, ypArcsec: 0.333309 };

/**
 * The published vector was computed with the UT1 date in one double, 2453101.827406783, which is
 * 15 µs from the instant it stands for: 8.6 mm here. To compare the formulas and not that rounding,
 * the same date is handed to ours.
 */
const UT1_JD = 2453101.5 + (7 * 3600 + 51 * 60 + 28.386009 + DAY_VALUES.dut1S) / 86400;
const AT_AS_PUBLISHED: Instant = {
  jd: AT.jd,
  fraction: UT1_JD - AT.jd - DAY_VALUES.dut1S / 86400,
};

export const temeToItrf: PublishedResult = {
  id: 'O3',
  title: 'One state from TEME to ITRF',
  source: 'Vallado, Crawford, Hujsak & Kelso, AIAA 2006-6753-Rev3, appendix C',
  conditions:
    '2004-04-06T07:51:28.386009Z with the Earth-orientation values of the day, and without: what leaving them out costs',
  rows: async () => {
    const exact = temeToEcef(TEME_KM, TEME_KM_S, AT_AS_PUBLISHED, DAY_VALUES);
    const plain = temeToEcef(TEME_KM, TEME_KM_S, AT);
    const noPole = { ...DAY_VALUES, xpArcsec: 0, ypArcsec: 0 };
    const ut1 = temeToEcef(TEME_KM, TEME_KM_S, AT, noPole);
    const metres = { unit: 'm' };
    return [
      compare(
        { ...metres, what: 'off the published position', published: 0, tolerance: 0.001 },
        metresFromPublished(exact.positionEcefKm),
      ),
      compare(
        {
          ...metres,
          what: 'off without the values of the day',
          published: null,
          reference: 261.8,
          tolerance: 0.1,
        },
        metresFromPublished(plain.positionEcefKm),
      ),
      compare(
        {
          ...metres,
          what: 'off without polar motion',
          published: null,
          reference: 16.5,
          tolerance: 0.1,
        },
        metresFromPublished(ut1.positionEcefKm),
      ),
    ];
  },
};

function metresFromPublished(position: Vector3): number {
  return 1000 * Math.hypot(...position.map((value, axis) => value - ITRF_KM[axis]));
}

import { chaudhryCrossover, handleyCrossover } from './crossover.ts';
import { delPortilloTotals } from './delPortillo2019.ts';
import { londonNewYorkFibre } from './fibre.ts';
import { footprints } from './footprints.ts';
import { handleyPhase } from './handley2018Phase.ts';
import { hypatiaIstanbulNairobi, hypatiaManilaDalian, hypatiaRows } from './hypatia2020.ts';
import { ituP618 } from './ituP618.ts';
import { laserRange } from './laserRange.ts';
import {
  handleyLondonJohannesburg,
  handleyLondonNewYork,
  starlinkLondonNewYork,
} from './leoRoutes.ts';
import { motifsGain, motifsReach } from './motifs2019.ts';
import type { PublishedResult } from './publishedResult.ts';
import { filed4425InView, gen1InView } from './satellitesInView.ts';
import { schedulerMarginals } from './schedulerMarginals.ts';
import { sgp4Vectors } from './sgp4Aiaa2006.ts';
import { temeToItrf } from './temeItrf.ts';

/** Every published result that the twin reproduces, orbits first. Add yours here, one line. */
export const PUBLISHED_RESULTS: readonly PublishedResult[] = [
  sgp4Vectors,
  temeToItrf,
  hypatiaManilaDalian,
  hypatiaIstanbulNairobi,
  hypatiaRows,
  laserRange,
  footprints,
  handleyPhase,
  londonNewYorkFibre,
  handleyLondonNewYork,
  starlinkLondonNewYork,
  handleyLondonJohannesburg,
  handleyCrossover,
  chaudhryCrossover,
  motifsReach,
  motifsGain,
  ituP618,
  filed4425InView,
  gen1InView,
  schedulerMarginals,
  delPortilloTotals,
];

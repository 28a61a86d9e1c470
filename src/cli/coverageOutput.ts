import type { CoverageResult } from '../runs/coverageRun.ts';
import { decimal, durationInWords, plural, whole } from '../runs/numbers.ts';
import { backhaulInWords, ROUND_TRIP_IN_WORDS } from '../runs/runManifest.ts';
import { CELL_STATES } from '../service/index.ts';
import { round } from './impactJson.ts';
import { textTable } from './textTable.ts';

/** A place's service in numbers, people counted by their share inside. Means are over slots. */
export interface CoverageSummary {
  readonly name: string;
  readonly cells: number;
  readonly people: number;
  readonly servedPeople: number;
  /** Mean share of the time that a cell is served, weighted by people (by cells where nobody lives). */
  readonly servedShare: number;
  readonly inView: number;
  readonly inViewClear: number;
  readonly latencyMs: number | null;
  readonly shareMbps: number;
  /** Cells by their most frequent state. */
  readonly cellsByState: Readonly<Record<string, number>>;
}

export function summariseCoverage(name: string, result: CoverageResult): CoverageSummary {
  const { cells } = result.coverage;
  const { membership } = result.loaded;
  const states: Record<string, number> = Object.fromEntries(CELL_STATES.map(s => [s, 0]));
  let people = 0;
  let servedPeople = 0;
  let servedCells = 0;
  let inView = 0;
  let inViewClear = 0;
  let shareMbps = 0;
  let latency = 0;
  let latencyWeight = 0;
  membership.cellIndex.forEach((cell, m) => {
    const inside = cells.people[cell] * membership.insideShare[m];
    people += inside;
    servedPeople += inside * cells.servedShare[cell];
    servedCells += cells.servedShare[cell];
    inView += cells.inView[cell];
    inViewClear += cells.inViewClear[cell];
    shareMbps += cells.shareMbps[cell];
    states[CELL_STATES[cells.state[cell]]]++;
    if (Number.isFinite(cells.latencyMs[cell])) {
      const weight = Math.max(inside, 1e-9);
      latency += weight * cells.latencyMs[cell];
      latencyWeight += weight;
    }
  });
  const count = membership.cellIndex.length;
  return {
    name,
    cells: count,
    people,
    servedPeople,
    servedShare: people > 0 ? servedPeople / people : servedCells / count,
    inView: inView / count,
    inViewClear: inViewClear / count,
    latencyMs: latencyWeight > 0 ? latency / latencyWeight : null,
    shareMbps,
    cellsByState: states,
  };
}

export function coverageText(summary: CoverageSummary, result: CoverageResult): string {
  const { manifest } = result;
  const states = Object.entries(summary.cellsByState).filter(([, n]) => n > 0);
  const rows: string[][] = [
    ['time with service', `${decimal(100 * summary.servedShare)} %`],
    ['people with service', `${whole(summary.servedPeople)} of ${whole(summary.people)}`],
    ['satellites above the mask', decimal(summary.inView)],
    ['  of them clear of the geostationary arc', decimal(summary.inViewClear)],
    ['round trip', `${decimal(summary.latencyMs)} ms`],
    ['rate given', `${whole(summary.shareMbps)} Mbit/s`],
    ...states.map(([state, n]) => [
      `cells mostly ${state}`,
      `${whole(n)} of ${whole(summary.cells)}`,
    ]),
  ];
  return [
    `${summary.name}: ${plural(summary.cells, 'cell')}, from ${manifest.at} for ${durationInWords(manifest.forS)}, ` +
      `${plural(manifest.catalog.satellites, 'satellite')} (${manifest.catalog.sources.join(', ')})`,
    '',
    ...textTable([{ heading: 'mean over slots' }, { heading: '', align: 'right' }], rows),
    '',
    backhaulInWords(manifest),
    ROUND_TRIP_IN_WORDS,
    `People: ${manifest.people.source}.`,
    ...manifest.warnings.map(warning => `! ${warning}`),
  ].join('\n');
}

export function coverageRows(result: CoverageResult): Record<string, string | number | null>[] {
  const { cells } = result.coverage;
  const { territories } = result.ground.territories;
  const inside = new Float32Array(cells.count);
  result.loaded.membership.cellIndex.forEach((cell, m) => {
    inside[cell] = result.loaded.membership.insideShare[m];
  });
  return Array.from({ length: cells.count }, (_, i) => ({
    h3: cells.h3[i].toString(16),
    latDeg: round(cells.latDeg[i], 5),
    lonDeg: round(cells.lonDeg[i], 5),
    territory: territories[cells.territoryIndex[i]]?.id ?? null,
    people: round(cells.people[i], 1),
    insideShare: round(inside[i], 4),
    servedShare: round(cells.servedShare[i], 4),
    state: CELL_STATES[cells.state[i]],
    latencyMs: round(cells.latencyMs[i], 2),
    shareMbps: round(cells.shareMbps[i], 2),
    inView: round(cells.inView[i], 2),
    inViewClear: round(cells.inViewClear[i], 2),
  }));
}

export function coverageJson(
  summary: CoverageSummary,
  result: CoverageResult,
  options: { readonly withCells: boolean; readonly files: Readonly<Record<string, string>> },
): Record<string, unknown> {
  const { manifest, coverage } = result;
  return {
    command: 'coverage',
    place: summary,
    scope: coverage.totals,
    ...manifest,
    view: result.ground.territories.view,
    files: options.files,
    series: coverage.series,
    ...(options.withCells ? { cellRows: coverageRows(result) } : {}),
  };
}
